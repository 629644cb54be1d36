//! TLS and log-in against a server of the test's own, with certificates that openssl makes.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use camino::Utf8Path;
use dbctl::db::{ConnectOptions, Connected, Endpoint, Error, TlsProblem, connect};
use dbctl::server::{self, Running, ServerSettings};
use secrecy::SecretString;

use crate::support::{Client, engine_settings};

const CANARY: &str = "c4nary";

/// Who may come in how: `ann` everywhere with her password, `plain` also without TLS.
const RULES: &str = "local all all trust\nhostnossl all plain all scram-sha-256\nhostssl all all all scram-sha-256\n";

/// A server with TLS on; it goes with the value.
struct Server {
    certificates: tempfile::TempDir,
    _project: tempfile::TempDir,
    settings: ServerSettings,
    running: Running,
}

impl Drop for Server {
    fn drop(&mut self) {
        server::destroy(&self.settings).ok();
    }
}

/// Makes the certificates: of an authority, of the server by it, and one of a stranger; false without openssl.
fn certify(folder: &Path) -> bool {
    if Command::new("openssl").arg("version").output().is_err() {
        crate::support::not_run("the TLS tests: there is no openssl on this machine");
        return false;
    }
    let openssl = |arguments: &str| {
        let output = Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    };
    openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=CA -keyout ca.key -out ca.crt");
    openssl("req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr");
    fs_err::write(folder.join("san"), "subjectAltName=DNS:localhost,DNS:db.example.com").unwrap();
    let by_authority = "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2";
    openssl(&format!("{by_authority} -extfile san -out server.crt"));
    openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout o.key -out other.crt");
    true
}

impl Server {
    async fn start() -> Option<Self> {
        let (certificates, project) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        if !certify(certificates.path()) {
            return None;
        }
        let settings = engine_settings(Utf8Path::from_path(project.path()).unwrap());
        let running = server::start(&settings, &mut |_| ()).unwrap();
        let server = Self { certificates, _project: project, settings, running };
        let owner = fs_err::metadata(&server.running.data_dir).unwrap();
        for name in ["server.crt", "server.key"] {
            let path = server.running.data_dir.join(name);
            fs_err::copy(server.certificates.path().join(name), &path).unwrap();
            fs_err::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
            std::os::unix::fs::chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        let url = server.running.url("postgres");
        let prepared = tokio::task::spawn_blocking(move || {
            let session = Client::open(&url);
            session.run(&format!("create role ann superuser login password '{CANARY}'"));
            session.run("alter system set ssl = on");
        });
        prepared.await.unwrap();
        fs_err::write(server.running.data_dir.join("pg_hba.conf"), RULES).unwrap();
        let socket =
            format!("host={} port={} user=ann dbname=postgres", server.running.socket_dir, server.running.port);
        open(&socket).await.unwrap().client.batch_execute("select pg_reload_conf()").await.unwrap();
        for _ in 0..100 {
            if server.try_with("localhost", "sslmode=require").await.is_ok() {
                return Some(server);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not turn TLS on");
    }

    fn file(&self, name: &str) -> String {
        self.certificates.path().join(name).display().to_string()
    }

    async fn try_with(&self, host: &str, parameters: &str) -> Result<Connected, Error> {
        let port = self.running.port;
        open(&format!("host={host} port={port} user=ann password={CANARY} dbname=postgres {parameters}")).await
    }
}

async fn open(url: &str) -> Result<Connected, Error> {
    let endpoint = Endpoint::from_url(&SecretString::from(url), &|_| None)?;
    assert!(!format!("{endpoint:?}").contains(CANARY));
    let result = connect(&endpoint, &ConnectOptions { application_name: "test".to_owned(), read_only: false }).await;
    if let Err(error) = &result {
        let shown = format!("{error} {error:?} {:?} {:?}", error.notes(), error.hints());
        assert!(!shown.contains(CANARY), "{shown}");
    }
    result
}

async fn encrypted(connected: &Connected) -> bool {
    let query = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    connected.client.query_one(query, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn checks_certificates_as_the_mode_says() {
    let Some(server) = Server::start().await else { return };
    let ca = format!("sslrootcert={}", server.file("ca.crt"));
    let own = format!("sslrootcert={}", server.file("server.crt"));
    let other = format!("sslrootcert={}", server.file("other.crt"));

    for (host, parameters, tls) in [
        ("localhost", format!("sslmode=verify-full {ca}"), true),
        ("localhost", ca.clone(), true),
        ("localhost", format!("sslmode=verify-full {own}"), true),
        ("127.0.0.1", format!("sslmode=verify-ca {ca}"), true),
        ("127.0.0.1", format!("sslmode=require {ca}"), true),
        ("localhost", "sslmode=require".to_owned(), true),
        ("localhost", "sslmode=require channel_binding=require".to_owned(), true),
        ("localhost", "sslmode=prefer".to_owned(), true),
        ("localhost", String::new(), true),
        ("localhost", "sslmode=allow".to_owned(), true),
    ] {
        let connected =
            server.try_with(host, &parameters).await.unwrap_or_else(|error| panic!("{parameters}: {error}"));
        assert_eq!(encrypted(&connected).await, tls, "{parameters}");
    }

    let wrong_name = server.try_with("127.0.0.1", &format!("sslmode=verify-full {ca}")).await.err().unwrap();
    let Error::Tls { problem: TlsProblem::WrongName { presented, .. }, .. } = &wrong_name else {
        panic!("{wrong_name}")
    };
    assert!(presented.iter().any(|name| name.contains("db.example.com")), "{presented:?}");
    assert!(wrong_name.hints()[0].contains("`localhost`"), "{:?}", wrong_name.hints());

    for parameters in [other.clone(), format!("sslmode=require {other}"), "sslmode=verify-full".to_owned()] {
        let unknown = server.try_with("localhost", &parameters).await.err().unwrap();
        assert!(matches!(unknown, Error::Tls { problem: TlsProblem::UnknownIssuer, .. }), "{parameters}: {unknown:?}");
        assert!(unknown.hints()[0].contains("sslrootcert=PATH"));
    }

    let plain = server.try_with("localhost", "sslmode=disable").await.err().unwrap();
    assert_eq!(plain.code(), "connect/rejected", "{plain}");
    assert!(plain.hints()[0].contains("pg_hba.conf"), "{:?}", plain.hints());
    let missing = server.try_with("localhost", "sslmode=verify-full sslrootcert=/nope").await.err().unwrap();
    assert_eq!(missing.code(), "connect/unreadable-certificates");
}

#[tokio::test]
async fn says_why_a_log_in_failed() {
    let Some(server) = Server::start().await else { return };
    let port = server.running.port;
    // The system takes the connection, and nobody ever answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = listener.local_addr().unwrap().port();
    for (url, code) in [
        (format!("host=localhost port={port} user=ann dbname=postgres password=x{CANARY}"), "connect/wrong-password"),
        (format!("host=localhost port={port} user=ann dbname=postgres"), "connect/password-missing"),
        (format!("host=localhost port={port} user=ann dbname=nope password={CANARY}"), "connect/unknown-database"),
        (format!("host=localhost port=1 user=ann password={CANARY}"), "connect/refused"),
        (format!("host=/nope port=1 user=ann password={CANARY}"), "connect/refused"),
        (format!("host=no-such-host.invalid user=ann password={CANARY}"), "connect/unknown-host"),
        (format!("host=127.0.0.1 port={silent} user=ann password={CANARY} connect_timeout=1"), "connect/timeout"),
        (format!("host=x.pooler.supabase.com port=6543 user=ann password={CANARY}"), "connect/transaction-pooler"),
    ] {
        let error = open(&url).await.err().unwrap();
        assert_eq!(error.code(), code, "{error:?}");
        assert!(!error.hints().is_empty(), "{error}");
    }
    let two = open(&format!("host=localhost,localhost port=1,{port} user=ann dbname=postgres password={CANARY}")).await;
    assert_eq!(two.unwrap().place.host.port(), port, "the second host answers");
}

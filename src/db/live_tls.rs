//! TLS and log-in against a server of the test's own, with certificates that openssl makes.
//!
//! Run with `cargo test -- --ignored`; needs `openssl` and, in `DBCTL_TEST_PG_BIN` or on PATH, `initdb` and `postgres`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use secrecy::SecretString;

use super::{ConnectOptions, Connected, Endpoint, Error, TlsProblem, connect};

const CANARY: &str = "c4nary";

/// A server with TLS on; it ends with the value.
struct Server {
    folder: PathBuf,
    port: u16,
    process: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
        fs_err::remove_dir_all(&self.folder).ok();
    }
}

fn program(name: &str) -> String {
    std::env::var("DBCTL_TEST_PG_BIN").map_or_else(|_| name.to_owned(), |folder| format!("{folder}/{name}"))
}

/// A server refuses to run as root, so root becomes `postgres`.
fn unprivileged(name: &str) -> Command {
    let root = String::from_utf8(Command::new("id").arg("-u").output().unwrap().stdout).unwrap().trim() == "0";
    if !root {
        return Command::new(program(name));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program(name));
    command
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn openssl(folder: &Path, arguments: &str) {
    run(Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder));
}

impl Server {
    fn start(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("dbctl-tls-{name}-{}", std::process::id()));
        fs_err::create_dir_all(&folder).unwrap();
        openssl(&folder, "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=CA -keyout ca.key -out ca.crt");
        openssl(&folder, "req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr");
        fs_err::write(folder.join("san"), "subjectAltName=DNS:localhost,DNS:db.example.com").unwrap();
        openssl(
            &folder,
            "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile san -out server.crt",
        );
        openssl(&folder, "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout o.key -out other.crt");
        fs_err::write(folder.join("password"), CANARY).unwrap();
        run(Command::new("chmod").args(["-R", "a+rX"]).arg(&folder));
        if run_as_root() {
            run(Command::new("chown").args(["-R", "postgres"]).arg(&folder));
        }
        run(Command::new("chmod").arg("0600").arg(folder.join("server.key")));
        let data = folder.join("data");
        run(unprivileged("initdb")
            .arg("-D")
            .arg(&data)
            .args(["-U", "ann", "-A", "scram-sha-256", "-N"])
            .arg(format!("--pwfile={}", folder.join("password").display())));
        let rules = "local all all trust\nhostnossl all plain all scram-sha-256\nhostssl all all all scram-sha-256\n";
        fs_err::write(data.join("pg_hba.conf"), rules).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = unprivileged("postgres")
            .arg("-D")
            .arg(&data)
            .args(["-c", "listen_addresses=localhost", "-c", "fsync=off", "-c", "ssl=on"])
            .args(["-c", &format!("port={port}"), "-c", &format!("unix_socket_directories={}", folder.display())])
            .args(["-c", &format!("ssl_cert_file={}", folder.join("server.crt").display())])
            .args(["-c", &format!("ssl_key_file={}", folder.join("server.key").display())])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { folder, port, process }
    }

    fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    async fn try_with(&self, host: &str, parameters: &str) -> Result<Connected, Error> {
        let port = self.port;
        let url = format!("host={host} port={port} user=ann password={CANARY} dbname=postgres {parameters}");
        open(&url).await
    }

    async fn wait(&self) {
        for _ in 0..100 {
            if self.try_with(&self.folder.display().to_string(), "").await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not start");
    }
}

fn run_as_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
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
#[ignore = "starts a server"]
async fn checks_certificates_as_the_mode_says() {
    let server = Server::start("modes");
    server.wait().await;
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
#[ignore = "starts a server"]
async fn says_why_a_log_in_failed() {
    let server = Server::start("login");
    server.wait().await;
    let port = server.port;
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

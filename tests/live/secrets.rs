//! A password never appears: not in an answer, not in an error, not in a log, not in a file.

use dbctl::exit::Exit;

use crate::support::{Database, Output, Project};

/// With a character that URLs have to escape, so that both spellings are looked for.
const CANARY: &str = "c4nary/p4ss";
const ESCAPED: &str = "c4nary%2Fp4ss";

#[track_caller]
fn keeps_quiet(project: &Project, words: &str, output: &Output) {
    let leaks = |text: &str| text.contains(CANARY) || text.contains(ESCAPED) || text.contains("c4nary");
    assert!(!leaks(&output.stdout) && !leaks(&output.stderr), "{words}{output}");
    for file in project.files() {
        let is_users = file.file_name().is_some_and(|name| name == ".env");
        let bytes = fs_err::read(&file).unwrap();
        assert!(is_users || !leaks(&String::from_utf8_lossy(&bytes)), "{words}: {}", file.display());
    }
}

struct Login {
    database: Database,
    host: String,
    port: String,
    role: String,
    url: String,
}

fn login() -> Login {
    let database = Database::new();
    database.role(CANARY, "superuser");
    let role = format!("{}_role", database.name);
    let url = database.url_as(&role, CANARY);
    assert!(url.contains(ESCAPED), "{url}");
    let parsed = url::Url::parse(&url).unwrap();
    let host = parsed.host_str().unwrap().to_owned();
    Login { host, port: parsed.port().unwrap_or(5432).to_string(), role, url, database }
}

fn project() -> Project {
    Project::new().up("1_t", "create table t ()").down("1_t", "drop table t").up("2_bad", "nonsense")
}

/// A run of each command against the database that is meant: some end well, `migrate` fails in the second file.
fn every_command(project: &Project, flag: &str) {
    let gate = "--yes --skip-local-gate --reason canary";
    for (words, exit) in [
        ("status -vv", Exit::Ok),
        ("plan -vv", Exit::Ok),
        (&format!("migrate -vv {gate}") as &str, Exit::RolledBack),
        ("migrate -vv", Exit::Refused),
        ("rollback -vv --plan", Exit::Ok),
        ("rollback -vv --yes", Exit::Ok),
        ("migrate --format jsonl --yes", Exit::Refused),
        ("runs list", Exit::Ok),
    ] {
        let line = if words.starts_with("runs") { words.to_owned() } else { format!("{words} {flag}") };
        let output = project.dbctl(&line).ends(exit);
        keeps_quiet(project, words, &output);
    }
}

#[test]
fn given_on_the_command_line() {
    let login = login();
    let project = project();
    every_command(&project, &format!("--url {}", login.url));
    let meta = fs_err::read_to_string(project.runs()[0].join("meta.json")).unwrap();
    assert!(meta.contains(&login.database.name), "the target is recorded: {meta}");
}

#[test]
fn given_in_the_environment() {
    let login = login();
    every_command(&project().variable("DATABASE_URL", &login.url), "--remote");
}

#[test]
fn given_in_a_file_of_variables() {
    let login = login();
    every_command(&project().file(".env", &format!("DATABASE_URL={}\n", login.url)), "--remote");
}

#[test]
fn given_as_libpq_takes_it() {
    let login = login();
    let project = project()
        .variable("PGHOST", &login.host)
        .variable("PGPORT", &login.port)
        .variable("PGUSER", &login.role)
        .variable("PGDATABASE", &login.database.name)
        .variable("PGPASSWORD", CANARY);
    every_command(&project, "--remote");
}

#[test]
fn given_to_the_local_database() {
    let login = login();
    let project = project().variable("DBCTL_LOCAL_URL", &login.url);
    for words in ["migrate --local -vv", "status -vv", "plan --local -vv", "rollback --local --yes -vv"] {
        keeps_quiet(&project, words, &project.dbctl(words));
    }
}

#[test]
fn wherever_connecting_fails() {
    let login = login();
    let Login { host, port, role, database, .. } = &login;
    let name = &database.name;
    for (why, url, exit) in [
        ("wrong password", format!("postgres://{role}:{ESCAPED}x@{host}:{port}/{name}"), Exit::Connect),
        ("wrong user", format!("postgres://nobody_here:{ESCAPED}@{host}:{port}/{name}"), Exit::Connect),
        ("unknown database", format!("postgres://{role}:{ESCAPED}@{host}:{port}/nowhere"), Exit::Connect),
        ("unknown host", format!("postgres://{role}:{ESCAPED}@no-such-host.invalid:{port}/{name}"), Exit::Connect),
        ("refused", format!("postgres://{role}:{ESCAPED}@127.0.0.1:1/{name}"), Exit::Connect),
        ("bad sslmode", format!("postgres://{role}:{ESCAPED}@{host}:{port}/{name}?sslmode=maybe"), Exit::Project),
        ("no TLS", format!("postgres://{role}:{ESCAPED}@{host}:{port}/{name}?sslmode=verify-full"), Exit::Connect),
        ("bad port", format!("postgres://{role}:{ESCAPED}@{host}:port/{name}"), Exit::Project),
        ("unknown parameter", format!("postgres://{role}:{ESCAPED}@{host}:{port}/{name}?passwort=1"), Exit::Project),
        ("unescaped", format!("postgres://{role}:{CANARY}@{host}:{port}/{name}"), Exit::Project),
        ("words", format!("host={host}\u{a0}password={CANARY}\u{a0}sslmode"), Exit::Project),
        ("other scheme", format!("mysql://{role}:{ESCAPED}@{host}:{port}/{name}"), Exit::Project),
    ] {
        let by_variable = project().variable("DATABASE_URL", &url);
        for words in ["status --remote -vv", "plan -vv", "migrate -vv --yes", "rollback -vv --yes"] {
            let output = by_variable.dbctl(words);
            assert_eq!(output.code, Some(i32::from(exit.code())), "{why}, {words}{output}");
            keeps_quiet(&by_variable, why, &output);
        }
        let by_flag = project();
        keeps_quiet(&by_flag, why, &by_flag.dbctl_with("migrate -vv --yes --url", &url).ends(exit));
    }
}

#[test]
fn a_password_in_the_committed_file_is_refused_without_being_shown() {
    let urls = [
        format!("postgres://u:{ESCAPED}@127.0.0.1:1/d"),
        format!("postgres://u:{ESCAPED}@127.0.0.1:1,127.0.0.1:2/d"),
        format!("host=127.0.0.1 user=u password = {ESCAPED}"),
    ];
    for (table, url) in ["local", "targets.remote"].iter().flat_map(|table| urls.iter().map(move |url| (*table, url))) {
        let project = Project::new().up("1_t", "select 1");
        let project = project.file("dbctl.toml", &format!("[{table}]\nurl = \"{url}\"\n"));
        let words = if table == "local" { "migrate --local -vv" } else { "migrate --yes -vv" };
        let output = project.dbctl(words).ends(Exit::Project).says("holds a password").says("url_env");
        assert!(!output.stderr.contains("c4nary") && !output.stdout.contains("c4nary"), "{output}");
    }
}

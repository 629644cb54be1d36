//! What rules say, against what a server does: their examples run, their locks are taken, what is not idempotent fails the
//! second time, and fixes leave the same schema.

mod examples;
mod fixes;
mod locks;
mod reasons;
mod twice;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dbctl::lint::{Config, Finding, Input, LintFile, Rule, example, lint, parse_all};
use dbctl::project::platform;
use dbctl::sql::{Mode, split};

use crate::support::{Client, Database};

/// A database with Supabase's objects, and a session on a copy of it in which examples are tried and taken back.
struct Bench {
    session: Client,
    version: u32,
    template: Database,
    _copy: Database,
}

/// Held while an example makes what belongs to the whole server: tests share the server, and examples share names.
static WHOLE_SERVER: Mutex<()> = Mutex::new(());

/// Why an example does not run.
struct Failure {
    /// PostgreSQL's code, or `SPLIT` where no statement was sent.
    code: String,
    /// In words.
    said: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.said)
    }
}

impl Bench {
    fn new() -> Self {
        let template = Database::new();
        {
            let session = template.session();
            let available = session.values("select name from pg_available_extensions");
            let available: Vec<_> = available.iter().map(String::as_str).collect();
            session.run(&platform::script(&available, "a test"));
            // What examples make is newer than this schema: see `catalog.sql`.
            session.run("create schema examples_begin");
        }
        let copy = template.copy();
        let session = copy.session();
        let version: u32 = session.values("show server_version_num")[0].parse().unwrap();
        Self { session, version: version / 10_000, template, _copy: copy }
    }

    /// Runs migrations, then asks what is to be asked, and leaves nothing behind.
    fn try_out<T>(&self, inputs: &[Input], ask: impl FnOnce(&Client) -> T) -> Result<T, Failure> {
        let _server = server_held(inputs);
        if inputs.iter().any(needs_its_own) {
            let own = self.template.copy();
            let session = own.session();
            let run = inputs.iter().try_for_each(|input| run(&session, input));
            let answer = run.map(|()| ask(&session));
            drop(session);
            clean_up(inputs);
            return answer;
        }
        self.session.run("begin");
        let run = inputs.iter().try_for_each(|input| send(&self.session, &input.text));
        let answer = run.map(|()| ask(&self.session));
        self.session.run("rollback");
        answer
    }
}

/// Whether a file cannot be run, and taken back, in one transaction with others.
fn needs_its_own(input: &Input) -> bool {
    let file = LintFile::new(0, input.clone());
    let adds_values = file.text().to_ascii_lowercase().contains("add value");
    !file.is_atomic() || file.transaction.wrapper.is_some() || adds_values
}

/// Runs a file as dbctl does: in one transaction, or statement by statement.
fn run(session: &Client, input: &Input) -> Result<(), Failure> {
    let file = LintFile::new(0, input.clone());
    if file.is_atomic() && file.transaction.wrapper.is_none() {
        return send(session, &format!("begin;\n{};\ncommit", without_end(&input.text)));
    }
    for statement in statements(&input.text)? {
        if let Err(failure) = send(session, statement) {
            if file.transaction.mode != (Mode::Transaction) {
                session.try_run("rollback").ok();
            }
            return Err(failure);
        }
    }
    Ok(())
}

fn statements(text: &str) -> Result<Vec<&str>, Failure> {
    let statements = split(text).map_err(|error| Failure { code: "SPLIT".to_owned(), said: error.to_string() })?;
    Ok(statements.iter().map(|statement| statement.span.of(text)).collect())
}

/// A comment at the end must not swallow what follows.
fn without_end(text: &str) -> String {
    format!("{}\n", text.trim_end().trim_end_matches(';'))
}

fn send(session: &Client, sql: &str) -> Result<(), Failure> {
    session.try_run(sql).map_err(|error| {
        let said = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
        Failure { code: error.code().map_or("NONE", |code| code.code()).to_owned(), said }
    })
}

/// Whether it makes databases, roles or tablespaces, which no rollback of a database's copy takes away.
fn is_server_wide(inputs: &[Input]) -> bool {
    let text = lower_case(inputs);
    ["create database", "create role", "create user", "create group", "create tablespace"]
        .iter()
        .any(|what| text.contains(what))
}

/// Holds the server for examples that make what is its own.
fn server_held(inputs: &[Input]) -> Option<MutexGuard<'static, ()>> {
    is_server_wide(inputs).then(|| WHOLE_SERVER.lock().unwrap_or_else(PoisonError::into_inner))
}

fn lower_case(inputs: &[Input]) -> String {
    inputs.iter().map(|input| input.text.as_ref()).collect::<Vec<_>>().join("\n").to_ascii_lowercase()
}

/// Takes away what an example outside a transaction made on the whole server.
fn clean_up(inputs: &[Input]) {
    if !is_server_wide(inputs) {
        return;
    }
    let text = lower_case(inputs);
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let server = Database::new();
    let session = server.session();
    for kind in ["database", "role"] {
        for pair in words.windows(2).filter(|pair| pair[0] == kind && pair[1] != "if") {
            session.try_run(&format!("drop {kind} if exists \"{}\"", pair[1])).ok();
        }
    }
}

/// The configuration in which a rule's examples are meant, with that rule alone.
fn config(rule: &Rule, version: u32) -> Config {
    let timeouts_set = !rule.id.contains("timeout");
    let only = [rule.id.to_owned()].into();
    Config { pg_version: version, timeouts_set, only, ..Config::default() }
}

/// What a rule finds in the migration that an example shows.
fn findings(rule: &Rule, inputs: &[Input], version: u32) -> (Vec<LintFile>, Vec<Finding>) {
    let files = parse_all(inputs.to_vec());
    let findings = lint(&files, &config(rule, version)).findings;
    (files, findings)
}

fn inputs(text: &str) -> Vec<Input> {
    example::inputs(text)
}

/// The wrong ones all at once, as a test ends with them.
#[track_caller]
fn none_wrong(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n\n"));
}

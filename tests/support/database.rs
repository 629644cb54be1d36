//! A fresh database for a test, and sessions on it.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{NoTls, SimpleQueryMessage};

use super::server;

/// A database that no other test knows; it goes with the value.
pub(crate) struct Database {
    /// Its name.
    pub(crate) name: String,
    /// A URL with the superuser's password.
    pub(crate) url: String,
}

impl Database {
    /// Creates an empty one.
    pub(crate) fn new() -> Self {
        Self::like("template0")
    }

    /// Creates a copy of this one, in which nobody may have a session.
    pub(crate) fn copy(&self) -> Self {
        Self::like(&self.name)
    }

    fn like(template: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("t_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        outside(|session| {
            // The process number of an earlier run may come again.
            session.run(&format!("drop database if exists {name} with (force)"));
            session.run(&format!("drop role if exists {name}_role"));
            session.run(&format!("create database {name} template {template}"));
        });
        Self { url: server::url(&name), name }
    }

    /// A new session.
    pub(crate) fn session(&self) -> Client {
        Client::open(&self.url)
    }

    /// The URL with other words in place of user and password.
    pub(crate) fn url_as(&self, user: &str, password: &str) -> String {
        let mut url = url::Url::parse(&self.url).unwrap();
        url.set_username(user).unwrap();
        url.set_password(Some(password)).unwrap();
        url.into()
    }

    /// Runs SQL in a session of its own.
    pub(crate) fn run(&self, sql: &str) {
        self.session().run(sql);
    }

    /// The first column of the first row, or nothing.
    pub(crate) fn value(&self, sql: &str) -> String {
        self.values(sql).into_iter().next().unwrap_or_default()
    }

    /// The first column.
    pub(crate) fn values(&self, sql: &str) -> Vec<String> {
        self.session().values(sql)
    }

    /// Whether there is a relation of this name.
    pub(crate) fn has(&self, relation: &str) -> bool {
        self.value(&format!("select to_regclass('{relation}') is not null")) == "t"
    }

    /// Whether a session runs a statement with these words.
    pub(crate) fn is_running(&self, words: &str) -> bool {
        self.activity(&format!("query ilike '%{words}%'"))
    }

    /// Whether a session waits for a lock in a statement with these words.
    pub(crate) fn is_waiting(&self, words: &str) -> bool {
        self.activity(&format!("query ilike '%{words}%' and wait_event_type = 'Lock'"))
    }

    fn activity(&self, condition: &str) -> bool {
        let sessions = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        self.value(&format!("select count(*) > 0 {sessions} and state = 'active' and {condition}")) == "t"
    }

    /// How many advisory locks are held here.
    pub(crate) fn locks(&self) -> usize {
        let here = "database = (select oid from pg_database where datname = current_database())";
        self.value(&format!("select count(*) from pg_locks where locktype = 'advisory' and {here}")).parse().unwrap()
    }

    /// A role that may log in, with a URL of its own; it goes with the database.
    pub(crate) fn role(&self, password: &str, attributes: &str) -> String {
        let role = format!("{}_role", self.name);
        self.run(&format!("create role {role} login {attributes} password '{password}'"));
        self.url_as(&role, password)
    }

    /// The versions that dbctl's history has, oldest first.
    pub(crate) fn applied(&self) -> Vec<String> {
        self.values("select version::text from dbctl.schema_history order by version")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Where a test fails, what it says counts, not that its database could not be dropped.
        outside(|session| {
            session.try_run(&format!("drop database if exists {} with (force)", self.name)).ok();
            session.try_run(&format!("drop role if exists {}_role", self.name)).ok();
        });
    }
}

/// Works on the server in a thread of its own, so that a test that runs in a runtime can ask for it too.
fn outside(work: impl FnOnce(&Client) + Send) {
    std::thread::scope(|scope| {
        scope.spawn(|| work(&Client::open(&server::url("postgres"))));
    });
}

/// A session that stays open.
pub(crate) struct Client {
    runtime: Runtime,
    client: tokio_postgres::Client,
}

impl Client {
    /// Opens a session.
    pub(crate) fn open(url: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (client, connection) = runtime.block_on(tokio_postgres::connect(url, NoTls)).unwrap();
        runtime.spawn(connection);
        Self { runtime, client }
    }

    /// Runs SQL.
    pub(crate) fn run(&self, sql: &str) {
        self.try_run(sql).unwrap_or_else(|error| panic!("{sql}\n{error:?}"));
    }

    /// Runs SQL that may fail.
    pub(crate) fn try_run(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.runtime.block_on(self.client.batch_execute(sql))
    }

    /// The first column.
    pub(crate) fn values(&self, sql: &str) -> Vec<String> {
        let messages = self.runtime.block_on(self.client.simple_query(sql)).unwrap_or_else(|e| panic!("{sql}\n{e:?}"));
        let value = |message: &SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        };
        messages.iter().filter_map(value).collect()
    }
}

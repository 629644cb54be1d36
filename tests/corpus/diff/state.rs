//! A database in a case: loaded, read, dumped, and brought to another state.

use std::collections::BTreeMap;
use std::path::Path;

use dbctl::catalog::{Catalog, Scope};
use dbctl::db::{ConnectOptions, Endpoint, Session};
use dbctl::diff::{Options, Plan, plan, script};

use super::judge;
use crate::support::{Client, Database};

/// A database and a session on it.
pub(super) struct State {
    database: Database,
    session: Client,
}

impl State {
    /// An empty one.
    pub(super) fn empty() -> Self {
        let database = Database::new();
        let session = database.session();
        Self { database, session }
    }

    /// One with what a script makes, or what the server said to it.
    pub(super) fn load(sql: &str) -> Result<Self, String> {
        let state = Self::empty();
        // In one go, and where something needs a transaction of its own, statement by statement.
        if state.session.try_run(sql).is_err() {
            let fresh = Self::empty();
            fresh.run(sql)?;
            return Ok(fresh);
        }
        Ok(state)
    }

    /// Its URL.
    pub(super) fn url(&self) -> &str {
        &self.database.url
    }

    /// The session on it.
    pub(super) fn session(&self) -> &Client {
        &self.session
    }

    /// Runs a script statement by statement, as psql does.
    pub(super) fn run(&self, sql: &str) -> Result<(), String> {
        for statement in dbctl::sql::split(sql).map_err(|error| error.to_string())? {
            let text = statement.span.of(sql);
            self.session.try_run(text).map_err(|error| {
                // What is looked at afterwards is what a person finds.
                self.session.try_run("rollback").ok();
                let said = error.as_db_error().map_or_else(|| error.to_string(), |it| it.message().to_owned());
                format!("{said}, at {text}")
            })?;
        }
        self.session.try_run("reset all").map_err(|error| error.to_string())
    }

    /// What every object is known by inside it.
    pub(super) fn identities(&self) -> BTreeMap<String, String> {
        judge::identities(&self.session)
    }

    /// What `pg_dump` says of it.
    pub(super) fn dump(&self, pg_dump: &Path) -> Vec<String> {
        judge::dump(pg_dump, &self.database.url, &[])
    }

    /// The schema as dbctl reads it.
    pub(super) fn catalog(&self) -> Catalog {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let endpoint = Endpoint::from_url(&self.database.url.as_str().into(), &|_| None).unwrap();
        let options = ConnectOptions { application_name: "dbctl test".to_owned(), read_only: true };
        let scope = Scope { managed: true, ..Scope::default() };
        runtime.block_on(async {
            let session = Session::open(&endpoint, &options).await.unwrap();
            dbctl::db::catalog::read(&session, |id| scope.contains(id)).await.unwrap()
        })
    }
}

/// The plan from one schema to another, owners included, as a script.
pub(super) fn planned(from: &Catalog, to: &Catalog) -> (Plan, String) {
    let plan = plan(from, to, Options { owners: true, ..Options::default() });
    let sql = script(&plan);
    (plan, sql)
}

//! A session: one connection, its notices and its way of being cancelled.

use std::collections::HashMap;
use std::sync::Mutex;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row, RowStream, SimpleQueryMessage, SimpleQueryRow, Statement};

use super::{Canceller, ConnectOptions, Endpoint, Error, Notice, Place, connect};
use crate::report::Target;

/// An open connection.
pub struct Session {
    client: Client,
    notices: UnboundedReceiver<Notice>,
    canceller: Canceller,
    endpoint: Endpoint,
    place: Place,
    options: ConnectOptions,
    settings: String,
    prepared: Mutex<HashMap<String, Statement>>,
}

impl Session {
    /// Connects.
    pub async fn open(endpoint: &Endpoint, options: &ConnectOptions) -> Result<Self, Error> {
        let connected = connect(endpoint, options).await?;
        Ok(Self {
            client: connected.client,
            notices: connected.notices,
            canceller: connected.cancel,
            place: connected.place,
            settings: connected.settings,
            endpoint: endpoint.clone(),
            options: options.clone(),
            prepared: Mutex::default(),
        })
    }

    /// Makes a setting one of those that the session has from its beginning, and gets again by [`Self::reset`].
    pub async fn always(&mut self, setting: &str) -> Result<(), Error> {
        self.batch(setting).await?;
        self.settings = format!("{}; {setting}", self.settings.trim_end_matches([';', ' ']));
        Ok(())
    }

    /// A second connection to the same database with the same settings.
    pub async fn reopen(&self) -> Result<Self, Error> {
        Self::open(&self.endpoint, &self.options).await
    }

    /// The way to cancel what it is doing.
    pub fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }

    /// The notices that have come since the last call.
    pub fn notices(&mut self) -> Vec<Notice> {
        std::iter::from_fn(|| self.notices.try_recv().ok()).collect()
    }

    /// Runs one or more statements by the simple protocol; gives every message of the answer.
    pub async fn simple(&self, sql: &str) -> Result<Vec<SimpleQueryMessage>, Error> {
        Ok(self.client.simple_query(sql).await?)
    }

    /// Runs one or more statements whose answers do not matter.
    pub async fn batch(&self, sql: &str) -> Result<(), Error> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// Runs a query and gives its rows.
    pub async fn rows(&self, sql: &str) -> Result<Vec<SimpleQueryRow>, Error> {
        let messages = self.simple(sql).await?;
        Ok(messages
            .into_iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row),
                _ => None,
            })
            .collect())
    }

    /// Runs a query with parameters, each with its type, and gives its rows.
    pub async fn query(&self, sql: &str, parameters: &[(&(dyn ToSql + Sync), Type)]) -> Result<Vec<Row>, Error> {
        Ok(self.client.query_typed(sql, parameters).await?)
    }

    /// Runs a query and gives its rows as they come.
    pub async fn stream(&self, sql: &str) -> Result<RowStream, Error> {
        Ok(self.client.query_typed_raw(sql, std::iter::empty::<(i32, Type)>()).await?)
    }

    /// Runs a query that is asked often: it is prepared the first time.
    pub async fn ask(&self, sql: &str, parameters: &[(&(dyn ToSql + Sync), Type)]) -> Result<Vec<Row>, Error> {
        let types: Vec<Type> = parameters.iter().map(|(_, of)| of.clone()).collect();
        let statement = self.prepared(sql, &types).await?;
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|(value, _)| *value).collect();
        Ok(self.client.query(&statement, &parameters).await?)
    }

    /// Prepares a query without parameters that is asked later, so that it goes out in its place between others.
    pub async fn ready(&self, sql: &str) -> Result<(), Error> {
        self.prepared(sql, &[]).await.map(drop)
    }

    async fn prepared(&self, sql: &str, types: &[Type]) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.lock().ok().and_then(|prepared| prepared.get(sql).cloned()) {
            return Ok(statement);
        }
        let statement = self.client.prepare_typed(sql, types).await?;
        if let Ok(mut prepared) = self.prepared.lock() {
            prepared.insert(sql.to_owned(), statement.clone());
        }
        Ok(statement)
    }

    /// Forgets the queries that were prepared: what runs in the session may have taken them away.
    pub fn forget_prepared(&self) {
        if let Ok(mut prepared) = self.prepared.lock() {
            prepared.clear();
        }
    }

    /// Statements that put the session back to what it was when it was opened, so that nothing a file sets leaks into
    /// the next one. `RESET ALL` leaves the role alone: <https://www.postgresql.org/docs/current/sql-reset.html>.
    pub fn reset(&self) -> String {
        format!("reset session authorization; reset role; reset all; {}", self.settings)
    }

    /// Sends the data of a `COPY … FROM stdin`; gives the number of rows.
    pub async fn copy_in(&self, statement: &str, data: &str) -> Result<u64, Error> {
        use futures_util::SinkExt;
        let sink = self.client.copy_in(statement).await?;
        let mut sink = std::pin::pin!(sink);
        sink.send(bytes::Bytes::copy_from_slice(data.as_bytes())).await?;
        Ok(sink.finish().await?)
    }

    /// What is to be said about the database; `name` is what the user calls it.
    pub async fn target(&self, name: &str, local: bool) -> Result<Target, Error> {
        // `pg_control_system` is for superusers and pg_monitor until PostgreSQL 15, so the fingerprint may be partial.
        let facts = "select current_user, current_database(), current_setting('server_version'), \
             (select oid from pg_catalog.pg_database where datname = current_database()), \
             pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')";
        let rows = self.rows(facts).await?;
        let value = |at: usize| rows.first().and_then(|row| row.get(at)).unwrap_or_default().to_owned();
        let system = if value(4) == "t" {
            let system = self.rows("select system_identifier from pg_catalog.pg_control_system()").await?;
            system.first().and_then(|row| row.get(0)).unwrap_or_default().to_owned()
        } else {
            String::new()
        };
        let version = value(2).split(' ').next().unwrap_or_default().to_owned();
        Ok(Target {
            name: name.to_owned(),
            host: self.place.host.to_string(),
            database: value(1),
            user: value(0),
            server_version: version,
            local,
            fingerprint: format!("{system}/{}", value(3)),
        })
    }
}

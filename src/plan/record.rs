//! The SQL that writes dbctl's own rows: used on a session and in the scripts that a DBA runs with psql.

use super::ledger::HISTORY_TABLE;
use crate::report::Direction;
use crate::text::quote_literal;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A statement outside a transaction is about to be sent.
    StatementStarted,
    /// A statement outside a transaction has ended well.
    StatementFinished,
    /// A migration is applied.
    Applied,
    /// A migration failed.
    Failed,
    /// A migration is rolled back.
    Reverted,
    /// A changed file was accepted as it is now.
    Accepted,
}

impl Kind {
    /// The word in `dbctl.event.kind`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StatementStarted => "statement-started",
            Self::StatementFinished => "statement-finished",
            Self::Applied => "applied",
            Self::Failed => "failed",
            Self::Reverted => "reverted",
            Self::Accepted => "accepted",
        }
    }
}

/// Who does it: the same for every row of a run.
#[derive(Debug, Clone)]
pub struct Author {
    /// The run's id (a UUID); none writes `gen_random_uuid()`, for scripts.
    pub run: Option<String>,
    /// `user@host`; none writes the session's role and address, for scripts.
    pub actor: Option<String>,
    /// dbctl's version.
    pub tool_version: String,
}

/// One row of `dbctl.event`.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// refinery's version.
    pub key: i64,
    /// The version as in the file name.
    pub version: &'a str,
    /// The name as in the file name.
    pub name: &'a str,
    /// What happened.
    pub kind: Kind,
    /// Which way.
    pub direction: Direction,
    /// SHA-256 of the normalised text.
    pub sha256: &'a str,
    /// SHA-256 of the bytes.
    pub raw_sha256: &'a str,
    /// The statement's number, from 1.
    pub statement: Option<usize>,
    /// Milliseconds.
    pub ms: Option<f64>,
    /// The server's SQLSTATE.
    pub sqlstate: Option<&'a str>,
    /// What went wrong.
    pub message: Option<&'a str>,
    /// The applied text.
    pub sql: Option<&'a str>,
}

impl Record<'_> {
    /// The `INSERT` that writes it, without a final semicolon.
    #[must_use]
    pub fn insert(&self, author: &Author) -> String {
        let text = |value: Option<&str>| value.map_or_else(|| "null".to_owned(), quote_literal);
        let direction = match self.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        };
        let run = author.run.as_deref().map_or_else(|| "pg_catalog.gen_random_uuid()".to_owned(), quote_literal);
        let actor = author.actor.as_deref().map_or_else(
            || "session_user || '@' || coalesce(pg_catalog.host(pg_catalog.inet_client_addr()), 'socket')".to_owned(),
            quote_literal,
        );
        format!(
            "insert into dbctl.event (run_id, key, version, name, kind, direction, sha256, raw_sha256, statement, xid, \
             ms, sqlstate, message, actor, tool_version, sql) values ({run}, {key}, {version}, {name}, {kind}, \
             '{direction}', {sha256}, {raw}, {statement}, pg_catalog.pg_current_xact_id(), {ms}, {sqlstate}, {message}, \
             {actor}, {tool}, {sql})",
            key = self.key,
            version = quote_literal(self.version),
            name = quote_literal(self.name),
            kind = quote_literal(self.kind.as_str()),
            sha256 = quote_literal(self.sha256),
            raw = quote_literal(self.raw_sha256),
            statement = self.statement.map_or_else(|| "null".to_owned(), |number| number.to_string()),
            ms = self.ms.map_or_else(|| "null".to_owned(), |ms| format!("{ms:.3}")),
            sqlstate = text(self.sqlstate),
            message = text(self.message),
            tool = quote_literal(&author.tool_version),
            sql = text(self.sql),
        )
    }
}

/// The `DELETE` that takes a migration out of the history, without a final semicolon.
#[must_use]
pub fn delete_history(key: i64) -> String {
    format!("delete from {HISTORY_TABLE} where version = {key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_every_text() {
        let author = Author { run: None, actor: Some("o'hara@host".to_owned()), tool_version: "0.1.0".to_owned() };
        let record = Record {
            key: 1,
            version: "1",
            name: "it's",
            kind: Kind::Applied,
            direction: Direction::Up,
            sha256: "a",
            raw_sha256: "b",
            statement: None,
            ms: Some(1.5),
            sqlstate: None,
            message: None,
            sql: Some("select '\\';"),
        };
        let sql = record.insert(&author);
        assert!(sql.contains("'it''s'") && sql.contains("'o''hara@host'") && sql.contains("E'select ''\\\\'';'"));
    }
}

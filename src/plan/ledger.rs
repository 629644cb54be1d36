//! What a database remembers of its migrations: the history rows and the events that explain them.

use jiff::Timestamp;

/// refinery's history table, schema-qualified.
pub const HISTORY_TABLE: &str = "dbctl.schema_history";

/// What was read from one database.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// Whether dbctl's tables exist.
    pub initialised: bool,
    /// The applied migrations, ordered by key.
    pub rows: Vec<Row>,
    /// Migrations begun outside a transaction and not finished.
    pub partial: Vec<Partial>,
}

/// One applied migration.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// refinery's version.
    pub key: i64,
    /// The version as in the file name; the key in digits where no event tells.
    pub version: String,
    /// The name as in the file name.
    pub name: String,
    /// When it was applied.
    pub applied_at: Option<Timestamp>,
    /// refinery's own checksum.
    pub checksum: u64,
    /// SHA-256 of the normalised text; none where the row was not written by dbctl.
    pub sha256: Option<String>,
    /// How long it took, in milliseconds.
    pub ms: Option<f64>,
    /// The run that applied it.
    pub run: Option<String>,
    /// The number of the event that recorded it: the order of application.
    pub event: i64,
    /// Whether the text was accepted without being run.
    pub accepted: bool,
}

/// A migration that runs outside a transaction and did not come to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Partial {
    /// refinery's version.
    pub key: i64,
    /// The version as in the file name.
    pub version: String,
    /// The name as in the file name.
    pub name: String,
    /// SHA-256 of the normalised text it was begun with.
    pub sha256: String,
    /// How many statements are done, counted from the first.
    pub done: usize,
    /// The text of those statements; none where a record lacks it.
    pub text: Option<String>,
    /// The statement that was sent and whose outcome nobody recorded.
    pub in_doubt: Option<usize>,
    /// The run that began it.
    pub run: String,
    /// Whether it was on its way down.
    pub down: bool,
}

impl Partial {
    /// Whether nothing of it took effect: its first statement failed. At most an invalid index is left.
    #[must_use]
    pub fn is_undone(&self) -> bool {
        self.done == 0 && self.in_doubt.is_none()
    }
}

impl Ledger {
    /// The row of a key.
    #[must_use]
    pub fn row(&self, key: i64) -> Option<&Row> {
        self.rows.binary_search_by_key(&key, |row| row.key).ok().map(|at| &self.rows[at])
    }

    /// The unfinished work on a key.
    #[must_use]
    pub fn partial(&self, key: i64) -> Option<&Partial> {
        self.partial.iter().find(|partial| partial.key == key)
    }

    /// The highest key that is applied.
    #[must_use]
    pub fn newest(&self) -> Option<&Row> {
        self.rows.last()
    }
}

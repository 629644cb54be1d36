//! Playing a chain: what each statement does to the state.

use super::Schema;
use crate::lint::{Config, Event, LintFile};

impl Schema {
    /// The state before the first migration: what PostgreSQL and the platform bring.
    pub fn new(_config: &Config) -> Self {
        Self { search_path: vec!["public".to_owned()], ..Self::default() }
    }

    /// A file begins: its session starts with the search path that the runner sets.
    pub fn begin_file(&mut self, _file: &LintFile) {}

    /// A statement has run. Those inside routines do nothing.
    pub fn apply(&mut self, _file: &LintFile, _event: &Event) {}

    /// A file ends.
    pub fn end_file(&mut self, _file: &LintFile) {}
}

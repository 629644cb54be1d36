//! Rows that were not there before: whose they are is told by the columns that name their owner.

use super::actor::Actor;
use super::shot::{Row, Side, Table, aside};
use super::subject::Relation;
use crate::text::quote_ident;

impl Table<'_> {
    /// A query for the number of rows that are others' and were not there before: put in, or given away.
    pub fn made_for_others(&self, actor: &Actor) -> Option<String> {
        if matches!(self.subject.relation, Relation::Tenants | Relation::Users | Relation::Shared) {
            return None;
        }
        let (own, others) = (self.of(actor, Side::Own), self.of(actor, Side::Other));
        let owners = self.owners();
        let columns = if self.subject.tenant.is_some() { &owners[..1] } else { &owners[..] };
        let among = |rows: &[&Row], column: &String| {
            let mut values: Vec<String> =
                rows.iter().filter_map(|row| row.value(column)).map(|it| self.literal(column, Some(it))).collect();
            values.sort();
            values.dedup();
            (!values.is_empty()).then(|| format!("{} in ({})", quote_ident(column), values.join(", ")))
        };
        let theirs: Vec<String> = columns.iter().filter_map(|column| among(&others, column)).collect();
        // A message to somebody has its sender beside him.
        let his: Vec<String> = columns.iter().filter_map(|column| among(&own, column)).collect();
        if theirs.is_empty() {
            return None;
        }
        let old: Vec<String> = self.rows.iter().map(Row::unchanged).collect();
        let no_own = if his.is_empty() { String::new() } else { format!(" and ({}) is not true", his.join(" or ")) };
        Some(format!(
            "select count(*) from {} where ({}){no_own} and not ({})",
            self.name(),
            theirs.join(" or "),
            old.join(" or ")
        ))
    }

    /// Puts all rows away, as if they had never been.
    pub fn without_rows(&self) -> String {
        aside(&self.name(), &self.rows.iter().collect::<Vec<_>>())
    }

    /// A query for the number of rows that are not as they were, new ones too.
    pub fn stirred(&self) -> String {
        let old: Vec<String> = self.rows.iter().map(Row::unchanged).collect();
        let old = if old.is_empty() { "false".to_owned() } else { old.join(" or ") };
        let (name, count) = (self.name(), self.rows.len());
        format!(
            "select (select count(*) from {name} where ({old}) is not true) + {count} - (select count(*) from {name} where {old})"
        )
    }
}

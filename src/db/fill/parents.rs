//! The rows that foreign keys may refer to, and rows that triggers have made.

use std::collections::{BTreeMap, BTreeSet};

use super::{Error, Filler, Made, from, literal};
use crate::catalog::Id;
use crate::seed::{ForeignKey, Table};
use crate::text::quote_ident;

/// How many rows of what was there before are looked at.
const MOST_LENT: usize = 50;

impl Filler<'_> {
    /// The keys that rows of a group may refer to: those of its own rows, else those that were there before.
    pub(super) async fn parents(&self, key: &ForeignKey, group: usize) -> Result<Vec<Vec<String>>, Error> {
        let own = self.own(key, group);
        if !own.is_empty() {
            return Ok(own);
        }
        if self.before.get(&key.to).is_some_and(|it| *it == 0) {
            return Ok(Vec::new());
        }
        let others: Vec<Vec<String>> = (0..self.wanted.groups).flat_map(|group| self.own(key, group)).collect();
        let names: Vec<String> = key.references.iter().map(|it| quote_ident(it)).collect();
        let texts: Vec<String> = names.iter().map(|it| format!("{it}::text")).collect();
        let all: Vec<String> = names.iter().map(|it| format!("{it} is not null")).collect();
        let from = self
            .tables
            .get(&key.to)
            .map_or_else(|| format!("{}.{}", quote_ident(&key.to.schema), quote_ident(&key.to.name)), from);
        let (texts, all) = (texts.join(", "), all.join(" and "));
        let sql = format!("select {texts} from {from} where {all} order by {} limit {MOST_LENT}", names.join(", "));
        let rows = self.session.rows(&sql).await?;
        let tuples = rows.iter().map(|row| (0..names.len()).map(|at| literal(row.get(at))).collect());
        Ok(tuples.filter(|it| !others.contains(it)).collect())
    }

    /// The keys of a group's own rows.
    pub(super) fn own(&self, key: &ForeignKey, group: usize) -> Vec<Vec<String>> {
        let rows = self.made.get(&key.to).into_iter().flatten().filter(|it| it.group == group);
        let tuple = |row: &Made| {
            let value = |name: &String| row.values.get(name).cloned().flatten().map(|it| literal(Some(&it)));
            key.references.iter().map(value).collect::<Option<Vec<_>>>()
        };
        rows.filter_map(tuple).collect()
    }

    /// The columns whose values are remembered: what tells rows apart, what refers, and what is referred to.
    pub(super) fn remembered(&self, table: &Table) -> Vec<String> {
        let referred = self.tables.values().flat_map(|it| &it.foreign).filter(|it| it.to == table.id);
        let mut names: BTreeSet<&String> = table.identity.iter().collect();
        names.extend(referred.flat_map(|it| &it.references));
        names.extend(table.foreign.iter().flat_map(|it| &it.columns));
        names.into_iter().filter(|it| table.column(it).is_some()).cloned().collect()
    }

    /// Takes rows as made that triggers have made while other tables were filled: their foreign keys say whose they are.
    pub(super) async fn adopt(&mut self, table: &Table) -> Result<(), Error> {
        if !self.has_triggers {
            return Ok(());
        }
        let names = self.remembered(table);
        let Ok(count) = self.guarded(&format!("select count(*) from {}", from(table))).await? else { return Ok(()) };
        let count: u64 = count.first().and_then(|it| it.get(0)).and_then(|it| it.parse().ok()).unwrap_or_default();
        let before = self.before.get(&table.id).copied().unwrap_or_default();
        if count <= before || names.is_empty() {
            return Ok(());
        }
        let texts: Vec<String> = names.iter().map(|it| format!("{}::text", quote_ident(it))).collect();
        let rows = self.session.rows(&format!("select {} from {} limit 10000", texts.join(", "), from(table))).await?;
        let mut found = Vec::new();
        for row in &rows {
            let values: BTreeMap<String, Option<String>> =
                names.iter().enumerate().map(|(at, name)| (name.clone(), row.get(at).map(str::to_owned))).collect();
            let group = self.group_of(table, &values);
            let alone = (before == 0 && self.wanted.groups == 1).then_some(0);
            if let Some(group) = group.or(alone) {
                found.push(Made { group, values });
            }
        }
        for row in &mut found {
            self.give(table, row).await?;
        }
        self.made.insert(table.id.clone(), found);
        Ok(())
    }

    /// The group whose rows a row refers to.
    fn group_of(&self, table: &Table, values: &BTreeMap<String, Option<String>>) -> Option<usize> {
        table.foreign.iter().find_map(|key| {
            let tuple: Option<Vec<String>> = key
                .columns
                .iter()
                .map(|name| values.get(name).cloned().flatten().map(|it| literal(Some(&it))))
                .collect();
            let tuple = tuple?;
            (0..self.wanted.groups).find(|group| self.own(key, *group).contains(&tuple))
        })
    }

    /// Gives a trigger's row the values that are given for its group.
    async fn give(&self, table: &Table, row: &mut Made) -> Result<(), Error> {
        let mut sets = Vec::new();
        for ((id, name), values) in &self.fixed {
            if **id == table.id
                && !table.identity.iter().any(|it| it == name)
                && let Some(value) = values.get(row.group)
            {
                sets.push(format!("{} = {value}", quote_ident(name)));
            }
        }
        if sets.is_empty() {
            return Ok(());
        }
        let sql = format!("update {} set {} where {}", table.sql(), sets.join(", "), condition(table, row));
        self.guarded(&sql).await.map(|_| ())
    }

    pub(super) fn table_of(&self, id: &Id) -> Option<&Table> {
        self.tables.get(id)
    }
}

/// What finds a row again.
pub(super) fn condition(table: &Table, row: &Made) -> String {
    let parts: Vec<String> = table
        .identity
        .iter()
        .filter_map(|name| {
            let value = row.values.get(name)?;
            Some(format!("{} is not distinct from {}", quote_ident(name), literal(value.as_deref())))
        })
        .collect();
    if parts.is_empty() { "true".to_owned() } else { parts.join(" and ") }
}

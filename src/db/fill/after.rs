//! What has to wait until the tables are filled: foreign keys of circles, and sequences.

use super::parents::condition;
use super::{Error, Filler, shown};
use crate::seed::{Table, Turn};
use crate::text::{quote_ident, quote_literal};

impl Filler<'_> {
    /// Gives the foreign keys of a circle their values; says why where that fails.
    pub(super) async fn postponed(&mut self, turn: &Turn) -> Result<Option<String>, Error> {
        let Some(table) = self.tables.get(&turn.table) else { return Ok(None) };
        let mut why = None;
        for key in table.foreign.iter().filter(|it| turn.postponed.contains(&it.name)) {
            let waiting = table.waiting(key);
            let count = self.made.get(&table.id).map_or(0, Vec::len);
            let mut at_group = vec![0; self.wanted.groups];
            for at in 0..count {
                let Some(row) = self.made.get(&table.id).and_then(|it| it.get(at)).cloned() else { continue };
                let agrees = |tuple: &&Vec<String>| {
                    key.columns.iter().zip(*tuple).all(|(name, value)| {
                        waiting.contains(name)
                            || row.values.get(name).is_none_or(|it| super::literal(it.as_deref()) == *value)
                    })
                };
                let parents = self.own(key, row.group);
                let parents: Vec<&Vec<String>> = parents.iter().filter(agrees).collect();
                let number = at_group.get(row.group).copied().unwrap_or_default();
                let Some(tuple) = parents.get(number % parents.len().max(1)) else { continue };
                at_group.get_mut(row.group).into_iter().for_each(|it| *it += 1);
                let mut sets: Vec<String> = Vec::new();
                for (name, value) in key.columns.iter().zip(*tuple).filter(|(name, _)| waiting.contains(name)) {
                    sets.push(format!("{} = {value}", quote_ident(name)));
                }
                let texts: Vec<String> = key.columns.iter().map(|it| format!("{}::text", quote_ident(it))).collect();
                let sql = format!(
                    "update {} set {} where {} returning {}",
                    table.sql(),
                    sets.join(", "),
                    condition(table, &row),
                    texts.join(", ")
                );
                match self.guarded(&sql).await? {
                    Ok(rows) => {
                        let made = self.made.get_mut(&table.id).and_then(|it| it.get_mut(at));
                        if let (Some(made), Some(answer)) = (made, rows.first()) {
                            for (at, name) in key.columns.iter().enumerate() {
                                made.values.insert(name.clone(), answer.get(at).map(str::to_owned));
                            }
                        }
                    }
                    Err(error) => {
                        why = Some(format!(
                            "foreign key {} of a circle takes no row: {}",
                            shown(&key.name),
                            error.message
                        ));
                    }
                }
            }
        }
        Ok(why)
    }

    /// Moves sequences behind the numbers that are there, so that the next rows get others.
    pub(super) async fn sequences(&self) -> Result<(), Error> {
        for id in self.made.keys() {
            let Some(table) = self.table_of(id) else { continue };
            self.sequences_of(table).await?;
        }
        Ok(())
    }

    /// The same for one table.
    pub(super) async fn sequences_of(&self, table: &Table) -> Result<(), Error> {
        let mut statements = Vec::new();
        for column in &table.columns {
            let Some(sequence) = &column.sequence else { continue };
            let name = quote_ident(&column.name);
            statements.push(format!(
                "select setval({}::regclass, greatest(m, 1)) from (select max({name})::bigint as m from {}) as t, {sequence} as s \
                 where m is not null and (m > s.last_value or m = s.last_value and not s.is_called)",
                quote_literal(sequence),
                super::from(table),
            ));
        }
        if !statements.is_empty() {
            // A sequence that counts backwards, or ends before, has no such number: it goes on as it is.
            self.guarded(&statements.join("; ")).await?.ok();
        }
        Ok(())
    }
}

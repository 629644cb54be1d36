//! Which tables a statement reaches that it does not name: by foreign keys, by partitions, by a domain.

use std::collections::BTreeSet;

use crate::lint::At;
use crate::lint::schema::{ConstraintDef, QName, Schema, Table};
use crate::sql::ast::Name;

/// The tables that refer to these by foreign keys, however far away.
pub(in crate::lint) fn reached(schema: &Schema, named: &[QName]) -> Vec<QName> {
    let mut seen: BTreeSet<&QName> = named.iter().collect();
    let mut found: Vec<QName> = Vec::new();
    loop {
        let before = found.len();
        for (name, table) in &schema.tables {
            let refers = table.constraints.iter().any(|constraint| {
                matches!(&constraint.def, ConstraintDef::ForeignKey(reference) if seen.contains(&reference.table))
            });
            if refers && !seen.contains(name) {
                seen.insert(name);
                found.push(name.clone());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// The tables in use that have a column of the domain; `None` where the chain does not know the domain.
pub(in crate::lint) fn users(cx: &At<'_>, domain: &Name) -> Option<Vec<QName>> {
    let domain = cx.resolve(domain);
    let known = cx.schema.types.get(&domain)?;
    if known.created.is_in(cx.file.id) {
        return Some(Vec::new());
    }
    let uses = cx.schema.tables.values().filter(|table| {
        !table.created.is_in(cx.file.id)
            && table.columns.iter().any(|column| {
                column.type_name.as_ref().is_some_and(|of| {
                    of.name == domain.name && of.schema.as_ref().is_none_or(|schema| *schema == domain.schema)
                })
            })
    });
    Some(uses.map(|table| table.name.clone()).collect())
}

/// The partitions of a table and the tables that inherit from it, however far down.
pub(in crate::lint) fn children<'a>(schema: &'a Schema, parent: &QName) -> Vec<&'a Table> {
    let mut found: Vec<&Table> = Vec::new();
    let mut above: Vec<&QName> = vec![parent];
    while let Some(name) = above.pop() {
        for (child, table) in &schema.tables {
            let is_below = table.partition_of.as_ref() == Some(name) || table.inherits.contains(name);
            if is_below && !found.iter().any(|it| it.name == *child) {
                found.push(table);
                above.push(child);
            }
        }
    }
    found
}

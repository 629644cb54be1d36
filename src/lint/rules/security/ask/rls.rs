//! Tables and their row-level security.

use super::access;
use crate::lint::ChainCx;
use crate::lint::schema::{QName, Table, TableKind};
use crate::sql::ast::PolicyCommand;

/// Whether clients of the API reach the table: it stands in an exposed schema and their roles hold something.
pub fn is_exposed(cx: &ChainCx<'_>, table: &Table) -> bool {
    cx.config.is_exposed(&table.name.schema)
        && matches!(table.kind, TableKind::Ordinary | TableKind::Partitioned)
        && access::is_reachable(cx.config, &table.acl)
}

/// The nearest table above this one, as a partition or by inheritance, that has row-level security.
pub fn protected_parent<'a>(cx: &ChainCx<'a>, table: &'a Table) -> Option<&'a Table> {
    let mut wanted: Vec<_> = table.partition_of.iter().chain(&table.inherits).collect();
    for _ in 0..16 {
        let parents: Vec<&Table> = wanted.iter().filter_map(|name| cx.schema.tables.get(*name)).collect();
        if let Some(parent) = parents.iter().find(|parent| parent.row_security) {
            return Some(parent);
        }
        wanted = parents.into_iter().flat_map(|parent| parent.partition_of.iter().chain(&parent.inherits)).collect();
    }
    None
}

/// Whether dynamic SQL that cannot be followed says these words.
pub fn said_dynamically(cx: &ChainCx<'_>, words: &str) -> bool {
    cx.schema.opaque.iter().any(|place| {
        let text = place.file.and_then(|file| cx.files.get(file)).map(|file| place.span.of(file.text()));
        text.is_some_and(|text| super::comment::normal(text).contains(words))
    })
}

/// A policy that lets users see their own rows, made of the table's own names, where the chain knows who users are.
pub fn example_policy(cx: &ChainCx<'_>, table: &Table, command: PolicyCommand) -> String {
    const OWNERS: &[&str] = &["user_id", "owner_id", "author_id", "profile_id", "account_id", "created_by", "owner"];
    let owner = OWNERS.iter().copied().find(|name| table.column(name).is_some());
    let name = format!("{}_{}", table.name.name, super::policy::word(command));
    let name = crate::text::bare_ident(&name);
    let column = owner.unwrap_or("user_id");
    let role = cx.schema.roles.get("authenticated");
    let function = cx.schema.functions.get(&QName::new("auth", "uid")).and_then(|overloads| overloads.first());
    let has_users = role.is_some_and(|place| cx.config.is_certain(place))
        && function.is_some_and(|function| cx.config.is_certain(&function.created));
    let rest = if has_users {
        format!("to authenticated using ({column} = (select auth.uid()))")
    } else {
        "using (…)".to_owned()
    };
    format!(
        "drop policy if exists {name} on {0}; create policy {name} on {0} for {1} {rest}",
        table.name,
        super::policy::word(command)
    )
}

//! Tables as SQL: what is made at once, and what comes when all objects are there.

use super::expression::{literal, quoted, test, type_sql};
use super::model::{
    Body, Column, Constraint, Index, Item, Name, Policy, Table, Test, Trigger, Type, Value, What, World,
};
use super::write::address;

/// The table with what needs no later object.
pub(super) fn create(world: &World, name: &Name, table: &Table) -> String {
    let full = address(name);
    let mut sql = String::new();
    let constraints = table.constraints.iter().filter(|it| !matches!(it.what, What::Foreign(..)));
    let inside = constraints.map(|it| constraint(world, name, it));
    let mut parts: Vec<String> = table.columns.iter().map(|it| column(world, name, it)).chain(inside).collect();
    let unlogged = if table.unlogged { "unlogged " } else { "" };
    sql.push_str(&format!("create {unlogged}table {full}"));
    if let Some((parent, number)) = &table.partition_of {
        let how = world.table(parent).and_then(|it| it.partitioned.as_ref()).map_or("list", |(how, _)| *how);
        let inside = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
        sql.push_str(&format!(" partition of {}{inside} {}", address(parent), bound(how, *number)));
    } else {
        if parts.is_empty() {
            parts = Vec::new();
        }
        sql.push_str(&format!(" ({})", parts.join(", ")));
    }
    if !table.inherits.is_empty() {
        let parents: Vec<String> = table.inherits.iter().map(address).collect();
        sql.push_str(&format!(" inherits ({})", parents.join(", ")));
    }
    if let Some((how, column)) = &table.partitioned {
        sql.push_str(&format!(" partition by {how} ({})", quoted(column)));
    }
    if let Some(percent) = table.fillfactor {
        sql.push_str(&format!(" with (fillfactor = {percent})"));
    }
    sql.push_str(";\n");
    for it in &table.columns {
        let at = format!("alter table {full} alter column {}", quoted(&it.name));
        if let Some(storage) = it.storage {
            sql.push_str(&format!("{at} set storage {storage};\n"));
        }
        if let Some(target) = it.statistics {
            sql.push_str(&format!("{at} set statistics {target};\n"));
        }
        if let Some(number) = it.comment {
            sql.push_str(&format!("comment on column {full}.{} is 'column {number}';\n", quoted(&it.name)));
        }
        for (privilege, role) in &it.grants {
            sql.push_str(&format!("grant {privilege} ({}) on {full} to {role};\n", quoted(&it.name)));
        }
    }
    for it in &table.indexes {
        sql.push_str(&index(world, name, it));
    }
    for (statistics, columns) in &table.statistics {
        let columns: Vec<String> = columns.iter().map(|it| quoted(it)).collect();
        let statistics = address(&(name.0, statistics.clone()));
        sql.push_str(&format!("create statistics {statistics} on {} from {full};\n", columns.join(", ")));
    }
    if table.row_security {
        sql.push_str(&format!("alter table {full} enable row level security;\n"));
    }
    if table.force {
        sql.push_str(&format!("alter table {full} force row level security;\n"));
    }
    if table.replica_full {
        sql.push_str(&format!("alter table {full} replica identity full;\n"));
    }
    sql
}

fn bound(how: &str, number: usize) -> String {
    match (how, number) {
        ("hash", number) => format!("for values with (modulus 8, remainder {})", number % 8),
        (_, 0) => "default".to_owned(),
        ("list", number) => format!("for values in ({number}, {})", number + 100),
        (_, number) => format!("for values from ({}) to ({})", number * 10, number * 10 + 10),
    }
}

fn column(world: &World, table: &Name, column: &Column) -> String {
    let mut sql = format!("{} {}", quoted(&column.name), type_sql(&column.kind));
    if column.value == Value::Serial {
        sql = format!("{} {}", quoted(&column.name), "bigserial");
    }
    if column.collation {
        sql.push_str(" collate \"C\"");
    }
    match &column.value {
        Value::None | Value::Serial => {}
        Value::Literal(number) => sql.push_str(&format!(" default {}", literal(world, &column.kind, *number))),
        Value::Call(function) => sql.push_str(&format!(" default {}()", address(function))),
        Value::Next(sequence) => sql.push_str(&format!(" default nextval('{}')", address(sequence))),
        Value::Identity(when, start) => {
            sql.push_str(&format!(" generated {when} as identity (start with {start})"));
        }
        Value::Generated(it) => {
            sql.push_str(&format!(" generated always as ({}) stored", condition(world, table, it, "")));
        }
    }
    if column.not_null {
        sql.push_str(" not null");
    }
    sql
}

fn condition(world: &World, table: &Name, it: &Test, prefix: &str) -> String {
    let columns = world.columns(table);
    let kind = columns.iter().find(|(name, _)| *name == it.column).map(|(_, kind)| kind);
    test(world, it, kind.unwrap_or(&Type::Plain("text")), prefix)
}

fn names(columns: &[String]) -> String {
    columns.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ")
}

fn constraint(world: &World, table: &Name, it: &Constraint) -> String {
    let what = match &it.what {
        What::Primary(columns, rest) => format!("primary key ({}) {rest}", names(columns)),
        What::Unique(columns, nulls, rest) => format!("unique {nulls} ({}) {rest}", names(columns)),
        What::Check(it, rest) => format!("check ({}) {rest}", condition(world, table, it, "")),
        What::Foreign(columns, other, theirs, rest) => {
            format!("foreign key ({}) references {} ({}) {rest}", names(columns), address(other), names(theirs))
        }
        What::Exclude(column) => format!("exclude using btree ({} with =)", quoted(column)),
    };
    format!("constraint {} {what}", quoted(&it.name))
}

fn index(world: &World, table: &Name, it: &Index) -> String {
    let element = |(test, is_column, rest): &(Test, bool, &str)| {
        let what = if *is_column { quoted(&test.column) } else { format!("({})", condition(world, table, test, "")) };
        format!("{what} {rest}")
    };
    let elements: Vec<String> = it.elements.iter().map(element).collect();
    let predicate = it.predicate.as_ref().map(|it| format!(" where {}", condition(world, table, it, "")));
    let unique = if it.unique { "unique " } else { "" };
    let (name, full, method) = (quoted(&it.name), address(table), it.method);
    let mut sql = format!("create {unique}index {name} on {full} using {method} ({})", elements.join(", "));
    sql.push_str(&predicate.unwrap_or_default());
    sql.push_str(";\n");
    if let Some(number) = it.comment {
        let index = address(&(table.0, it.name.clone()));
        sql.push_str(&format!("comment on index {index} is 'index {number}';\n"));
    }
    sql
}

/// What comes when all objects are there.
pub(super) fn late(world: &World, item: &Item) -> String {
    let full = address(&item.name);
    let table = match &item.body {
        Body::Table(table) => table,
        Body::View(view) => {
            let instead = view.instead.as_ref().map(|function| {
                format!(
                    "create trigger stands_in instead of insert on {full} for each row execute function {}();\n",
                    address(function)
                )
            });
            return instead.unwrap_or_default();
        }
        _ => return String::new(),
    };
    let mut sql = String::new();
    for it in &table.constraints {
        if matches!(it.what, What::Foreign(..)) {
            sql.push_str(&format!("alter table {full} add {};\n", constraint(world, &item.name, it)));
        }
        if let Some(number) = it.comment {
            sql.push_str(&format!("comment on constraint {} on {full} is 'constraint {number}';\n", quoted(&it.name)));
        }
    }
    for it in &table.triggers {
        sql.push_str(&trigger(world, &item.name, it));
    }
    for it in &table.policies {
        sql.push_str(&policy(world, &item.name, it));
    }
    for (name, event, number) in &table.rules {
        let action = if number.is_multiple_of(2) { "do also notify random" } else { "do instead nothing" };
        sql.push_str(&format!("create rule {} as on {event} to {full} {action};\n", quoted(name)));
    }
    sql
}

fn trigger(world: &World, table: &Name, it: &Trigger) -> String {
    let (name, full, function) = (quoted(&it.name), address(table), address(&it.function));
    let event = match &it.of {
        Some(column) if it.event.ends_with("update") => format!("{} of {}", it.event, quoted(column)),
        _ => it.event.to_owned(),
    };
    let when = it.when.as_ref().map(|it| format!(" when ({})", condition(world, table, it, "new.")));
    let (kind, rest) =
        if it.is_constraint { ("constraint trigger", " deferrable initially deferred") } else { ("trigger", "") };
    let mut sql = format!(
        "create {kind} {name} {event} on {full}{rest} for each row{} execute function {function}();\n",
        when.unwrap_or_default()
    );
    if !it.state.is_empty() {
        sql.push_str(&format!("alter table {full} {} trigger {name};\n", it.state));
    }
    if let Some(number) = it.comment {
        sql.push_str(&format!("comment on trigger {name} on {full} is 'trigger {number}';\n"));
    }
    sql
}

fn policy(world: &World, table: &Name, it: &Policy) -> String {
    let (name, full) = (quoted(&it.name), address(table));
    let mut sql = format!("create policy {name} on {full} for {} to {}", it.command, it.role);
    let exists = it.exists.as_ref().map(|other| format!("exists (select from {})", address(other)));
    let both = |test: &Test| {
        let condition = condition(world, table, test, "");
        exists.as_ref().map_or_else(|| condition.clone(), |exists| format!("{condition} and {exists}"))
    };
    if let Some(test) = it.using.as_ref().filter(|_| it.command != "insert") {
        sql.push_str(&format!(" using ({})", both(test)));
    }
    if let Some(test) = it.check.as_ref().filter(|_| !matches!(it.command, "select" | "delete")) {
        sql.push_str(&format!(" with check ({})", both(test)));
    }
    sql + ";\n"
}

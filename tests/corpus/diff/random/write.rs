//! A schema as SQL.

use super::expression::{literal, quoted, test, type_sql};
use super::model::{Body, Domain, Function, Item, Name, Output, Returns, Shown, Type, View, World};
use super::write_table;

/// The statements that make it.
pub(super) fn sql(world: &World) -> String {
    let mut sql = String::from("create schema app;\ncreate schema \"Odd\";\n");
    for item in &world.items {
        sql.push_str(&create(world, item));
    }
    for item in &world.items {
        sql.push_str(&write_table::late(world, item));
        sql.push_str(&facets(item));
    }
    for (schema, objects, privilege, role) in &world.defaults {
        let schema = quoted(schema);
        sql.push_str(&format!(
            "alter default privileges in schema {schema} grant {privilege} on {objects} to {role};\n"
        ));
    }
    sql + &publication(world)
}

/// The name of an object as SQL writes it.
pub(super) fn address((schema, name): &Name) -> String {
    format!("{}.{}", quoted(schema), quoted(name))
}

fn create(world: &World, item: &Item) -> String {
    let name = address(&item.name);
    match &item.body {
        Body::Enum(values) => {
            let values: Vec<String> = values.iter().map(|value| format!("'v{value}'")).collect();
            format!("create type {name} as enum ({});\n", values.join(", "))
        }
        Body::Composite(attributes) => format!("create type {name} as ({});\n", fields(attributes)),
        Body::Domain(it) => domain(world, &name, it),
        Body::Range(of) => format!("create type {name} as range (subtype = {of});\n"),
        Body::Sequence(increment, cycle) => {
            let cycle = if *cycle { "cycle" } else { "no cycle" };
            format!("create sequence {name} increment {increment} {cycle};\n")
        }
        Body::Function(it) => function(world, &name, it),
        Body::Table(table) => write_table::create(world, &item.name, table),
        Body::View(it) => view(world, &item.name, it),
    }
}

fn fields(fields: &[(String, Type)]) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, kind)| format!("{} {}", quoted(name), type_sql(kind))).collect();
    fields.join(", ")
}

fn domain(world: &World, name: &str, domain: &Domain) -> String {
    let mut sql = format!("create domain {name} as {}", type_sql(&domain.base));
    if let Some(number) = domain.default {
        sql.push_str(&format!(" default {}", literal(world, &domain.base, number)));
    }
    if domain.not_null {
        sql.push_str(" not null");
    }
    for (check, form) in &domain.checks {
        let value = super::model::Test { column: "value".to_owned(), form: *form, call: None };
        let condition = test(world, &value, &domain.base, "").replace("\"value\"", "value");
        sql.push_str(&format!(" constraint {} check ({condition})", quoted(check)));
    }
    sql + ";\n"
}

/// Name and types of a routine, as statements about it name it.
fn routine(item: &Item, function: &Function) -> String {
    let kinds: Vec<String> = function.arguments.iter().map(|(_, kind, _)| type_sql(kind)).collect();
    let word = if function.returns == Returns::Nothing { "procedure" } else { "function" };
    format!("{word} {}({})", address(&item.name), kinds.join(", "))
}

fn function(world: &World, name: &str, it: &Function) -> String {
    let arguments: Vec<String> = it
        .arguments
        .iter()
        .map(|(name, kind, has_default)| {
            let default = format!(" default {}", literal(world, kind, it.body));
            format!("{} {}{}", quoted(name), type_sql(kind), if *has_default { &default } else { "" })
        })
        .collect();
    let (returns, gives) = match &it.returns {
        Returns::Trigger => {
            let body = format!("begin return new; /* {} */ end", it.body);
            return format!(
                "create function {name}() returns trigger language plpgsql {} as '{body}';\n",
                it.attributes
            );
        }
        Returns::Nothing => (String::new(), it.body.to_string()),
        Returns::Type(kind) => (format!("returns {}", type_sql(kind)), format!("null::{}", type_sql(kind))),
        Returns::Rows(relation) => (format!("returns setof {}", address(relation)), "*".to_owned()),
        Returns::Table(columns) => {
            let gives: Vec<String> = columns.iter().map(|(_, kind)| format!("null::{}", type_sql(kind))).collect();
            (format!("returns table ({})", fields(columns)), gives.join(", "))
        }
    };
    let read = if let Returns::Rows(relation) = &it.returns { Some(relation) } else { it.reads.as_ref() };
    let from = read.map_or_else(String::new, |relation| format!(" from {}", address(relation)));
    let is_bound = it.reads.is_some() || it.body.is_multiple_of(2);
    let body = match &it.returns {
        _ if is_bound && it.body.is_multiple_of(3) => {
            format!("begin atomic select {gives}{from}; select {gives}{from}; end")
        }
        _ if is_bound => format!("begin atomic select {gives}{from}; end"),
        _ => format!("as 'select {gives}{from} /* {} */'", it.body),
    };
    let routine = if it.returns == Returns::Nothing { "procedure" } else { "function" };
    format!("create {routine} {name}({}) {returns} language sql {} {body};\n", arguments.join(", "), it.attributes)
}

fn view(world: &World, name: &Name, view: &View) -> String {
    let show = |output: &Output| {
        let columns = view.sources.get(output.source).map(|it| world.columns(it)).unwrap_or_default();
        let source = format!("a{}", output.source);
        let shown = match &output.shown {
            Shown::Column(column) => format!("{source}.{}", quoted(column)),
            Shown::Text(column) => format!("{source}.{}::text", quoted(column)),
            Shown::Number(number) => number.to_string(),
            Shown::Row => format!("{source}::text"),
            Shown::Call(function, column) => format!("{}({source}.{})", address(function), quoted(column)),
            Shown::Test(it) => {
                let kind = columns.iter().find(|(name, _)| *name == it.column).map(|(_, kind)| kind.clone());
                test(world, it, &kind.unwrap_or(Type::Plain("text")), &format!("{source}."))
            }
        };
        format!("{shown} as {}", quoted(&output.name))
    };
    let outputs: Vec<String> = view.outputs.iter().map(show).collect();
    let sources: Vec<String> =
        view.sources.iter().enumerate().map(|(at, source)| format!("{} a{at}", address(source))).collect();
    let from = if sources.is_empty() { String::new() } else { format!(" from {}", sources.join(" join ")) };
    let from = if sources.len() > 1 { format!("{from} on true") } else { from };
    let condition = view.condition.as_ref().and_then(|(source, it)| {
        let columns = world.columns(view.sources.get(*source)?);
        let (_, kind) = columns.iter().find(|(name, _)| *name == it.column)?;
        Some(format!(" where {}", test(world, it, kind, &format!("a{source}."))))
    });
    let kind = if view.materialized { "materialized view" } else { "view" };
    let options = if view.options.is_empty() { String::new() } else { format!(" with ({})", view.options) };
    let full = address(name);
    let mut sql = format!(
        "create {kind} {full}{options} as select {}{from}{};\n",
        outputs.join(", "),
        condition.unwrap_or_default()
    );
    for (index, column) in &view.indexes {
        sql.push_str(&format!("create index {} on {full} ({});\n", quoted(index), quoted(column)));
    }
    for (column, number) in &view.comments {
        sql.push_str(&format!("comment on column {full}.{} is 'column {number}';\n", quoted(column)));
    }
    sql
}

/// Owner, comment and grants.
fn facets(item: &Item) -> String {
    let name = address(&item.name);
    let (word, grant) = match &item.body {
        Body::Enum(_) | Body::Composite(_) | Body::Range(_) => (format!("type {name}"), format!("type {name}")),
        Body::Domain(_) => (format!("domain {name}"), format!("domain {name}")),
        Body::Sequence(..) => (format!("sequence {name}"), format!("sequence {name}")),
        Body::Function(function) => (routine(item, function), routine(item, function)),
        Body::Table(_) => (format!("table {name}"), name),
        Body::View(view) if view.materialized => (format!("materialized view {name}"), name),
        Body::View(_) => (format!("view {name}"), name),
    };
    let mut sql = String::new();
    if let Some(owner) = item.owner {
        sql.push_str(&format!("alter {word} owner to {};\n", quoted(owner)));
    }
    if let Some(number) = item.comment {
        sql.push_str(&format!("comment on {word} is 'comment {number}';\n"));
    }
    for (privilege, role) in &item.grants {
        sql.push_str(&format!("grant {privilege} on {grant} to {role};\n"));
    }
    sql
}

fn publication(world: &World) -> String {
    let table = |(name, form): &(Name, usize)| {
        let columns = world.columns(name);
        let plain = columns.iter().find(|(_, kind)| matches!(kind, Type::Plain(_)));
        let column = plain.map(|(column, _)| quoted(column));
        match (form % 2, column) {
            (1, Some(column)) => format!("{} where ({column} is not null)", address(name)),
            _ => address(name),
        }
    };
    if world.published.is_empty() {
        return String::new();
    }
    let tables: Vec<String> = world.published.iter().map(table).collect();
    format!("create publication random_pub for table {};\n", tables.join(", "))
}

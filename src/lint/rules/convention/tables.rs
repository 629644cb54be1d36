//! Questions about the tables that are left at the end of the chain, and the places where fixes write.

use std::collections::BTreeMap;

use crate::lint::schema::{
    Column as SchemaColumn, ConstraintDef, FileId, Function, Place, QName, Schema, Table, TableKind,
};
use crate::lint::{ChainCx, Event, LintFile, Options, Origin, glob};
use crate::sql::ast::{Column, CreateTable, Expr, ExprKind, ObjectKind, StmtKind, TypeName};
use crate::text::{Span, bare_ident};

/// The tables that conventions are about: made by migrations, with rows of their own. Partitions have what their parent has.
pub(super) fn own<'a>(cx: &ChainCx<'a>) -> impl Iterator<Item = &'a Table> {
    cx.tables().filter(|table| table.kind != TableKind::Foreign && table.partition_of.is_none())
}

/// The options that hold in the file of a place.
pub(super) fn options<'a>(cx: &ChainCx<'a>, place: Place) -> Options<'a> {
    cx.options(place.file.unwrap_or(usize::MAX))
}

/// Whether one of the patterns names the table, with its schema or without.
pub(super) fn named(patterns: &[String], table: &QName) -> bool {
    patterns
        .iter()
        .any(|pattern| glob(pattern, &table.name) || glob(pattern, &format!("{}.{}", table.schema, table.name)))
}

/// The file that took something away from a table: a column, a constraint, a trigger. What is missing counts as new there.
pub(super) fn weakened(schema: &Schema, table: &QName) -> Option<FileId> {
    let part =
        |kind| matches!(kind, ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Trigger | ObjectKind::Policy);
    schema.dropped.iter().rev().find(|it| it.existed && part(it.kind) && it.name == *table).and_then(|it| it.place.file)
}

/// The event at a place that `wanted` picks.
pub(super) fn event_at(file: &LintFile, span: Span, wanted: impl Fn(&Event) -> bool) -> Option<&Event> {
    let behind = file.events.partition_point(|event| event.stmt.span.start <= span.start);
    // The nearest that begins before is it, or a few further back in a block whose text is made up of pieces.
    file.events[..behind].iter().rev().take(16).find(|event| event.stmt.span.end >= span.end && wanted(event))
}

/// The statement that created a table, with its file.
pub(super) fn creation<'a>(cx: &ChainCx<'a>, table: &Table) -> Option<(&'a LintFile, &'a Event, &'a CreateTable)> {
    let file = cx.files.get(table.created.file?)?;
    let event = event_at(file, table.created.span, |event| matches!(event.stmt.kind, StmtKind::CreateTable(_)))?;
    match &event.stmt.kind {
        StmtKind::CreateTable(create) => Some((file, event, create)),
        _ => None,
    }
}

/// Where a column of the table is told of: its definition, or the table's where the column comes from another one.
pub(super) fn column_place(table: &Table, column: &SchemaColumn) -> Place {
    let key = |place: Place| (place.file, place.span.start);
    if key(column.created) < key(table.created) { table.created } else { column.created }
}

/// The definition of a column in the statement that created its table.
pub(super) fn definition<'a>(create: &'a CreateTable, column: &str) -> Option<&'a Column> {
    create.columns.iter().find(|it| it.name.value == column)
}

/// Where another column can be written into a `create table`: behind the last column, before the constraints.
pub(super) fn column_at(create: &CreateTable) -> Option<usize> {
    create.columns.last().map(|column| column.span.end)
}

/// Where a statement can be written behind the one that a place is in: after its semicolon, for one that stands by itself.
pub(super) fn behind(file: &LintFile, span: Span) -> Option<usize> {
    let event = event_at(file, span, |event| event.origin == Origin::Top)?;
    let end = event.stmt.span.end;
    let rest = file.text().get(end..)?;
    let skipped = rest.len() - rest.trim_start().len();
    rest.trim_start().starts_with(';').then_some(end + skipped + 1)
}

/// The columns that foreign keys point to, by table.
pub(super) fn referenced<'a>(cx: &ChainCx<'a>) -> BTreeMap<&'a QName, Vec<&'a [String]>> {
    let mut found: BTreeMap<&QName, Vec<&[String]>> = BTreeMap::new();
    for constraint in cx.tables().flat_map(|table| &table.constraints) {
        if let ConstraintDef::ForeignKey(key) = &constraint.def {
            found.entry(&key.table).or_default().push(&key.columns);
        }
    }
    found
}

/// Whether a text has a word: an identifier, quoted or not, in any case.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let (text, word) = (text.to_ascii_lowercase(), word.to_ascii_lowercase());
    let part = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    !word.is_empty()
        && text.match_indices(&word).any(|(at, found)| {
            !part(text.as_bytes()[..at].last().copied()) && !part(text.as_bytes().get(at + found.len()).copied())
        })
}

/// The text of a function's body; `None` where the chain does not know it.
pub(super) fn body<'a>(files: &'a [LintFile], function: &Function) -> Option<&'a str> {
    let span = function.definition.as_ref()?.body_span?;
    Some(span.of(files.get(function.created.file?)?.text()))
}

/// Whether a trigger function may set a column: its body names it, or nobody knows its body.
pub(super) fn may_set(cx: &ChainCx<'_>, function: &QName, column: &str) -> bool {
    match cx.schema.functions.get(function).and_then(|overloads| overloads.last()) {
        Some(function) => body(cx.files, function).is_none_or(|text| has_word(text, column)),
        None => true,
    }
}

/// The type below a domain.
pub(super) fn base<'a>(schema: &'a Schema, ty: &'a TypeName) -> &'a TypeName {
    let name = match &ty.schema {
        Some(of) => QName::new(of.as_str(), ty.name.as_str()),
        None => QName::new("public", ty.name.as_str()),
    };
    match schema.types.get(&name).map(|it| &it.kind) {
        Some(crate::lint::schema::TypeKind::Domain { base, .. }) => base,
        _ => ty,
    }
}

/// Whether an expression names a column, at any depth.
pub(super) fn names_column(expr: &Expr, column: &str) -> bool {
    expr.all().iter().any(|it| is_column(it, column))
}

/// Whether an expression is this column, qualified or not.
pub(super) fn is_column(expr: &Expr, column: &str) -> bool {
    matches!(&expr.kind, ExprKind::Column(parts) if parts.last().is_some_and(|part| part.value == column))
}

/// Columns as SQL: `org_id, id`.
pub(super) fn list(columns: &[String]) -> String {
    columns.iter().map(|column| bare_ident(column)).collect::<Vec<_>>().join(", ")
}

/// A name for an index on columns of a table, as long as PostgreSQL allows.
pub(super) fn index_name(table: &QName, columns: &[String]) -> String {
    let mut stem = format!("{}_{}", table.name, columns.join("_"));
    while stem.len() > 59 {
        stem.pop();
    }
    format!("{stem}_idx")
}

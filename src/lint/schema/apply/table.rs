//! Tables: created by definition, like others, from a parent or a query.

use super::Cx;
use super::constraint::New;
use super::name::{object, values};
use super::search_path::TEMPORARY;
use crate::lint::schema::{Column, QName, Schema, Table, TableKind, TypeKind};
use crate::sql::ast::{self, CreateTable, CreateTableAs, Name, ObjectKind, Persistence, Query, TypeName};

impl Schema {
    /// The name of a relation that is created.
    pub(super) fn new_relation(&mut self, name: &Name, temporary: bool) -> QName {
        if temporary || name.schema() == Some(TEMPORARY) {
            self.play.temporary = true;
            return QName::new(TEMPORARY, object(name));
        }
        self.creation(name)
    }

    /// Notes that a file changed a table.
    pub(super) fn touch(&mut self, cx: &Cx<'_>, table: &QName) {
        if let (Some(file), Some(table)) = (cx.file, self.tables.get_mut(table)) {
            table.touched = Some(file);
        }
    }

    /// `create table`, `create foreign table`.
    pub(super) fn create_table(&mut self, cx: &Cx<'_>, create: &CreateTable) {
        let temporary = create.persistence == Persistence::Temporary;
        let name = self.new_relation(&create.name, temporary);
        if self.is_kept(cx, self.has_relation(&name), create.if_not_exists) {
            return;
        }
        self.remove_table(&name, true);
        let mut table = self.empty_table(cx, &name, &create.name);
        table.unlogged = create.persistence == Persistence::Unlogged;
        table.kind = match () {
            () if name.schema == TEMPORARY => TableKind::Temporary,
            () if create.foreign => TableKind::Foreign,
            () if create.partition_by.is_some() => TableKind::Partitioned,
            () => TableKind::Ordinary,
        };
        table.partition_of = create.partition_of.as_ref().map(|parent| self.resolve(parent));
        table.inherits = create.inherits.iter().map(|parent| self.resolve(parent)).collect();
        for parent in table.partition_of.iter().chain(&table.inherits).cloned().collect::<Vec<_>>() {
            self.inherit_columns(&mut table, &parent);
        }
        if let Some(of) = &create.of_type {
            let of = self.resolve(of);
            table.of_type = Some(of.clone());
            match self.types.get(&of).map(|it| &it.kind) {
                Some(TypeKind::Composite(fields)) => {
                    let place = table.created;
                    table.columns.extend(fields.iter().map(|(name, it)| plain_column(name, Some(it), place)));
                }
                _ => table.complete = false,
            }
        }
        let mut news = Vec::new();
        self.own_columns(cx, create, &mut table, &mut news);
        // `not valid` means nothing for a table without rows.
        news.extend(
            create.constraints.iter().filter_map(|it| Some(New { valid: !it.not_enforced, ..New::of_table(it)? })),
        );
        for constraint in &create.constraints {
            if let ast::ConstraintKind::NotNull(column) = &constraint.kind {
                set_not_null(&mut table, &column.value);
            }
        }
        self.tables.insert(name.clone(), table);
        self.inherit_rest(cx, &name);
        self.add_constraints(cx, &name, news);
        for like in &create.like {
            self.like_rest(cx, &name, like);
        }
    }

    /// A table with nothing in it.
    fn empty_table(&self, cx: &Cx<'_>, name: &QName, written: &Name) -> Table {
        Table {
            name: name.clone(),
            kind: TableKind::Ordinary,
            unlogged: false,
            created: cx.place(written.span),
            touched: None,
            complete: true,
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            partition_of: None,
            of_type: None,
            inherits: Vec::new(),
            row_security: false,
            row_security_at: None,
            force_row_security: false,
            policies: Vec::new(),
            triggers: Vec::new(),
            comment: None,
            acl: self.default_acl(ObjectKind::Table, &name.schema),
        }
    }

    /// The columns that are written and those of `like`, in their order.
    fn own_columns(&mut self, cx: &Cx<'_>, create: &CreateTable, table: &mut Table, news: &mut Vec<New>) {
        enum Part<'a> {
            Column(&'a ast::Column),
            Like(&'a ast::Like),
        }
        let mut parts: Vec<(usize, Part<'_>)> = Vec::with_capacity(create.columns.len() + create.like.len());
        parts.extend(create.columns.iter().map(|column| (column.span.start, Part::Column(column))));
        parts.extend(create.like.iter().map(|like| (like.table.span.start, Part::Like(like))));
        parts.sort_by_key(|part| part.0);
        for (_, part) in parts {
            match part {
                Part::Column(defined) => {
                    let at = table.columns.iter().position(|column| column.name == super::name::value(&defined.name));
                    if let Some(at) = at {
                        // A column of the parent or of the type, with something added here.
                        let mut column = table.columns[at].clone();
                        self.constrain(cx, &table.name, &mut column, &defined.constraints, news);
                        table.columns[at] = column;
                    } else {
                        let column = self.column(cx, &table.name, defined, news);
                        table.columns.push(column);
                    }
                }
                Part::Like(like) => self.like_columns(cx, table, like),
            }
        }
    }

    /// `create table as`, `select into`.
    pub(super) fn create_table_as(&mut self, cx: &Cx<'_>, create: &CreateTableAs) {
        let temporary = create.persistence == Persistence::Temporary;
        let unlogged = create.persistence == Persistence::Unlogged;
        let names = values(&create.columns);
        self.table_from(cx, &create.name, create.query.as_ref(), &names, (temporary, unlogged, create.if_not_exists));
    }

    /// A table with the columns of a query; temporary, unlogged, `if not exists`.
    pub(super) fn table_from(
        &mut self,
        cx: &Cx<'_>,
        written: &Name,
        query: Option<&Query>,
        names: &[String],
        (temporary, unlogged, if_not_exists): (bool, bool, bool),
    ) {
        let name = self.new_relation(written, temporary);
        if self.is_kept(cx, self.has_relation(&name), if_not_exists) {
            return;
        }
        self.remove_table(&name, true);
        let mut table = self.empty_table(cx, &name, written);
        table.unlogged = unlogged;
        if name.schema == TEMPORARY {
            table.kind = TableKind::Temporary;
        }
        let columns = query.and_then(|query| self.query_columns(cx, query));
        table.complete = columns.is_some();
        let place = table.created;
        let mut columns = columns.unwrap_or_default();
        for (at, name) in names.iter().enumerate() {
            match columns.get_mut(at) {
                Some(column) => column.0.clone_from(name),
                None => columns.push((name.clone(), None)),
            }
        }
        table.columns = columns.iter().map(|(name, it)| plain_column(name, it.as_ref(), place)).collect();
        self.tables.insert(name, table);
    }
}

/// A column that has a name and a type only.
pub(super) fn plain_column(name: &str, type_name: Option<&TypeName>, created: crate::lint::schema::Place) -> Column {
    Column {
        name: name.to_owned(),
        type_name: type_name.cloned(),
        not_null: false,
        default: None,
        generated: None,
        generation: None,
        identity: None,
        created,
        comment: None,
    }
}

/// `not null` of a column.
pub(super) fn set_not_null(table: &mut Table, name: &str) {
    let named = table.columns.iter_mut().filter(|column| column.name == name);
    named.for_each(|column| column.not_null = true);
}

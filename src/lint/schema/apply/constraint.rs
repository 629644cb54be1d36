//! Constraints: added by a table or a column, named as PostgreSQL names them, and carried to partitions and heirs.

use super::Cx;
use super::index::key_names;
use super::name::{joined, value, values};
use crate::lint::schema::{Constraint, ConstraintDef, Index, IndexKey, QName, Reference, Schema, Table};
use crate::sql::ast::{
    ColumnConstraint, ColumnConstraintKind, ConstraintKind, Expr, ForeignKey, Ident, TableConstraint,
};
use crate::text::Span;

/// A constraint that a statement writes.
#[derive(Clone)]
pub(super) struct New {
    /// The written name.
    pub(super) name: Option<String>,
    /// Where it is written.
    pub(super) span: Span,
    /// Not `not valid`.
    pub(super) valid: bool,
    /// What it says.
    pub(super) what: What,
}

/// What it says.
#[derive(Clone)]
pub(super) enum What {
    /// `check`; whether children have it too.
    Check(Expr, bool),
    /// `primary key`.
    PrimaryKey(Vec<String>),
    /// `unique`.
    Unique(Vec<String>),
    /// Either, over an index that is there: its name.
    Index(String, bool),
    /// `exclude`.
    Exclude(Vec<Expr>),
    /// `foreign key`.
    ForeignKey(Vec<String>, Box<ForeignKey>),
}

impl New {
    /// What a column's constraint adds to the table; `None` for what is the column's own.
    pub(super) fn of_column(constraint: &ColumnConstraint, column: &str) -> Option<Self> {
        let columns = vec![column.to_owned()];
        let what = match &constraint.kind {
            ColumnConstraintKind::PrimaryKey => What::PrimaryKey(columns),
            ColumnConstraintKind::Unique => What::Unique(columns),
            ColumnConstraintKind::Check { expr, no_inherit } => What::Check(expr.clone(), !no_inherit),
            ColumnConstraintKind::References(reference) => What::ForeignKey(columns, Box::new(reference.clone())),
            ColumnConstraintKind::NotNull
            | ColumnConstraintKind::Null
            | ColumnConstraintKind::Default(_)
            | ColumnConstraintKind::Generated { .. }
            | ColumnConstraintKind::Identity(_) => return None,
        };
        Some(Self { name: constraint.name.as_ref().map(value), span: constraint.span, valid: true, what })
    }

    /// What a table constraint adds; `None` for `not null`, which is the column's.
    pub(super) fn of_table(constraint: &TableConstraint) -> Option<Self> {
        let over = |index: &Option<Ident>, columns: &[Ident], primary| match index {
            Some(index) => What::Index(value(index), primary),
            None if primary => What::PrimaryKey(values(columns)),
            None => What::Unique(values(columns)),
        };
        let what = match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, using_index } => over(using_index, columns, true),
            ConstraintKind::Unique { columns, using_index, .. } => over(using_index, columns, false),
            ConstraintKind::ForeignKey { columns, reference } => {
                What::ForeignKey(values(columns), Box::new(reference.clone()))
            }
            ConstraintKind::Check { expr, no_inherit } => What::Check(expr.clone(), !no_inherit),
            ConstraintKind::Exclude { elements } => What::Exclude(elements.clone()),
            ConstraintKind::NotNull(_) => return None,
        };
        let valid = !constraint.not_valid && !constraint.not_enforced;
        Some(Self { name: constraint.name.as_ref().map(value), span: constraint.span, valid, what })
    }

    /// When PostgreSQL adds it, among those of one statement.
    pub(super) fn phase(&self) -> u8 {
        match self.what {
            What::Check(..) => 0,
            What::PrimaryKey(_) | What::Index(_, true) => 1,
            What::Unique(_) | What::Index(_, false) | What::Exclude(_) => 2,
            What::ForeignKey(..) => 3,
        }
    }
}

/// Leaves one of several unique constraints over the same columns, as PostgreSQL does within a statement.
fn without_repeated(news: Vec<New>) -> Vec<New> {
    let mut kept: Vec<New> = Vec::with_capacity(news.len());
    for new in news {
        if let What::Unique(columns) = &new.what {
            let same = |other: &&mut New| matches!(&other.what, What::PrimaryKey(other) | What::Unique(other) if other == columns);
            if let Some(prior) = kept.iter_mut().find(same) {
                prior.name = prior.name.take().or(new.name);
                continue;
            }
        }
        kept.push(new);
    }
    kept
}

impl Schema {
    /// Adds the constraints of one statement, in PostgreSQL's order.
    pub(super) fn add_constraints(&mut self, cx: &Cx<'_>, table: &QName, mut news: Vec<New>) {
        news.sort_by_key(|new| (new.phase(), new.span.start));
        for new in without_repeated(news) {
            self.add_constraint(cx, table, &new);
        }
    }

    /// Adds a constraint, to partitions and heirs too; its name.
    pub(super) fn add_constraint(&mut self, cx: &Cx<'_>, table: &QName, new: &New) -> Option<String> {
        let known = self.tables.get(table)?;
        if new.name.as_ref().is_some_and(|name| known.constraint(name).is_some()) {
            return None;
        }
        let place = cx.place(new.span);
        let mut constraint = Constraint {
            name: String::new(),
            named: new.name.is_some(),
            columns: Vec::new(),
            def: ConstraintDef::Exclude,
            valid: new.valid,
            created: place,
        };
        let free = |columns: &[String], label: &str| self.free_relation(table, Some(&joined(columns)), label, true);
        let made_up = match &new.what {
            What::Check(expr, _) => {
                constraint.columns = mentioned(expr, known);
                constraint.def = ConstraintDef::Check(expr.clone());
                let only = match constraint.columns.as_slice() {
                    [only] => Some(only.as_str()),
                    _ => None,
                };
                new.name.is_none().then(|| self.free_constraint(table, only, "check"))
            }
            What::PrimaryKey(columns) => {
                constraint.columns.clone_from(columns);
                constraint.def = ConstraintDef::PrimaryKey;
                new.name.is_none().then(|| self.free_relation(table, None, "pkey", true))
            }
            What::Unique(columns) => {
                constraint.columns.clone_from(columns);
                constraint.def = ConstraintDef::Unique;
                new.name.is_none().then(|| free(columns, "key"))
            }
            What::Exclude(elements) => {
                constraint.columns = elements.iter().flat_map(|element| mentioned(element, known)).collect();
                let names = key_names(cx, &keys(elements), &[]);
                new.name.is_none().then(|| free(&names, "excl"))
            }
            What::ForeignKey(columns, reference) => {
                constraint.columns.clone_from(columns);
                constraint.def = ConstraintDef::ForeignKey(self.reference(reference));
                new.name.is_none().then(|| self.free_constraint(table, Some(&joined(columns)), "fkey"))
            }
            What::Index(index, primary) => {
                let index = QName::new(table.schema.as_str(), index.as_str());
                let keys = self.indexes.get(&index).map(Index::leading_columns).unwrap_or_default();
                constraint.columns = keys.into_iter().map(str::to_owned).collect();
                constraint.def = if *primary { ConstraintDef::PrimaryKey } else { ConstraintDef::Unique };
                new.name.is_none().then(|| index.name.clone())
            }
        };
        constraint.name = new.name.clone().or(made_up)?;
        let name = constraint.name.clone();
        self.index_of_constraint(cx, table, new, &constraint);
        self.put_constraint(table, constraint);
        self.constraint_of_children(cx, table, new, &name);
        Some(name)
    }

    /// Puts a constraint in its table and where it must be found.
    pub(super) fn put_constraint(&mut self, table: &QName, constraint: Constraint) {
        self.note_constraint(table, &constraint.name);
        if let ConstraintDef::ForeignKey(reference) = &constraint.def {
            self.depend(&reference.table.clone(), table);
        }
        if let Some(it) = self.tables.get_mut(table) {
            if matches!(constraint.def, ConstraintDef::PrimaryKey) {
                let keys = it.columns.iter_mut().filter(|column| constraint.columns.contains(&column.name));
                keys.for_each(|column| column.not_null = true);
            }
            it.constraints.push(constraint);
        }
    }

    /// Notes that a table has a constraint of this name.
    pub(super) fn note_constraint(&mut self, table: &QName, name: &str) {
        let key = QName::new(table.schema.as_str(), name);
        self.play.constraint_names.entry(key).or_default().insert(table.clone());
    }

    /// What a foreign key refers to.
    fn reference(&self, reference: &ForeignKey) -> Reference {
        let table = self.resolve(&reference.table);
        let mut columns = values(&reference.columns);
        if columns.is_empty()
            && let Some(key) = self.tables.get(&table).and_then(Table::primary_key)
        {
            columns.clone_from(&key.columns);
        }
        Reference { table, columns, on_delete: reference.on_delete, on_update: reference.on_update }
    }

    fn index_of_constraint(&mut self, cx: &Cx<'_>, table: &QName, new: &New, constraint: &Constraint) {
        let name = QName::new(table.schema.as_str(), constraint.name.as_str());
        let (keys, unique, method) = match &new.what {
            What::Check(..) | What::ForeignKey(..) => return,
            What::PrimaryKey(columns) | What::Unique(columns) => {
                (columns.iter().cloned().map(IndexKey::Column).collect(), true, "btree")
            }
            What::Exclude(elements) => (keys(elements), false, exclusion_method(cx.written(new.span))),
            What::Index(index, _) => {
                let index = QName::new(table.schema.as_str(), index.as_str());
                self.rename_index(&index, &name);
                if let Some(it) = self.indexes.get_mut(&name) {
                    it.constraint = Some(constraint.name.clone());
                }
                return;
            }
        };
        self.put_index(Index {
            name,
            table: table.clone(),
            keys,
            include: Vec::new(),
            unique,
            filter: None,
            method: method.to_owned(),
            constraint: Some(constraint.name.clone()),
            concurrently: false,
            only: false,
            parent: None,
            created: cx.place(new.span),
        });
    }

    fn constraint_of_children(&mut self, cx: &Cx<'_>, table: &QName, new: &New, name: &str) {
        let children = match &new.what {
            What::Check(_, true) => self.children(table),
            What::Check(_, false) | What::Index(..) => return,
            _ => self.partitions(table),
        };
        for child in children {
            let mut copy = New { name: None, ..new.clone() };
            match &new.what {
                What::Check(..) => copy.name = Some(name.to_owned()),
                What::ForeignKey(..) => {
                    let taken = self.tables.get(&child).is_some_and(|it| it.constraint(name).is_some());
                    copy.name = (!taken).then(|| name.to_owned());
                }
                _ => {}
            }
            let Some(made) = self.add_constraint(cx, &child, &copy) else { continue };
            if let Some(index) = self.indexes.get_mut(&QName::new(child.schema.as_str(), made)) {
                index.parent = Some(QName::new(table.schema.as_str(), name));
            }
        }
    }
}

/// The access method that `exclude using` names; `gist` is what most mean where the text is not at hand.
fn exclusion_method(written: &str) -> &'static str {
    let mut words = written.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    if !words.any(|word| word.eq_ignore_ascii_case("exclude")) {
        return "gist";
    }
    match words.next() {
        Some(word) if word.eq_ignore_ascii_case("using") => match words.next().unwrap_or_default() {
            "spgist" => "spgist",
            "hash" => "hash",
            "btree" => "btree",
            _ => "gist",
        },
        _ => "btree",
    }
}

/// Expressions as the keys of an index.
pub(super) fn keys(elements: &[Expr]) -> Vec<IndexKey> {
    elements
        .iter()
        .map(|expr| match expr.as_column() {
            Some([column]) => IndexKey::Column(value(column)),
            _ => IndexKey::Expr(expr.clone()),
        })
        .collect()
}

/// The columns of a table that an expression mentions, each once.
pub(super) fn mentioned(expr: &Expr, table: &Table) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in expr.all() {
        let Some(parts) = part.as_column() else { continue };
        let column = match parts {
            [.., qualifier, column] if qualifier.value == table.name.name => column,
            // The column alone, or `column.field` of a composite one.
            [column, ..] => column,
            [] => continue,
        };
        let name = value(column);
        if (table.column(&name).is_some() || !table.complete) && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

//! What makes somebody an administrator, as policies say it: a claim, a column, a setting.

use super::read::{Reader, Reading, bare, body_of, function, parameters};
use crate::catalog::{Id, Kind, Object};
use crate::sql::ast::{Expr, ExprKind, Name, Visitor};

/// Words for somebody who may do everything.
const WORDS: [&str; 9] = [
    "admin",
    "administrator",
    "super_admin",
    "superadmin",
    "super-admin",
    "platform_admin",
    "system_admin",
    "sysadmin",
    "superuser",
];

/// Names of what says so by being true.
const FLAGS: [&str; 9] = [
    "is_admin",
    "is_super_admin",
    "is_superadmin",
    "is_superuser",
    "is_administrator",
    "is_platform_admin",
    "is_staff",
    "admin",
    "superadmin",
];

/// What makes somebody an administrator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdminWay {
    /// A column of a row that is his has this value.
    Column {
        /// The table.
        table: Id,
        /// The column.
        column: String,
        /// The value; none where it is to be true.
        value: Option<String>,
    },
    /// A claim, or a setting, has this value.
    Reading {
        /// What is read.
        reading: Reading,
        /// The value; none where it is to be true.
        value: Option<String>,
    },
}

/// Whether a word is one for an administrator.
pub(super) fn is_word(word: &str) -> bool {
    WORDS.contains(&word.to_ascii_lowercase().as_str())
}

fn is_flag(name: &str) -> bool {
    FLAGS.contains(&name)
}

/// Looks at one expression of a policy.
pub(super) fn see(reader: &mut Reader<'_>, expr: &Expr) {
    match &expr.kind {
        ExprKind::Binary { op, left, right } if op == "=" => {
            for (one, other) in [(left, right), (right, left)] {
                if let Some(word) = words(other).into_iter().find(|word| is_word(word)) {
                    compared(reader, one, &word);
                }
            }
        }
        ExprKind::In { expr, not: false, list, .. } => {
            if let Some(word) = list.iter().flat_map(words).find(|word| is_word(word)) {
                compared(reader, expr, &word);
            }
        }
        // `has_role(auth.uid(), 'admin')`: the body says which column that is compared with.
        ExprKind::Call { name, args, .. } => {
            for (at, arg) in args.iter().enumerate() {
                if let Some(word) = arg.as_string().filter(|word| is_word(word)) {
                    called(reader, name, at, word);
                }
            }
        }
        ExprKind::Column(parts) => {
            let flag = parts.last().filter(|part| is_flag(&part.value));
            if flag.is_some()
                && let Some((table, column)) = reader.column(expr)
                && is_boolean(reader, &table, &column)
            {
                reader.found.admin.insert(AdminWay::Column { table, column, value: None });
            }
        }
        _ => {}
    }
    if let Some(Reading::Claim(path)) = reader.reading(expr)
        && path.last().is_some_and(|name| is_flag(name))
    {
        reader.found.admin.insert(AdminWay::Reading { reading: Reading::Claim(path), value: None });
    } else if let Some(Reading::Setting(name)) = reader.reading(expr)
        && name.rsplit('.').next().is_some_and(is_flag)
    {
        reader.found.admin.insert(AdminWay::Reading { reading: Reading::Setting(name), value: None });
    }
}

fn is_boolean(reader: &Reader<'_>, table: &Id, column: &str) -> bool {
    let entry = reader.catalog.get(&table.beside(Kind::Column, column));
    entry.is_some_and(|entry| matches!(&entry.object, Object::Column(it) if it.data_type == "boolean"))
}

/// The texts that an expression stands for: a literal, or an array of them under `any`.
fn words(expr: &Expr) -> Vec<String> {
    match &bare(expr).kind {
        ExprKind::Array(list) => list.iter().filter_map(Expr::as_string).map(str::to_owned).collect(),
        ExprKind::Call { name, args, .. } if matches!(name.object(), "any" | "some") => {
            args.iter().flat_map(words).collect()
        }
        _ => expr.as_string().map(str::to_owned).into_iter().collect(),
    }
}

/// Something is compared with a word for an administrator.
fn compared(reader: &mut Reader<'_>, what: &Expr, word: &str) {
    let value = Some(word.to_owned());
    if let Some((table, column)) = reader.column(what) {
        if table.schema != "auth" {
            reader.found.admin.insert(AdminWay::Column { table, column, value });
        }
        return;
    }
    if let Some(reading) = reader.reading(what) {
        reader.found.admin.insert(AdminWay::Reading { reading, value });
        return;
    }
    match &bare(what).kind {
        // `get_my_role() = 'admin'`, also as `(select get_my_role()) = …`: what the body selects is compared.
        ExprKind::Call { name, .. } => {
            if let Some(id) = function(reader.catalog, name) {
                selected(reader, &id, word);
            }
        }
        ExprKind::Subquery(query) => {
            if let crate::sql::ast::QueryBody::Select(select) = &query.body
                && let Some(target) = select.targets.first()
            {
                compared(reader, &target.expr, word);
            }
        }
        _ => {}
    }
}

/// What a function's body selects stands for what is compared with a word.
fn selected(reader: &mut Reader<'_>, id: &Id, word: &str) {
    let mut targets = Targets(Vec::new());
    for stmt in body_of(reader.catalog, id) {
        stmt.walk(&mut targets);
    }
    for (names, column) in targets.0 {
        for name in &names {
            if let Some(table) = super::read::relation(reader.catalog, name)
                && table.schema != "auth"
                && reader.catalog.get(&table.beside(Kind::Column, column.as_str())).is_some()
            {
                let value = Some(word.to_owned());
                reader.found.admin.insert(AdminWay::Column { table, column: column.clone(), value });
            }
        }
    }
}

/// What queries select, as columns, with the relations they read.
struct Targets(Vec<(Vec<Name>, String)>);

impl Visitor for Targets {
    fn query(&mut self, query: &crate::sql::ast::Query) -> bool {
        if let crate::sql::ast::QueryBody::Select(select) = &query.body {
            for target in &select.targets {
                if let Some(parts) = bare(&target.expr).as_column()
                    && let Some(last) = parts.last()
                {
                    self.0.push((query.relations(), last.value.clone()));
                }
            }
        }
        true
    }
}

/// A function is called with a word for an administrator: the column that its body compares the argument with.
fn called(reader: &mut Reader<'_>, name: &Name, at: usize, word: &str) {
    let Some(id) = function(reader.catalog, name) else { return };
    let Some(parameter) = parameters(reader.catalog, &id).get(at).cloned() else { return };
    let mut compared =
        WithParameter { id: &id, parameter: &parameter, number: at + 1, found: Vec::new(), names: Vec::new() };
    for stmt in body_of(reader.catalog, &id) {
        stmt.walk(&mut compared);
    }
    let (columns, names) = (compared.found, compared.names);
    for column in columns {
        for name in &names {
            if let Some(table) = super::read::relation(reader.catalog, name)
                && reader.catalog.get(&table.beside(Kind::Column, column.as_str())).is_some()
            {
                let value = Some(word.to_owned());
                reader.found.admin.insert(AdminWay::Column { table, column: column.clone(), value });
            }
        }
    }
}

/// The columns that are compared with a parameter.
struct WithParameter<'a> {
    id: &'a Id,
    parameter: &'a str,
    number: usize,
    found: Vec<String>,
    names: Vec<Name>,
}

impl WithParameter<'_> {
    fn is_it(&self, expr: &Expr) -> bool {
        match &bare(expr).kind {
            ExprKind::Column(parts) => {
                let is_last = parts.last().is_some_and(|part| part.value == self.parameter);
                is_last && !self.parameter.is_empty() && (parts.len() == 1 || parts[0].value == self.id.name)
            }
            // A body of language sql may know it by its number alone; of several, the only one counts.
            ExprKind::Parameter => self.number > 0,
            _ => false,
        }
    }
}

impl Visitor for WithParameter<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        if let ExprKind::Binary { op, left, right } = &expr.kind
            && op == "="
        {
            for (one, other) in [(left, right), (right, left)] {
                if self.is_it(other)
                    && let Some(parts) = bare(one).as_column()
                    && let Some(last) = parts.last()
                    && (last.value != self.parameter)
                    && last.value.contains("role")
                {
                    self.found.push(last.value.clone());
                }
            }
        }
        true
    }

    fn relation(&mut self, name: &Name) {
        self.names.push(name.clone());
    }
}

//! What policies and the functions that they call read of whoever asks: claims, settings, columns compared with these.

use std::collections::{BTreeMap, BTreeSet};

use super::admin::{self, AdminWay};
use crate::catalog::{Argument, Body, Catalog, Id, Kind, Object};
use crate::sql::ast::{Expr, ExprKind, FromItem, FromKind, Name, Query, QueryBody, Stmt, StmtKind, Visitor};
use crate::sql::parse::parse;

/// How deep calls of functions are followed.
const DEEPEST: usize = 4;

/// What is read of whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// The user's id.
    User,
    /// The user's address.
    Email,
    /// The role that the token names.
    Role,
    /// A claim of the token, by its path.
    Claim(Vec<String>),
    /// A setting of the session.
    Setting(String),
}

/// A column that is compared with what is read of whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comparison {
    /// The table.
    pub table: Id,
    /// The column.
    pub column: String,
    /// What it is compared with.
    pub reading: Reading,
}

/// What the policies of a database, and the functions in its schemas, read.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Columns that are compared with what is read.
    pub comparisons: BTreeSet<Comparison>,
    /// All that is read.
    pub readings: BTreeSet<Reading>,
    /// What makes somebody an administrator.
    pub admin: BTreeSet<AdminWay>,
    /// What each policy reads, also through functions.
    pub by_policy: BTreeMap<Id, BTreeSet<Reading>>,
    /// The tables that each policy names or whose functions do, and the functions.
    pub named: BTreeMap<Id, BTreeSet<Id>>,
    /// The columns that each policy names, also through functions.
    pub columns: BTreeMap<Id, BTreeSet<(Id, String)>>,
    /// The ways of an administrator that each policy knows.
    pub admin_of: BTreeMap<Id, BTreeSet<AdminWay>>,
}

impl Facts {
    /// Reads the policies, the functions, and the views of a database.
    pub fn read(catalog: &Catalog) -> Self {
        let mut facts = Self::default();
        for (id, entry) in &catalog.entries {
            let Object::Policy(policy) = &entry.object else { continue };
            let table = Id::new(Kind::Table, &id.schema, &id.name);
            let mut reader = Reader::new(catalog, Some(&table));
            for text in policy.using.iter().chain(&policy.check) {
                reader.text(&format!("select {text}"));
            }
            facts.by_policy.insert(id.clone(), reader.found.readings.clone());
            facts.named.insert(id.clone(), reader.named.clone());
            facts.columns.insert(id.clone(), reader.columns.clone());
            facts.admin_of.insert(id.clone(), reader.found.admin.clone());
            facts.take(reader.found);
        }
        // What clients may call reads of whoever asks too.
        for (id, entry) in &catalog.entries {
            let text = match &entry.object {
                Object::Function(it) if it.security_definer => Some(id),
                Object::View(_) => None,
                _ => continue,
            };
            let mut reader = Reader::new(catalog, None);
            match (text, &entry.object) {
                (Some(id), _) => reader.routine(id),
                (None, Object::View(view)) => reader.text(&view.query),
                _ => {}
            }
            // A function may ask for an administrator without any policy doing so: that is his affair.
            reader.found.admin.clear();
            facts.take(reader.found);
        }
        facts
    }

    fn take(&mut self, other: Self) {
        self.comparisons.extend(other.comparisons);
        self.readings.extend(other.readings);
        self.admin.extend(other.admin);
    }

    /// What a column is compared with.
    pub fn of<'a>(&'a self, table: &'a Id, column: &'a str) -> impl Iterator<Item = &'a Reading> {
        self.comparisons.iter().filter(move |it| it.table == *table && it.column == column).map(|it| &it.reading)
    }
}

/// Reads one policy or routine, and the functions that it calls.
pub(super) struct Reader<'a> {
    pub(super) catalog: &'a Catalog,
    /// The table that bare columns are of.
    table: Option<&'a Id>,
    /// The relations by the names under which expressions know them.
    aliases: BTreeMap<String, Id>,
    pub(super) found: Facts,
    pub(super) named: BTreeSet<Id>,
    columns: BTreeSet<(Id, String)>,
    depth: usize,
    inside: Vec<Id>,
}

impl<'a> Reader<'a> {
    fn new(catalog: &'a Catalog, table: Option<&'a Id>) -> Self {
        Self {
            catalog,
            table,
            aliases: BTreeMap::new(),
            found: Facts::default(),
            named: BTreeSet::new(),
            columns: BTreeSet::new(),
            depth: 0,
            inside: Vec::new(),
        }
    }

    fn text(&mut self, text: &str) {
        for stmt in parse(text).statements {
            self.stmt_whole(&stmt);
        }
    }

    fn stmt_whole(&mut self, stmt: &Stmt) {
        let mut names = Names { reader: self, found: Vec::new() };
        stmt.walk(&mut names);
        let found = names.found;
        for (alias, id) in found {
            self.named.insert(id.clone());
            self.aliases.insert(alias, id);
        }
        stmt.walk(self);
    }

    /// Reads a function's body.
    fn routine(&mut self, id: &Id) {
        if self.depth >= DEEPEST || self.inside.contains(id) {
            return;
        }
        self.depth += 1;
        self.inside.push(id.clone());
        let table = self.table.take();
        let aliases = std::mem::take(&mut self.aliases);
        for stmt in body_of(self.catalog, id) {
            self.stmt_whole(&stmt);
        }
        self.table = table;
        self.aliases = aliases;
        self.inside.pop();
        self.depth -= 1;
    }

    /// The table and the name of a column.
    pub(super) fn column(&self, expr: &Expr) -> Option<(Id, String)> {
        let parts = bare(expr).as_column()?;
        let name = &parts.last()?.value;
        if parts.len() > 1 {
            let of = &parts[parts.len() - 2].value;
            let table = self.aliases.get(of).cloned().or_else(|| self.table.filter(|it| it.name == *of).cloned())?;
            return Some((table, name.clone()));
        }
        let has = |table: &Id| self.catalog.get(&table.beside(Kind::Column, name.as_str())).is_some();
        if let Some(table) = self.aliases.values().find(|table| has(table)) {
            return Some((table.clone(), name.clone()));
        }
        self.table.filter(|table| has(table)).map(|table| (table.clone(), name.clone()))
    }

    /// What an expression reads of whoever asks, where it reads nothing else.
    pub(super) fn reading(&self, expr: &Expr) -> Option<Reading> {
        if let Some(reading) = direct(expr) {
            return Some(reading);
        }
        match &expr.kind {
            ExprKind::Cast { expr, .. } => self.reading(expr),
            ExprKind::Subquery(query) => match &query.body {
                QueryBody::Select(select) if select.from.is_empty() => self.reading(&select.targets.first()?.expr),
                _ => None,
            },
            ExprKind::Call { name, args, .. } => {
                if matches!(name.object(), "nullif" | "coalesce" | "lower" | "trim") {
                    return args.iter().find_map(|arg| self.reading(arg));
                }
                self.of_function(name)
            }
            _ => None,
        }
    }

    /// What a function that reads no table gives.
    fn of_function(&self, name: &Name) -> Option<Reading> {
        let id = function(self.catalog, name)?;
        let mut found = OnlyReadings { found: Vec::new(), reads_tables: false };
        for stmt in body_of(self.catalog, &id) {
            stmt.walk(&mut found);
        }
        if found.reads_tables {
            return None;
        }
        found.found.into_iter().next().or_else(|| {
            // One function may only name another.
            let called = body_of(self.catalog, &id).iter().find_map(|stmt| {
                let mut calls = Calls(Vec::new());
                stmt.walk(&mut calls);
                calls.0.into_iter().find(|call| function(self.catalog, call).is_some_and(|it| it != id))
            })?;
            if self.depth < DEEPEST { self.of_function_once(&called) } else { None }
        })
    }

    fn of_function_once(&self, name: &Name) -> Option<Reading> {
        let id = function(self.catalog, name)?;
        let mut found = OnlyReadings { found: Vec::new(), reads_tables: false };
        for stmt in body_of(self.catalog, &id) {
            stmt.walk(&mut found);
        }
        found.found.into_iter().next().filter(|_| !found.reads_tables)
    }
}

impl Visitor for Reader<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        admin::see(self, expr);
        if matches!(expr.kind, ExprKind::Column(_)) {
            self.columns.extend(self.column(expr));
        }
        if let ExprKind::Binary { op, left, right } = &expr.kind
            && matches!(op.as_str(), "=" | "is not distinct from")
        {
            for (one, other) in [(left, right), (right, left)] {
                // `column = any (…)` compares with each.
                let other = match &other.kind {
                    ExprKind::Call { name, args, .. } if matches!(name.object(), "any" | "some") && args.len() == 1 => {
                        &args[0]
                    }
                    _ => other,
                };
                if let (Some((table, column)), Some(reading)) = (self.column(one), self.reading(other)) {
                    self.found.comparisons.insert(Comparison { table, column, reading });
                }
            }
        }
        if let Some(reading) = direct(expr) {
            self.found.readings.insert(reading);
            return false;
        }
        if let ExprKind::Call { name, .. } = &expr.kind
            && let Some(id) = function(self.catalog, name)
        {
            self.named.insert(id.clone());
            self.routine(&id);
        }
        true
    }
}

/// Finds the relations of a statement with their aliases.
struct Names<'a, 'b> {
    reader: &'a Reader<'b>,
    found: Vec<(String, Id)>,
}

impl Names<'_, '_> {
    fn item(&mut self, item: &FromItem) {
        match &item.kind {
            FromKind::Relation(name) => {
                if let Some(id) = relation(self.reader.catalog, name) {
                    let alias = item.alias.as_ref().map_or(name.object(), |alias| alias.value.as_str());
                    self.found.push((alias.to_owned(), id));
                }
            }
            FromKind::Join { left, right, .. } => {
                self.item(left);
                self.item(right);
            }
            FromKind::Query(_) | FromKind::Function(_) | FromKind::Other => {}
        }
    }
}

impl Visitor for Names<'_, '_> {
    fn query(&mut self, query: &Query) -> bool {
        if let QueryBody::Select(select) = &query.body {
            for item in &select.from {
                self.item(item);
            }
        }
        true
    }

    fn stmt(&mut self, stmt: &Stmt) -> bool {
        let (table, alias) = match &stmt.kind {
            StmtKind::Insert(it) => (&it.table, &it.alias),
            StmtKind::Update(it) => (&it.table, &it.alias),
            StmtKind::Delete(it) => (&it.table, &it.alias),
            _ => return true,
        };
        if let Some(id) = relation(self.reader.catalog, table) {
            let alias = alias.as_ref().map_or(table.object(), |alias| alias.value.as_str());
            self.found.push((alias.to_owned(), id));
        }
        true
    }
}

/// Whether statements read tables, and what they read of whoever asks.
struct OnlyReadings {
    found: Vec<Reading>,
    reads_tables: bool,
}

impl Visitor for OnlyReadings {
    fn expr(&mut self, expr: &Expr) -> bool {
        if let Some(reading) = direct(expr) {
            self.found.push(reading);
            return false;
        }
        true
    }

    fn relation(&mut self, _name: &Name) {
        self.reads_tables = true;
    }
}

struct Calls(Vec<Name>);

impl Visitor for Calls {
    fn expr(&mut self, expr: &Expr) -> bool {
        if let ExprKind::Call { name, .. } = &expr.kind {
            self.0.push(name.clone());
        }
        true
    }
}

/// An expression without the casts around it, and without the query that asks for nothing but it.
pub(super) fn bare(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Cast { expr, .. } => bare(expr),
        _ => expr,
    }
}

/// What an expression reads of whoever asks, without looking into functions.
fn direct(expr: &Expr) -> Option<Reading> {
    if let Some(path) = chain(expr).filter(|path| !path.is_empty()) {
        return Some(match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["sub"] => Reading::User,
            ["email"] => Reading::Email,
            _ => Reading::Claim(path),
        });
    }
    let ExprKind::Call { name, args, .. } = &expr.kind else { return None };
    let said = args.first().and_then(Expr::as_string);
    match (name.schema(), name.object()) {
        (Some("auth"), "uid") => Some(Reading::User),
        (Some("auth"), "email") => Some(Reading::Email),
        (Some("auth"), "role") => Some(Reading::Role),
        (_, "current_setting") => Some(match said? {
            "request.jwt.claim.sub" => Reading::User,
            "request.jwt.claim.email" => Reading::Email,
            "request.jwt.claim.role" | "role" => Reading::Role,
            // The whole document: what of it is read stands around it.
            "request.jwt.claims" => return None,
            setting if setting.contains('.') => Reading::Setting(setting.to_owned()),
            _ => return None,
        }),
        _ => None,
    }
}

/// The path of a claim: `auth.jwt() -> 'app_metadata' ->> 'org_id'`; empty for the whole document.
fn chain(expr: &Expr) -> Option<Vec<String>> {
    match &expr.kind {
        ExprKind::Cast { expr, .. } => chain(expr),
        ExprKind::Subquery(query) => match &query.body {
            QueryBody::Select(select) if select.from.is_empty() => chain(&select.targets.first()?.expr),
            _ => None,
        },
        ExprKind::Binary { op, left, right } => {
            let mut path = chain(left)?;
            let step = right.as_string()?;
            match op.as_str() {
                "->" | "->>" => path.push(step.to_owned()),
                "#>" | "#>>" => {
                    path.extend(step.trim_matches(['{', '}']).split(',').map(|it| it.trim().to_owned()));
                }
                _ => return None,
            }
            Some(path)
        }
        ExprKind::Call { name, args, .. } => match (name.schema(), name.object()) {
            (Some("auth"), "jwt") => Some(Vec::new()),
            (_, "current_setting") => (args.first()?.as_string()? == "request.jwt.claims").then(Vec::new),
            (_, "nullif" | "coalesce") => args.iter().find_map(chain),
            _ => None,
        },
        _ => None,
    }
}

/// The relation of a name; one without a schema is looked for in all of them, `public` first.
pub(super) fn relation(catalog: &Catalog, name: &Name) -> Option<Id> {
    let kinds = [Kind::Table, Kind::View, Kind::MaterializedView];
    let there = |schema: &str| {
        kinds.iter().map(|kind| Id::new(*kind, schema, name.object())).find(|id| catalog.entries.contains_key(id))
    };
    match name.schema() {
        Some(schema) => there(schema),
        None => there("public").or_else(|| {
            catalog.entries.keys().find(|id| kinds.contains(&id.kind) && id.name == name.object()).cloned()
        }),
    }
}

/// The function of a name that is the user's own; of several the first.
pub(super) fn function(catalog: &Catalog, name: &Name) -> Option<Id> {
    if matches!(name.schema(), Some("pg_catalog" | "auth" | "extensions")) {
        return None;
    }
    let of =
        |schema: &str| catalog.parts_of_schema(Kind::Function, schema).find(|id| id.name == name.object()).cloned();
    match name.schema() {
        Some(schema) => of(schema),
        None => of("public").or_else(|| {
            let mut all = catalog.entries.keys();
            all.find(|id| id.kind == Kind::Function && id.name == name.object() && id.schema != "auth").cloned()
        }),
    }
}

/// The statements of a function's body, each to be walked.
pub(super) fn body_of(catalog: &Catalog, id: &Id) -> Vec<Stmt> {
    let Some(Object::Function(function)) = catalog.get(id).map(|entry| &entry.object) else { return Vec::new() };
    let text = match (&function.body, function.language.as_str()) {
        (Body::Source(text), "sql") => text.clone(),
        (Body::Source(text), "plpgsql") => format!("do language plpgsql {}", quoted(text)),
        (Body::Sql(text), _) => {
            let text = text.trim();
            match text.strip_prefix("RETURN ").or_else(|| text.strip_prefix("return ")) {
                Some(expr) => format!("select {expr}"),
                None => text.trim_start_matches("BEGIN ATOMIC").trim_end_matches("END").to_owned(),
            }
        }
        _ => return Vec::new(),
    };
    parse(&text).statements
}

fn quoted(text: &str) -> String {
    let mut tag = "$dbctl$".to_owned();
    while text.contains(&tag) {
        tag = format!("{}x$", tag.trim_end_matches('$'));
    }
    format!("{tag}{text}{tag}")
}

/// The names of a function's arguments that a call gives, in order.
pub(super) fn parameters(catalog: &Catalog, id: &Id) -> Vec<String> {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Function(it)) => {
            it.arguments.iter().filter(|it| Argument::is_input(it)).map(|it| it.name.clone()).collect()
        }
        _ => Vec::new(),
    }
}

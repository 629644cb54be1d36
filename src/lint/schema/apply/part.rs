//! A piece of the state that stands by itself, to try statements on without copying the whole.

use std::collections::{BTreeMap, BTreeSet};

use crate::lint::schema::{ConstraintDef, IndexKey, QName, Schema, Table};
use crate::sql::ast::{Expr, ExprKind, Query, Visitor};

/// Looks for calls of functions by their bare names.
struct Calls<'a> {
    names: &'a BTreeSet<&'a str>,
    found: bool,
}

impl Visitor for Calls<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Call { name, .. } => self.found |= self.names.contains(name.object()),
            // `nextval('s')` and `'f'::regproc` name what they use in a string.
            ExprKind::Literal(crate::sql::ast::LiteralKind::String(text)) => {
                let bare = text.rsplit('.').next().unwrap_or_default().trim_matches('"');
                self.found |= self.names.contains(bare);
            }
            _ => {}
        }
        !self.found
    }
}

fn calls(names: &BTreeSet<&str>, exprs: &mut dyn Iterator<Item = &Expr>) -> bool {
    let mut calls = Calls { names, found: false };
    exprs.for_each(|expr| expr.walk(&mut calls));
    calls.found
}

fn query_calls(names: &BTreeSet<&str>, query: &Query) -> bool {
    let mut calls = Calls { names, found: false };
    query.walk(&mut calls);
    calls.found
}

fn table_uses(schema: &Schema, names: &BTreeSet<&str>, table: &Table) -> bool {
    let columns = table.columns.iter().any(|column| {
        column.type_name.as_ref().is_some_and(|written| names.contains(written.name.as_str()))
            || calls(names, &mut column.default.iter().chain(&column.generation))
    });
    columns
        || table.triggers.iter().any(|trigger| names.contains(trigger.function.name.as_str()))
        || table.policies.iter().any(|policy| calls(names, &mut policy.using.iter().chain(&policy.check)))
        || table
            .constraints
            .iter()
            .any(|it| matches!(&it.def, ConstraintDef::Check(expr) if calls(names, &mut std::iter::once(expr))))
        || table.indexes.iter().filter_map(|name| schema.indexes.get(name)).any(|index| {
            let keys = index.keys.iter().filter_map(|key| match key {
                IndexKey::Expr(expr) => Some(expr),
                IndexKey::Column(_) => None,
            });
            calls(names, &mut keys.chain(&index.filter))
        })
}

/// How far a part reaches beyond the objects that it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Partitions and the objects' own indexes and sequences alone.
    Own,
    /// Views, foreign keys and policies that need them too.
    Dependants,
    /// Also tables and views that use the functions, types and sequences.
    Users,
}

impl Schema {
    /// The state of these objects and of what depends on them; roles, schemas and other things of which there are few are all
    /// in it.
    #[must_use]
    pub fn part(&self, wanted: &BTreeSet<QName>, schemas: &BTreeSet<String>, reach: Reach) -> Self {
        let mut part = Self {
            schemas: self.schemas.clone(),
            extensions: self.extensions.clone(),
            roles: self.roles.clone(),
            default_privileges: self.default_privileges.clone(),
            search_path: self.search_path.clone(),
            managed: self.managed.clone(),
            opaque: self.opaque.clone(),
            ..Self::default()
        };
        part.play.default_path.clone_from(&self.play.default_path);
        part.play.session_path.clone_from(&self.play.session_path);
        part.play.temporary = self.play.temporary;
        let mut names = wanted.clone();
        for schema in schemas {
            names.extend(super::search_path::in_schema(&self.tables, schema));
            names.extend(super::search_path::in_schema(&self.views, schema));
            names.extend(super::search_path::in_schema(&self.sequences, schema));
            names.extend(super::search_path::in_schema(&self.functions, schema));
            names.extend(super::search_path::in_schema(&self.types, schema));
        }
        if reach == Reach::Users {
            names.extend(self.users_by_name(&names));
        }
        for name in self.with_users(names, reach) {
            self.copy(&name, &mut part);
        }
        part
    }

    /// Tables and views that may use one of these functions, types or sequences.
    fn users_by_name(&self, names: &BTreeSet<QName>) -> Vec<QName> {
        let is_used = |name: &&QName| {
            self.functions.contains_key(name) || self.types.contains_key(name) || self.sequences.contains_key(name)
        };
        let bare: BTreeSet<&str> = names.iter().filter(is_used).map(|name| name.name.as_str()).collect();
        if bare.is_empty() {
            return Vec::new();
        }
        let tables =
            self.tables.values().filter(|table| table_uses(self, &bare, table)).map(|table| table.name.clone());
        let views = self.views.values().filter(|view| {
            query_calls(&bare, &view.query)
                || view.triggers.iter().any(|trigger| bare.contains(trigger.function.name.as_str()))
        });
        let domains = self.types.values().filter(|it| match &it.kind {
            crate::lint::schema::TypeKind::Domain { base, .. } => bare.contains(base.name.as_str()),
            _ => false,
        });
        let functions = self.functions.values().flatten().filter(|function| {
            function.args.iter().any(|of| bare.contains(of.name.as_str()))
                || bare.iter().any(|name| function.returns.trim_end_matches("[]").ends_with(name))
        });
        tables
            .chain(views.map(|view| view.name.clone()))
            .chain(domains.map(|it| it.name.clone()))
            .chain(functions.map(|function| function.name.clone()))
            .collect()
    }

    /// The names and what depends on them: all the way through views and partitions, one step through foreign keys and policies.
    fn with_users(&self, names: BTreeSet<QName>, reach: Reach) -> BTreeSet<QName> {
        let mut all: BTreeMap<QName, bool> = BTreeMap::new();
        let mut open: Vec<(QName, bool)> = names.into_iter().map(|name| (name, true)).collect();
        while let Some((name, is_deep)) = open.pop() {
            if all.get(&name).is_some_and(|&was_deep| was_deep || !is_deep) {
                continue;
            }
            all.insert(name.clone(), is_deep);
            if let Some(index) = self.indexes.get(&name) {
                open.push((index.table.clone(), false));
            }
            if let Some((_, Some((owner, _)))) = self.sequences.get(&name) {
                open.push((owner.clone(), false));
            }
            if let Some(parent) = self.tables.get(&name).and_then(|table| table.partition_of.clone()) {
                open.push((parent, false));
            }
            if !is_deep {
                continue;
            }
            for user in self.users(&name) {
                let is_child = self
                    .tables
                    .get(&user)
                    .is_some_and(|it| it.partition_of.as_ref() == Some(&name) || it.inherits.contains(&name));
                let is_deep = is_child || self.views.contains_key(&user);
                if reach == Reach::Own && !is_child {
                    continue;
                }
                open.push((user, is_deep));
            }
        }
        all.into_keys().collect()
    }

    /// Copies what has this name.
    fn copy(&self, name: &QName, part: &mut Self) {
        if let Some(table) = self.tables.get(name) {
            for index in table.indexes.iter().filter_map(|name| self.indexes.get(name)) {
                part.indexes.insert(index.name.clone(), index.clone());
            }
            for constraint in &table.constraints {
                part.note_constraint(name, &constraint.name);
            }
            part.tables.insert(name.clone(), table.clone());
        }
        if let Some(view) = self.views.get(name) {
            for index in view.indexes.iter().filter_map(|name| self.indexes.get(name)) {
                part.indexes.insert(index.name.clone(), index.clone());
            }
            part.views.insert(name.clone(), view.clone());
        }
        if let Some(sequence) = self.sequences.get(name) {
            part.sequences.insert(name.clone(), sequence.clone());
        }
        if let Some(functions) = self.functions.get(name) {
            part.functions.insert(name.clone(), functions.clone());
        }
        if let Some(it) = self.types.get(name) {
            part.types.insert(name.clone(), it.clone());
        }
        for user in self.users(name) {
            if let Some((_, Some((owner, _)))) = self.sequences.get(&user)
                && owner == name
            {
                part.sequences.insert(user.clone(), self.sequences[&user].clone());
            }
            part.depend(name, &user);
        }
        let rules = format!("{}.", name.name);
        for (key, place) in &self.objects {
            if key.1 == *name || (key.1.schema == name.schema && key.1.name.starts_with(&rules)) {
                part.objects.insert(key.clone(), *place);
            }
        }
    }
}

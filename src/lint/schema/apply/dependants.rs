//! What `cascade` takes away beyond relations: what uses a type, a function or a sequence, or stands in a schema.
//!
//! Nobody keeps a list of who uses these, so all are looked through; only `cascade` and renaming pay for it.

use super::name::object;
use super::search_path::in_schema;
use crate::lint::schema::{ConstraintDef, Function, QName, Schema, TypeKind};
use crate::sql::ast::{Expr, ExprKind, TypeName};

/// Whether an expression calls a function.
fn calls(schema: &Schema, expr: &Expr, function: &QName) -> bool {
    expr.all().into_iter().any(|expr| match &expr.kind {
        ExprKind::Call { name, .. } => object(name) == function.name && schema.resolve(name) == *function,
        _ => false,
    })
}

impl Schema {
    /// Whether a written type is this one.
    fn is_type(&self, written: &TypeName, name: &QName) -> bool {
        written.name == name.name && self.resolve_parts(written.schema.as_deref(), &written.name) == *name
    }

    /// Takes a type away.
    pub(super) fn remove_type(&mut self, name: &QName, cascade: bool) {
        if cascade && self.types.contains_key(name) {
            let mut columns = Vec::new();
            for table in self.tables.values() {
                let of_type = |it: &&crate::lint::schema::Column| {
                    it.type_name.as_ref().is_some_and(|written| self.is_type(written, name))
                };
                columns.extend(table.columns.iter().filter(of_type).map(|it| (table.name.clone(), it.name.clone())));
            }
            let domains: Vec<QName> = self
                .types
                .values()
                .filter(|it| matches!(&it.kind, TypeKind::Domain { base, .. } if self.is_type(base, name)))
                .map(|it| it.name.clone())
                .collect();
            self.remove_users_of_type(name);
            for (table, column) in columns {
                self.remove_column(&table, &column, true, false);
            }
            for domain in domains {
                self.remove_type(&domain, true);
            }
        }
        self.types.remove(name);
    }

    /// Takes the functions away that take or give a type, or rows of a relation.
    pub(super) fn remove_users_of_type(&mut self, name: &QName) {
        let gives = |function: &Function| {
            let (returns, full) = (function.returns.trim_start_matches("setof "), name.to_string());
            let plain = crate::text::bare_ident(&name.name);
            returns.trim_end_matches("[]") == full
                || (returns.trim_end_matches("[]") == plain && self.resolve_parts(None, &name.name) == *name)
        };
        let mut found: Vec<(QName, Vec<TypeName>)> = Vec::new();
        for function in self.functions.values().flatten() {
            if function.args.iter().any(|written| self.is_type(written, name)) || gives(function) {
                found.push((function.name.clone(), function.args.clone()));
            }
        }
        for (function, args) in found {
            let list = self.functions.get(&function);
            if let Some(at) = list.and_then(|list| list.iter().position(|it| it.args == args)) {
                self.remove_routine(&function, at, true);
            }
        }
    }

    /// Takes an overload of a function away.
    pub(super) fn remove_routine(&mut self, name: &QName, at: usize, cascade: bool) {
        if cascade && self.functions.get(name).is_some_and(|list| list.len() == 1) {
            self.remove_users_of_function(name);
        }
        let Some(list) = self.functions.get_mut(name) else { return };
        if at < list.len() {
            list.remove(at);
        }
        if list.is_empty() {
            self.functions.remove(name);
        }
    }

    fn remove_users_of_function(&mut self, name: &QName) {
        let uses = |expr: &Expr| calls(self, expr, name);
        let mut policies = Vec::new();
        let mut constraints = Vec::new();
        let mut columns = Vec::new();
        let mut triggers = Vec::new();
        for table in self.tables.values() {
            let of = |part: &str| (table.name.clone(), part.to_owned());
            let by_policy = table.policies.iter().filter(|it| it.using.iter().chain(&it.check).any(uses));
            policies.extend(by_policy.map(|it| of(&it.name)));
            let by_check =
                table.constraints.iter().filter(|it| matches!(&it.def, ConstraintDef::Check(expr) if uses(expr)));
            constraints.extend(by_check.map(|it| of(&it.name)));
            triggers.extend(table.triggers.iter().filter(|it| it.function == *name).map(|it| of(&it.name)));
            for column in &table.columns {
                if column.generation.as_ref().is_some_and(uses) {
                    columns.push((of(&column.name), true));
                } else if column.default.as_ref().is_some_and(uses) {
                    columns.push((of(&column.name), false));
                }
            }
        }
        for view in self.views.values() {
            triggers.extend(
                view.triggers.iter().filter(|it| it.function == *name).map(|it| (view.name.clone(), it.name.clone())),
            );
        }
        let indexes: Vec<QName> = self
            .indexes
            .values()
            .filter(|it| {
                let keys = it.keys.iter().any(|key| match key {
                    crate::lint::schema::IndexKey::Expr(expr) => uses(expr),
                    crate::lint::schema::IndexKey::Column(_) => false,
                });
                keys || it.filter.as_ref().is_some_and(uses)
            })
            .map(|it| it.name.clone())
            .collect();
        let views: Vec<QName> = self
            .views
            .values()
            .filter(|view| {
                view.query.exprs().into_iter().any(|expr| match &expr.kind {
                    ExprKind::Call { name: called, .. } => object(called) == name.name && self.resolve(called) == *name,
                    _ => false,
                })
            })
            .map(|view| view.name.clone())
            .collect();
        for (table, policy) in policies {
            if let Some(it) = self.tables.get_mut(&table) {
                it.policies.retain(|it| it.name != policy);
            }
        }
        for (table, constraint) in constraints {
            self.remove_constraint(&table, &constraint, true);
        }
        for (table, trigger) in triggers {
            self.remove_trigger(&table, &trigger);
        }
        for ((table, column), whole) in columns {
            if whole {
                self.remove_column(&table, &column, true, false);
            } else if let Some(it) = self.tables.get_mut(&table) {
                it.columns.iter_mut().filter(|it| it.name == column).for_each(|it| it.default = None);
            }
        }
        for index in &indexes {
            self.remove_index(index);
        }
        for view in &views {
            self.remove_view(view, true);
        }
    }

    /// Takes a sequence away; with `cascade` the defaults that call it.
    pub(super) fn remove_sequence(&mut self, name: &QName, cascade: bool) {
        if self.sequences.remove(name).is_none() || !cascade {
            return;
        }
        let mut columns = Vec::new();
        for table in self.tables.values() {
            for column in &table.columns {
                let sequence = match column.default.as_ref().map(|it| &it.kind) {
                    Some(ExprKind::Call { name, args, .. }) if object(name) == "nextval" => {
                        args.first().and_then(Expr::as_string)
                    }
                    _ => None,
                };
                let named = sequence.is_some_and(|written| match written.rsplit_once('.') {
                    Some((schema, sequence)) => {
                        schema.trim_matches('"') == name.schema && sequence.trim_matches('"') == name.name
                    }
                    None => written.trim_matches('"') == name.name,
                });
                if named {
                    columns.push((table.name.clone(), column.name.clone()));
                }
            }
        }
        for (table, column) in columns {
            if let Some(it) = self.tables.get_mut(&table) {
                it.columns.iter_mut().filter(|it| it.name == column).for_each(|it| it.default = None);
            }
        }
    }

    /// Takes a schema away; with `cascade` all that is in it.
    pub(super) fn remove_schema(&mut self, name: &str, cascade: bool) {
        self.schemas.remove(name);
        if !cascade {
            return;
        }
        for view in in_schema(&self.views, name) {
            self.remove_view(&view, true);
        }
        for table in in_schema(&self.tables, name) {
            self.remove_table(&table, true);
        }
        for sequence in in_schema(&self.sequences, name) {
            self.remove_sequence(&sequence, true);
        }
        for function in in_schema(&self.functions, name) {
            while self.functions.contains_key(&function) {
                self.remove_routine(&function, 0, true);
            }
        }
        for type_name in in_schema(&self.types, name) {
            self.remove_type(&type_name, true);
        }
        for index in in_schema(&self.indexes, name) {
            self.remove_index(&index);
        }
        self.objects.retain(|(_, object), _| object.schema != name);
        self.extensions.retain(|_, (_, schema)| schema.as_deref() != Some(name));
        self.default_privileges.retain(|it| it.schemas != [name]);
    }
}

//! Views and materialised views.

use super::Cx;
use super::name::{cut, value};
use crate::lint::schema::{QName, Schema, View};
use crate::sql::ast::{CreateView, Name, ObjectKind, Query, TableActionKind};

impl Schema {
    /// `create view`.
    pub(super) fn create_view(&mut self, cx: &Cx<'_>, create: &CreateView) {
        let name = self.new_relation(&create.name, create.temporary);
        let old = self.views.get(&name).filter(|old| create.or_replace && !old.materialized);
        let (comment, acl, indexes, triggers) = if let Some(old) = old {
            (old.comment.clone(), old.acl.clone(), old.indexes.clone(), old.triggers.clone())
        } else {
            if self.is_kept(cx, self.has_relation(&name), create.if_not_exists) {
                return;
            }
            self.remove_view(&name, true);
            (None, self.default_acl(ObjectKind::Table, &name.schema), Vec::new(), Vec::new())
        };
        let reads = self.reads(&create.query);
        let mut columns = self.query_columns(cx, &create.query).map(|list| list.into_iter().map(|it| it.0).collect());
        if !create.columns.is_empty() {
            let list: &mut Vec<String> = columns.get_or_insert_default();
            for (at, column) in create.columns.iter().enumerate() {
                match list.get_mut(at) {
                    Some(name) => *name = value(column),
                    None => list.push(value(column)),
                }
            }
        }
        let view = View {
            name: name.clone(),
            materialized: create.materialized,
            created: cx.place(create.name.span),
            options: create.options.clone(),
            query: create.query.clone(),
            columns,
            uses: self.uses(&create.query),
            reads,
            comment,
            acl,
            indexes,
            triggers,
        };
        for relation in view.reads.iter().chain(view.uses.iter().map(|(relation, _)| relation)) {
            self.depend(relation, &name);
        }
        self.views.insert(name, view);
    }

    /// The relations that a query reads, each once.
    pub(super) fn reads(&self, query: &Query) -> Vec<QName> {
        let mut reads: Vec<QName> = Vec::new();
        for name in query.relations() {
            let name = self.resolve(&name);
            if !reads.contains(&name) {
                reads.push(name);
            }
        }
        reads
    }

    /// An action of `alter view`, `alter materialized view`.
    pub(super) fn alter_view(&mut self, name: &QName, action: &TableActionKind) {
        if let TableActionKind::RenameColumn { from, to } = action {
            self.rename_column(name, &value(from), &value(to));
        }
        let Some(view) = self.views.get_mut(name) else { return };
        let option = |written: &str| written.split('=').next().unwrap_or_default().to_owned();
        match action {
            TableActionKind::SetOptions(set) => {
                for new in set {
                    view.options.retain(|old| option(old) != option(new));
                    view.options.push(new.clone());
                }
            }
            TableActionKind::ResetOptions(names) => view.options.retain(|old| !names.contains(&option(old))),
            _ => {}
        }
    }

    /// The name with its schema of something that is written in two parts.
    pub fn resolve_parts(&self, schema: Option<&str>, name: &str) -> QName {
        let part = |value: &str| crate::sql::ast::Ident {
            value: cut(value).to_owned(),
            quoted: false,
            span: crate::text::Span { start: 0, end: 0 },
        };
        let parts = schema.map(part).into_iter().chain([part(name)]).collect();
        self.resolve(&Name { parts, span: crate::text::Span { start: 0, end: 0 } })
    }
}

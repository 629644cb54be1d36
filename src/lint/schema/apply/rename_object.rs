//! `alter` of objects that are no relations: another name, another schema, a domain's constraints.

use super::Cx;
use super::name::{object, value};
use super::rename::renamed;
use super::rewrite::{Rewrite, rewrite};
use super::search_path::in_schema;
use crate::lint::schema::{QName, Schema, TypeKind};
use crate::sql::ast::{AlterObject, Name, ObjectAction, ObjectKind, TypeName};

impl Schema {
    /// `alter` of any other kind.
    pub(super) fn alter_object(&mut self, cx: &Cx<'_>, alter: &AlterObject) {
        let Some(written) = &alter.name else { return };
        match (&alter.action, alter.kind) {
            (ObjectAction::Rename(to), ObjectKind::Schema) => self.rename_schema(&object(written), &value(to)),
            (ObjectAction::Rename(to), ObjectKind::Role) => {
                if let Some(place) = self.roles.remove(&object(written)) {
                    self.roles.insert(value(to), place);
                }
            }
            (ObjectAction::Rename(to), ObjectKind::Trigger) => {
                if let Some(table) = &alter.on {
                    let table = self.resolve(table);
                    self.touch(cx, &table);
                    self.rename_trigger(&table, &object(written), &value(to));
                }
            }
            (ObjectAction::SetSchema(to), ObjectKind::Extension) => {
                if let Some((_, schema)) = self.extensions.get_mut(&object(written)) {
                    *schema = Some(value(to));
                }
            }
            (ObjectAction::Rename(to), kind) => {
                let from = if super::object::has_schema(kind) {
                    self.resolve(written)
                } else {
                    QName::new("", object(written))
                };
                let to = QName::new(from.schema.as_str(), value(to));
                self.move_object(kind, &from, &to);
            }
            (ObjectAction::SetSchema(to), kind) => {
                let from = self.resolve(written);
                let to = QName::new(value(to), from.name.as_str());
                self.move_object(kind, &from, &to);
            }
            (ObjectAction::AddConstraint { check: Some(check), .. }, _) => {
                let name = self.resolve(written);
                if let Some(TypeKind::Domain { checks, .. }) = self.types.get_mut(&name).map(|it| &mut it.kind) {
                    checks.push(check.clone());
                }
            }
            (
                ObjectAction::Owner(_)
                | ObjectAction::AddConstraint { .. }
                | ObjectAction::DropConstraint { .. }
                | ObjectAction::ValidateConstraint(_)
                | ObjectAction::Other(_),
                _,
            ) => {}
        }
    }

    fn move_object(&mut self, kind: ObjectKind, from: &QName, to: &QName) {
        match kind {
            ObjectKind::Type | ObjectKind::Domain => self.move_type(from, to),
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence => self.rename_relation(from, to),
            kind => {
                if let Some(place) = self.objects.remove(&(kind, from.clone())) {
                    self.objects.insert((kind, to.clone()), place);
                }
            }
        }
    }

    fn move_type(&mut self, from: &QName, to: &QName) {
        let Some(mut moved) = self.types.remove(from) else { return };
        moved.name = to.clone();
        self.types.insert(to.clone(), moved);
        self.move_types(from, to);
    }

    /// Types as they are written in columns, functions and other types follow a new name.
    pub(super) fn move_types(&mut self, from: &QName, to: &QName) {
        let path = self.search_path.clone();
        let follow = |written: &mut TypeName| {
            let meant = match &written.schema {
                Some(schema) => *schema == from.schema,
                None => path.contains(&from.schema),
            };
            if written.name == from.name && meant && !written.copied {
                to.name.clone_into(&mut written.name);
                if written.schema.is_some() || from.schema != to.schema {
                    written.schema = Some(to.schema.clone());
                }
            }
        };
        let columns = self.tables.values_mut().flat_map(|table| &mut table.columns);
        columns.filter_map(|column| column.type_name.as_mut()).for_each(follow);
        for function in self.functions.values_mut().flatten() {
            function.args.iter_mut().for_each(follow);
        }
        for it in self.types.values_mut() {
            match &mut it.kind {
                TypeKind::Composite(fields) => fields.iter_mut().for_each(|(_, of)| follow(of)),
                TypeKind::Domain { base, .. } => follow(base),
                TypeKind::Enum(_) | TypeKind::Other => {}
            }
        }
    }

    /// A function gets another name: triggers and expressions follow.
    pub(super) fn rename_routine(&mut self, from: &QName, at: usize, to: &QName) {
        struct Function<'a>(&'a QName, &'a QName);
        impl Rewrite for Function<'_> {
            fn function(&mut self, name: &mut Name) {
                if object(name) == self.0.name && name.schema().is_none_or(|schema| schema == self.0.schema) {
                    renamed(name, self.0, self.1);
                }
            }
        }
        let Some(list) = self.functions.get_mut(from) else { return };
        if at >= list.len() {
            return;
        }
        let mut function = list.remove(at);
        let alone = list.is_empty();
        if alone {
            self.functions.remove(from);
        }
        function.name = to.clone();
        self.functions.entry(to.clone()).or_default().push(function);
        if !alone {
            return;
        }
        let tables: Vec<QName> = self.tables.keys().cloned().collect();
        for table in tables {
            self.edit_exprs(&table, &mut |_, expr| rewrite(expr, &mut Function(from, to)));
        }
        let of_tables = self.tables.values_mut().flat_map(|table| &mut table.triggers);
        let of_views = self.views.values_mut().flat_map(|view| &mut view.triggers);
        of_tables.chain(of_views).filter(|it| it.function == *from).for_each(|it| it.function = to.clone());
    }

    fn rename_schema(&mut self, from: &str, to: &str) {
        let Some(place) = self.schemas.remove(from) else { return };
        self.schemas.insert(to.to_owned(), place);
        let moved = |name: &QName| QName::new(to, name.name.as_str());
        for name in in_schema(&self.tables, from) {
            self.rename_relation(&name, &moved(&name));
        }
        for name in in_schema(&self.views, from) {
            self.rename_relation(&name, &moved(&name));
        }
        for name in in_schema(&self.sequences, from) {
            self.rename_relation(&name, &moved(&name));
        }
        for name in in_schema(&self.types, from) {
            self.move_type(&name, &moved(&name));
        }
        for name in in_schema(&self.functions, from) {
            while self.functions.contains_key(&name) {
                self.rename_routine(&name, 0, &moved(&name));
            }
        }
        let objects: Vec<_> = self.objects.keys().filter(|(_, name)| name.schema == from).cloned().collect();
        for key in objects {
            if let Some(place) = self.objects.remove(&key) {
                self.objects.insert((key.0, moved(&key.1)), place);
            }
        }
        for (_, schema) in self.extensions.values_mut() {
            if schema.as_deref() == Some(from) {
                *schema = Some(to.to_owned());
            }
        }
        let schemas = self.default_privileges.iter_mut().flat_map(|it| &mut it.schemas);
        schemas.filter(|it| *it == from).for_each(|it| to.clone_into(it));
    }
}

//! `alter type` of a composite type's attributes.

use super::name::value;
use crate::lint::schema::{QName, Schema, TypeKind};
use crate::sql::ast::{AlterColumn, TableActionKind};

impl Schema {
    /// One action; `rename to` and `set schema` of the type are no actions of its attributes.
    pub(super) fn alter_composite(&mut self, name: &QName, action: &TableActionKind) {
        let Some(TypeKind::Composite(fields)) = self.types.get_mut(name).map(|it| &mut it.kind) else { return };
        match action {
            TableActionKind::AddColumn { column, .. } => {
                if let Some(of) = &column.type_name {
                    fields.push((value(&column.name), of.clone()));
                }
            }
            TableActionKind::DropColumn { name, .. } => {
                let gone = value(name);
                fields.retain(|(field, _)| *field != gone);
            }
            TableActionKind::AlterColumn { name, change: AlterColumn::Type { type_name, .. } } => {
                let changed = value(name);
                fields.iter_mut().filter(|it| it.0 == changed).for_each(|it| it.1 = type_name.clone());
            }
            TableActionKind::RenameColumn { from, to } => {
                let (from, to) = (value(from), value(to));
                fields.iter_mut().filter(|it| it.0 == from).for_each(|it| it.0.clone_from(&to));
            }
            _ => {}
        }
    }
}

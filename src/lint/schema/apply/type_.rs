//! Types: enums, composites, domains.

use super::Cx;
use super::name::value;
use crate::lint::schema::{EnumLabel, QName, Schema, Type, TypeKind};
use crate::sql::ast::{AlterEnum, CreateDomain, CreateType, TypeDefinition};
use crate::text::Span;

impl Schema {
    /// `create type`.
    pub(super) fn create_type(&mut self, cx: &Cx<'_>, create: &CreateType) {
        let kind = match &create.definition {
            TypeDefinition::Enum(labels) => TypeKind::Enum(
                labels
                    .iter()
                    .map(|(label, span)| EnumLabel { label: label.clone(), created: cx.place(*span), added: false })
                    .collect(),
            ),
            TypeDefinition::Composite(fields) => {
                TypeKind::Composite(fields.iter().map(|(name, of)| (value(name), self.resolved_type(of))).collect())
            }
            TypeDefinition::Range | TypeDefinition::Base => TypeKind::Other,
        };
        let name = self.creation(&create.name);
        // A base type completes the shell of its name.
        let shell = matches!(kind, TypeKind::Other);
        self.put_type(cx, name, kind, create.name.span, shell);
    }

    /// `create domain`.
    pub(super) fn create_domain(&mut self, cx: &Cx<'_>, create: &CreateDomain) {
        let kind = TypeKind::Domain { base: self.resolved_type(&create.base), checks: create.checks.clone() };
        let name = self.creation(&create.name);
        self.put_type(cx, name, kind, create.name.span, false);
    }

    fn put_type(&mut self, cx: &Cx<'_>, name: QName, kind: TypeKind, span: Span, shell: bool) {
        if self.is_kept(cx, self.types.contains_key(&name), shell) {
            return;
        }
        self.types.insert(name.clone(), Type { name, kind, created: cx.place(span), comment: None });
    }

    /// `alter type … add value | rename value`.
    pub(super) fn alter_enum(&mut self, cx: &Cx<'_>, alter: &AlterEnum) {
        let name = self.resolve(&alter.name);
        let Some(TypeKind::Enum(labels)) = self.types.get_mut(&name).map(|it| &mut it.kind) else { return };
        if let Some(from) = &alter.renamed_from {
            labels.iter_mut().filter(|it| it.label == *from).for_each(|it| it.label.clone_from(&alter.value));
        } else if !labels.iter().any(|it| it.label == alter.value) {
            let created = cx.place(alter.value_span);
            labels.push(EnumLabel { label: alter.value.clone(), created, added: true });
        }
    }
}

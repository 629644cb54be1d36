//! `drop`: what it names goes, and what was dropped is noted.

use super::Cx;
use super::name::{object, value};
use crate::lint::schema::{Dropped, QName, Schema};
use crate::sql::ast::{Drop, Ident, Name, ObjectKind};
use crate::text::Span;

impl Schema {
    /// Notes the drop of a part of a table.
    pub(super) fn note_drop(
        &mut self,
        cx: &Cx<'_>,
        kind: ObjectKind,
        table: &QName,
        part: Option<&Ident>,
        if_exists: bool,
        existed: bool,
    ) {
        let span = part.map_or(Span { start: 0, end: 0 }, |part| part.span);
        self.note(cx, kind, table.clone(), part.map(value), (if_exists, existed), span);
    }

    fn note(
        &mut self,
        cx: &Cx<'_>,
        kind: ObjectKind,
        name: QName,
        sub: Option<String>,
        (if_exists, existed): (bool, bool),
        span: Span,
    ) {
        let if_exists = if_exists || cx.guarded;
        self.dropped.push(Dropped { kind, name, sub, if_exists, existed, place: cx.place(span) });
    }

    /// `drop`.
    pub(super) fn drop(&mut self, cx: &Cx<'_>, drop: &Drop) {
        match drop.kind {
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate | ObjectKind::Routine => {
                self.drop_routines(cx, drop);
            }
            ObjectKind::Policy | ObjectKind::Trigger | ObjectKind::Rule => self.drop_of_table(cx, drop),
            _ => {
                for name in &drop.names {
                    self.drop_named(cx, drop, name);
                }
            }
        }
    }

    fn drop_routines(&mut self, cx: &Cx<'_>, drop: &Drop) {
        for routine in &drop.routines {
            let found = self.find_routine(routine);
            let name = found.as_ref().map_or_else(|| self.resolve(&routine.name), |(name, _)| name.clone());
            let existed = found.is_some();
            self.note(cx, drop.kind, name, None, (drop.if_exists, existed), routine.span);
            if let Some((name, at)) = found {
                self.remove_routine(&name, at, drop.cascade);
            }
        }
    }

    fn drop_of_table(&mut self, cx: &Cx<'_>, drop: &Drop) {
        let (Some(name), Some(on)) = (drop.names.first(), &drop.on) else { return };
        let (part, table) = (object(name), self.resolve(on));
        let existed = match drop.kind {
            ObjectKind::Policy => {
                self.tables.get(&table).is_some_and(|it| it.policies.iter().any(|it| it.name == part))
            }
            ObjectKind::Trigger => self.triggers(&table).iter().any(|it| it.name == part),
            _ => self.objects.contains_key(&(ObjectKind::Rule, of_table(&table, &part))),
        };
        self.note(cx, drop.kind, table.clone(), Some(part.clone()), (drop.if_exists, existed), name.span);
        self.touch(cx, &table);
        match drop.kind {
            ObjectKind::Policy => {
                if let Some(it) = self.tables.get_mut(&table) {
                    it.policies.retain(|it| it.name != part);
                }
            }
            ObjectKind::Trigger => self.remove_trigger(&table, &part),
            _ => {
                self.objects.remove(&(ObjectKind::Rule, of_table(&table, &part)));
            }
        }
    }

    fn drop_named(&mut self, cx: &Cx<'_>, drop: &Drop, written: &Name) {
        let plain = object(written);
        let bare = QName::new("", plain.as_str());
        let name = match drop.kind {
            ObjectKind::Schema | ObjectKind::Extension | ObjectKind::Role => bare,
            kind if super::object::has_schema(kind) => self.resolve(written),
            _ => bare,
        };
        let existed = match drop.kind {
            ObjectKind::Table | ObjectKind::ForeignTable => self.tables.contains_key(&name),
            ObjectKind::View | ObjectKind::MaterializedView => self.views.contains_key(&name),
            ObjectKind::Index => self.indexes.contains_key(&name),
            ObjectKind::Sequence => self.sequences.contains_key(&name),
            ObjectKind::Type | ObjectKind::Domain => self.types.contains_key(&name),
            ObjectKind::Schema => self.schemas.contains_key(&plain),
            ObjectKind::Extension => self.extensions.contains_key(&plain),
            ObjectKind::Role => self.roles.contains_key(&plain),
            kind => self.objects.contains_key(&(kind, name.clone())),
        };
        self.note(cx, drop.kind, name.clone(), None, (drop.if_exists, existed), written.span);
        match drop.kind {
            ObjectKind::Table | ObjectKind::ForeignTable => self.remove_table(&name, drop.cascade),
            ObjectKind::View | ObjectKind::MaterializedView => self.remove_view(&name, drop.cascade),
            ObjectKind::Index => {
                if let Some(table) = self.indexes.get(&name).map(|it| it.table.clone()) {
                    self.touch(cx, &table);
                }
                self.remove_index(&name);
            }
            ObjectKind::Sequence => self.remove_sequence(&name, drop.cascade),
            ObjectKind::Type | ObjectKind::Domain => self.remove_type(&name, drop.cascade),
            ObjectKind::Schema => self.remove_schema(&plain, drop.cascade),
            ObjectKind::Extension => {
                self.extensions.remove(&plain);
            }
            ObjectKind::Role => {
                self.roles.remove(&plain);
            }
            kind => {
                self.objects.remove(&(kind, name));
            }
        }
    }
}

/// The key of an object that has its name within a table: rules.
pub(super) fn of_table(table: &QName, part: &str) -> QName {
    QName::new(table.schema.as_str(), format!("{}.{part}", table.name))
}

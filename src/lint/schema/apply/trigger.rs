//! Triggers of tables and views.

use super::Cx;
use super::name::value;
use crate::lint::schema::{QName, Schema, Trigger};
use crate::sql::ast::CreateTrigger;

impl Schema {
    /// `create trigger`.
    pub(super) fn create_trigger(&mut self, cx: &Cx<'_>, create: &CreateTrigger) {
        let table = self.resolve(&create.table);
        let name = value(&create.name);
        let exists = self.triggers(&table).iter().any(|trigger| trigger.name == name);
        if !create.or_replace && self.is_kept(cx, exists, false) {
            return;
        }
        let trigger = Trigger {
            name,
            created: cx.place(create.name.span),
            timing: create.timing,
            events: create.events.clone(),
            for_each_row: create.for_each_row,
            function: self.resolve(&create.function),
        };
        self.touch(cx, &table);
        self.put_trigger(&table, &trigger);
    }

    fn put_trigger(&mut self, table: &QName, trigger: &Trigger) {
        if trigger.for_each_row {
            for partition in self.partitions(table) {
                self.put_trigger(&partition, trigger);
            }
        }
        if let Some(list) = self.triggers_mut(table) {
            list.retain(|it| it.name != trigger.name);
            list.push(trigger.clone());
        }
    }

    /// The triggers of a table or view.
    pub(super) fn triggers(&self, relation: &QName) -> &[Trigger] {
        match self.tables.get(relation) {
            Some(table) => &table.triggers,
            None => self.views.get(relation).map_or(&[], |view| &view.triggers),
        }
    }

    /// The triggers of a table or view, to change.
    pub(super) fn triggers_mut(&mut self, relation: &QName) -> Option<&mut Vec<Trigger>> {
        match self.tables.get_mut(relation) {
            Some(table) => Some(&mut table.triggers),
            None => self.views.get_mut(relation).map(|view| &mut view.triggers),
        }
    }

    /// Takes a trigger away, from partitions too.
    pub(super) fn remove_trigger(&mut self, table: &QName, name: &str) {
        let Some(list) = self.triggers_mut(table) else { return };
        let Some(at) = list.iter().position(|it| it.name == name) else { return };
        if list.remove(at).for_each_row {
            for partition in self.partitions(table) {
                self.remove_trigger(&partition, name);
            }
        }
    }

    /// `alter trigger … rename to`.
    pub(super) fn rename_trigger(&mut self, table: &QName, from: &str, to: &str) {
        for partition in self.partitions(table) {
            self.rename_trigger(&partition, from, to);
        }
        let list = self.triggers_mut(table).into_iter().flatten();
        list.filter(|it| it.name == from).for_each(|it| to.clone_into(&mut it.name));
    }
}

//! Renames that are known for certain: the same object, by its oid, before and after something ran.

use super::order::{Moves, order};
use super::{Rename, can_be_renamed, is_part};
use crate::catalog::{Catalog, Id, Kind, Object};

/// The renames that lead from one state's names to another's, in an order in which they can be made; `pairs` are the names
/// of the same objects in both. What is called otherwise only because its container, its schema or its parent is, needs
/// none of its own.
pub fn known(from: &Catalog, pairs: &[(Id, Id)]) -> Vec<Rename> {
    let mut moves = Moves::default();
    for (old, new) in pairs {
        moves.note(old, new);
    }
    let own = pairs.iter().filter(|(old, new)| {
        let is_moved = moves.id(old) == *new;
        let is_routine = matches!(old.kind, Kind::Function | Kind::Procedure | Kind::Aggregate);
        // Types of arguments that have other names are no other name of the routine.
        let is_retyped = is_routine && old.name == new.name && moves.schema(&old.schema) == new.schema;
        old.kind == new.kind && can_be_renamed(old.kind) && !is_moved && !is_retyped && !is_handed_down(from, old)
    });
    let mut own: Vec<(Id, Id)> = own.cloned().collect();
    let back = moves.back();
    let in_the_way = own.iter().map(|(_, new)| (back.id(new), new)).filter(|(there, _)| {
        // What has another name itself makes room by that.
        from.entries.contains_key(there) && !pairs.iter().any(|(old, new)| old == there && moves.id(old) != *new)
    });
    let aside: Vec<(Id, Id)> = in_the_way.map(|(there, new)| (there, aside(new))).collect();
    own.extend(aside);
    order(from, own)
}

/// What something that is in the way, and goes, is called for a while.
fn aside(id: &Id) -> Id {
    let mark = |name: &str, is_it: bool| if is_it { format!("{name}_dropped") } else { name.to_owned() };
    let is_part = is_part(id);
    Id::part(id.kind, &id.schema, mark(&id.name, !is_part), mark(&id.part, is_part))
}

/// Whether it has its name from a parent's.
fn is_handed_down(from: &Catalog, id: &Id) -> bool {
    match from.get(id).map(|entry| &entry.object) {
        Some(Object::Column(column)) => column.inherited,
        Some(Object::Constraint(constraint)) => !constraint.local || constraint.of_parent.is_some(),
        Some(Object::Trigger(trigger)) => trigger.of_parent.is_some(),
        Some(_) => false,
        None => !is_part(id),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;
    use super::*;

    #[test]
    fn what_follows_from_another_rename_is_none_of_its_own() {
        let mut from = Catalog::default();
        table(&mut from, "public.users", &[("name", "text"), ("note", "text")]);
        let column = |table: &str, name: &str| Id::part(Kind::Column, "public", table, name);
        let pairs = [
            (column("users", "name"), column("people", "full_name")),
            (column("users", "note"), column("people", "note")),
            (Id::new(Kind::Table, "public", "users"), Id::new(Kind::Table, "public", "people")),
        ];
        let said: Vec<String> = known(&from, &pairs).iter().map(ToString::to_string).collect();
        assert_eq!(said, ["table public.users → public.people", "column public.people.name → full_name"]);
    }

    #[test]
    fn what_has_taken_the_old_name_since_steps_aside() {
        let mut from = Catalog::default();
        table(&mut from, "public.events", &[("id", "bigint"), ("id_old", "integer")]);
        let column = |name: &str| Id::part(Kind::Column, "public", "events", name);
        let said = |pairs: &[(Id, Id)]| known(&from, pairs).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            said(&[(column("id_old"), column("id"))]),
            ["column public.events.id → id_dropped", "column public.events.id_old → id"]
        );
        assert_eq!(said(&[(column("id_old"), column("id")), (column("id"), column("id_new"))]).len(), 2);
    }
}

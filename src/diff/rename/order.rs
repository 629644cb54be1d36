//! The order of renames: what goes by its container's name comes after that, and a name is taken once it is free.

use std::collections::BTreeMap;

use super::{Rename, container, is_part};
use crate::catalog::{Catalog, Id, Kind};

/// The new names of schemas, and of what has parts.
#[derive(Debug, Default)]
pub(super) struct Moves {
    schemas: BTreeMap<String, String>,
    containers: BTreeMap<(String, String), (String, String)>,
}

impl Moves {
    /// Notes what a rename moves.
    pub fn note(&mut self, from: &Id, to: &Id) {
        if from.kind == Kind::Schema {
            self.schemas.insert(from.name.clone(), to.name.clone());
        } else if has_parts(from) {
            let key = |id: &Id| (id.schema.clone(), id.name.clone());
            self.containers.insert(key(from), key(to));
        }
    }

    /// The other way round.
    pub fn back(&self) -> Self {
        Self {
            schemas: self.schemas.iter().map(|(from, to)| (to.clone(), from.clone())).collect(),
            containers: self.containers.iter().map(|(from, to)| (to.clone(), from.clone())).collect(),
        }
    }

    /// What a schema is called afterwards.
    pub fn schema<'a>(&'a self, name: &'a str) -> &'a str {
        self.schemas.get(name).map_or(name, String::as_str)
    }

    /// What an object is called when only its schema and its container have been renamed.
    pub fn id(&self, id: &Id) -> Id {
        match self.containers.get(&(id.schema.clone(), id.name.clone())).filter(|_| is_part(id)) {
            Some((schema, name)) => Id::part(id.kind, schema, name, id.part.clone()),
            None => Id::part(id.kind, self.schema(&id.schema), &id.name, &id.part),
        }
    }
}

fn has_parts(id: &Id) -> bool {
    let kinds = [
        Kind::Table,
        Kind::ForeignTable,
        Kind::View,
        Kind::MaterializedView,
        Kind::Composite,
        Kind::Domain,
        Kind::Enum,
    ];
    kinds.contains(&id.kind) && id.part.is_empty()
}

/// Orders renames given as the name in the one state and that in the other.
///
/// Each says in the end what the object is called when its turn comes, and right after.
pub fn order(from: &Catalog, mut pairs: Vec<(Id, Id)>) -> Vec<Rename> {
    // A routine is named by the types of its arguments, which may be renamed too: it comes before them.
    let rank = |id: &Id| match id.kind {
        Kind::Function | Kind::Procedure | Kind::Aggregate => 0,
        Kind::Schema => 1,
        _ if !is_part(id) => 2,
        _ => 3,
    };
    pairs.sort_by_key(|(old, _)| rank(old));
    pairs.dedup();
    let mut moves = Moves::default();
    for (old, new) in &pairs {
        moves.note(old, new);
    }
    let mut renames = Vec::new();
    let mut begin = 0;
    while begin < pairs.len() {
        let level = rank(&pairs[begin].0);
        let end = begin + pairs[begin..].iter().take_while(|(old, _)| rank(old) == level).count();
        let steps = pairs[begin..end].iter().map(|(old, new)| step(from, level, old, new, &moves)).collect();
        renames.extend(untangle(steps));
        begin = end;
    }
    renames
}

fn step(from: &Catalog, level: u8, old: &Id, new: &Id, moves: &Moves) -> Rename {
    let of = container(from, old);
    let (here, there) = match level {
        0 => {
            let is_moved = moves.schema(&old.schema) != new.schema;
            let back = moves.back();
            let schema = if is_moved { back.schema(&new.schema) } else { &old.schema };
            (old.clone(), Id::part(old.kind, schema, &new.name, old.part.clone()))
        }
        1 => (old.clone(), new.clone()),
        _ => (moves.id(old), new.clone()),
    };
    Rename { from: here, to: there, of }
}

/// What takes the name of another comes after it; where all wait for each other, one steps aside for a while.
fn untangle(mut waiting: Vec<Rename>) -> Vec<Rename> {
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |rename: &Rename| !waiting.iter().any(|other| other != rename && other.from == rename.to);
        if let Some(at) = waiting.iter().position(is_free) {
            ordered.push(waiting.remove(at));
            continue;
        }
        let first = &mut waiting[0];
        let mark = |name: &str, is_it: bool| if is_it { format!("{name}_renamed") } else { name.to_owned() };
        let (old, is_part) = (&first.from, is_part(&first.from));
        let aside = Id::part(old.kind, &old.schema, mark(&old.name, !is_part), mark(&old.part, is_part));
        ordered.push(Rename { from: first.from.clone(), to: aside.clone(), of: first.of });
        first.from = aside;
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;
    use super::*;

    fn said(pairs: Vec<(Id, Id)>) -> Vec<String> {
        let mut from = Catalog::default();
        table(&mut from, "a.users", &[("name", "text"), ("note", "text")]);
        order(&from, pairs).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_container_comes_before_its_parts_and_a_routine_before_its_types() {
        let column = |schema: &str, table: &str, name: &str| Id::part(Kind::Column, schema, table, name);
        let pairs = vec![
            (column("a", "users", "name"), column("b", "people", "full_name")),
            (Id::new(Kind::Table, "a", "users"), Id::new(Kind::Table, "b", "people")),
            (Id::new(Kind::Schema, "", "a"), Id::new(Kind::Schema, "", "b")),
            (Id::part(Kind::Function, "a", "f", "a.users"), Id::part(Kind::Function, "b", "g", "b.people")),
        ];
        assert_eq!(
            said(pairs),
            [
                "function a.f(a.users) → a.g(a.users)",
                "schema a → b",
                "table b.users → b.people",
                "column b.people.name → full_name"
            ]
        );
    }

    #[test]
    fn names_that_are_swapped_step_aside_for_each_other() {
        let column = |name: &str| Id::part(Kind::Column, "a", "users", name);
        let swapped = said(vec![(column("name"), column("note")), (column("note"), column("name"))]);
        assert_eq!(
            swapped,
            ["column a.users.name → name_renamed", "column a.users.note → name", "column a.users.name_renamed → note"]
        );
        let table = |name: &str| Id::new(Kind::Table, "a", name);
        let chain = said(vec![(table("users"), table("people")), (table("people"), table("old_people"))]);
        assert_eq!(chain, ["table a.people → a.old_people", "table a.users → a.people"]);
    }
}

//! Names that follow: what differs from what is wanted in nothing but its name, and holds no data of its own.

use std::collections::BTreeMap;

use super::Rename;
use crate::catalog::{Catalog, Column, ConstraintType, Entry, Id, Kind, Object, Trigger};
use crate::text::bare_ident;

/// The renames that need no question: indexes, constraints, triggers, policies, rules and statistics of one relation with
/// the same definition, and sequences of one column, each the only one of its kind.
///
/// A view's columns follow those it shows: `columns` says that some were renamed.
pub fn follow(from: &Catalog, to: &Catalog, columns: bool) -> Vec<Rename> {
    let gone = alike(from, to);
    let new = alike(to, from);
    let mut renames: Vec<Rename> = gone
        .into_iter()
        .filter_map(|(what, old)| match (old.as_slice(), new.get(&what).map(Vec::as_slice)) {
            ([old], Some([new])) => Some(Rename::new(from, (*old).clone(), (*new).clone())),
            _ => None,
        })
        .collect();
    if columns {
        renames.extend(shown(from, to));
    }
    renames
}

/// What has a name that the other schema does not know, by what it is but for its name.
fn alike<'a>(one: &'a Catalog, other: &Catalog) -> BTreeMap<String, Vec<&'a Id>> {
    let mut alike: BTreeMap<String, Vec<&Id>> = BTreeMap::new();
    for (id, entry) in one.entries.iter().filter(|(id, _)| !other.entries.contains_key(id)) {
        if let Some(what) = nameless(id, &entry.object) {
            alike.entry(what).or_default().push(id);
        }
    }
    alike
}

/// An object without its name; nothing where a rename would be a guess, or is another object's to make.
fn nameless(id: &Id, object: &Object) -> Option<String> {
    let (of, what) = match object {
        Object::Index(it) => (format!("{} {}", id.schema, it.table), format!("{it:?}")),
        // A check that a child has from its parent is called by the parent's name.
        Object::Constraint(it) if it.local || it.what != ConstraintType::Check => {
            (format!("{} {}", id.schema, id.name), format!("{it:?}"))
        }
        Object::Policy(it) => (format!("{} {}", id.schema, id.name), format!("{it:?}")),
        Object::Rule(it) => (format!("{} {}", id.schema, id.name), format!("{it:?}")),
        Object::Trigger(it) if it.of_parent.is_none() => {
            let words = if it.constraint { "CREATE CONSTRAINT TRIGGER " } else { "CREATE TRIGGER " };
            let rest = it.definition.strip_prefix(words)?.strip_prefix(&*bare_ident(&id.part))?;
            let rest = Trigger { definition: rest.to_owned(), ..it.clone() };
            (format!("{} {}", id.schema, id.name), format!("{rest:?}"))
        }
        Object::Statistics(it) => (id.schema.clone(), format!("{it:?}")),
        Object::Sequence(it) => (format!("{} {:?}", id.schema, it.owned_by.as_ref()?), format!("{it:?}")),
        _ => return None,
    };
    Some(format!("{:?} {of} {what}", id.kind))
}

type Shown<'a> = (&'a Id, &'a Entry, &'a Column);

/// Columns of views that have another name at the same place.
fn shown(from: &Catalog, to: &Catalog) -> Vec<Rename> {
    let mut renames = Vec::new();
    let is_view = |id: &Id| matches!(id.kind, Kind::View | Kind::MaterializedView);
    for view in from.entries.keys().filter(|id| is_view(id) && to.entries.contains_key(id)) {
        let (old, new) = (from.columns(view), to.columns(view));
        if old.len() != new.len() {
            continue;
        }
        let differ = old.iter().zip(&new).filter(|(old, new)| old.0 != new.0);
        let is_one = |(old, new): &(&Shown<'_>, &Shown<'_>)| {
            old.2.data_type == new.2.data_type && !to.entries.contains_key(old.0) && !from.entries.contains_key(new.0)
        };
        renames.extend(differ.filter(is_one).map(|(old, new)| Rename::new(from, old.0.clone(), new.0.clone())));
    }
    renames
}

#[cfg(test)]
mod tests {
    use super::super::tests::{put, table};
    use super::*;
    use crate::catalog::Index;

    fn indexes(names: &[(&str, &str)]) -> Catalog {
        let mut catalog = Catalog::default();
        table(&mut catalog, "t", &[("a", "text"), ("b", "text")]);
        for (name, column) in names {
            let definition = format!("USING btree ({column})");
            let index = Index { table: "t".to_owned(), definition, ..Index::default() };
            put(&mut catalog, Id::new(Kind::Index, "public", *name), Object::Index(index));
        }
        catalog
    }

    fn said(from: &[(&str, &str)], to: &[(&str, &str)]) -> Vec<String> {
        follow(&indexes(from), &indexes(to), false).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_index_that_differs_only_in_its_name_is_renamed() {
        assert_eq!(said(&[("i", "a"), ("k", "b")], &[("j", "a"), ("k", "b")]), ["index public.i → public.j"]);
        assert!(said(&[("i", "a")], &[("j", "b")]).is_empty());
    }

    #[test]
    fn where_two_are_the_same_none_is_taken_for_the_other() {
        assert!(said(&[("i", "a"), ("k", "a")], &[("j", "a")]).is_empty());
        assert!(said(&[("i", "a")], &[("j", "a"), ("k", "a")]).is_empty());
    }
}

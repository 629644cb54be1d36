//! What differs and stays so: no statement settles it, or only one that would lose what is worth more.

use serde::Serialize;

use super::compare::{Fate, Fates};
use crate::catalog::{Catalog, Id, Kind, Object};

/// A difference that a plan leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Left {
    /// The object.
    pub id: Id,
    /// What stays different, and why, in words.
    pub text: String,
}

/// The differences that are left when a plan has been applied.
pub fn left(from: &Catalog, to: &Catalog, fates: &Fates) -> Vec<Left> {
    let mut left = Vec::new();
    for (id, entry) in &to.entries {
        let Some(old) = from.get(id).filter(|_| !fates.get(id).is_some_and(Fate::goes)) else { continue };
        let text = match (&old.object, &entry.object) {
            (Object::Extension(old), Object::Extension(new)) if old.version != new.version => {
                let is_updated = matches!(fates.get(id), Some(Fate::Alter { steps, .. })
                    if steps.iter().any(|step| step.sql.contains(" update")));
                (!is_updated).then(|| {
                    let version = old.version.as_deref().unwrap_or("another version");
                    format!(
                        "stays at {version}: extensions have no way back, and without it what needs it would be gone"
                    )
                })
            }
            (Object::Column(old), Object::Column(new)) if !old.inherited && new.inherited => Some(
                "stays a column of its own: only dropping it, with its values, would leave it to the parent".to_owned(),
            ),
            (Object::Constraint(old), Object::Constraint(new)) if old.local && !new.local => {
                Some("stays a constraint of its own beside the parent's".to_owned())
            }
            (Object::Table(_), Object::Table(_)) => is_reordered(id, from, to, fates).then(|| {
                "its columns stand in another order: new ones come last, and only a new table would change that"
                    .to_owned()
            }),
            _ => None,
        };
        left.extend(text.map(|text| Left { id: id.clone(), text }));
    }
    left
}

/// Whether the columns of a table that stays come to stand otherwise than they should.
fn is_reordered(table: &Id, from: &Catalog, to: &Catalog, fates: &Fates) -> bool {
    let names = |state: &Catalog| -> Vec<String> {
        state.columns(table).into_iter().map(|(id, _, _)| id.part.clone()).collect()
    };
    let wanted = names(to);
    let fate = |name: &String| fates.get(&table.beside(Kind::Column, name));
    let stays = names(from).into_iter().filter(|name| !fate(name).is_some_and(Fate::goes));
    let comes = wanted.iter().filter(|name| fate(name).is_some_and(Fate::comes)).cloned();
    !stays.chain(comes).eq(wanted.iter().cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Acl, Column, Entry, Table};

    fn state(columns: &[&str]) -> Catalog {
        let table = Id::new(Kind::Table, "public", "t");
        let entry = |object| Entry {
            object,
            owner: String::new(),
            acl: Acl::new(),
            grantees: Vec::new(),
            comment: None,
            labels: std::collections::BTreeMap::new(),
        };
        let mut catalog = Catalog::default();
        for (position, name) in (1..).zip(columns) {
            let column = Column { position, data_type: "integer".to_owned(), ..Column::default() };
            catalog.entries.insert(table.beside(Kind::Column, *name), entry(Object::Column(column)));
        }
        catalog.entries.insert(table, entry(Object::Table(Table::default())));
        catalog
    }

    #[test]
    fn a_column_in_the_middle_is_left_at_the_end() {
        let order = |from: &[&str], to: &[&str]| {
            let (from, to) = (state(from), state(to));
            let fates = super::super::compare(&from, &to, super::super::Options::default());
            left(&from, &to, &fates).len()
        };
        assert_eq!(order(&["a", "c"], &["a", "b", "c"]), 1);
        assert_eq!(order(&["a", "c"], &["a", "c", "b"]), 0);
        assert_eq!(order(&["a", "b", "c"], &["a", "c"]), 0);
    }
}

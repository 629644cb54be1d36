//! Renames: what was asked for, what may be one, what follows from one, and the statements.
//!
//! A rename is never carried through the texts of a catalog: its statement runs on a copy of the schema, and the server
//! writes all that names the object anew.

mod ask;
mod candidate;
mod carry;
mod column;
mod declared;
mod follow;
mod known;
mod order;
mod resolve;
mod statement;

use std::fmt;

pub use ask::{Asked, RenameError};
pub use candidate::{Candidate, candidates};
pub use carry::carried;
pub use column::part_candidates;
pub use declared::{Declared, Declares, declared};
pub use follow::follow;
pub use known::known;
pub use order::order;
pub use resolve::{Known, resolve};

use crate::catalog::{Catalog, Id, Kind, Object};
use crate::text::{bare_ident, quote_literal};

/// An object, a part of one or an enum's value that gets another name, or another schema.
///
/// A value is its type's name with the value as its part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// What it is called.
    pub from: Id,
    /// What it will be called.
    pub to: Id,
    /// What it is a part of, where it is one.
    pub of: Option<Kind>,
}

impl Rename {
    /// A rename of something that a catalog has.
    pub fn new(catalog: &Catalog, from: Id, to: Id) -> Self {
        let of = container(catalog, &from);
        Self { from, to, of }
    }

    /// The way back.
    #[must_use]
    pub fn back(&self) -> Self {
        Self { from: self.to.clone(), to: self.from.clone(), of: self.of }
    }

    /// What it is, in words: a value of an enum is no type.
    pub fn noun(&self) -> &'static str {
        noun(&self.from)
    }

    /// The old name, with what it belongs to.
    pub fn old_name(&self) -> String {
        written(&self.from)
    }

    /// The new name, with what it belongs to.
    pub fn new_name(&self) -> String {
        written(&self.to)
    }

    /// What `--rename` needs to be told, ready for a shell.
    pub fn flag(&self) -> String {
        let kind = match self.from.kind {
            Kind::Constraint | Kind::Trigger | Kind::Policy | Kind::Rule => format!("{} ", self.from.kind.sql()),
            _ => String::new(),
        };
        let new = if is_part(&self.from) {
            last(&self.to)
        } else if self.from.schema == self.to.schema {
            bare_ident(&self.to.name).into_owned()
        } else {
            self.to.qualified()
        };
        // Tables are what most renames are about: there both names are said whole.
        let new = if self.from.kind == Kind::Table { self.to.qualified() } else { new };
        format!("--rename {}", shell(&format!("{kind}{}={new}", written(&self.from))))
    }
}

impl fmt::Display for Rename {
    /// `table public.users → public.people`, `column public.users.name → full_name`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} → {}", noun(&self.from), written(&self.from), new_name(self))
    }
}

/// What an object of this name is, in words: a value of an enum is no type.
fn noun(id: &Id) -> &'static str {
    match id.kind {
        Kind::Enum if !id.part.is_empty() => "value",
        kind => kind.sql(),
    }
}

/// The new name, as far as it differs.
fn new_name(rename: &Rename) -> String {
    if is_part(&rename.to) && (&rename.from.schema, &rename.from.name) == (&rename.to.schema, &rename.to.name) {
        last(&rename.to)
    } else {
        written(&rename.to)
    }
}

/// The whole name, as `--rename` reads it.
fn written(id: &Id) -> String {
    if is_part(id) { format!("{}.{}", id.qualified(), last(id)) } else { id.address() }
}

/// The name of a part in its relation or type.
fn last(id: &Id) -> String {
    if id.kind == Kind::Enum && *bare_ident(&id.part) != id.part {
        quote_literal(&id.part)
    } else {
        bare_ident(&id.part).into_owned()
    }
}

/// A word as a shell takes it for one.
fn shell(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '=' | '-');
    if word.chars().all(plain) {
        word.to_owned()
    } else if word.contains('\'') {
        let escaped: String = word
            .chars()
            .flat_map(|c| matches!(c, '"' | '$' | '`' | '\\').then_some('\\').into_iter().chain([c]))
            .collect();
        format!("\"{escaped}\"")
    } else {
        format!("'{word}'")
    }
}

/// Whether it is called by the name of what it belongs to, and one of its own.
fn is_part(id: &Id) -> bool {
    match id.kind {
        Kind::Column | Kind::Constraint | Kind::Trigger | Kind::Policy | Kind::Rule => true,
        Kind::Enum => !id.part.is_empty(),
        _ => false,
    }
}

/// What a part belongs to.
fn container(catalog: &Catalog, id: &Id) -> Option<Kind> {
    let kinds = [
        Kind::Table,
        Kind::ForeignTable,
        Kind::View,
        Kind::MaterializedView,
        Kind::Composite,
        Kind::Domain,
        Kind::Enum,
    ];
    kinds.into_iter().find(|kind| is_part(id) && catalog.entries.contains_key(&id.beside(*kind, "")))
}

/// Whether PostgreSQL can give such a thing another name.
fn can_be_renamed(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Extension
            | Kind::AccessMethod
            | Kind::Operator
            | Kind::Cast
            | Kind::Transform
            | Kind::UserMapping
            | Kind::Default
            | Kind::Inheritance
            | Kind::PublicationTable
            | Kind::PublicationSchema
            | Kind::DefaultPrivileges
    )
}

/// Whether a catalog has an object or an enum's value of this name.
fn has(catalog: &Catalog, id: &Id) -> bool {
    if id.kind == Kind::Enum && !id.part.is_empty() {
        labels(catalog, &id.beside(Kind::Enum, "")).contains(&id.part)
    } else {
        catalog.entries.contains_key(id)
    }
}

/// The values of an enum.
fn labels<'a>(catalog: &'a Catalog, id: &Id) -> &'a [String] {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Enum(it)) => &it.labels,
        _ => &[],
    }
}

/// What can be renamed in a catalog, the values of enums too.
fn names(catalog: &Catalog) -> impl Iterator<Item = Id> {
    let objects = catalog.entries.keys().filter(|id| can_be_renamed(id.kind)).cloned();
    let enums = catalog.entries.keys().filter(|id| id.kind == Kind::Enum);
    let values = enums.flat_map(|id| labels(catalog, id).iter().map(|label| id.beside(Kind::Enum, label)));
    objects.chain(values)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::catalog::{Column, Entry, Enum, Table};

    /// An object without anything that every object may have.
    pub fn put(catalog: &mut Catalog, id: Id, object: Object) {
        let entry = Entry {
            object,
            owner: String::new(),
            acl: crate::catalog::Acl::default(),
            grantees: Vec::new(),
            comment: None,
            labels: std::collections::BTreeMap::new(),
        };
        catalog.entries.insert(id, entry);
    }

    /// A table of columns, each with a type.
    pub fn table(catalog: &mut Catalog, name: &str, columns: &[(&str, &str)]) {
        let (schema, name) = name.split_once('.').unwrap_or(("public", name));
        put(catalog, Id::new(Kind::Table, schema, name), Object::Table(Table::default()));
        for (at, (column, data_type)) in (1..).zip(columns) {
            let object = Column { position: at, data_type: (*data_type).to_owned(), ..Column::default() };
            put(catalog, Id::part(Kind::Column, schema, name, *column), Object::Column(object));
        }
    }

    /// An enum.
    pub fn values(catalog: &mut Catalog, name: &str, labels: &[&str]) {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        put(catalog, Id::new(Kind::Enum, "public", name), Object::Enum(Enum { labels }));
    }

    #[test]
    fn a_flag_says_it_as_a_shell_and_the_reader_take_it() {
        let column = |part: &str| Id::part(Kind::Column, "public", "users", part);
        let rename = Rename { from: column("name"), to: column("full_name"), of: Some(Kind::Table) };
        assert_eq!(rename.to_string(), "column public.users.name → full_name");
        assert_eq!(rename.flag(), "--rename public.users.name=full_name");
        let rename = Rename { from: column("Name"), ..rename };
        assert_eq!(rename.flag(), "--rename 'public.users.\"Name\"=full_name'");
        let value = |label: &str| Id::part(Kind::Enum, "public", "status", label);
        let rename = Rename { from: value("on hold"), to: value("paused"), of: Some(Kind::Enum) };
        assert_eq!(rename.flag(), "--rename \"public.status.'on hold'=paused\"");
        assert_eq!(rename.back().to_string(), "value public.status.paused → 'on hold'");
    }

    #[test]
    fn the_way_back_takes_renames_back_in_the_end() {
        let (mut from, mut to) = (Catalog::default(), Catalog::default());
        table(&mut from, "users", &[("name", "text")]);
        table(&mut to, "people", &[("full_name", "text"), ("more", "text")]);
        let id = |name| Id::new(Kind::Table, "public", name);
        let column = |table, name| Id::part(Kind::Column, "public", table, name);
        let pairs = vec![(id("users"), id("people")), (column("users", "name"), column("people", "full_name"))];
        let renames = order(&from, pairs);
        let mut between = Catalog::default();
        table(&mut between, "people", &[("full_name", "text")]);
        let back = crate::diff::plan(&to, &between, crate::diff::Options::default()).before(&renames);
        let sql: Vec<&str> = back.steps.iter().map(|step| step.sql.as_str()).collect();
        assert_eq!(
            sql,
            [
                "alter table public.people drop column more",
                "alter table public.people rename column full_name to name",
                "alter table public.people rename to users"
            ]
        );
    }
}

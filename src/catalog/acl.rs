//! Privileges on an object, as a set: who may do what, and who may pass it on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::default_privileges::word;
use super::{Catalog, Id, Kind};

/// Whom a privilege is given to.
///
/// The owner is a word and no name, so that databases whose owners are called differently compare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grantee {
    /// The object's owner.
    Owner,
    /// Everybody.
    Public,
    /// A role.
    Role(String),
}

/// One privilege of somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Privilege {
    /// Who has it.
    pub to: Grantee,
    /// What, as SQL says it: `SELECT`.
    pub what: String,
    /// Whether it may be passed on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub grantable: bool,
}

/// The privileges on an object, those that hold where nothing was ever granted included.
pub type Acl = BTreeSet<Privilege>;

/// The letters of `aclitem`: <https://www.postgresql.org/docs/18/ddl-priv.html>.
const LETTERS: [(char, &str); 15] = [
    ('r', "SELECT"),
    ('w', "UPDATE"),
    ('a', "INSERT"),
    ('d', "DELETE"),
    ('D', "TRUNCATE"),
    ('x', "REFERENCES"),
    ('t', "TRIGGER"),
    ('m', "MAINTAIN"),
    ('X', "EXECUTE"),
    ('U', "USAGE"),
    ('C', "CREATE"),
    ('c', "CONNECT"),
    ('T', "TEMPORARY"),
    ('s', "SET"),
    ('A', "ALTER SYSTEM"),
];

/// What the owner may do with an object to which nothing was ever granted, and what everybody may.
///
/// `version` is the server's major version: `MAINTAIN` is there from 17 on.
pub fn preset(kind: Kind, version: u32) -> Acl {
    let (owner, public): (&[&str], &[&str]) = match kind {
        Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView => {
            (&["SELECT", "UPDATE", "INSERT", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"], &[])
        }
        Kind::Sequence => (&["SELECT", "UPDATE", "USAGE"], &[]),
        Kind::Schema => (&["USAGE", "CREATE"], &[]),
        Kind::Function | Kind::Procedure | Kind::Aggregate => (&["EXECUTE"], &["EXECUTE"]),
        Kind::Language | Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range | Kind::BaseType => {
            (&["USAGE"], &["USAGE"])
        }
        Kind::ForeignDataWrapper | Kind::Server => (&["USAGE"], &[]),
        _ => (&[], &[]),
    };
    let all = |to: Grantee, what: &[&str]| {
        let known = what.iter().filter(|what| **what != "MAINTAIN" || version >= 17);
        known.map(|what| Privilege { to: to.clone(), what: (*what).to_owned(), grantable: false }).collect::<Vec<_>>()
    };
    all(Grantee::Owner, owner).into_iter().chain(all(Grantee::Public, public)).collect()
}

/// The privileges on an object right after a role has made it, where a state's default privileges hold.
///
/// Those that hold everywhere stand in place of PostgreSQL's own, those of the schema come in addition.
pub fn at_creation(id: &Id, state: &Catalog, role: &str) -> Acl {
    let defaults = |schema: &str| {
        let id = Id::part(Kind::DefaultPrivileges, schema, role, word(id.kind)?);
        state.get(&id).map(|entry| entry.acl.clone())
    };
    let everywhere = defaults("").unwrap_or_else(|| preset(id.kind, state.version));
    let here = if id.schema.is_empty() { None } else { defaults(&id.schema) };
    join(everywhere.into_iter().chain(here.into_iter().flatten()))
}

/// The privileges when the object has been given to another owner, who then has what he had as a role too.
pub fn given(acl: &Acl, owner: &str) -> Acl {
    join(acl.iter().cloned().map(|it| match &it.to {
        Grantee::Role(name) if name == owner => Privilege { to: Grantee::Owner, ..it },
        _ => it,
    }))
}

/// Privileges as a set: what may be passed on hides the same that may not.
fn join(all: impl Iterator<Item = Privilege>) -> Acl {
    let mut acl: Acl = all.collect();
    let plain: Vec<_> =
        acl.iter().filter(|it| it.grantable).map(|it| Privilege { grantable: false, ..it.clone() }).collect();
    for it in &plain {
        acl.remove(it);
    }
    acl
}

/// Reads items as a catalog holds them: `role=arw*/grantor`, names quoted where they have to be. Who granted is left out.
pub fn parse(items: &[String], owner: &str) -> Acl {
    items.iter().flat_map(|item| parse_item(item, owner)).collect()
}

/// Whom the items are about, in their order.
pub fn grantees(items: &[String], owner: &str) -> Vec<Grantee> {
    items.iter().map(|item| whom(name(item).0, owner)).collect()
}

fn whom(name: String, owner: &str) -> Grantee {
    match name {
        name if name.is_empty() => Grantee::Public,
        name if name == owner => Grantee::Owner,
        name => Grantee::Role(name),
    }
}

fn parse_item(item: &str, owner: &str) -> Vec<Privilege> {
    let (name, rest) = name(item);
    let to = whom(name, owner);
    let letters = rest.strip_prefix('=').unwrap_or(rest);
    let letters = letters.split('/').next().unwrap_or_default();
    let mut privileges: Vec<Privilege> = Vec::new();
    for letter in letters.chars() {
        if letter == '*' {
            if let Some(last) = privileges.last_mut() {
                last.grantable = true;
            }
        } else if let Some((_, what)) = LETTERS.iter().find(|(known, _)| *known == letter) {
            privileges.push(Privilege { to: to.clone(), what: (*what).to_owned(), grantable: false });
        }
    }
    privileges
}

/// The name at the beginning of an item, and what follows.
fn name(item: &str) -> (String, &str) {
    let Some(quoted) = item.strip_prefix('"') else {
        let end = item.find('=').unwrap_or(item.len());
        return (item[..end].to_owned(), &item[end..]);
    };
    let mut name = String::new();
    let mut rest = quoted;
    while let Some(at) = rest.find('"') {
        name.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(more) = rest.strip_prefix('"') else { break };
        name.push('"');
        rest = more;
    }
    (name, rest)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalog::{DefaultPrivileges, Entry, Object};

    #[test]
    fn an_object_has_the_default_privileges_of_who_makes_it() {
        let item = |item: &str| parse(&[item.to_owned()], "maker");
        let mut state = Catalog { version: 15, ..Catalog::default() };
        for (schema, role, acl) in
            [("", "maker", "maker=r/maker"), ("app", "maker", "reader=r*/maker"), ("app", "other", "=r/other")]
        {
            let entry = Entry {
                object: Object::DefaultPrivileges(DefaultPrivileges {}),
                owner: String::new(),
                acl: item(acl),
                grantees: Vec::new(),
                comment: None,
                labels: BTreeMap::new(),
            };
            state.entries.insert(Id::part(Kind::DefaultPrivileges, schema, role, "tables"), entry);
        }
        let made = |schema: &str| at_creation(&Id::new(Kind::View, schema, "v"), &state, "maker");
        assert_eq!(made("public"), item("maker=r/maker"));
        assert_eq!(made("app"), parse(&["maker=r/maker".to_owned(), "reader=r*/maker".to_owned()], "maker"));
        assert_eq!(given(&made("app"), "reader"), item("maker=r*/maker"));
        assert_eq!(at_creation(&Id::new(Kind::Enum, "app", "e"), &state, "maker"), preset(Kind::Enum, 15));
    }

    #[test]
    fn reads_items_as_the_server_writes_them() {
        let items = ["=r/o", "o=arwdDxt/o", "\"a \"\"b=\"=r*w/o"].map(str::to_owned);
        let acl = parse(&items, "o");
        let of = |to: &Grantee| acl.iter().filter(|it| it.to == *to).map(|it| it.what.as_str()).collect::<Vec<_>>();
        assert_eq!(of(&Grantee::Public), ["SELECT"]);
        assert_eq!(of(&Grantee::Owner).len(), 7);
        let role = Grantee::Role("a \"b=".to_owned());
        assert_eq!(of(&role), ["SELECT", "UPDATE"]);
        assert!(acl.contains(&Privilege { to: role, what: "SELECT".to_owned(), grantable: true }));
    }
}

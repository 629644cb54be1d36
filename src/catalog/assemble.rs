//! A catalog made of what the queries gave.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::acl::{self, Acl};
use super::{Catalog, Entry, Id, Kind, Object};

/// A row of an object's query.
#[derive(Debug, Clone)]
pub struct RawObject {
    /// What it is.
    pub kind: Kind,
    /// The system catalog its oid is of.
    pub class: &'static str,
    /// Its oid.
    pub oid: u32,
    /// The number of a column, or zero.
    pub part_number: i32,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The rest of its name.
    pub part: String,
    /// Its owner.
    pub owner: Option<String>,
    /// Its privileges as the catalog has them; none where nothing was ever granted.
    pub acl: Option<Vec<String>>,
    /// What is its own, as JSON.
    pub object: String,
}

/// A row of `pg_depend`, the catalogs by name.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The catalog of the object that needs.
    pub class: String,
    /// Its oid.
    pub oid: u32,
    /// The number of its column, or zero.
    pub part: i32,
    /// The catalog of the object that is needed.
    pub needs_class: String,
    /// Its oid.
    pub needs_oid: u32,
    /// The number of its column, or zero.
    pub needs_part: i32,
    /// How: <https://www.postgresql.org/docs/18/catalog-pg-depend.html>.
    pub how: char,
}

/// All that the queries gave.
#[derive(Debug, Clone, Default)]
pub struct Raw {
    /// The server's major version.
    pub version: u32,
    /// The role that asked.
    pub user: String,
    /// The objects.
    pub objects: Vec<RawObject>,
    /// What needs what.
    pub dependencies: Vec<Dependency>,
    /// Comments: catalog, oid, column, text.
    pub comments: Vec<(String, u32, i32, String)>,
    /// Security labels: catalog, oid, column, provider, text.
    pub labels: Vec<(String, u32, i32, String, String)>,
    /// What no query asks for, in words.
    pub unknown: BTreeSet<String>,
}

type Key = (String, u32, i32);

/// Makes the catalog. `is_inside` says of an object that is no extension's whether it is wanted.
///
/// # Errors
/// Fails where a query gave what its struct does not know.
pub fn assemble(raw: &Raw, is_inside: impl Fn(&Id) -> bool) -> Result<Catalog, serde_json::Error> {
    let mut catalog =
        Catalog { version: raw.version, user: raw.user.clone(), unknown: raw.unknown.clone(), ..Catalog::default() };
    let members = members(raw);
    let mut known: HashMap<Key, Id> = HashMap::with_capacity(raw.objects.len());
    for row in &raw.objects {
        let id = Id::part(row.kind, row.schema.clone(), row.name.clone(), row.part.clone());
        if members.contains(&(row.class, row.oid)) {
            catalog.outside.insert(id);
            continue;
        }
        known.insert((row.class.to_owned(), row.oid, row.part_number), id.clone());
        if !is_inside(&id) {
            catalog.outside.insert(id);
            continue;
        }
        let owner = row.owner.clone().unwrap_or_default();
        let entry = Entry {
            object: Object::parse(row.kind, &row.object)?,
            acl: acl_of(row, &owner, raw.version),
            // What belongs to a role by its name, and what belongs to its table's owner, is never given away.
            owner: if matches!(row.kind, Kind::Column | Kind::DefaultPrivileges) { String::new() } else { owner },
            grantees: acl::grantees(row.acl.as_deref().unwrap_or_default(), row.owner.as_deref().unwrap_or_default()),
            comment: None,
            labels: BTreeMap::new(),
        };
        catalog.entries.insert(id, entry);
    }
    let keep = |key: Key, put: &mut dyn FnMut(&mut Entry), catalog: &mut Catalog| {
        if let Some(entry) = known.get(&key).and_then(|id| catalog.entries.get_mut(id)) {
            put(entry);
        }
    };
    for (class, oid, part, text) in &raw.comments {
        keep((class.clone(), *oid, *part), &mut |entry| entry.comment = Some(text.clone()), &mut catalog);
    }
    for (class, oid, part, provider, text) in &raw.labels {
        let mut put = |entry: &mut Entry| {
            entry.labels.insert(provider.clone(), text.clone());
        };
        keep((class.clone(), *oid, *part), &mut put, &mut catalog);
    }
    catalog.needs = needs(&raw.dependencies, &known);
    Ok(catalog)
}

/// The objects that extensions have brought, with what belongs to their tables; a trigger or a policy on such a table is
/// the user's.
fn members(raw: &Raw) -> HashSet<(&str, u32)> {
    let mut members: HashSet<(&str, u32)> =
        raw.dependencies.iter().filter(|it| it.how == 'e').map(|it| (it.class.as_str(), it.oid)).collect();
    let parts = ["pg_attrdef", "pg_class", "pg_constraint", "pg_rewrite", "pg_statistic_ext"];
    let of_members: Vec<_> = raw
        .dependencies
        .iter()
        .filter(|it| matches!(it.how, 'a' | 'i') && parts.contains(&it.class.as_str()))
        .filter(|it| members.contains(&(it.needs_class.as_str(), it.needs_oid)))
        .map(|it| (it.class.as_str(), it.oid))
        .collect();
    members.extend(of_members);
    members
}

fn acl_of(row: &RawObject, owner: &str, version: u32) -> Acl {
    match &row.acl {
        Some(items) => acl::parse(items, owner),
        None => acl::preset(row.kind, version),
    }
}

/// What each object needs. What belongs inside another (the index of a constraint, the row type of a table, the rule of
/// a view, an array type) stands for it, and an extension for what it has brought.
fn needs(dependencies: &[Dependency], known: &HashMap<Key, Id>) -> BTreeMap<Id, BTreeSet<Id>> {
    let mut inside: HashMap<(&str, u32), (&str, u32, i32)> = HashMap::new();
    for it in dependencies.iter().filter(|it| it.part == 0) {
        let is_inner = matches!(it.how, 'i' | 'e') || it.how == 'a' && it.class == "pg_attrdef";
        if is_inner && !known.contains_key(&(it.class.clone(), it.oid, 0)) {
            inside.insert((&it.class, it.oid), (&it.needs_class, it.needs_oid, it.needs_part));
        }
    }
    let find = |class: &str, oid: u32, part: i32| {
        let (mut class, mut oid, mut part) = (class, oid, part);
        // What stands inside something that stands inside something: an array of a table's rows.
        for _ in 0..4 {
            let here = |part| known.get(&(class.to_owned(), oid, part));
            if let Some(id) = here(part).or_else(|| here(0)) {
                return Some(id);
            }
            (class, oid, part) = *inside.get(&(class, oid))?;
        }
        None
    };
    let mut needs: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for it in dependencies.iter().filter(|it| it.how != 'e') {
        let (Some(id), Some(needed)) =
            (find(&it.class, it.oid, it.part), find(&it.needs_class, it.needs_oid, it.needs_part))
        else {
            continue;
        };
        // A sequence is there before the column that owns it: its default needs the sequence. That of an identity column
        // is made with it.
        let is_owner = it.how == 'a' && id.kind == Kind::Sequence && matches!(needed.kind, Kind::Table | Kind::Column);
        if id != needed && !is_owner {
            needs.entry(id.clone()).or_default().insert(needed.clone());
        }
    }
    needs
}

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
    leave_out_inner_triggers(&mut catalog);
    columns_need_relations(&mut catalog);
    attributes(&mut catalog);
    shells(&mut catalog);
    need_casts(&mut catalog);
    catalog.settle_inheritance();
    Ok(catalog)
}

/// A trigger on a table that is left out, with a function of that table's schema, is whoever's the schema is.
fn leave_out_inner_triggers(catalog: &mut Catalog) {
    let is_inner = |id: &Id| {
        let needed = || catalog.needs.get(id).into_iter().flatten();
        let is_outside =
            |kind: Kind| needed().any(|it| it.kind == kind && it.schema == id.schema && catalog.outside.contains(it));
        id.kind == Kind::Trigger && is_outside(Kind::Function) && is_outside(Kind::Table)
    };
    let inner: Vec<Id> = catalog.entries.keys().filter(|id| is_inner(id)).cloned().collect();
    for id in inner {
        catalog.entries.remove(&id);
        catalog.outside.insert(id);
    }
}

/// A composite type needs what its attributes need: it is made in one statement. They are made with it.
fn attributes(catalog: &mut Catalog) {
    for id in catalog.entries.keys().filter(|id| id.kind == Kind::Composite) {
        let columns: Vec<Id> = catalog.parts(id, Kind::Column).map(|(id, _)| id.clone()).collect();
        for column in columns {
            let needed = catalog.needs.get(&column).cloned().unwrap_or_default();
            catalog.needs.entry(id.clone()).or_default().extend(needed.into_iter().filter(|it| it != id));
            catalog.needs.entry(column).or_default().insert(id.clone());
        }
    }
}

/// A type and its functions need each other; the functions do with the type's shell.
fn shells(catalog: &mut Catalog) {
    for shell in catalog.entries.keys().filter(|id| id.kind == Kind::BaseType && id.part == "shell") {
        let whole = [Kind::BaseType, Kind::Range].map(|kind| shell.beside(kind, ""));
        let Some(whole) = whole.into_iter().find(|id| catalog.entries.contains_key(id)) else { continue };
        let needed = catalog.needs.get(&whole).cloned().unwrap_or_default();
        for id in &needed {
            if let Some(needs) = catalog.needs.get_mut(id)
                && needs.remove(&whole)
            {
                needs.insert(shell.clone());
            }
        }
        let schemas = needed.iter().filter(|id| id.kind == Kind::Schema).cloned().collect();
        catalog.needs.insert(shell.clone(), schemas);
        catalog.needs.entry(whole).or_default().insert(shell.clone());
    }
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

/// A column is made, changed and goes with its relation, which `pg_depend` need not say.
fn columns_need_relations(catalog: &mut Catalog) {
    let relations = [Kind::Table, Kind::ForeignTable, Kind::View, Kind::MaterializedView, Kind::Composite];
    let Catalog { entries, needs, .. } = catalog;
    for column in entries.keys().filter(|id| id.kind == Kind::Column) {
        let relation = relations.iter().map(|kind| column.beside(*kind, "")).find(|id| entries.contains_key(id));
        needs.entry(column.clone()).or_default().extend(relation);
    }
}

/// What each object needs. What belongs inside another (the index of a constraint, the row type of a table, the rule of
/// a view, an array type) stands for it, and an extension for what it has brought.
fn needs(dependencies: &[Dependency], known: &HashMap<Key, Id>) -> BTreeMap<Id, BTreeSet<Id>> {
    let mut inside: HashMap<(&str, u32), (&str, u32, i32)> = HashMap::new();
    for it in dependencies.iter().filter(|it| it.part == 0) {
        let is_inner = matches!(it.how, 'i' | 'e')
            || it.how == 'a' && it.class == "pg_attrdef"
            // Members of an operator class or of a family, which an access method may let go more easily.
            || it.how == 'a'
                && matches!(it.class.as_str(), "pg_amop" | "pg_amproc")
                && matches!(it.needs_class.as_str(), "pg_opclass" | "pg_opfamily");
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

/// What was made with a cast needs the cast's function, as far as the server knows; as text it says the cast.
fn need_casts(catalog: &mut Catalog) {
    let mut casts: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for (id, needs) in catalog.needs.iter().filter(|(id, _)| id.kind == Kind::Cast) {
        for function in needs.iter().filter(|needed| needed.kind == Kind::Function) {
            casts.entry(function.clone()).or_default().insert(id.clone());
        }
    }
    let readers = [
        Kind::Function,
        Kind::Procedure,
        Kind::Default,
        Kind::Index,
        Kind::Statistics,
        Kind::View,
        Kind::MaterializedView,
        Kind::Rule,
        Kind::Trigger,
        Kind::Policy,
    ];
    for (_, needs) in catalog.needs.iter_mut().filter(|(id, _)| readers.contains(&id.kind)) {
        let found: Vec<Id> = needs.iter().filter_map(|needed| casts.get(needed)).flatten().cloned().collect();
        needs.extend(found);
    }
}

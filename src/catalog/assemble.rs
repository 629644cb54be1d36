//! A catalog made of what the queries gave.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::acl;
use super::dependant::relation;
use super::{Catalog, Column, Dependant, Entry, Id, Kind, Object};

/// A row of an object's query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawObject {
    /// The system catalog its oid is of.
    pub class: u32,
    /// Its oid.
    pub oid: u32,
    /// The number of a column, or zero.
    pub part_number: i32,
    /// What it is called.
    pub id: Id,
    /// Its owner.
    pub owner: Option<String>,
    /// Its privileges as the catalog has them; none where nothing was ever granted.
    pub acl: Option<Vec<String>>,
    /// What is its own.
    pub object: Object,
}

/// A row of `pg_depend`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dependency {
    /// The catalog of the object that needs.
    pub class: u32,
    /// Its oid.
    pub oid: u32,
    /// The number of its column, or zero.
    pub part: i32,
    /// The catalog of the object that is needed.
    pub needs_class: u32,
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
    /// The oids of the system catalogs by their names.
    pub classes: HashMap<String, u32>,
    /// The objects, by kind.
    pub objects: Vec<Vec<RawObject>>,
    /// What needs what.
    pub dependencies: Vec<Dependency>,
    /// Comments: catalog, oid, column, text.
    pub comments: Vec<(u32, u32, i32, String)>,
    /// Security labels: catalog, oid, column, provider, text.
    pub labels: Vec<(u32, u32, i32, String, String)>,
    /// What no query asks for, in words.
    pub unknown: BTreeSet<String>,
}

impl Raw {
    /// The oid of a system catalog.
    fn class(&self, name: &str) -> u32 {
        self.classes.get(name).copied().unwrap_or_default()
    }

    /// Indexes, statistics and owned sequences that are left out, by themselves or with their relation.
    pub fn left_out(&self, is_inside: impl Fn(&Id) -> bool) -> Vec<&Id> {
        let rows = self.objects.iter().flatten();
        let is_out = |row: &&RawObject| {
            relation(&row.id, &row.object).is_some_and(|relation| !is_inside(&relation) || !is_inside(&row.id))
        };
        rows.filter(is_out).map(|row| &row.id).collect()
    }
}

/// An object that others may need.
struct Known {
    id: Id,
    is_inside: bool,
}

/// The catalog, the oid and the number of the column of an object.
type Key = (u32, u32, i32);

/// Makes the catalog. `is_inside` says of an object that is no extension's whether it is wanted.
pub fn assemble(mut raw: Raw, is_inside: impl Fn(&Id) -> bool) -> Catalog {
    let members = members(&raw);
    let objects = std::mem::take(&mut raw.objects);
    let mut known: HashMap<Key, Known> = HashMap::with_capacity(objects.iter().map(Vec::len).sum());
    let mut catalog = Catalog { version: raw.version, ..Catalog::default() };
    for row in objects.into_iter().flatten() {
        let id = row.id.clone();
        let is_member = members.contains(&(row.class, row.oid));
        let is_inside =
            !is_member && is_inside(&id) && relation(&id, &row.object).is_none_or(|relation| is_inside(&relation));
        if !is_member {
            known.insert((row.class, row.oid, row.part_number), Known { id: id.clone(), is_inside });
        }
        if is_inside {
            catalog.entries.insert(id, entry(row, raw.version));
        } else {
            catalog.outside.insert(id);
        }
    }
    for (class, oid, part, text) in std::mem::take(&mut raw.comments) {
        if let Some(entry) = known.get(&(class, oid, part)).and_then(|it| catalog.entries.get_mut(&it.id)) {
            entry.comment = Some(text);
        }
    }
    for (class, oid, part, provider, text) in std::mem::take(&mut raw.labels) {
        if let Some(entry) = known.get(&(class, oid, part)).and_then(|it| catalog.entries.get_mut(&it.id)) {
            entry.labels.insert(provider, text);
        }
    }
    (catalog.needs, catalog.dependants) = needs(&raw, &known);
    catalog.user = raw.user;
    catalog.unknown = raw.unknown;
    leave_out_inner_triggers(&mut catalog);
    columns_need_relations(&mut catalog);
    attributes(&mut catalog);
    shells(&mut catalog);
    need_casts(&mut catalog);
    catalog.settle_inheritance();
    if catalog.version >= 18 {
        say_taken_names(&mut catalog);
    }
    catalog
}

fn entry(row: RawObject, version: u32) -> Entry {
    let owner = row.owner.unwrap_or_default();
    let acl = row.acl.as_ref().map_or_else(|| acl::preset(row.id.kind, version), |items| acl::parse(items, &owner));
    Entry {
        object: row.object,
        acl,
        grantees: acl::grantees(row.acl.as_deref().unwrap_or_default(), &owner),
        // What belongs to a role by its name, and what belongs to its table's owner, is never given away.
        owner: if matches!(row.id.kind, Kind::Column | Kind::DefaultPrivileges) { String::new() } else { owner },
        comment: None,
        labels: BTreeMap::new(),
    }
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

/// A name that `not null` of a column would have by itself is said where something else of its schema has it too: whatever
/// is made second would be given another one.
fn say_taken_names(catalog: &mut Catalog) {
    let not_null = |entry: &Entry| match &entry.object {
        Object::Column(column) => column.not_null.clone(),
        _ => None,
    };
    let mut taken: HashSet<(String, String)> = HashSet::new();
    for (id, entry) in &catalog.entries {
        let name =
            if id.kind == Kind::Constraint { Some(id.part.clone()) } else { not_null(entry).and_then(|it| it.name) };
        taken.extend(name.map(|name| (id.schema.clone(), name)));
    }
    for (id, entry) in catalog.entries.iter_mut().filter(|(id, _)| id.kind == Kind::Column) {
        if let Object::Column(Column { not_null: Some(it), .. }) = &mut entry.object
            && it.name.is_none()
        {
            let name = format!("{}_{}_not_null", id.name, id.part);
            it.name = Some(name).filter(|name| taken.contains(&(id.schema.clone(), name.clone())));
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
fn members(raw: &Raw) -> HashSet<(u32, u32)> {
    let mut members: HashSet<(u32, u32)> =
        raw.dependencies.iter().filter(|it| it.how == 'e').map(|it| (it.class, it.oid)).collect();
    let parts =
        ["pg_attrdef", "pg_class", "pg_constraint", "pg_rewrite", "pg_statistic_ext"].map(|name| raw.class(name));
    let of_members: Vec<_> = raw
        .dependencies
        .iter()
        .filter(|it| matches!(it.how, 'a' | 'i') && parts.contains(&it.class))
        .filter(|it| members.contains(&(it.needs_class, it.needs_oid)))
        .map(|it| (it.class, it.oid))
        .collect();
    members.extend(of_members);
    members
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
/// a view, an array type) stands for it, and an extension for what it has brought. What is left out and needs what is not
/// is given apart too.
fn needs(raw: &Raw, known: &HashMap<Key, Known>) -> (BTreeMap<Id, BTreeSet<Id>>, BTreeSet<Dependant>) {
    let default = raw.class("pg_attrdef");
    let members = ["pg_amop", "pg_amproc"].map(|name| raw.class(name));
    let classes = ["pg_opclass", "pg_opfamily"].map(|name| raw.class(name));
    let mut inside: HashMap<(u32, u32), Key> = HashMap::new();
    for it in raw.dependencies.iter().filter(|it| it.part == 0) {
        let is_inner = matches!(it.how, 'i' | 'e')
            || it.how == 'a' && it.class == default
            // Members of an operator class or of a family, which an access method may let go more easily.
            || it.how == 'a'
                && members.contains(&it.class)
                && classes.contains(&it.needs_class);
        if is_inner && !known.contains_key(&(it.class, it.oid, 0)) {
            inside.insert((it.class, it.oid), (it.needs_class, it.needs_oid, it.needs_part));
        }
    }
    let find = |class: u32, oid: u32, part: i32| {
        let (mut class, mut oid, mut part) = (class, oid, part);
        // What stands inside something that stands inside something: an array of a table's rows.
        for _ in 0..4 {
            let here = |part| known.get(&(class, oid, part));
            if let Some(it) = here(part).or_else(|| here(0)) {
                return Some(it);
            }
            (class, oid, part) = *inside.get(&(class, oid))?;
        }
        None
    };
    let mut needs: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    let mut dependants = BTreeSet::new();
    for it in raw.dependencies.iter().filter(|it| it.how != 'e') {
        let (Some(dependant), Some(other)) =
            (find(it.class, it.oid, it.part), find(it.needs_class, it.needs_oid, it.needs_part))
        else {
            continue;
        };
        let (id, needed) = (&dependant.id, &other.id);
        if !dependant.is_inside && other.is_inside {
            // Normal dependencies stand in the way of `drop`, all others follow it.
            let goes_with = it.how != 'n';
            dependants.insert(Dependant { on: needed.clone(), id: id.clone(), goes_with });
        }
        // A sequence is there before the column that owns it: its default needs the sequence. That of an identity column
        // is made with it.
        let is_owner = it.how == 'a' && id.kind == Kind::Sequence && matches!(needed.kind, Kind::Table | Kind::Column);
        if id != needed && !is_owner {
            needs.entry(id.clone()).or_default().insert(needed.clone());
        }
    }
    (needs, dependants)
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

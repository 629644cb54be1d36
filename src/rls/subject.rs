//! Whose the rows of each table are: a tenant's, a user's, nobody's; by foreign keys first, by names and policies then.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{Facts, Reading};
use super::settings::Settings;
use super::tenant::tenant_table;
use crate::catalog::{Catalog, Column, Constraint, ConstraintType, Id, Kind, Object, scope::is_called};

/// What columns that name the tenant are called, where no foreign key says so.
const TENANT_COLUMNS: [&str; 11] = [
    "org_id",
    "organization_id",
    "organisation_id",
    "tenant_id",
    "workspace_id",
    "team_id",
    "company_id",
    "account_id",
    "org",
    "tenant",
    "tenant_uuid",
];

/// What tables of users are called, where the platform has none.
const USER_TABLES: [&str; 6] = ["users", "user", "app_users", "people", "profiles", "members"];

/// What columns that name the user are called, where no foreign key says so.
const USER_COLUMNS: [&str; 11] = [
    "user_id",
    "owner_id",
    "created_by",
    "author_id",
    "profile_id",
    "owner",
    "user_uuid",
    "creator_id",
    "uid",
    "owner_user_id",
    "auth_user_id",
];

/// Columns that say who has touched a row last, which is not whose it is.
const TOUCHED: [&str; 8] = [
    "updated_by",
    "modified_by",
    "deleted_by",
    "approved_by",
    "reviewed_by",
    "invited_by",
    "assigned_by",
    "last_modified_by",
];

/// Whose the rows of a table are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// It is the table of tenants.
    Tenants,
    /// It is a table of users.
    Users,
    /// The tenant's that a column names; the user's too, where another names him: a membership.
    Tenant(String),
    /// The user's that a column names.
    User(String),
    /// Those of the row that a foreign key refers to.
    Through(Id),
    /// Nobody's.
    Shared,
}

/// A table, and whose its rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The table.
    pub table: Id,
    /// Whose its rows are.
    pub relation: Relation,
    /// The column that names the tenant.
    pub tenant: Option<String>,
    /// The columns that name users.
    pub users: Vec<String>,
    /// Whether row-level security is on.
    pub row_security: bool,
    /// Whether it holds for the owner too.
    pub forced: bool,
    /// The partitioned table that it is a part of.
    pub parent: Option<Id>,
    /// Where it is said that everybody may read it.
    pub public: Option<String>,
}

impl Subject {
    /// Whether its rows are somebody's.
    pub fn is_owned(&self) -> bool {
        self.relation != Relation::Shared
    }

    /// Whether it says which user belongs to which tenant.
    pub fn is_membership(&self) -> bool {
        self.tenant.is_some() && !self.users.is_empty()
    }
}

/// The tables that clients reach, and those that say who they are.
#[derive(Debug, Clone, Default)]
pub struct Subjects {
    /// The table of tenants.
    pub tenants: Option<Id>,
    /// The table of users.
    pub users: Option<Id>,
    /// The tables of the exposed schemas.
    pub tables: Vec<Subject>,
    /// Every other table whose rows are somebody's, by the columns that say so.
    pub behind: Vec<Subject>,
}

impl Subjects {
    /// Finds them.
    pub fn find(catalog: &Catalog, facts: &Facts, settings: &Settings) -> Self {
        let tables: Vec<&Id> = catalog.entries.keys().filter(|id| is_users_own(id)).collect();
        let users = user_table(catalog, &tables, settings);
        let tenants = tenant_table(catalog, facts, &tables, users.as_ref(), settings);
        let mut found: BTreeMap<&Id, Subject> = BTreeMap::new();
        let keys = foreign_keys(catalog);
        let mirrors: BTreeSet<&Id> =
            tables.iter().copied().filter(|id| is_mirror(catalog, facts, id, users.as_ref(), &keys)).collect();
        for id in &tables {
            let Some(Object::Table(table)) = catalog.get(id).map(|entry| &entry.object) else { continue };
            let tenant = tenant_column(catalog, facts, settings, id, tenants.as_ref(), &keys);
            let users_of =
                user_columns((catalog, facts, settings), id, (users.as_ref(), &mirrors), &keys, tenant.as_deref());
            let relation = if tenants.as_ref() == Some(*id) {
                Relation::Tenants
            } else if users.as_ref() == Some(*id) || mirrors.contains(id) {
                Relation::Users
            } else if let Some(column) = &tenant {
                Relation::Tenant(column.clone())
            } else if let Some(column) = users_of.first() {
                Relation::User(column.clone())
            } else {
                Relation::Shared
            };
            let parents = catalog.parents(id);
            let parent = parents.iter().find(|(_, it)| it.bound.is_some()).map(|(_, it)| it.parent_id());
            found.insert(
                id,
                Subject {
                    table: (*id).clone(),
                    relation,
                    tenant,
                    users: users_of,
                    row_security: table.row_security,
                    forced: table.force_row_security,
                    parent,
                    public: None,
                },
            );
        }
        follow(catalog, &mut found, &keys);
        let is_exposed = |id: &Id| settings.schemas.iter().any(|word| is_called(word, &id.schema));
        let (exposed, mut behind): (Vec<_>, Vec<_>) = found.into_values().partition(|it| is_exposed(&it.table));
        // The platform's users are somebody's too, for what reads them on another way.
        if let Some(table) = users.as_ref().filter(|id| !is_users_own(id)) {
            let users = primary_key(catalog, table).unwrap_or_default();
            let relation = Relation::Users;
            let (table, tenant, parent, public) = (table.clone(), None, None, None);
            behind.push(Subject { table, relation, tenant, users, row_security: true, forced: false, parent, public });
        }
        Self { tenants, users, tables: exposed, behind }
    }

    /// Every table whose rows are somebody's or that clients reach.
    pub fn all(&self) -> impl Iterator<Item = &Subject> {
        self.tables.iter().chain(&self.behind)
    }

    /// A table.
    pub fn get(&self, table: &Id) -> Option<&Subject> {
        self.all().find(|it| it.table == *table)
    }
}

/// Lets tables be those of the rows that their foreign keys refer to, and partitions what their tables are.
fn follow(catalog: &Catalog, found: &mut BTreeMap<&Id, Subject>, keys: &[ForeignKey<'_>]) {
    loop {
        let mut changed = Vec::new();
        for (id, subject) in found.iter() {
            if subject.is_owned() {
                continue;
            }
            let parent = catalog.parents(id).first().map(|(_, it)| it.parent_id());
            if let Some(of) = parent.as_ref().and_then(|parent| found.get(parent)).filter(|it| it.is_owned()) {
                changed.push(((*id).clone(), of.relation.clone(), of.tenant.clone(), of.users.clone()));
                continue;
            }
            let through = keys.iter().filter(|key| key.table == **id && key.to != **id).find(|key| {
                let is_touch = key.columns.iter().all(|column| TOUCHED.contains(&column.as_str()));
                !is_touch && found.get(&key.to).is_some_and(Subject::is_owned)
            });
            if let Some(key) = through {
                changed.push(((*id).clone(), Relation::Through(key.to.clone()), None, Vec::new()));
            }
        }
        if changed.is_empty() {
            return;
        }
        for (id, relation, tenant, users) in changed {
            if let Some(subject) = found.get_mut(&id) {
                subject.relation = relation;
                subject.tenant = subject.tenant.take().or(tenant);
                if subject.users.is_empty() {
                    subject.users = users;
                }
            }
        }
    }
}

/// Whether a table is one of the project's: not PostgreSQL's, not the platform's, not dbctl's.
pub(super) fn is_users_own(id: &Id) -> bool {
    id.kind == Kind::Table && crate::catalog::Scope::default().contains(id)
}

/// A foreign key of one table to another.
pub struct ForeignKey<'a> {
    /// Where it stands.
    pub table: Id,
    /// Its columns.
    pub columns: &'a [String],
    /// The table that it refers to.
    pub to: Id,
}

/// The foreign keys of all tables.
pub fn foreign_keys(catalog: &Catalog) -> Vec<ForeignKey<'_>> {
    let constraint = |id: &Id, it: &'_ Constraint| {
        let (schema, name) = it.references.as_ref()?;
        (it.what == ConstraintType::Foreign && !it.of_domain)
            .then(|| (Id::new(Kind::Table, &id.schema, &id.name), Id::new(Kind::Table, schema, name)))
    };
    let mut keys = Vec::new();
    for (id, entry) in &catalog.entries {
        if let Object::Constraint(it) = &entry.object
            && let Some((table, to)) = constraint(id, it)
        {
            keys.push(ForeignKey { table, columns: &it.columns, to });
        }
    }
    keys
}

pub(super) fn named(catalog: &Catalog, tables: &[&Id], word: &str) -> Option<Id> {
    let (schema, name) = word.rsplit_once('.').map_or((None, word), |(schema, name)| (Some(schema), name));
    let is_it = |id: &&Id| id.name == name.trim_matches('"') && schema.is_none_or(|it| is_called(it, &id.schema));
    let whole = |id: &Id| catalog.entries.contains_key(id).then(|| id.clone());
    let there = tables.iter().copied().find(is_it).cloned();
    // A table of the platform may be meant too, such as `auth.users`.
    there.or_else(|| whole(&Id::new(Kind::Table, schema?, name)))
}

fn user_table(catalog: &Catalog, tables: &[&Id], settings: &Settings) -> Option<Id> {
    if let Some(word) = &settings.user_table
        && let Some(id) = named(catalog, tables, word)
    {
        return Some(id);
    }
    let of_platform = Id::new(Kind::Table, "auth", "users");
    if catalog.entries.contains_key(&of_platform) {
        return Some(of_platform);
    }
    USER_TABLES.iter().find_map(|name| tables.iter().find(|id| id.name == *name)).map(|id| (*id).clone())
}

/// Whether the key of a table is a user's: a table of profiles. A foreign key says so, or that policies compare it, or
/// what refers to it, with whoever asks.
fn is_mirror(catalog: &Catalog, facts: &Facts, id: &Id, users: Option<&Id>, keys: &[ForeignKey<'_>]) -> bool {
    let Some(key) = primary_key(catalog, id).filter(|key| key.len() == 1) else { return false };
    if users == Some(id) {
        return false;
    }
    let own = keys.iter().find(|it| it.table == *id && it.columns == key);
    if let Some(own) = own {
        return users == Some(&own.to);
    }
    let referring = || keys.iter().filter(|it| it.to == *id && it.columns.len() == 1);
    facts.of(id, &key[0]).any(is_user_reading) && USER_TABLES.contains(&id.name.as_str())
        || referring().any(|it| facts.of(&it.table, &it.columns[0]).any(is_user_reading))
}

/// The columns of a table's primary key.
pub fn primary_key(catalog: &Catalog, id: &Id) -> Option<Vec<String>> {
    catalog.parts(id, Kind::Constraint).find_map(|(_, entry)| match &entry.object {
        Object::Constraint(it) if it.what == ConstraintType::Primary => Some(it.columns.clone()),
        _ => None,
    })
}

fn tenant_column(
    catalog: &Catalog,
    facts: &Facts,
    settings: &Settings,
    id: &Id,
    tenants: Option<&Id>,
    keys: &[ForeignKey<'_>],
) -> Option<String> {
    let column = |name: &str| catalog.entries.contains_key(&id.beside(Kind::Column, name));
    if let Some(said) = &settings.tenant_column
        && column(said)
    {
        return Some(said.clone());
    }
    if tenants == Some(id) {
        return primary_key(catalog, id).filter(|key| key.len() == 1)?.pop();
    }
    let referring = keys.iter().find(|key| key.table == *id && tenants == Some(&key.to) && key.columns.len() == 1);
    if let Some(key) = referring {
        return key.columns.first().cloned();
    }
    let columns = catalog.columns(id);
    let compared = columns.iter().find(|(part, ..)| facts.of(id, &part.part).any(is_tenant_reading));
    let marked = columns.iter().find(|(part, ..)| facts.of(id, &part.part).any(is_mark));
    if let Some((part, ..)) = compared.or(marked) {
        return Some(part.part.clone());
    }
    // A name alone tells nothing where a foreign key says what the column is.
    let is_free = |name: &str| !keys.iter().any(|key| key.table == *id && key.columns.iter().any(|it| it == name));
    TENANT_COLUMNS.iter().find(|name| column(name) && is_free(name)).map(|name| (*name).to_owned())
}

/// Whether what is read of whoever asks names his tenant.
pub(super) fn is_tenant_reading(reading: &Reading) -> bool {
    match reading {
        Reading::Claim(path) => path.last().is_some_and(|name| is_tenant_word(name)),
        Reading::Setting(name) => is_tenant_word(name.rsplit('.').next().unwrap_or_default()),
        _ => false,
    }
}

/// Whether what is read is neither his tenant nor himself by its name, and may stand for either.
fn is_mark(reading: &Reading) -> bool {
    let name = match reading {
        Reading::Claim(path) => path.last().map(String::as_str),
        Reading::Setting(name) => name.rsplit('.').next(),
        _ => None,
    };
    let tells = ["role", "aal", "email", "aud", "scope", "type", "admin", "lang", "locale", "plan"];
    !is_user_reading(reading) && name.is_some_and(|name| !tells.iter().any(|word| name.contains(word)))
}

/// Whether what is read of whoever asks is his own id.
pub(super) fn is_user_reading(reading: &Reading) -> bool {
    match reading {
        Reading::User => true,
        Reading::Claim(path) => path.last().is_some_and(|name| is_user_word(name)),
        Reading::Setting(name) => is_user_word(name.rsplit('.').next().unwrap_or_default()),
        _ => false,
    }
}

fn is_tenant_word(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["tenant", "org", "workspace", "account", "company", "team", "customer", "client", "store", "school"]
        .iter()
        .any(|word| name.contains(word))
}

fn is_user_word(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "sub" || name == "uid" || name == "id" || name.contains("user") && !name.contains("role")
}

fn user_columns(
    (catalog, facts, settings): (&Catalog, &Facts, &Settings),
    id: &Id,
    (users, mirrors): (Option<&Id>, &BTreeSet<&Id>),
    keys: &[ForeignKey<'_>],
    tenant: Option<&str>,
) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        if Some(name) != tenant && !found.iter().any(|it| it == name) {
            found.push(name.to_owned());
        }
    };
    let columns = catalog.columns(id);
    if let Some(said) = &settings.user_column
        && columns.iter().any(|(part, ..)| part.part == *said)
    {
        add(said);
    }
    for (part, _, _) in &columns {
        if facts.of(id, &part.part).any(is_user_reading) {
            add(&part.part);
        }
    }
    if users == Some(id) || mirrors.contains(id) {
        primary_key(catalog, id).iter().filter(|key| key.len() == 1).flatten().for_each(|name| add(name));
        if users == Some(id) {
            return found;
        }
    }
    let is_touch = |name: &str| TOUCHED.contains(&name);
    for key in keys.iter().filter(|key| key.table == *id && key.columns.len() == 1) {
        let name = &key.columns[0];
        if (users == Some(&key.to) || mirrors.contains(&key.to)) && !is_touch(name) {
            add(name);
        }
    }
    let is_free = |name: &str| !keys.iter().any(|key| key.table == *id && key.columns.iter().any(|it| it == name));
    for (part, _, column) in &columns {
        if USER_COLUMNS.contains(&part.part.as_str()) && is_free(&part.part) && is_id(column) {
            add(&part.part);
        }
    }
    found
}

/// Whether a column can hold a user's id.
fn is_id(column: &Column) -> bool {
    matches!(column.data_type.as_str(), "uuid" | "bigint" | "integer" | "text")
        || column.data_type.starts_with("character varying")
}

#[cfg(test)]
mod tests;

//! Who asks: nobody, a user of either tenant, an administrator, the service; each with a role, claims and settings.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::admin::{AdminWay, is_word};
use super::owner::STAND_IN;
use super::read::{Facts, Reading};
use super::settings::{RoleSettings, Settings};
use super::subject::{Subjects, is_tenant_reading, is_user_reading};
use crate::catalog::{Catalog, Grantee, Id, Kind, Object};

/// What somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActorKind {
    /// Nobody has logged in.
    Anon,
    /// A user of a tenant.
    User,
    /// A user who says of himself what only others should say.
    Forger,
    /// An administrator of everything.
    Admin,
    /// An administrator of his tenant.
    TenantAdmin,
    /// The application's own service.
    Service,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// As people call it: `tenant A`.
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// The group whose rows are its own.
    pub group: Option<usize>,
    /// The role of the server.
    pub role: String,
    /// Settings of the session.
    pub settings: Vec<(String, String)>,
    /// What was assumed.
    pub assumed: Vec<String>,
}

/// A user, by group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The user's id.
    pub user: Option<String>,
    /// The tenant's.
    pub tenant: Option<String>,
}

/// A role of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerRole {
    /// Its name.
    pub name: String,
    /// Whether it is a superuser, or passes row-level security otherwise.
    pub bypasses: bool,
}

/// The actors, and why some are missing.
pub fn actors(
    catalog: &Catalog,
    facts: &Facts,
    subjects: &Subjects,
    settings: &Settings,
    people: &[Person],
    roles: &[ServerRole],
) -> (Vec<Actor>, Vec<(&'static str, String)>) {
    let mut made = Vec::new();
    let mut missing = Vec::new();
    let cast = Cast::of(catalog, subjects, settings, roles);
    let make = |name: &str, kind: ActorKind, group: Option<usize>, role: &str, assumed: Vec<String>| {
        let said = settings.roles.get(key_of(kind)).cloned().unwrap_or_default();
        let person = group.and_then(|group| people.get(group)).cloned().unwrap_or_default();
        let other = people.get(usize::from(group == Some(0))).cloned().unwrap_or_default();
        let role = said.role.clone().unwrap_or_else(|| role.to_owned());
        let settings = session(facts, settings, &said, kind, group, (&person, &other), &role);
        Actor { name: name.to_owned(), kind, group, role, settings, assumed }
    };
    match &cast.anon {
        Some(role) => made.push(make("anon", ActorKind::Anon, None, role, cast.said_of_anon.clone())),
        None => missing.push(("anon", "no role of the server stands for those who have not logged in".to_owned())),
    }
    if let Some(role) = &cast.user {
        made.push(make("tenant A", ActorKind::User, Some(0), role, cast.said_of_user.clone()));
        made.push(make("tenant B", ActorKind::User, Some(1), role, Vec::new()));
        if reads_own_words(facts) {
            let why = "writes tenant B and an administrator into his own user_metadata".to_owned();
            made.push(make("forger of A", ActorKind::Forger, Some(0), role, vec![why]));
        }
        let admin_role = cast.admin.as_ref().unwrap_or(role);
        let ways: Vec<String> = facts.admin.iter().map(|way| way_words(way)).collect();
        let is_configured = settings.roles.contains_key("admin") || cast.admin.is_some();
        if ways.is_empty() && !is_configured {
            missing.push((
                "admin",
                "no policy knows an administrator: no claim, column or role says so; `[rls.roles.admin]` can"
                    .to_owned(),
            ));
        } else {
            let is_platform = is_configured || facts.admin.iter().any(|way| is_of_platform(way, subjects));
            let kind = if is_platform { ActorKind::Admin } else { ActorKind::TenantAdmin };
            let mut assumed: Vec<String> = ways.iter().map(|way| format!("an administrator by {way}")).collect();
            if !is_platform {
                assumed.push("of one tenant only: the row that says so names a tenant".to_owned());
            }
            made.push(make("admin", kind, Some(2), admin_role, assumed));
        }
    }
    match &cast.service {
        Some(role) => made.push(make("service_role", ActorKind::Service, None, role, Vec::new())),
        None => missing.push(("service_role", "no role of the server passes row-level security".to_owned())),
    }
    (made, missing)
}

fn key_of(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Anon => "anon",
        ActorKind::User | ActorKind::Forger => "user",
        ActorKind::Admin | ActorKind::TenantAdmin => "admin",
        ActorKind::Service => "service_role",
    }
}

/// Whether anything is read of what users write about themselves.
fn reads_own_words(facts: &Facts) -> bool {
    facts.by_policy.values().flatten().chain(&facts.readings).any(is_own_word)
}

/// Whether what is read is what users write about themselves.
pub(super) fn is_own_word(reading: &Reading) -> bool {
    matches!(reading, Reading::Claim(path) if matches!(path.first().map(String::as_str), Some("user_metadata" | "raw_user_meta_data")))
}

fn is_of_platform(way: &AdminWay, subjects: &Subjects) -> bool {
    match way {
        AdminWay::Reading { .. } => true,
        AdminWay::Column { table, .. } => subjects.get(table).is_none_or(|it| it.tenant.is_none()),
    }
}

fn way_words(way: &AdminWay) -> String {
    let (of, value) = match way {
        AdminWay::Column { table, column, value } => (format!("{}.{column}", table.qualified()), value),
        AdminWay::Reading { reading: Reading::Claim(path), value } => (format!("claim {}", path.join(".")), value),
        AdminWay::Reading { reading: Reading::Setting(name), value } => (format!("setting {name}"), value),
        AdminWay::Reading { reading, value } => (format!("{reading:?}").to_lowercase(), value),
    };
    format!("{of} = {}", value.as_deref().map_or("true".to_owned(), |value| format!("'{value}'")))
}

/// Which roles of the server stand for whom.
#[derive(Debug, Default)]
struct Cast {
    anon: Option<String>,
    user: Option<String>,
    admin: Option<String>,
    service: Option<String>,
    said_of_anon: Vec<String>,
    said_of_user: Vec<String>,
}

impl Cast {
    fn of(catalog: &Catalog, subjects: &Subjects, settings: &Settings, roles: &[ServerRole]) -> Self {
        let there = |name: &str| roles.iter().any(|role| role.name == name).then(|| name.to_owned());
        if settings.is_supabase {
            return Self {
                anon: there("anon"),
                user: there("authenticated"),
                service: there("service_role"),
                ..Self::default()
            };
        }
        let named = of_policies_and_grants(catalog, subjects);
        let known: Vec<&ServerRole> = roles.iter().filter(|role| named.contains(&role.name)).collect();
        let find = |words: &[&str]| {
            let fits = |role: &&&ServerRole| words.iter().any(|word| role.name.to_lowercase().contains(word));
            known.iter().find(fits).map(|role| role.name.clone())
        };
        let anon = find(&["anon", "guest", "unauth", "visitor"]);
        let admin = find(&["admin"]).filter(|name| roles.iter().any(|role| role.name == *name && !role.bypasses));
        let service = known
            .iter()
            .find(|role| role.bypasses)
            .map(|role| role.name.clone())
            .or_else(|| find(&["service"]))
            .filter(|name| Some(name) != admin.as_ref());
        let is_taken = |name: &String| [&anon, &admin, &service].into_iter().any(|it| it.as_ref() == Some(name));
        let is_free = |name: &String| !is_taken(name) && roles.iter().any(|role| role.name == *name && !role.bypasses);
        let user = find(&["authenticated", "user", "app", "member", "web", "tenant"])
            .filter(|name| is_free(name))
            .or_else(|| known.iter().map(|role| role.name.clone()).find(|name| is_free(name)));
        let mut cast = Self { anon, user, admin, service, ..Self::default() };
        if cast.user.is_none() {
            cast.user = Some(STAND_IN.to_owned());
            cast.said_of_user.push(
                "no policy or grant names a role, so the application is taken to connect as the owner of the tables"
                    .to_owned(),
            );
        }
        if cast.anon.is_none() {
            cast.anon.clone_from(&cast.user);
            cast.said_of_anon.push("the same role as users, with none of their settings".to_owned());
        }
        cast
    }
}

/// The roles that policies and the privileges on the tables name.
fn of_policies_and_grants(catalog: &Catalog, subjects: &Subjects) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for subject in &subjects.tables {
        for (_, entry) in catalog.parts(&subject.table, Kind::Policy) {
            if let Object::Policy(policy) = &entry.object {
                named.extend(policy.roles.iter().filter(|role| *role != "public").cloned());
            }
        }
        let of = |id: &Id| catalog.get(id).map(|entry| entry.acl.clone()).unwrap_or_default();
        named.extend(of(&subject.table).into_iter().filter_map(|it| match it.to {
            Grantee::Role(name) => Some(name),
            _ => None,
        }));
    }
    named
}

/// The settings of a session.
fn session(
    facts: &Facts,
    settings: &Settings,
    said: &RoleSettings,
    kind: ActorKind,
    group: Option<usize>,
    (person, other): (&Person, &Person),
    role: &str,
) -> Vec<(String, String)> {
    let is_admin = matches!(kind, ActorKind::Admin | ActorKind::TenantAdmin);
    let is_somebody = group.is_some();
    let email = format!("{}@dbctl.test", ['a', 'b', 'c'][group.unwrap_or(0).min(2)]);
    let fill = |text: &str| {
        text.replace("{user}", person.user.as_deref().unwrap_or_default())
            .replace("{tenant}", person.tenant.as_deref().unwrap_or_default())
            .replace("{email}", &email)
    };
    let mut wanted: BTreeMap<String, String> = BTreeMap::new();
    let mut claims = Map::new();
    let reads_token = settings.is_supabase || facts.readings.iter().any(|it| matches!(it, Reading::Claim(_)));
    if reads_token {
        claims.insert("role".to_owned(), json!(role));
    }
    if is_somebody && reads_token {
        if let Some(user) = &person.user {
            claims.insert("sub".to_owned(), json!(user));
            wanted.insert("request.jwt.claim.sub".to_owned(), user.clone());
        }
        claims.insert("email".to_owned(), json!(email));
        claims.insert("aud".to_owned(), json!("authenticated"));
        claims.insert("aal".to_owned(), json!("aal2"));
        claims.insert("is_anonymous".to_owned(), json!(false));
        claims.insert("app_metadata".to_owned(), json!({ "provider": "email" }));
        claims.insert("user_metadata".to_owned(), json!({}));
        wanted.insert("request.jwt.claim.email".to_owned(), email.clone());
    }
    if reads_token {
        wanted.insert("request.jwt.claim.role".to_owned(), role.to_owned());
    }
    if is_somebody {
        for reading in &facts.readings {
            let is_forged = kind == ActorKind::Forger && is_own_word(reading);
            let of = if is_forged { other } else { person };
            let value = value_of(facts, reading, of, is_admin || is_forged);
            match (reading, value) {
                (Reading::Claim(path), Some(value)) => put(&mut claims, path, value),
                (Reading::Setting(name), Some(value)) => {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    wanted.insert(name.clone(), text);
                }
                _ => {}
            }
        }
        for (path, value) in &said.claims {
            let path: Vec<String> = path.split('.').map(str::to_owned).collect();
            put(&mut claims, &path, json!(fill(value)));
        }
    }
    if !claims.is_empty() {
        wanted.insert("request.jwt.claims".to_owned(), Value::Object(claims).to_string());
    }
    for (name, value) in &said.settings {
        wanted.insert(name.clone(), fill(value));
    }
    wanted.into_iter().collect()
}

/// What a user's token or session says where it is read.
fn value_of(facts: &Facts, reading: &Reading, person: &Person, is_admin: bool) -> Option<Value> {
    let way = facts.admin.iter().find_map(|way| match way {
        AdminWay::Reading { reading: it, value } if it == reading => Some(value),
        _ => None,
    });
    if let Some(value) = way {
        return Some(match value {
            None => json!(is_admin),
            Some(value) if is_admin => json!(value),
            Some(_) => json!("user"),
        });
    }
    // The column that it is compared with says more than its name.
    let name = match reading {
        Reading::Claim(path) => path.last()?.to_ascii_lowercase(),
        Reading::Setting(name) => name.rsplit('.').next()?.to_ascii_lowercase(),
        Reading::User | Reading::Email | Reading::Role => return None,
    };
    if name.contains("role") && !is_tenant_reading(reading) {
        return Some(json!("user"));
    }
    if name.contains("email") {
        return None;
    }
    match name.as_str() {
        "aal" => return Some(json!("aal2")),
        "is_anonymous" => return Some(json!(false)),
        "aud" | "provider" | "app_metadata" | "user_metadata" | "iss" | "exp" | "iat" => return None,
        _ => {}
    }
    if is_user_reading(reading) && !is_tenant_reading(reading) {
        return person.user.clone().map(Value::String);
    }
    if is_word(&name) {
        return Some(json!(is_admin));
    }
    let tenant = person.tenant.clone().or_else(|| person.user.clone()).map(Value::String)?;
    let is_list = name.ends_with("ids") || is_tenant_reading(reading) && name.ends_with('s');
    Some(if is_list { Value::Array(vec![tenant]) } else { tenant })
}

/// Puts a value under a path.
fn put(claims: &mut Map<String, Value>, path: &[String], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        claims.insert(first.clone(), value);
        return;
    }
    let inner = claims.entry(first.clone()).or_insert_with(|| json!({}));
    if !inner.is_object() {
        *inner = json!({});
    }
    if let Value::Object(inner) = inner {
        put(inner, rest, value);
    }
}

impl Actor {
    /// Whether it stands for everybody of its kind: nobody, or a user of the first tenant.
    pub fn is_ordinary(&self) -> bool {
        matches!((self.kind, self.group), (ActorKind::Anon, _) | (ActorKind::User, Some(0)))
    }
}

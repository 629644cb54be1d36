//! What every object may have: owner, privileges, comment, security labels.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cx, default_privileges, literal, procedure};
use crate::catalog::{Acl, Entry, Grantee, Id, Kind, Object, Privilege, acl};
use crate::diff::plan::parent;
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// What a new object needs beside its own statement.
pub fn create_facets(cx: &Cx<'_>) -> Vec<Step> {
    if cx.id.kind == Kind::DefaultPrivileges {
        return Vec::new();
    }
    let mut steps = Vec::new();
    let (maker, owner) = (maker(cx), owner(cx));
    // Default privileges change before anything else is made.
    let made = acl::at_creation(cx.id, cx.to, maker);
    if owner != maker && !cx.entry.owner.is_empty() && !belongs_to_table(cx) {
        steps.push(give(owner, cx));
    }
    steps.extend(object_privileges(&acl::given(&made, owner), owner, cx));
    let brought = match &cx.entry.object {
        Object::Extension(extension) => extension.comment.as_ref(),
        _ => None,
    };
    if brought != cx.entry.comment.as_ref() {
        steps.extend(comment(cx.entry.comment.as_deref(), cx));
    }
    steps.extend(labels(&BTreeMap::new(), &cx.entry.labels, cx));
    steps
}

/// What turns the facets of one state into those of the other.
pub fn change_facets(old: &Entry, cx: &Cx<'_>) -> Vec<Step> {
    if cx.id.kind == Kind::DefaultPrivileges {
        return default_privileges::change(&old.acl, &cx.entry.acl, cx);
    }
    let mut steps = Vec::new();
    let owner = owner(cx);
    if !owned_first(old) {
        steps.extend(change_owner(old, cx));
    }
    steps.extend(object_privileges(&acl::given(&kept(&old.acl, cx), owner), owner, cx));
    if old.comment != cx.entry.comment {
        steps.extend(comment(cx.entry.comment.as_deref(), cx));
    }
    steps.extend(labels(&old.labels, &cx.entry.labels, cx));
    steps
}

/// Whether the owner changes before the object itself: a table takes only a sequence of its own owner.
pub fn owned_first(old: &Entry) -> bool {
    matches!(&old.object, Object::Sequence(sequence) if sequence.owned_by.is_none())
}

/// Gives an object to its new owner, where owners count.
pub fn change_owner(old: &Entry, cx: &Cx<'_>) -> Option<Step> {
    let owner = owner(cx);
    let is_table_s = |entry: &Entry| match &entry.object {
        Object::Sequence(sequence) => sequence.owned_by.clone(),
        _ => None,
    };
    // A sequence follows the table it belongs to.
    let follows = is_table_s(old).is_some() && is_table_s(old) == is_table_s(cx.entry);
    (!old.owner.is_empty() && old.owner != owner && !follows).then(|| give(owner, cx))
}

fn give(owner: &str, cx: &Cx<'_>) -> Step {
    let sql = format!("alter {} {} owner to {}", cx.id.kind.sql(), procedure::address(cx), bare_ident(owner));
    Step::alter(cx.id, sql).hazard(HazardKind::PermissionWidened, format!("`{owner}` may do everything with {}", cx.id))
}

/// The role that makes an object: whoever applies the plan, but for the sequence of an identity column.
fn maker<'a>(cx: &Cx<'a>) -> &'a str {
    let user = if cx.from.user.is_empty() { &cx.to.user } else { &cx.from.user };
    if belongs_to_table(cx)
        && let Some(table) = table_of(cx).and_then(|table| cx.from.get(&table).is_some().then_some(table))
    {
        let state = if cx.owners { cx.to } else { cx.from };
        return state.get(&table).map_or(user.as_str(), |entry| entry.owner.as_str());
    }
    user
}

/// Who owns the object when the plan is done; nobody where it is no matter of owners.
fn owner<'a>(cx: &Cx<'a>) -> &'a str {
    let of = match table_of(cx) {
        Some(table) if cx.id.kind == Kind::Column || !cx.owners => table,
        _ => cx.id.clone(),
    };
    let state = if cx.owners { cx.to } else { cx.from };
    let user = if cx.from.user.is_empty() { &cx.to.user } else { &cx.from.user };
    let has_owner = cx.to.get(&of).is_some_and(|entry| !entry.owner.is_empty());
    match state.get(&of).map(|entry| entry.owner.as_str()) {
        Some(owner) => owner,
        None if has_owner => user,
        None => "",
    }
}

/// The table that a column is in, or that a sequence belongs to.
fn table_of(cx: &Cx<'_>) -> Option<Id> {
    match &cx.entry.object {
        Object::Column(_) => parent(cx.to, cx.id),
        Object::Sequence(sequence) => {
            let (schema, table, _) = sequence.owned_by.as_ref()?;
            [Kind::Table, Kind::ForeignTable]
                .into_iter()
                .map(|kind| Id::new(kind, schema, table))
                .find(|id| cx.to.entries.contains_key(id))
        }
        _ => None,
    }
}

/// Whether it is the sequence of an identity column, which is made with it and has the table's owner.
fn belongs_to_table(cx: &Cx<'_>) -> bool {
    matches!(&cx.entry.object, Object::Sequence(sequence) if sequence.of_identity)
}

/// What is left of the privileges on a column when those on its table have changed: whoever loses one on the table loses
/// it on the columns too.
fn kept(old: &Acl, cx: &Cx<'_>) -> Acl {
    let table = (cx.id.kind == Kind::Column && !old.is_empty()).then(|| parent(cx.to, cx.id)).flatten();
    let Some((before, after)) = table.and_then(|table| Some((cx.from.get(&table)?, cx.to.get(&table)?))) else {
        return old.clone();
    };
    let has = |acl: &Acl, it: &Privilege, grantable: bool| {
        acl.iter().any(|has| has.to == it.to && has.what == it.what && (!grantable || has.grantable))
    };
    let loses = |it: &Privilege, grantable| has(&before.acl, it, grantable) && !has(&after.acl, it, grantable);
    let left = old.iter().filter(|it| !loses(it, false));
    left.map(|it| Privilege { grantable: it.grantable && !loses(it, true), ..it.clone() }).collect()
}

/// What `comment on`, `security label on` and `grant … on` call the object.
fn address(cx: &Cx<'_>) -> Option<String> {
    let word = match (cx.id.kind, &cx.entry.object) {
        (
            Kind::Default
            | Kind::DefaultPrivileges
            | Kind::UserMapping
            | Kind::PublicationTable
            | Kind::PublicationSchema
            | Kind::Inheritance,
            _,
        ) => return None,
        (Kind::Constraint, Object::Constraint(constraint)) if constraint.of_domain => {
            return Some(format!("constraint {} on domain {}", bare_ident(&cx.id.part), cx.id.qualified()));
        }
        (kind, _) => kind.sql(),
    };
    Some(format!("{word} {}", procedure::address(cx)))
}

/// `comment on`; none for what can have no comment.
pub(super) fn comment(text: Option<&str>, cx: &Cx<'_>) -> Option<Step> {
    let text = text.map_or_else(|| "null".to_owned(), literal);
    Some(Step::alter(cx.id, format!("comment on {} is {text}", address(cx)?)))
}

fn labels(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>, cx: &Cx<'_>) -> Vec<Step> {
    let Some(address) = address(cx) else { return Vec::new() };
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    changed
        .map(|name| {
            let text = new.get(name).map_or_else(|| "null".to_owned(), |text| literal(text));
            Step::alter(cx.id, format!("security label for {} on {address} is {text}", bare_ident(name)))
        })
        .collect()
}

fn object_privileges(old: &Acl, owner: &str, cx: &Cx<'_>) -> Vec<Step> {
    let on = match cx.id.kind {
        Kind::Column | Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable => {
            format!("table {}", cx.id.qualified())
        }
        Kind::Aggregate => format!("function {}({})", cx.id.qualified(), cx.id.part),
        Kind::Domain => format!("domain {}", cx.id.address()),
        Kind::Server => format!("foreign server {}", cx.id.address()),
        kind => format!("{} {}", kind.sql(), procedure::address(cx)),
    };
    let columns = if cx.id.kind == Kind::Column { format!(" ({})", bare_ident(&cx.id.part)) } else { String::new() };
    let is_new = !cx.from.entries.contains_key(cx.id);
    let grants = Grants {
        before: String::new(),
        on,
        columns,
        // Whoever applies the plan may be called otherwise than who asked for it.
        owner: if owner.is_empty() || is_new && owner == maker(cx) {
            "current_user".to_owned()
        } else {
            bare_ident(owner).into_owned()
        },
        what: cx.id.to_string(),
    };
    privileges(old, &acl::given(&cx.entry.acl, owner), &grants, cx)
}

/// How `grant` and `revoke` name what they are about.
pub(super) struct Grants {
    /// What stands before.
    pub before: String,
    /// What stands behind `on`.
    pub on: String,
    /// What stands behind each privilege.
    pub columns: String,
    /// Who is meant by the owner.
    pub owner: String,
    /// What it is about, as people read it.
    pub what: String,
}

/// `revoke` and `grant` that turn some privileges into others.
pub(super) fn privileges(old: &Acl, new: &Acl, grants: &Grants, cx: &Cx<'_>) -> Vec<Step> {
    // A privilege that one of the servers does not know is no difference.
    let unknown = (cx.from.version < 17 || cx.to.version < 17) && cx.from.version != cx.to.version;
    let known = |acl: &Acl| acl.iter().filter(|it| !unknown || it.what != "MAINTAIN").cloned().collect::<Acl>();
    let (old, new) = (&known(old), &known(new));
    if old == new {
        return Vec::new();
    }
    let Grants { before, on, columns, owner, what } = grants;
    let grantee = |to: &Grantee| match to {
        Grantee::Public => "public".to_owned(),
        Grantee::Role(name) => bare_ident(name).into_owned(),
        Grantee::Owner => owner.clone(),
    };
    let mut steps = Vec::new();
    let lost = old.iter().filter(|it| !new.iter().any(|has| has.to == it.to && has.what == it.what));
    for (to, list) in by_grantee(lost) {
        let names = names(&list, columns);
        steps.push(Step::alter(cx.id, format!("{before}revoke {names} on {on} from {}", grantee(&to))));
    }
    // What may no longer be passed on, but is kept.
    let kept = old
        .iter()
        .filter(|it| it.grantable && new.iter().any(|has| has.to == it.to && has.what == it.what && !has.grantable));
    for (to, list) in by_grantee(kept) {
        let names = names(&list, columns);
        let from = grantee(&to);
        steps.push(Step::alter(cx.id, format!("{before}revoke grant option for {names} on {on} from {from}")));
    }
    let more = by_grantee(new.difference(old).filter(|it| !lost_option(it, old)));
    let mut grantees: Vec<_> = more.keys().cloned().collect();
    grantees.sort_by_key(|to| cx.entry.grantees.iter().position(|known| known == to));
    for to in grantees {
        for grantable in [false, true] {
            let is_so = |what: &&str| new.contains(&Privilege { to: to.clone(), what: (*what).to_owned(), grantable });
            let names: Vec<&str> = more[&to].iter().copied().filter(is_so).collect();
            if names.is_empty() {
                continue;
            }
            let names = self::names(&names, columns);
            let option = if grantable { " with grant option" } else { "" };
            let step = Step::alter(cx.id, format!("{before}grant {names} on {on} to {}{option}", grantee(&to)));
            steps.push(if to == Grantee::Owner {
                step
            } else {
                step.hazard(HazardKind::PermissionWidened, format!("{} gets {names} on {what}", whom(&to)))
            });
        }
    }
    steps
}

/// Whether the privilege was there, and only may no longer be passed on.
fn lost_option(it: &Privilege, old: &Acl) -> bool {
    !it.grantable && old.iter().any(|had| had.to == it.to && had.what == it.what)
}

fn by_grantee<'a>(privileges: impl Iterator<Item = &'a Privilege>) -> BTreeMap<Grantee, Vec<&'a str>> {
    let mut grouped: BTreeMap<Grantee, Vec<&str>> = BTreeMap::new();
    for privilege in privileges {
        grouped.entry(privilege.to.clone()).or_default().push(&privilege.what);
    }
    grouped
}

fn names(what: &[&str], columns: &str) -> String {
    what.iter().map(|what| format!("{}{columns}", what.to_lowercase())).collect::<Vec<_>>().join(", ")
}

fn whom(to: &Grantee) -> String {
    match to {
        Grantee::Public => "everybody".to_owned(),
        Grantee::Role(name) => format!("`{name}`"),
        Grantee::Owner => "the owner".to_owned(),
    }
}

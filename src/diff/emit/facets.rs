//! What every object may have: owner, privileges, comment, security labels.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cx, literal};
use crate::catalog::{Acl, Entry, Grantee, Kind, Object, acl};
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// What a new object needs beside its own statement.
pub fn create_facets(cx: &Cx<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    let made = acl::at_creation(cx.id, cx.from);
    steps.extend(privileges(&made, &cx.entry.acl, cx));
    if let Some(text) = &cx.entry.comment {
        steps.extend(comment(Some(text), cx));
    }
    steps.extend(labels(&BTreeMap::new(), &cx.entry.labels, cx));
    steps
}

/// What turns the facets of one state into those of the other.
pub fn change_facets(old: &Entry, cx: &Cx<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    steps.extend(privileges(&old.acl, &cx.entry.acl, cx));
    if old.comment != cx.entry.comment {
        steps.extend(comment(cx.entry.comment.as_deref(), cx));
    }
    steps.extend(labels(&old.labels, &cx.entry.labels, cx));
    steps
}

/// What `comment on`, `security label on` and `grant … on` call the object.
fn address(cx: &Cx<'_>) -> Option<String> {
    let word = match (cx.id.kind, &cx.entry.object) {
        (Kind::Default | Kind::DefaultPrivileges | Kind::UserMapping, _) => return None,
        (Kind::Constraint, Object::Constraint(constraint)) if constraint.of_domain => {
            return Some(format!("constraint {} on domain {}", bare_ident(&cx.id.part), cx.id.qualified()));
        }
        (Kind::Language, _) => "language",
        (kind, _) => kind.sql(),
    };
    Some(format!("{word} {}", cx.id.address()))
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

/// `revoke` and `grant` that turn some privileges into others.
fn privileges(old: &Acl, new: &Acl, cx: &Cx<'_>) -> Vec<Step> {
    if old == new {
        return Vec::new();
    }
    let on = match cx.id.kind {
        Kind::Column => format!("table {}", cx.id.qualified()),
        Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable => {
            format!("table {}", cx.id.qualified())
        }
        Kind::Aggregate => format!("function {}({})", cx.id.qualified(), cx.id.part),
        Kind::Domain => format!("domain {}", cx.id.address()),
        Kind::Server => format!("foreign server {}", cx.id.address()),
        kind => format!("{} {}", kind.sql(), cx.id.address()),
    };
    let columns = if cx.id.kind == Kind::Column { format!(" ({})", bare_ident(&cx.id.part)) } else { String::new() };
    let mut steps = Vec::new();
    for (to, what) in by_grantee(old.iter().filter(|it| !new.iter().any(|has| has.to == it.to && has.what == it.what)))
    {
        let names = names(&what, &columns);
        steps.push(Step::alter(cx.id, format!("revoke {names} on {on} from {}", grantee(&to, cx))));
    }
    // What may no longer be passed on, but is kept.
    let kept = old
        .iter()
        .filter(|it| it.grantable && new.iter().any(|has| has.to == it.to && has.what == it.what && !has.grantable));
    for (to, what) in by_grantee(kept) {
        let names = names(&what, &columns);
        steps.push(Step::alter(cx.id, format!("revoke grant option for {names} on {on} from {}", grantee(&to, cx))));
    }
    for grantable in [false, true] {
        for (to, what) in
            by_grantee(new.difference(old).filter(|it| it.grantable == grantable && !lost_option(it, old)))
        {
            let names = names(&what, &columns);
            let option = if grantable { " with grant option" } else { "" };
            let step = Step::alter(cx.id, format!("grant {names} on {on} to {}{option}", grantee(&to, cx)));
            steps.push(if to == Grantee::Owner {
                step
            } else {
                step.hazard(HazardKind::PermissionWidened, format!("{} gets {names} on {}", whom(&to), cx.id))
            });
        }
    }
    steps
}

/// Whether the privilege was there, and only may no longer be passed on.
fn lost_option(it: &acl::Privilege, old: &Acl) -> bool {
    !it.grantable && old.iter().any(|had| had.to == it.to && had.what == it.what)
}

fn by_grantee<'a>(privileges: impl Iterator<Item = &'a acl::Privilege>) -> BTreeMap<Grantee, Vec<&'a str>> {
    let mut grouped: BTreeMap<Grantee, Vec<&str>> = BTreeMap::new();
    for privilege in privileges {
        grouped.entry(privilege.to.clone()).or_default().push(&privilege.what);
    }
    grouped
}

fn names(what: &[&str], columns: &str) -> String {
    what.iter().map(|what| format!("{}{columns}", what.to_lowercase())).collect::<Vec<_>>().join(", ")
}

fn grantee(to: &Grantee, cx: &Cx<'_>) -> String {
    match to {
        Grantee::Public => "public".to_owned(),
        Grantee::Role(name) => bare_ident(name).into_owned(),
        // An object belongs to whoever makes it, unless owners are compared.
        Grantee::Owner => match cx.from.get(cx.id).map(|entry| entry.owner.as_str()) {
            Some(owner) if !owner.is_empty() => bare_ident(owner).into_owned(),
            _ => "current_user".to_owned(),
        },
    }
}

fn whom(to: &Grantee) -> String {
    match to {
        Grantee::Public => "everybody".to_owned(),
        Grantee::Role(name) => format!("`{name}`"),
        Grantee::Owner => "the owner".to_owned(),
    }
}

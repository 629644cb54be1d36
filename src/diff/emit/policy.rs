//! Policies of row-level security.

use super::text::faithful;
use super::{Alter, Cx, plain_drop};
use crate::catalog::{Id, Kind, Policy};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

fn roles(it: &Policy) -> String {
    if it.roles.is_empty() {
        return "public".to_owned();
    }
    it.roles.iter().map(|role| bare_ident(role)).collect::<Vec<_>>().join(", ")
}

fn using(it: &Policy) -> Option<String> {
    it.using.as_ref().map(|expression| format!("using ({})", faithful(expression)))
}

fn check(it: &Policy) -> Option<String> {
    it.check.as_ref().map(|expression| format!("with check ({})", faithful(expression)))
}

fn is_on_new_table(cx: &Cx<'_>) -> bool {
    let table = Id::new(Kind::Table, &cx.id.schema, &cx.id.name);
    !cx.from.entries.contains_key(&table) && !cx.from.outside.contains(&table)
}

pub(super) fn create(it: &Policy, cx: &Cx<'_>) -> Vec<Step> {
    let mut parts = vec![format!("create policy {}", cx.id.address())];
    if !it.permissive {
        parts.push("as restrictive".to_owned());
    }
    if it.command != "all" {
        parts.push(format!("for {}", it.command));
    }
    if !it.roles.is_empty() {
        parts.push(format!("to {}", roles(it)));
    }
    let clauses: Vec<String> = using(it).into_iter().chain(check(it)).collect();
    let sql = std::iter::once(parts.join(" ")).chain(clauses).collect::<Vec<_>>().join("\n    ");
    let step = Step::create(cx.id, sql);
    if is_on_new_table(cx) {
        return vec![step];
    }
    let step = step.lock(LockMode::AccessExclusive, &cx.id.qualified());
    vec![if it.permissive {
        step.hazard(HazardKind::PermissionWidened, format!("{} lets more rows through", cx.id))
    } else {
        step
    }]
}

pub(super) fn drop(it: &Policy, cx: &Cx<'_>) -> Vec<Step> {
    let step = plain_drop(cx).lock(LockMode::AccessExclusive, &cx.id.qualified());
    vec![if it.permissive {
        step
    } else {
        step.hazard(HazardKind::PermissionWidened, format!("{} no longer holds anybody back", cx.id))
    }]
}

pub(super) fn alter(old: &Policy, new: &Policy, cx: &Cx<'_>) -> Alter {
    // `alter policy` can replace an expression, and cannot take one away.
    let is_taken_away = |old: &Option<String>, new: &Option<String>| old.is_some() && new.is_none();
    if (&old.command, old.permissive) != (&new.command, new.permissive)
        || is_taken_away(&old.using, &new.using)
        || is_taken_away(&old.check, &new.check)
    {
        return Alter::recreate();
    }
    let to = (old.roles != new.roles).then(|| format!("to {}", roles(new)));
    let using = using(new).filter(|_| old.using != new.using);
    let check = check(new).filter(|_| old.check != new.check);
    let clauses: Vec<String> = to.into_iter().chain(using).chain(check).collect();
    if clauses.is_empty() {
        return Alter::default();
    }
    let step = Step::alter(cx.id, format!("alter policy {} {}", cx.id.address(), clauses.join("\n    ")))
        .lock(LockMode::AccessExclusive, &cx.id.qualified())
        .hazard(HazardKind::PermissionWidened, format!("{} may let other rows through, or hold for others", cx.id));
    Alter::in_place(vec![step])
}

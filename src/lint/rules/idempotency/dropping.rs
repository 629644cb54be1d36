//! What the rules on `drop` share.

use super::edit::put;
use super::judge::{Judged, described, full, judge, named};
use crate::lint::ask::effect::{Deed, Effect, Kind, Thing, effects};
use crate::lint::ask::facts::noun;
use crate::lint::ask::guard::is_temporary;
use crate::lint::ask::ledger::same;
use crate::lint::{EventCx, Findings};
use crate::sql::ast::{ObjectAction, ObjectKind, StmtKind, TableActionKind};

/// Looks at a `drop` of these kinds.
pub(super) fn check(cx: &EventCx<'_>, out: &mut Findings, kinds: &[ObjectKind]) {
    let StmtKind::Drop(drop) = &cx.stmt().kind else { return };
    if drop.if_exists || !kinds.contains(&drop.kind) || drop.on.as_ref().is_some_and(|table| is_temporary(cx, table)) {
        return;
    }
    let bare: Vec<_> = judge(cx, |_| true).into_iter().filter(|judged| judged.verdict.is_bare()).collect();
    let Some(first) = bare.first() else { return };
    let names: Vec<String> = bare.iter().map(|judged| named(&judged.effect.thing)).collect();
    let message = format!("dropping {} fails when the migration runs again", names.join(", "));
    if let Some((judged, other)) = bare.iter().find_map(|judged| Some((judged, becomes(cx, judged)?))) {
        let name = full(&judged.effect.thing.name);
        let finding = cx.finding(drop.written, message).label("something else has its name by then").about(&name);
        out.push(finding.note("a second run raises `wrong_object_type` (42809), also with `if exists`").help(format!(
            "give the {} another name, or ask first what `{name}` is: `pg_class.relkind` says it",
            noun(other)
        )));
        return;
    }
    let finding = described(cx.finding(drop.written, message).label("no `if exists`"), first);
    out.push(finding.help("write `if exists`").fix(put(cx, drop.written.start, "if exists")));
}

/// The kind of what has the name of the dropped relation when the file has run, where it is another one: `if exists` is no help then.
fn becomes(cx: &EventCx<'_>, judged: &Judged<'_>) -> Option<ObjectKind> {
    let thing = &judged.effect.thing;
    if !thing.kind.is_relation() {
        return None;
    }
    let text = cx.file.text();
    let after = cx.later().flat_map(|event| effects(&event.stmt, text)).filter(|effect| same(cx, thing, &effect.thing));
    match after.last() {
        Some(Effect { deed: Deed::Makes, thing: Thing { kind: Kind::Object(kind), .. }, .. })
            if thing.kind != Kind::Object(kind) =>
        {
            Some(kind)
        }
        _ => None,
    }
}

/// Looks at a `drop column`, `drop attribute` or `drop constraint`.
pub(super) fn check_part(cx: &EventCx<'_>, out: &mut Findings, kind: ObjectKind) {
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return };
    let is_part = |action: &TableActionKind| match action {
        TableActionKind::DropColumn { if_exists, .. } => kind == ObjectKind::Column && !if_exists,
        TableActionKind::DropConstraint { if_exists, .. } => kind == ObjectKind::Constraint && !if_exists,
        _ => false,
    };
    if !alter.actions.iter().any(|action| is_part(&action.kind)) || super::altering::is_idle(cx, alter) {
        return;
    }
    let is_wanted =
        |effect: &Effect<'_>| effect.thing.kind == Kind::Object(kind) && matches!(effect.deed, Deed::Takes { .. });
    for judged in judge(cx, is_wanted) {
        if !judged.verdict.is_bare() {
            continue;
        }
        let message = format!("dropping {} fails when the migration runs again", named(&judged.effect.thing));
        let finding = described(cx.finding(judged.effect.span, message).label("no `if exists`"), &judged);
        out.push(finding.help("write `if exists`").fix(put(cx, judged.effect.span.start, "if exists")));
    }
}

/// Looks at `alter domain … drop constraint`.
pub(super) fn check_domain(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterObject(alter) = &cx.stmt().kind else { return };
    if !matches!(alter.action, ObjectAction::DropConstraint { if_exists: false, .. }) {
        return;
    }
    for judged in judge(cx, |_| true).into_iter().filter(|judged| judged.verdict.is_bare()) {
        let message = format!("dropping {} fails when the migration runs again", named(&judged.effect.thing));
        let finding = described(cx.finding(judged.effect.span, message).label("no `if exists`"), &judged);
        out.push(finding.help("write `if exists`").fix(put(cx, judged.effect.span.start, "if exists")));
    }
}

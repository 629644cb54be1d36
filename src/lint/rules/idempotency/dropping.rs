//! What the rules on `drop` share.

use super::edit::put;
use super::judge::{described, judge, named};
use crate::lint::ask::effect::{Deed, Effect, Kind};
use crate::lint::ask::guard::is_temporary;
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
    let finding = described(cx.finding(drop.written, message).label("no `if exists`"), first);
    out.push(finding.help("write `if exists`").fix(put(cx, drop.written.start, "if exists")));
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

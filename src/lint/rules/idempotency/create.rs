//! What the rules on `create` share.

use super::edit::{after_create, before, behind, catching};
use super::judge::{Judged, described, judge_create, named};
use crate::lint::ask::guard::is_temporary;
use crate::lint::{EventCx, Findings, Fix};
use crate::sql::ast::{CreateTrigger, ObjectKind, StmtKind};

/// How a second run is made harmless.
#[derive(Clone, Copy)]
pub(super) enum Remedy {
    /// `if not exists` behind this word.
    IfNotExists(&'static str),
    /// `or replace`.
    OrReplace,
    /// A block that catches the error.
    Catch,
    /// What the help says; nothing that an edit can do.
    Advice(&'static str),
}

/// Looks at a `create` of these kinds.
pub(super) fn check(cx: &EventCx<'_>, out: &mut Findings, kinds: &[ObjectKind], remedy: Remedy) {
    let Some(judged) = judge_create(cx, kinds).filter(|judged| judged.verdict.is_bare()) else { return };
    if is_passing(cx) {
        return;
    }
    let fix = match remedy {
        Remedy::IfNotExists(word) => behind(cx, word, "if not exists"),
        Remedy::OrReplace => after_create(cx, "or replace"),
        Remedy::Catch => catching(cx, &judged.raised),
        Remedy::Advice(_) => None,
    };
    let (label, help) = match remedy {
        Remedy::IfNotExists(_) => ("no `if not exists`", "write `if not exists`".to_owned()),
        Remedy::OrReplace => ("no `or replace`", "write `create or replace`".to_owned()),
        Remedy::Catch => ("nothing guards it", catch_help(&judged)),
        Remedy::Advice(help) => ("nothing guards it", help.to_owned()),
    };
    report(cx, out, &judged, label, help, fix);
}

/// The words on how to catch what is raised.
pub(super) fn catch_help(judged: &Judged<'_>) -> String {
    let names: Vec<&str> = judged.raised.iter().map(|(name, _)| *name).collect();
    format!("wrap it: `do $$ begin …; exception when {} then null; end $$`", names.join(" or "))
}

/// Reports a `create`.
pub(super) fn report(
    cx: &EventCx<'_>,
    out: &mut Findings,
    judged: &Judged<'_>,
    label: &str,
    help: String,
    fix: Option<Fix>,
) {
    let message = format!("creating {} fails when the migration runs again", named(&judged.effect.thing));
    let finding = described(cx.finding(judged.effect.span, message).label(label), judged).help(help);
    out.push(match fix {
        Some(fix) => finding.fix(fix),
        None => finding,
    });
}

/// Whether what is created goes with the session, or stands on something that does.
pub(super) fn is_passing(cx: &EventCx<'_>) -> bool {
    use crate::sql::ast::Persistence::Temporary;
    match &cx.stmt().kind {
        StmtKind::CreateTable(it) => it.persistence == Temporary || it.name.schema() == Some("pg_temp"),
        StmtKind::CreateTableAs(it) => it.persistence == Temporary || it.name.schema() == Some("pg_temp"),
        StmtKind::CreateView(it) => it.temporary || it.name.schema() == Some("pg_temp"),
        StmtKind::CreateSequence(it) => it.temporary || it.name.schema() == Some("pg_temp"),
        StmtKind::CreateIndex(it) => is_temporary(cx, &it.table),
        StmtKind::CreateTrigger(it) => is_temporary(cx, &it.table),
        StmtKind::CreatePolicy(it) => is_temporary(cx, &it.table),
        StmtKind::CreateRoutine(it) => it.name.schema() == Some("pg_temp"),
        StmtKind::CreateType(it) => it.name.schema() == Some("pg_temp"),
        StmtKind::CreateDomain(it) => it.name.schema() == Some("pg_temp"),
        StmtKind::CreateObject(it) => it.on.as_ref().is_some_and(|table| is_temporary(cx, table)),
        _ => false,
    }
}

/// Whether the server can replace the trigger: not before version 14, and a constraint trigger never.
pub(super) fn is_replaceable(cx: &EventCx<'_>, trigger: &CreateTrigger) -> bool {
    cx.config.pg_version >= 14 && !trigger.constraint
}

/// Looks at a `create` of these kinds that is made harmless by a drop before it.
pub(super) fn check_dropped_first(cx: &EventCx<'_>, out: &mut Findings, kinds: &[ObjectKind], title: &str, drop: &str) {
    let Some(judged) = judge_create(cx, kinds).filter(|judged| judged.verdict.is_bare()) else { return };
    if !is_passing(cx) {
        let help = format!("write before it: `{drop};`");
        report(cx, out, &judged, "nothing guards it", help, before(cx, title, drop));
    }
}

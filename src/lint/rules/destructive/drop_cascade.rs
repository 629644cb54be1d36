//! `drop-cascade`: a drop with `cascade`.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use super::gone::{dropped_name, is_first_guard, is_unheard_of, place_of, shown};
use crate::lint::ask::depend::{dependants, list, made_later};
use crate::lint::ask::facts::Key;
use crate::lint::schema::QName;
use crate::sql::ast::{AlterTable, Drop, ObjectKind, Stmt, StmtKind, TableActionKind};
use crate::text::{Span, bare_ident};

pub(super) static RULE: Rule = Rule {
    id: "drop-cascade",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a drop with `cascade`",
    effect: "everything that depends on the object goes without being named: views, foreign keys, policies, triggers, defaults, and what depends on those",
    remedy: "drop what depends on it by name first, and leave `cascade` out",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-depend.html"],
    bad: &[
        "create table public.orders (id bigint primary key, at timestamptz);\ncreate function public.touch() returns trigger language plpgsql as 'begin new.at := now(); return new; end';\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n-- then\ndrop function public.touch() cascade;\ncreate function public.touch() returns trigger language plpgsql as 'begin return new; end';\n",
        "create view public.a as select 1 as id;\ncreate view public.b as select id from public.a;\n-- then\ndrop view if exists public.a cascade;\ncreate view public.a as select 2 as id;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, at timestamptz);\ncreate function public.touch() returns trigger language plpgsql as 'begin new.at := now(); return new; end';\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n-- then\ndrop trigger touch on public.orders;\ndrop function public.touch();\n",
        "create table public.orders (id bigint primary key, at timestamptz);\ncreate function public.touch() returns trigger language plpgsql as 'begin new.at := now(); return new; end';\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n-- then\ndrop function public.touch() cascade;\ncreate function public.touch() returns trigger language plpgsql as 'begin return new; end';\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n",
        "create table public.scratch (id int primary key);\ndrop table public.scratch cascade;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::Drop(drop) if drop.cascade => of_drop(cx, drop, out),
        StmtKind::AlterTable(alter) => {
            for action in &alter.actions {
                let (TableActionKind::DropColumn { cascade: true, name, .. }
                | TableActionKind::DropConstraint { cascade: true, name, .. }) = &action.kind
                else {
                    continue;
                };
                if !cx.is_in_use(&alter.name) {
                    continue;
                }
                let table = cx.resolve(&alter.name);
                let is_known = cx
                    .table(&alter.name)
                    .is_some_and(|it| it.column(&name.value).is_some() || it.constraint(&name.value).is_some());
                let only = AlterTable { actions: vec![action.clone()], ..alter.as_ref().clone() };
                let stmt = Stmt { span: cx.stmt().span, kind: StmtKind::AlterTable(Box::new(only)) };
                let shown = format!("{} of {table}", bare_ident(&name.value));
                report(cx, &stmt, action.span, &shown, is_known, out);
            }
        }
        _ => {}
    }
}

fn of_drop(cx: &EventCx<'_>, drop: &Drop, out: &mut Findings) {
    // Nothing depends on these.
    if matches!(drop.kind, ObjectKind::Policy | ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Database) {
        return;
    }
    let names: Vec<QName> = drop.names.iter().map(|name| dropped_name(cx, drop.kind, name)).collect();
    let is_known = |name: &QName| place_of(cx, drop.kind, name).is_some();
    let is_harmless = |name: &QName| {
        place_of(cx, drop.kind, name).is_some_and(|place| place.is_in(cx.file.id))
            || name.schema == "pg_temp"
            || is_first_guard(cx, drop, name)
    };
    if !names.is_empty() && names.iter().all(is_harmless) {
        return;
    }
    if !names.is_empty() && names.iter().all(|name| is_harmless(name) || is_unheard_of(cx, drop, name)) {
        return;
    }
    let all_known = !names.is_empty() && names.iter().all(is_known);
    let shown = names.iter().map(shown).collect::<Vec<_>>().join(", ");
    let shown = if shown.is_empty() { cx.text(drop.written).to_owned() } else { shown };
    report(cx, cx.stmt(), drop.written, &shown, all_known, out);
}

/// Says what goes, as far as the chain knows, unless the file makes all of it again.
fn report(cx: &EventCx<'_>, stmt: &Stmt, span: Span, shown: &str, is_known: bool, out: &mut Findings) {
    let mut gone: Vec<Key> = dependants(cx.schema, cx.file, stmt);
    let made = made_later(cx.later());
    gone.retain(|key| !made.contains(&key.made()));
    if let StmtKind::Drop(drop) = &stmt.kind
        && drop.kind == ObjectKind::Schema
    {
        // What stands in the schema goes with it by right.
        gone.retain(|key| {
            !drop.names.iter().any(|name| name.object() == key.name.schema || name.object() == key.name.name)
        });
    }
    if gone.is_empty() && is_known && cx.schema.opaque.is_empty() {
        return;
    }
    let finding = cx.finding(span, String::new()).label("drops more than it names").about(shown);
    let finding = if gone.is_empty() {
        finding.help("look in the database what depends on it, drop that by name first, and leave `cascade` out")
    } else {
        finding.help("drop those by name first, or make them again in this file, and leave `cascade` out")
    };
    let message = if gone.is_empty() {
        format!("drops `{shown}` and whatever depends on it, unnamed")
    } else {
        format!("drops `{shown}`, and with it {}", list(&gone))
    };
    out.push(crate::lint::Finding { message, ..finding });
}

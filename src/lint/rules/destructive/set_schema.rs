//! `set-schema`: an object that was there before this migration is moved to another schema.

use super::gone::{dropped_name, is_made_later, place_of, shown};
use crate::diagnostic::Level;
use crate::lint::ask::facts::noun;
use crate::lint::rules::suggest;
use crate::lint::schema::QName;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{ObjectAction, ObjectKind, StmtKind, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "set-schema",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "an object that was there before this migration is moved to another schema",
    effect: "programs that name it with its schema, or have only the old schema in their search path, fail at once",
    remedy: "leave a view (or a function that calls the new one) behind in the old schema",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html",
        "https://www.postgresql.org/docs/18/ddl-schemas.html#DDL-SCHEMAS-PATH",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\ncreate schema if not exists app;\n-- then\nalter table public.orders set schema app;\n",
        "create schema if not exists app;\ncreate function public.total() returns int language sql as 'select 1';\n-- then\nalter function public.total() set schema app;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\ncreate schema if not exists app;\n-- then\nalter table public.orders set schema app;\ncreate view public.orders with (security_invoker = on) as select * from app.orders;\n",
        "create schema if not exists app;\ncreate table public.orders (id int);\nalter table public.orders set schema app;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let (kind, name, to) = match &cx.stmt().kind {
        StmtKind::AlterTable(alter) => match alter.actions.first().map(|action| &action.kind) {
            Some(TableActionKind::SetSchema(to)) => (ObjectKind::from(alter.relation), &alter.name, to),
            _ => return,
        },
        StmtKind::AlterObject(alter) => match (&alter.action, &alter.name) {
            (ObjectAction::SetSchema(to), Some(name)) => (alter.kind, name, to),
            _ => return,
        },
        StmtKind::AlterRoutine(alter) => match &alter.set_schema {
            Some(to) => (ObjectKind::Function, &alter.routine.name, to),
            None => return,
        },
        _ => return,
    };
    let old = dropped_name(cx, kind, name);
    let is_new = place_of(cx, kind, &old).is_some_and(|place| place.is_in(cx.file.id));
    if is_new || old.schema == to.value || old.schema == "pg_temp" || is_made_later(cx, &old) {
        return;
    }
    let is_relation = matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence
            | ObjectKind::ForeignTable
    );
    let (shown, new) = (shown(&old), bare_ident(&to.value));
    let finding = cx
        .finding(
            to.span,
            format!(
                "moves {} `{shown}` to schema `{new}`: programs that name it where it was fail at once",
                noun(kind)
            ),
        )
        .label("the new schema")
        .about(shown.as_str());
    let finding = if matches!(kind, ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView) {
        let full = QName::new(to.value.as_str(), old.name.as_str());
        finding.help(format!("leave a view behind in this file: `{};`", suggest::view_instead(&old, &full)))
    } else {
        finding.help("first release a program that finds it in both places, by its search path")
    };
    out.push(if is_relation { finding.lock(LockMode::AccessExclusive) } else { finding });
}

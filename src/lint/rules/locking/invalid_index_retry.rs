//! `invalid-index-retry`: `if not exists` takes the invalid index of a build that failed for the one that is wanted.

use crate::diagnostic::Level;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Origin, Profile, Rule};
use crate::sql::ast::{ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "invalid-index-retry",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`create index concurrently if not exists` without a `drop index concurrently if exists` before it",
    effect: "a build that fails leaves an invalid index behind; the next run finds the name taken, skips the build and succeeds, \
             and the index is paid for by every write and used by no query",
    remedy: "drop the index `concurrently if exists` first",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY"],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\ncreate index concurrently if not exists orders_user_id_idx on public.orders (user_id);",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\ndrop index concurrently if exists public.orders_user_id_idx;\ncreate index concurrently if not exists orders_user_id_idx on public.orders (user_id);",
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\ncreate index concurrently orders_user_id_idx on public.orders (user_id);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateIndex(index) = &cx.stmt().kind else { return };
    let (true, true, Some(name)) = (index.concurrently, index.if_not_exists, &index.name) else { return };
    if !cx.is_in_use(&index.table) {
        return;
    }
    let dropped = cx.earlier().any(|event| match &event.stmt.kind {
        StmtKind::Drop(drop) => drop.kind == ObjectKind::Index && drop.names.iter().any(|it| it.object() == name.value),
        _ => false,
    });
    if dropped {
        return;
    }
    let schema =
        index.table.schema().map_or_else(String::new, |schema| format!("{}.", crate::text::bare_ident(schema)));
    let drop = format!("drop index concurrently if exists {schema}{}", crate::text::bare_ident(&name.value));
    let finding = cx
        .finding(name.span, format!("an invalid `{}` left by a failed build would be kept", name.value))
        .label("`if not exists` skips the build")
        .object(&cx.resolve(&index.table))
        .help(format!("put `{drop};` before it"));
    out.push(if cx.event.origin == Origin::Top {
        let edit = Edit::insert(cx.stmt().span.start, format!("{drop};\n"));
        finding.fix(Fix::unchecked("drop what a failed build has left", vec![edit]))
    } else {
        finding
    });
}

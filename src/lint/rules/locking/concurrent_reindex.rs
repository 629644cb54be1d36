//! `concurrent-reindex`: rebuilding indexes in place blocks writes, and nearly every read.

use super::own_file;
use crate::diagnostic::Level;
use crate::lint::schema::QName;
use crate::lint::{Check, Edit, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "concurrent-reindex",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`reindex` without `concurrently`",
    effect: "writes to the table wait until its indexes are built anew, and so do nearly all reads: planning a query locks every \
             index of the table",
    remedy: "add `concurrently`, in a migration without a transaction",
    lock: Some(LockMode::Share),
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-reindex.html"],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\nreindex table public.orders;",
        "create table public.orders (id bigint primary key, user_id bigint);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\nreindex index public.orders_user_id_idx;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\nreindex table concurrently public.orders;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Reindex { what, name, concurrently: false, keyword } = &cx.stmt().kind else { return };
    // The system's own indexes cannot be built concurrently.
    if what == "system" {
        return;
    }
    let table: Option<QName> = match (what.as_str(), name) {
        ("table", Some(name)) if !cx.is_in_use(name) => return,
        ("table", Some(name)) => Some(cx.resolve(name)),
        ("index", Some(name)) => cx.schema.indexes.get(&cx.resolve(name)).map(|index| index.table.clone()),
        _ => None,
    };
    if table.as_ref().and_then(|table| cx.schema.tables.get(table)).is_some_and(|table| table.created.is_in(cx.file.id))
    {
        return;
    }
    let of = match (&table, name) {
        (Some(table), _) => format!("`{table}`"),
        (None, Some(name)) if what == "index" => format!("the table of `{name}`"),
        (None, Some(name)) => format!("every table of {what} `{name}`"),
        (None, None) => format!("every table of the {what}"),
    };
    let mut finding = cx
        .finding(*keyword, format!("reindex blocks writes to {of}, and nearly every read"))
        .label("the old index cannot be used until the new one is there")
        .note("each index is held in ACCESS EXCLUSIVE mode, and planning a query locks every index of its table")
        .help("add `concurrently`, in a migration of its own without a transaction");
    finding = match (&table, name) {
        (Some(table), _) => finding.object(table),
        (None, Some(name)) => finding.about(name.to_string()),
        (None, None) => finding,
    };
    let slug = name.as_ref().map_or_else(|| format!("reindex_{what}"), |name| format!("reindex_{}", name.object()));
    let edits = vec![Edit::insert(keyword.end, " concurrently")];
    out.push(match own_file::edited(cx, "reindex `concurrently`", edits, &slug) {
        Some(fix) => finding.fix(fix),
        None => finding,
    });
}

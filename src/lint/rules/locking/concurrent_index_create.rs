//! `concurrent-index-create`: an index build that blocks writes to a table that others are using.

use super::own_file;
use crate::diagnostic::Level;
use crate::lint::ask::in_use::is_emptied;
use crate::lint::schema::{QName, TableKind};
use crate::lint::{Check, Edit, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{CreateIndex, StmtKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "concurrent-index-create",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create index` without `concurrently` on a table that this migration did not create",
    effect: "the whole table is read under a SHARE lock: every insert, update and delete waits until the index is built",
    remedy: "build it `concurrently`, in a migration that holds nothing else and so runs without a transaction; on a partitioned \
             table create it `on only` the parent, build it concurrently on each partition, and attach those",
    lock: Some(LockMode::Share),
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
        "https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-TABLES",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\ncreate index orders_user_id_idx on public.orders (user_id);",
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\nbegin;\ncreate unique index on public.orders (user_id) where id > 0;\ncommit;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\n-- dbctl: no-transaction\ncreate index concurrently orders_user_id_idx on public.orders (user_id);",
        "create table public.orders (id bigint primary key, user_id bigint);\ncreate index orders_user_id_idx on public.orders (user_id);",
        "create table public.events (id bigint, at date) partition by range (at);\n-- then\ncreate index events_at_idx on only public.events (at);",
        "create table public.orders (id bigint primary key, user_id uuid);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\n-- it is there already: nothing is built\ncreate index if not exists orders_user_id_idx on public.orders (user_id);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateIndex(index) = &cx.stmt().kind else { return };
    if index.concurrently || !cx.is_in_use(&index.table) {
        return;
    }
    let kind = cx.table(&index.table).map(|table| table.kind);
    // `only` leaves the partitions alone, and the parent has no rows of its own.
    if kind == Some(TableKind::Foreign) || (index.only && kind.is_none_or(|kind| kind == TableKind::Partitioned)) {
        return;
    }
    let name = cx.resolve(&index.table);
    // Nothing is built where an index of that name is there.
    let stands = index.if_not_exists
        && index
            .name
            .as_ref()
            .is_some_and(|it| cx.schema.indexes.contains_key(&QName::new(name.schema.as_str(), it.value.as_str())));
    if stands || is_emptied(cx, &name) {
        return;
    }
    let finding = cx
        .finding(index.keyword, format!("index build blocks writes to `{name}`"))
        .label("reads the whole table while writers wait")
        .object(&name);
    if kind == Some(TableKind::Partitioned) {
        out.push(finding.help(recipe(cx, index)));
        return;
    }
    let slug = format!("create_{}", index_name(index));
    let finding = finding.help("build it `concurrently`, in a migration of its own without a transaction");
    let edits = vec![Edit::insert(index.keyword.end, " concurrently")];
    out.push(match own_file::edited(cx, "build the index `concurrently`", edits, &slug) {
        Some(fix) => finding.fix(fix),
        None => finding,
    });
}

/// A name for what is about the index: its own, or one from its table.
pub(super) fn index_name(index: &CreateIndex) -> String {
    index.name.as_ref().map_or_else(|| format!("index_on_{}", index.table.object()), |name| name.value.clone())
}

/// How an index comes to a partitioned table without blocking writes.
pub(super) fn recipe(cx: &EventCx<'_>, index: &CreateIndex) -> String {
    let parent = cx.resolve(&index.table);
    let unique = if index.unique { "unique " } else { "" };
    let name = index.name.as_ref().map_or_else(|| format!("{}_idx", index.table.object()), |name| name.value.clone());
    let rest = cx.text(Span::new(index.table.span.end, cx.stmt().span.end)).trim();
    let mut partitions = cx.schema.tables.values().filter(|table| table.partition_of.as_ref() == Some(&parent));
    let partition = partitions.next().map_or_else(|| "each_partition".to_owned(), |table| table.name.to_string());
    format!(
        "create it on the parent alone, build it on each partition, and attach those:\n\
         create {unique}index {name} on only {} {rest};\n\
         create {unique}index concurrently {name}_1 on {partition} {rest};\n\
         alter index {name} attach partition {name}_1;",
        index.table
    )
}

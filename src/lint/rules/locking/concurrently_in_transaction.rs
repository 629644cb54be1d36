//! `concurrently-in-transaction`: a command that commits in between stands inside a transaction, where it can only fail.

use super::own_file;
use crate::diagnostic::Level;
use crate::lint::ask::transaction::{concurrent_command, in_block};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Origin, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "concurrently-in-transaction",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`concurrently` between `begin` and `commit`, in a DO block or in a function",
    effect: "the command commits in between, so PostgreSQL refuses it (25001, active_sql_transaction) and the migration fails",
    remedy: "give it a migration of its own without `begin` and `commit`; dbctl runs that statement by statement",
    lock: None,
    fix: Fixable::Safe,
    options: &[RuleOption {
        name: "assume_transaction",
        preset: Preset::Flag(false),
        help: "count a file of several statements without `-- dbctl: no-transaction` as one transaction, as other runners do",
    }],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
        "https://www.postgresql.org/docs/18/sql-reindex.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\nbegin;\ncreate index concurrently orders_user_id_idx on public.orders (user_id);\ncommit;",
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\ndo $$\nbegin\n  execute 'create index concurrently orders_user_id_idx on public.orders (user_id)';\nend\n$$;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\ncreate index concurrently orders_user_id_idx on public.orders (user_id);",
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\nbegin;\nselect 1;\ncommit;\ncreate index concurrently orders_user_id_idx on public.orders (user_id);",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(command) = concurrent_command(&cx.stmt().kind) else { return };
    let (place, why) = match cx.event.origin {
        Origin::Top if in_block(cx.file, cx.index) => ("a transaction", "`begin` stands before it"),
        Origin::Top if assumed(cx) => ("a transaction", "the runner wraps the file in one"),
        Origin::Top => return,
        Origin::Do | Origin::Executed => ("a DO block", "a DO block is one transaction"),
        Origin::Routine => ("a function", "a function runs inside its caller's transaction"),
    };
    let span = match &cx.stmt().kind {
        StmtKind::CreateIndex(index) => index.keyword,
        StmtKind::Reindex { keyword, .. } => *keyword,
        _ => cx.stmt().span,
    };
    let finding = cx
        .finding(span, format!("`{command}` cannot run in {place}"))
        .label(why)
        .help("give it a migration of its own without `begin` and `commit`");
    let words = command.replace(' ', "_").replace("_concurrently", "");
    out.push(match own_file::edited(cx, "take it out of the transaction", Vec::new(), &words) {
        Some(fix) if in_block(cx.file, cx.index) => finding.fix(fix),
        _ => finding,
    });
}

/// Whether the option says that the runner's transaction is around it. A statement alone in its file has none: PostgreSQL
/// makes a transaction of what is sent together.
fn assumed(cx: &EventCx<'_>) -> bool {
    let ends_before = || cx.earlier().any(|event| matches!(event.stmt.kind, StmtKind::Transaction(_)));
    cx.options.flag("assume_transaction") && !cx.file.no_transaction && cx.file.statements.len() > 1 && !ends_before()
}

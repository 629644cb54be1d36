//! `concurrent-index-mixed`: an index command that runs by itself makes the rest of its file run without a transaction too.

use crate::diagnostic::Level;
use crate::lint::ask::transaction::in_block;
use crate::lint::schema::Place;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Origin, Profile, Rule};
use crate::sql::ast::{ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "concurrent-index-mixed",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "an index command with `concurrently` in a file with other changes",
    effect: "the file runs without a transaction, so a build that fails (a duplicate value, a deadlock, a timeout) leaves the \
             changes before it in place and those after it undone",
    remedy: "give the index a migration of its own",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY"],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\nalter table public.orders add column note text;\ncreate index concurrently orders_user_id_idx on public.orders (user_id);",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\nset lock_timeout = '3s';\ndrop index concurrently if exists public.orders_user_id_idx;\ncreate index concurrently orders_user_id_idx on public.orders (user_id);\ncomment on index public.orders_user_id_idx is 'Orders of a user.';",
    ],
    checks: &[Check::File(check)],
};

/// Whether a statement is an index command that cannot run in a transaction; only these have no share in one.
fn is_concurrent(kind: &StmtKind) -> bool {
    match kind {
        StmtKind::CreateIndex(index) => index.concurrently,
        StmtKind::Reindex { concurrently, .. } => *concurrently,
        StmtKind::Drop(drop) => drop.kind == ObjectKind::Index && drop.concurrently,
        _ => false,
    }
}

/// Whether a statement changes something that could be half done.
fn changes(kind: &StmtKind) -> bool {
    match kind {
        StmtKind::Set(_)
        | StmtKind::Transaction(_)
        | StmtKind::CommentOn(_)
        | StmtKind::Select(_)
        | StmtKind::Vacuum { .. }
        | StmtKind::Analyze { .. }
        | StmtKind::Lock { .. }
        | StmtKind::Explain(_)
        | StmtKind::Prepare { .. }
        | StmtKind::Execute(_)
        | StmtKind::Other(_)
        | StmtKind::Invalid => false,
        kind => !is_concurrent(kind),
    }
}

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let top = || cx.file.events.iter().enumerate().filter(|(_, event)| event.origin == Origin::Top);
    let Some((at, event)) = top().find(|(_, event)| is_concurrent(&event.stmt.kind)) else { return };
    // Inside a transaction it fails before it does anything by halves.
    if in_block(cx.file, at) {
        return;
    }
    let Some((_, other)) = top().find(|(_, event)| changes(&event.stmt.kind)) else { return };
    let span = match &event.stmt.kind {
        StmtKind::CreateIndex(index) => index.keyword,
        StmtKind::Reindex { keyword, .. } => *keyword,
        _ => event.stmt.span,
    };
    let finding = cx
        .finding(span, "an index built concurrently takes the transaction from the rest of its file")
        .label("if this fails, the file is left half done")
        .see(Place::new(cx.file.id, other.stmt.span), "this commits by itself")
        .help("give the index a migration of its own");
    out.push(finding);
}

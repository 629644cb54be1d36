//! `wide-lock-window`: one transaction keeps everybody off several tables.

use std::collections::BTreeMap;

use crate::diagnostic::Level;
use crate::lint::schema::{Place, QName};
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "wide-lock-window",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a transaction takes ACCESS EXCLUSIVE locks on two or more tables that it did not create",
    effect: "the first table stays locked while the migration waits for the second one, and a session that uses both in the other \
             order deadlocks with it",
    remedy: "alter each table in a migration of its own",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-DEADLOCKS"],
    bad: &[
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key);\n-- then\nalter table public.users add column note text;\nalter table public.orders add column note text;",
    ],
    good: &[
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key);\n-- then\nalter table public.users add column note text;\n-- then\nalter table public.orders add column note text;",
        "create table public.users (id bigint primary key);\n-- then\nalter table public.users add column note text;\ncreate table public.orders (id bigint primary key);\nalter table public.orders add column note text;",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let mut held: BTreeMap<QName, Span> = BTreeMap::new();
    let (mut transaction, mut reported) = (0, false);
    for step in cx.steps() {
        if step.transaction != transaction {
            held.clear();
            (transaction, reported) = (step.transaction, false);
        }
        let exclusive = || step.locks.iter().filter(|lock| lock.mode == LockMode::AccessExclusive);
        // What one statement locks at once cannot be split, and counts as one.
        let widens = exclusive().find(|lock| !held.is_empty() && !held.contains_key(&lock.name));
        if let Some(lock) = widens.filter(|_| !reported)
            && let Some((first, at)) = held.iter().min_by_key(|(_, span)| span.start)
        {
            reported = true;
            out.push(
                cx.finding(lock.span, format!("waits for `{}` while `{first}` stays locked for everybody", lock.name))
                    .label("both are locked until the transaction ends")
                    .see(Place::new(cx.file.id, *at), format!("`{first}` is locked here"))
                    .object(&lock.name)
                    .help("alter each table in a migration of its own"),
            );
        }
        for lock in exclusive() {
            held.entry(lock.name.clone()).or_insert(lock.span);
        }
    }
}

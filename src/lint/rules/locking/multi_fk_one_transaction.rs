//! `multi-fk-one-transaction`: foreign keys to several busy tables in one transaction.

use crate::diagnostic::Level;
use crate::lint::schema::Place;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "multi-fk-one-transaction",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a transaction adds foreign keys from existing tables to two or more other existing tables",
    effect: "each foreign key takes a SHARE ROW EXCLUSIVE lock on the table it refers to: writers of the first wait while the \
             migration waits for the second, and a session that writes both in the other order deadlocks with it",
    remedy: "add one foreign key a migration",
    lock: Some(LockMode::ShareRowExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html",
        "https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-DEADLOCKS",
    ],
    bad: &[
        "create table public.users (id bigint primary key);\ncreate table public.shops (id bigint primary key);\ncreate table public.orders (id bigint primary key, user_id bigint, shop_id bigint);\n-- then\nalter table public.orders\n  add constraint orders_user_id_fkey foreign key (user_id) references public.users not valid,\n  add constraint orders_shop_id_fkey foreign key (shop_id) references public.shops not valid;",
    ],
    good: &[
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key, user_id bigint, payer_id bigint);\n-- then\nalter table public.orders\n  add constraint orders_user_id_fkey foreign key (user_id) references public.users not valid,\n  add constraint orders_payer_id_fkey foreign key (payer_id) references public.users not valid;",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let mut first: Option<(usize, crate::lint::schema::QName, crate::text::Span)> = None;
    let mut reported = false;
    for step in cx.steps() {
        let StmtKind::AlterTable(alter) = &step.event.stmt.kind else { continue };
        if first.as_ref().is_some_and(|(transaction, ..)| *transaction != step.transaction) {
            (first, reported) = (None, false);
        }
        let own = cx.schema.resolve(&alter.name);
        // A foreign key of a new table locks the others too, but nobody can be in the middle of the new one.
        if !step.locks.iter().any(|lock| lock.name == own) {
            continue;
        }
        let targets = step.locks.iter().filter(|lock| lock.mode == LockMode::ShareRowExclusive && lock.name != own);
        for lock in targets.filter(|lock| lock.span != step.event.stmt.span) {
            match &first {
                None => first = Some((step.transaction, lock.name.clone(), lock.span)),
                Some((_, name, at)) if *name != lock.name && !reported => {
                    reported = true;
                    out.push(
                        cx.finding(
                            lock.span,
                            format!("waits for `{}` while writers of `{name}` are kept waiting", lock.name),
                        )
                        .label("both are locked until the transaction ends")
                        .see(Place::new(cx.file.id, *at), format!("`{name}` is locked here"))
                        .object(&lock.name)
                        .help("add one foreign key a migration"),
                    );
                }
                Some(_) => {}
            }
        }
    }
}

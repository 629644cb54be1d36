//! `lock-timeout`: a lock is asked for without a limit on the waiting.

use crate::diagnostic::Level;
use crate::lint::ask::timeouts::{set_first, setting};
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};

pub(super) static RULE: Rule = Rule {
    id: "lock-timeout",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a lock that keeps others waiting is asked for without a `lock_timeout`",
    effect: "while the statement waits for its lock behind one long query, everybody who comes later waits behind the statement: the table stands \
             still although nothing runs",
    remedy: "set a `lock_timeout` of a few seconds, and try the migration again when it strikes. dbctl sets one itself: the rule is for other runners",
    lock: None,
    fix: Fixable::Safe,
    options: &[RuleOption { name: "value", preset: Preset::Text("3s"), help: "the value that the fix sets" }],
    sources: &["https://www.postgresql.org/docs/18/runtime-config-client.html#GUC-LOCK-TIMEOUT"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nset local statement_timeout = '1min';\nalter table public.orders add column note text;",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\n-- then\nset local lock_timeout = '3s';\nset local statement_timeout = '1min';\nalter table public.orders add column note text;",
        "create table public.orders (id bigint primary key);\nalter table public.orders add column note text;",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    if cx.config.timeouts_set {
        return;
    }
    let (mut session, mut local) = (false, false);
    let mut transaction = 0;
    for step in cx.steps() {
        if step.transaction != transaction {
            (local, transaction) = (false, step.transaction);
        }
        if let Some(set) = setting(&step.event.stmt, "lock_timeout") {
            // A zero is what `timeout-bad-value` is about.
            let on = !set.reset;
            if set.local {
                local = on;
            } else {
                (session, local) = (on, on);
            }
            continue;
        }
        let Some(lock) = step.strongest().filter(|_| !session && !local) else { continue };
        let value = cx.options.text("value");
        let finding = cx
            .finding(
                lock.span,
                format!("nothing limits how long the statement waits for `{}`, and others behind it", lock.name),
            )
            .label("everybody queues behind this lock request")
            .object(&lock.name)
            .lock(lock.mode)
            .help(format!("set it before the first statement that locks:\nset local lock_timeout = '{value}';"));
        out.push(match set_first(cx, "lock_timeout", &value) {
            Some(fix) => finding.fix(fix),
            None => finding,
        });
        // One `set` mends the whole file.
        return;
    }
}

//! `statement-timeout`: a lock is held without a limit on the work.

use crate::diagnostic::Level;
use crate::lint::ask::timeouts::{set_first, setting};
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};

pub(super) static RULE: Rule = Rule {
    id: "statement-timeout",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "a lock that keeps others waiting is taken without a `statement_timeout`",
    effect: "a scan or a rewrite that takes longer than thought keeps its lock until it is done or somebody kills it",
    remedy: "set a `statement_timeout` that others can bear. dbctl sets one itself: the rule is for other runners",
    lock: None,
    fix: Fixable::Safe,
    options: &[RuleOption { name: "value", preset: Preset::Text("1min"), help: "the value that the fix sets" }],
    sources: &["https://www.postgresql.org/docs/18/runtime-config-client.html#GUC-STATEMENT-TIMEOUT"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nset local lock_timeout = '3s';\nalter table public.orders add column note text;",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\n-- then\nset local statement_timeout = '1min';\nset local lock_timeout = '3s';\nalter table public.orders add column note text;",
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
        if let Some(set) = setting(&step.event.stmt, "statement_timeout") {
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
            .finding(lock.span, format!("nothing limits how long `{}` stays locked", lock.name))
            .label("runs as long as it takes, with the lock in hand")
            .object(&lock.name)
            .lock(lock.mode)
            .help(format!("set it before the first statement that locks:\nset local statement_timeout = '{value}';"));
        out.push(match set_first(cx, "statement_timeout", &value) {
            Some(fix) => finding.fix(fix),
            None => finding,
        });
        // One `set` mends the whole file.
        return;
    }
}

//! `timeout-bad-value`: a timeout that protects nobody: none, a long one, one that another makes void, or one that comes late.

use crate::diagnostic::Level;
use crate::lint::ask::lock::Step;
use crate::lint::ask::timeouts::{milliseconds, setting};
use crate::lint::{Check, FileCx, Finding, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};

pub(super) static RULE: Rule = Rule {
    id: "timeout-bad-value",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a `lock_timeout` or `statement_timeout` that is 0, too long, not below the other, or set after the lock is taken",
    effect: "the timeout looks like protection and is none: others queue behind the migration for as long as it waits",
    remedy: "set `lock_timeout` to a few seconds and `statement_timeout` above it, before the first statement that locks",
    lock: None,
    fix: Fixable::No,
    options: &[
        RuleOption {
            name: "max_lock_timeout",
            preset: Preset::Text("5s"),
            help: "the longest `lock_timeout` that others can bear",
        },
        RuleOption {
            name: "max_statement_timeout",
            preset: Preset::Text("10min"),
            help: "the longest `statement_timeout` that others can bear",
        },
    ],
    sources: &[
        "https://www.postgresql.org/docs/18/runtime-config-client.html#GUC-LOCK-TIMEOUT",
        "https://www.postgresql.org/docs/18/runtime-config-client.html#GUC-STATEMENT-TIMEOUT",
    ],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nset local lock_timeout = '1min';\nset local statement_timeout = '5min';\nalter table public.orders add column note text;",
        "create table public.orders (id bigint primary key);\n-- then\nset local lock_timeout = '3s';\nset local statement_timeout = '2s';\nalter table public.orders add column note text;",
        "create table public.orders (id bigint primary key);\n-- then\nset local lock_timeout = 0;\nset local statement_timeout = '1min';\nalter table public.orders add column note text;",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\n-- then\nset local lock_timeout = '3s';\nset local statement_timeout = '1min';\nalter table public.orders add column note text;",
        "set lock_timeout = 0;\ncreate table public.orders (id bigint primary key);",
    ],
    checks: &[Check::File(check)],
};

/// The two timeouts and the options that limit them.
const TIMEOUTS: [(&str, &str); 2] =
    [("lock_timeout", "max_lock_timeout"), ("statement_timeout", "max_statement_timeout")];

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let is_set = |stmt| TIMEOUTS.iter().any(|(name, _)| setting(stmt, name).is_some());
    if !cx.file.events.iter().any(|event| is_set(&event.stmt)) {
        return;
    }
    let steps = cx.steps();
    let mut current = [None; 2];
    for (index, step) in steps.iter().enumerate() {
        for (which, (name, most)) in TIMEOUTS.iter().enumerate() {
            let Some(set) = setting(&step.event.stmt, name) else { continue };
            let before = current[which];
            current[which] = set.value.filter(|_| !set.reset);
            let Some(value) = set.value.filter(|_| !set.reset) else { continue };
            let other = current[1 - which];
            out_of(cx, steps, index, (name, value, before), other, &cx.options.text(most), out);
        }
    }
}

fn out_of(
    cx: &FileCx<'_>,
    steps: &[Step<'_>],
    index: usize,
    (name, value, before): (&str, u64, Option<u64>),
    other: Option<u64>,
    most: &str,
    out: &mut Findings,
) {
    let span = steps[index].event.stmt.span;
    let later = steps[index + 1..].iter().find_map(Step::strongest);
    let mut push = |finding: Finding| out.push(finding);
    if value == 0 {
        if let Some(lock) = later {
            push(
                cx.finding(span, format!("`{name} = 0` lets `{}` stay locked without limit", lock.name))
                    .label("0 means no timeout at all")
                    .object(&lock.name)
                    .lock(lock.mode)
                    .help(format!("remove the line, or set a limit: set local {name} = '{}';", example(name))),
            );
        }
        return;
    }
    if milliseconds(most).is_some_and(|most| value > most) && later.is_some() {
        push(
            cx.finding(span, format!("a `{name}` of more than {most} keeps others waiting for as long"))
                .label(format!("longer than {most}"))
                .help(format!("set less: set local {name} = '{}';", example(name))),
        );
        return;
    }
    let (lock, statement) = if name == "lock_timeout" { (Some(value), other) } else { (other, Some(value)) };
    if let (Some(lock), Some(statement)) = (lock, statement)
        && lock >= statement
        && statement > 0
    {
        push(
            cx.finding(span, "`lock_timeout` is not below `statement_timeout`, which strikes first")
                .label("the lock timeout never comes to count")
                .help("make `lock_timeout` the shorter one: set local lock_timeout = '3s'; set local statement_timeout = '1min';"),
        );
        return;
    }
    let earlier = steps[..index].iter().find_map(Step::strongest);
    if let (Some(lock), None, false) = (earlier, before, cx.config.timeouts_set) {
        push(
            cx.finding(span, format!("`{name}` is set after `{}` is locked already", lock.name))
                .label("too late for the statements above")
                .help("move the line to the top of the migration"),
        );
    }
}

fn example(name: &str) -> &'static str {
    if name == "lock_timeout" { "3s" } else { "1min" }
}

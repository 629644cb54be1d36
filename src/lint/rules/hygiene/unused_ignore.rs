//! `unused-ignore`: a comment that silences nothing.

use crate::diagnostic::Level;
use crate::lint::{Fixable, Group, Profile, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "unused-ignore",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a `dbctl:ignore` comment names a rule that finds nothing where the comment reaches, or an `ignore-start` has no end",
    effect: "what it silenced is gone, so the comment tells readers of a danger that is not there, and would silence the next \
             finding unseen",
    remedy: "remove the comment, or the name from it",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://github.com/sbdchd/squawk/issues/974"],
    bad: &[
        "-- dbctl:ignore ignore-without-reason: the reasons are in the wiki\ncreate table public.orders (id uuid primary key);\n",
        "-- dbctl:ignore-start ignore-without-reason, unknown-ignore-rule: written before the rules were named\n\
         create table public.orders (id uuid primary key);\n-- dbctl:ignore-end\n",
    ],
    good: &["create table public.orders (id uuid primary key);\n"],
    // The engine raises it when all findings are known.
    checks: &[],
};

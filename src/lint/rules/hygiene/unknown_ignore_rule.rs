//! `unknown-ignore-rule`: a comment that names no rule there is.

use crate::diagnostic::Level;
use crate::lint::{Fixable, Group, Profile, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "unknown-ignore-rule",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a `dbctl:ignore` comment names a rule that does not exist, or none at all",
    effect: "it silences nothing, although it looks as if it did",
    remedy: "write the rule's id as findings show it, or `all` for every rule",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://github.com/sbdchd/squawk/issues/214"],
    bad: &[
        "-- dbctl:ignore no-such-thing-as-this: it was renamed\ncreate table public.orders (id uuid primary key);\n",
        "create table public.orders (id uuid primary key); -- dbctl:ignore: it is fine\n",
    ],
    good: &[
        "-- dbctl:ignore unused-ignore: shows how it is written\ncreate table public.orders (id uuid primary key);\n",
    ],
    // The engine raises it when it reads the comments.
    checks: &[],
};

//! `ignore-without-reason`: a comment that silences rules and does not say why.

use crate::diagnostic::Level;
use crate::lint::{Fixable, Group, Profile, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "ignore-without-reason",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a `dbctl:ignore` comment gives no reason",
    effect: "nobody can tell later whether the danger was weighed or only silenced; without a reason the comment has no effect",
    remedy: "write why behind a colon: `-- dbctl:ignore drop-table: the last reader went in release 4`",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &[],
    bad: &[
        "-- dbctl:ignore unknown-ignore-rule\ncreate table public.orders (id uuid primary key);\n",
        "create table public.orders (id uuid primary key); -- dbctl:ignore unused-ignore because it is small\n",
    ],
    good: &[
        "-- dbctl:ignore unused-ignore: shows how it is written\ncreate table public.orders (id uuid primary key);\n",
    ],
    // The engine raises it when it reads the comments.
    checks: &[],
};

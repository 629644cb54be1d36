//! `drop-view`: a view that was there before this migration is dropped and not made again.

use super::gone::{self, Words};
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "drop-view",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a view that was there before this migration is dropped and not made again",
    effect: "every query that names the view fails from then on; its privileges go with it, and an older version of the program is still running while this deploys",
    remedy: "make it again in the same file, or first release a program that does not read it",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropview.html"],
    bad: &[
        "create view public.recent as select 1 as id;\n-- then\ndrop view public.recent;\n",
        "create materialized view public.totals as select 1 as n;\n-- then\ndrop materialized view if exists public.totals;\n",
    ],
    good: &[
        "create view public.recent as select 1 as id;\n-- then\ndrop view if exists public.recent;\ncreate view public.recent as select 2 as id, 3 as n;\n",
        "create view public.recent as select 1 as id;\ndrop view public.recent;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let words = Words {
        cost: ", which programs may still read",
        label: "gone for every reader",
        help: "drop it only when no released program reads it any more; to change it, `create` it again in this file and grant its privileges anew",
    };
    gone::check(cx, out, &[ObjectKind::View, ObjectKind::MaterializedView], &words);
}

//! `drop-domain`: a domain that was there before this migration is dropped and not made again.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use super::gone::{self, Words};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "drop-domain",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a domain that was there before this migration is dropped and not made again",
    effect: "its checks go with it, and programs that name it in a cast fail",
    remedy: "take it away when nothing names it, and keep its checks where the values are kept",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropdomain.html"],
    bad: &["create domain public.email as text check (value like '%@%');\n-- then\ndrop domain public.email;\n"],
    good: &[
        "create domain public.email as text;\n-- then\ndrop domain if exists public.email;\ncreate domain public.email as text check (value like '%@%');\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let words = Words {
        cost: " and the checks that it makes",
        label: "its checks go with it",
        help: "drop it only when nothing names it any more; keep its checks as constraints of the columns",
    };
    gone::check(cx, out, &[ObjectKind::Domain], &words);
}

//! `drop-extension`: an extension is dropped and not made again.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use super::gone::{self, Words};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "drop-extension",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "an extension is dropped and not made again",
    effect: "all its functions, types and operators go; with `cascade` every column and index that uses them too",
    remedy: "take it away when nothing uses it",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropextension.html"],
    bad: &["create extension if not exists pg_trgm;\n-- then\ndrop extension pg_trgm;\n"],
    good: &[
        "create extension if not exists pg_trgm;\n-- then\ndrop extension if exists pg_trgm;\ncreate extension pg_trgm;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let words = Words {
        cost: " with all its functions, types and operators",
        label: "all that it brought goes",
        help: "look for what uses its functions, types and operator classes first: bodies of functions are not checked",
    };
    gone::check(cx, out, &[ObjectKind::Extension], &words);
}

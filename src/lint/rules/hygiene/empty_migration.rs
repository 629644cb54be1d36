//! `empty-migration`: a migration without any statement.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "empty-migration",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "a migration without any statement",
    effect: "it is recorded as applied and does nothing: what was meant to be in it is missing",
    remedy: "write what it is to do, or take it away before anybody applies it",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[],
    bad: &["-- orders: to be written\n"],
    good: &["create table public.orders (id bigint primary key);\n"],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    if cx.file.statements.is_empty() && cx.file.errors.is_empty() {
        let file = cx.file.file_name();
        out.push(
            cx.finding(Span::new(0, 0), format!("`{file}` holds no statement"))
                .about(file)
                .help("write what it is to do, or take it away before it is applied anywhere"),
        );
    }
}

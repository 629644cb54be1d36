//! `bom`: a migration begins with a byte order mark.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use crate::lint::{Edit, Fix};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "bom",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "a migration begins with a byte order mark",
    effect: "psql and most drivers pass it on, and the first statement fails with a syntax error at a character that cannot be seen",
    remedy: "save it as UTF-8 without a byte order mark",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[],
    bad: &["﻿create table public.orders (id bigint primary key);\n"],
    good: &["create table public.orders (id bigint primary key);\n"],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    const MARK: char = '\u{feff}';
    if cx.file.text().starts_with(MARK) {
        let span = Span::new(0, MARK.len_utf8());
        out.push(
            cx.finding(span, "begins with a byte order mark, which other tools take for SQL")
                .about(cx.file.file_name())
                .help("save it as UTF-8 without a byte order mark")
                .fix(Fix::safe("take the byte order mark away", vec![Edit::delete(span)])),
        );
    }
}

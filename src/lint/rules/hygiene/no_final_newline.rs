//! `no-final-newline`: a migration does not end with a line end.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use crate::lint::{Edit, Fix};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "no-final-newline",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "a migration does not end with a line end",
    effect: "files that are put together run into one another: a comment on the last line swallows the first statement of the next file",
    remedy: "end the last line",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap03.html#tag_03_185"],
    bad: &["create table public.orders (id bigint primary key);"],
    good: &["create table public.orders (id bigint primary key);\n"],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let text = cx.file.text();
    if text.is_empty() || text.ends_with('\n') {
        return;
    }
    let last = text.chars().next_back().map_or(0, char::len_utf8);
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    out.push(
        cx.finding(Span::new(text.len() - last, text.len()), "the last line does not end")
            .about(cx.file.file_name())
            .help("end the last line")
            .fix(Fix::safe("end the last line", vec![Edit::insert(text.len(), end)])),
    );
}

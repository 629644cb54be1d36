//! `crlf`: a migration has Windows line ends.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use crate::lint::{Edit, Fix};
use crate::sql::ast::StmtKind;
use crate::sql::{Kind, Tokens};
use crate::text::{Span, count};

pub(super) static RULE: Rule = Rule {
    id: "crlf",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "a migration has Windows line ends",
    effect: "its checksum differs from that of the same file with `\\n`, which git makes of it on other machines: it looks edited there; within strings and function bodies they get into the database",
    remedy: "write `\\n`, and put `*.sql text eol=lf` into `.gitattributes`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://git-scm.com/docs/gitattributes#_text"],
    bad: &["create table public.orders (\r\n  id bigint primary key\r\n);\r\n"],
    good: &["create table public.orders (id bigint primary key);\n"],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let text = cx.file.text();
    let Some(first) = text.find("\r\n") else { return };
    let ends: Vec<usize> = text.match_indices("\r\n").map(|(at, _)| at).collect();
    let edits = ends.iter().map(|&at| Edit::delete(Span::new(at, at + 1))).collect();
    // Within a constant they are data.
    let is_data = Tokens::new(text).any(|token| token.kind == Kind::String && token.span.of(text).contains('\r'))
        || cx.file.events.iter().any(|event| matches!(event.stmt.kind, StmtKind::Copy(_)));
    let title = "write `\\n` at the end of each line";
    let fix = if is_data { Fix::unchecked(title, edits) } else { Fix::safe(title, edits) };
    out.push(
        cx.finding(Span::new(first, first + 2), format!("{} of Windows", count(ends.len(), "line end")))
            .about(cx.file.file_name())
            .help("put `*.sql text eol=lf` into `.gitattributes`")
            .fix(fix),
    );
}

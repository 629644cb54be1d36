//! `missing-header`: a migration does not begin with a comment that says what it is for.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use crate::lint::{Edit, Fix};
use crate::sql::{Kind, Token, Tokens};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "missing-header",
    group: Group::Hygiene,
    profile: Profile::Conventions,
    level: Level::Note,
    opt_in: true,
    condition: "a migration does not begin with a comment that says what it is for",
    effect: "who reads the history later sees what was done and has to guess why",
    remedy: "begin with a comment: one line that says what changes, and why",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[],
    bad: &["create table public.orders (id bigint primary key);\n"],
    good: &[
        "-- Orders: one row for each purchase.\ncreate table public.orders (id bigint primary key);\n",
        "/* Orders. */\ncreate table public.orders (id bigint primary key);\n",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let text = cx.file.text();
    let comments = Tokens::new(text).take_while(Token::is_trivia).filter(|token| token.kind != Kind::Space);
    let says = |comment: &str| {
        let said = comment.trim_start_matches(['-', '/', '*', '!', ' ']).trim_end_matches(['*', '/', ' ']);
        // Directives speak to tools.
        !said.is_empty() && !said.starts_with("dbctl:") && !said.starts_with("squawk-")
    };
    if cx.file.statements.is_empty() || comments.into_iter().any(|token| says(token.span.of(text))) {
        return;
    }
    let finding = cx
        .finding(
            cx.file.statements.first().map_or(Span::new(0, 0), |span| Span::new(span.start, span.start)),
            "no comment says what this migration is for",
        )
        .about(cx.file.file_name())
        .help("begin with `-- what changes, and why`");
    let words = cx.file.name.replace(['_', '-', '.'], " ");
    let mut letters = words.trim().chars();
    out.push(match letters.next() {
        Some(first) => {
            let header = format!("-- {}{}.\n", first.to_uppercase(), letters.as_str());
            let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            finding.fix(Fix::safe("begin with the file's name as a comment", vec![Edit::insert(at, header)]))
        }
        None => finding,
    });
}

//! What the parser complains about, told as PostgreSQL tells it: once, and at the token that does not fit.
//!
//! The parser often notices earlier or later than PostgreSQL's grammar does; the known cases are set right here, found by
//! giving both the same broken statements.

use squawk_syntax::quote::is_reserved_word;
use squawk_syntax::syntax_error::SyntaxError as Complaint;
use squawk_syntax::{SyntaxKind, SyntaxNode, SyntaxToken};

use super::node::Node;

/// The first thing in a text that PostgreSQL would not take.
pub(super) struct Fault {
    /// Its first byte in the text.
    pub(super) start: usize,
    /// One past its last byte; the same as `start` at the end of the text.
    pub(super) end: usize,
    /// What is wrong.
    pub(super) message: String,
    /// The tree around it is a guess, not only a rule about it broken.
    pub(super) broken: bool,
}

/// The first fault among what the parser complains about; bodies in strings are read for themselves.
pub(super) fn first_fault(complaints: &[Complaint], root: &SyntaxNode) -> Option<Fault> {
    let complaint = complaints.iter().find(|complaint| counts(complaint.message()) && !in_body(complaint, root))?;
    Some(fault_of(complaint, &significant(root)))
}

/// The tokens by which [`fault_of`] finds its way.
pub(super) fn significant(root: &SyntaxNode) -> Vec<SyntaxToken> {
    root.tokens().collect()
}

/// A complaint told as PostgreSQL tells it.
pub(super) fn fault_of(complaint: &Complaint, tokens: &[SyntaxToken]) -> Fault {
    let message = complaint.message();
    let broken = is_grammar(message);
    let index = misfit(complaint, tokens);
    let message = if broken { near(tokens.get(index).map(SyntaxToken::text)) } else { lower(message) };
    let (start, end) = match (tokens.get(index), tokens.last()) {
        (Some(token), _) => (token.text_range().start().into(), token.text_range().end().into()),
        (None, last) => {
            let end = last.map_or(0, |token| token.text_range().end().into());
            (end, end)
        }
    };
    Fault { start, end, message, broken }
}

/// PostgreSQL's own words for a token that does not fit, or for an end that comes too early.
pub(super) fn near(token: Option<&str>) -> String {
    match token {
        Some(token) => format!("syntax error at or near `{}`", short(token)),
        None => "syntax error at the end of the statement".to_owned(),
    }
}

/// Whether it is about the text of a function's body.
fn in_body(complaint: &Complaint, root: &SyntaxNode) -> bool {
    let at = complaint.range().start().min(root.text_range().end());
    let token = root.token_at_offset(at).right_biased().filter(|token| token.text_range().start() < at);
    let holder = token.and_then(|token| token.parent()).and_then(|literal| literal.parent());
    holder.is_some_and(|holder| holder.kind() == SyntaxKind::AS_DEFINITION)
}

/// Which token PostgreSQL stumbles over; one past the last when the statement ends too early.
fn misfit(complaint: &Complaint, tokens: &[SyntaxToken]) -> usize {
    let message = complaint.message();
    let behind = |offset: usize| tokens.partition_point(|token| usize::from(token.text_range().end()) <= offset);
    let index = behind(complaint.range().start().into());
    let is = |index: usize, word: &str| tokens.get(index).is_some_and(|token| token.text().eq_ignore_ascii_case(word));
    // `trigger if not exists` makes a trigger named `if` before it goes wrong.
    if let Some(at) = (2..5).find(|at| is(*at, "if") && is(*at - 1, "trigger") && is(*at + 1, "not")) {
        return index.min(at + 1);
    }
    match message {
        "unexpected trailing comma"
        | "unexpected comma"
        | "unexpected closing comma"
        | "Expected at least one expression in IN list." => return index + 1,
        "Missing column type" => return untyped(index, tokens),
        "expected alter column option" if is(index, "set") => return index + 1,
        _ if message.starts_with("Expected a target after SELECT DISTINCT") => {
            return behind(complaint.range().end().into());
        }
        _ if message.starts_with("Expected DEFAULT, string") => return index + 1,
        // It gives up on the whole statement where the second or third word is wrong.
        _ if message.starts_with("expected command") && index == 0 => {
            let makes = is(0, "create") || is(0, "alter") || is(0, "drop");
            let noise = ["or", "replace", "temp", "temporary", "unlogged", "unique", "global", "local"];
            let words = (1..tokens.len()).find(|at| !noise.iter().any(|word| is(*at, word)));
            return if makes { words.unwrap_or(tokens.len()) } else { 0 };
        }
        _ => {}
    }
    let Some(before) = index.checked_sub(1).and_then(|before| tokens.get(before)) else { return index };
    let holder = before.parent();
    // Behind `as`, and for a bare label, nearly every word will do.
    let is_label = holder.as_ref().and_then(SyntaxNode::parent).is_some_and(|node| node.kind() == SyntaxKind::AS_NAME);
    let parent = holder.map(|parent| parent.kind());
    // `with a (select …)` has the select where names should be.
    if parent == Some(SyntaxKind::CTE_NAME) && is(index, "(") {
        return index + 1;
    }
    if !is_label && parent.is_some_and(is_name) && is_reserved_word(before.text()) {
        return index - 1;
    }
    index
}

/// What does not fit behind a column without a type: it could be one of `create table t (a, b) as …`, unless another one
/// before it has a type.
fn untyped(behind: usize, tokens: &[SyntaxToken]) -> usize {
    let kind = |at: usize| tokens.get(at).map(SyntaxToken::kind);
    if behind < 2 || kind(behind - 2) != Some(SyntaxKind::L_PAREN) {
        return behind;
    }
    let mut at = behind;
    while kind(at) == Some(SyntaxKind::COMMA) && kind(at + 1) == Some(SyntaxKind::IDENT) {
        at += 2;
    }
    if kind(at) == Some(SyntaxKind::R_PAREN) { at + 1 } else { at }
}

/// Whether a node is nothing but a name.
fn is_name(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::CONSTRAINT_NAME
            | K::POLICY
            | K::TRIGGER
            | K::RULE
            | K::COLUMN_NAME
            | K::COLUMN_NAME_REF
            | K::TABLE_ALIAS
            | K::PATH_SEGMENT
            | K::PATH_SEGMENT_REF
            | K::SCHEMA
            | K::EXTENSION
            | K::ROLE
    )
}

/// Whether a complaint is one of the grammar's own, after which the tree is a guess.
fn is_grammar(message: &str) -> bool {
    // Those of the grammar begin in lower case, those of the rules behind it in upper case or with a quoted word.
    message.starts_with(|c: char| c.is_ascii_lowercase())
        || ["Expected at least one item", "Missing semicolon between", "Missing select clause", "Missing column type"]
            .iter()
            .any(|start| message.starts_with(start))
}

/// Whether PostgreSQL complains too, and about the syntax.
fn counts(message: &str) -> bool {
    !message.starts_with("Expected PLAIN")
}

fn lower(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut letters = message.chars();
    // `SQL is not …`, `ONLY cannot …` keep their capitals.
    let is_capitals = message.chars().nth(1).is_some_and(char::is_uppercase);
    match letters.next() {
        Some(first) if !is_capitals => first.to_lowercase().chain(letters).collect(),
        _ => message.to_owned(),
    }
}

/// A token on one line, cut where it is long.
fn short(token: &str) -> String {
    const LONGEST: usize = 40;
    let line = token.lines().next().unwrap_or_default();
    if line.chars().count() > LONGEST || line.len() < token.len() {
        format!("{}…", line.chars().take(LONGEST).collect::<String>())
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::parse::parse;

    /// The statements with a `|` before the token that PostgreSQL 15 reports; at the end when it reports the end.
    const BROKEN: &[&str] = &[
        "create |tabel t (a int)",
        "create table t (a int,|)",
        "create table t (a int |b int)",
        "create table t (a int|",
        "create table t (a)|",
        "create table t (a, b |int)",
        "create table t (a int, b|)",
        "create table if (a int|",
        "create table t (|order int)",
        "create table t (a int check |a > 0)",
        "create table t (a int |auto_increment)",
        "create table t (a int, constraint |primary key (a))",
        "alter table t add constraint |check (a)",
        "alter table t alter column a set|",
        "alter |tabel t add a int",
        "alter table t |modify a int",
        "create or replace |table t (a int)",
        "create or replace |policy p on t using (true)",
        "create policy if |not exists p on t using (true)",
        "create policy p on t using |true",
        "create trigger if |not exists g before insert on t execute function f()",
        "create trigger g before insert on t execute |f()",
        "create function f() return int |language sql",
        "create type t as enum (|a, b)",
        "create index i |t (a)",
        "create unique |i on t (a)",
        "drop table|",
        "drop table if |exist t",
        "grant select on t |u",
        "revoke select on t |to u",
        "comment on |t is 'a'",
        "select a, |from t",
        "select * |form t",
        "select 1 select |2",
        "select 'a' |'b'",
        "select a from t where b in (|)",
        "select distinct |from t",
        "select a is |nul",
        "select a from t join u|",
        "select * from t as|",
        "with a (|select 1) select 2",
        "with a as (select 1), |select 2",
        "insert |t values (1)",
        "insert into t (a,|) values (1)",
        "insert into t values (1) on conflict do|",
        "update t set |where a",
        "update t set a = 1,|",
        "delete |t where a",
        "copy t|",
        "set a =|",
        "|foo bar",
        "begin |transactio",
    ];

    #[test]
    fn stands_where_postgresql_sees_it() {
        for marked in BROKEN {
            let at = marked.find('|').unwrap();
            let sql = marked.replace('|', "");
            let errors = parse(&sql).errors;
            let [error] = &errors[..] else { panic!("{sql}: {errors:?}") };
            assert_eq!((error.span.start, error.in_body), (at, false), "{sql}");
        }
    }
}

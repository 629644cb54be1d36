//! What the parser complains about, told as PostgreSQL tells it: once, and at the token that does not fit.
//!
//! The parser often notices earlier or later than PostgreSQL's grammar does; the known cases are set right here, found by
//! giving both the same broken statements.

use squawk_syntax::quote::is_reserved_word;
use squawk_syntax::syntax_error::SyntaxError as Complaint;
use squawk_syntax::{SyntaxKind, SyntaxNode, SyntaxToken};

use super::node::{Lower, Node};

/// The first thing in a text that PostgreSQL would not take.
pub(super) struct Fault {
    /// Its first byte in the text.
    pub(super) start: usize,
    /// One past its last byte; the same as `start` at the end of the text.
    pub(super) end: usize,
    /// What is wrong.
    pub(super) message: String,
}

/// The first fault in the text of one statement: what the parser complains about, or a second statement that no semicolon
/// parts from the first one.
pub(super) fn first_fault(complaints: &[Complaint], root: &SyntaxNode) -> Option<Fault> {
    let complaint = complaints.iter().min_by_key(|complaint| complaint.range().start());
    let second =
        second_statement(root).filter(|second| complaint.is_none_or(|it| *second <= it.range().start().into()));
    if complaint.is_none() && second.is_none() {
        return None;
    }
    let tokens = significant(root);
    match second {
        Some(second) => Some(fault_at(tokens.partition_point(|token| end(token) <= second), &tokens)),
        None => complaint.map(|complaint| fault_of(complaint, &tokens)),
    }
}

/// Where a second statement begins. What stands behind `create schema` is part of it.
fn second_statement(root: &SyntaxNode) -> Option<usize> {
    let is_statement = |node: &SyntaxNode| !matches!(node.kind(), SyntaxKind::EMPTY_STMT | SyntaxKind::ERROR);
    let mut statements = root.children().filter(is_statement);
    let first = statements.next().filter(|first| first.kind() != SyntaxKind::CREATE_SCHEMA)?;
    let second = statements.next()?;
    (!first.has(SyntaxKind::SEMICOLON)).then(|| second.bounds().0)
}

/// The tokens by which [`fault_of`] finds its way.
pub(super) fn significant(root: &SyntaxNode) -> Vec<SyntaxToken> {
    root.tokens().collect()
}

/// A complaint told as PostgreSQL tells it.
pub(super) fn fault_of(complaint: &Complaint, tokens: &[SyntaxToken]) -> Fault {
    fault_at(misfit(complaint, tokens), tokens)
}

fn fault_at(index: usize, tokens: &[SyntaxToken]) -> Fault {
    let token = tokens.get(index);
    let message = near(token.map(SyntaxToken::text));
    let behind = tokens.last().map_or(0, end);
    let (start, end) = token.map_or((behind, behind), |token| (token.text_range().start().into(), end(token)));
    Fault { start, end, message }
}

fn end(token: &SyntaxToken) -> usize {
    token.text_range().end().into()
}

/// PostgreSQL's own words for a token that does not fit, or for an end that comes too early.
pub(super) fn near(token: Option<&str>) -> String {
    match token {
        Some(token) => format!("syntax error at or near `{}`", short(token)),
        None => "syntax error at the end of the statement".to_owned(),
    }
}

/// Which token PostgreSQL stumbles over; one past the last when the statement ends too early.
fn misfit(complaint: &Complaint, tokens: &[SyntaxToken]) -> usize {
    let message = complaint.message();
    let at = usize::from(complaint.range().start());
    let index = tokens.partition_point(|token| end(token) <= at);
    let is = |index: usize, word: &str| tokens.get(index).is_some_and(|token| token.text().eq_ignore_ascii_case(word));
    // `trigger if not exists` makes a trigger named `if` before it goes wrong.
    if let Some(at) = (2..5).find(|at| is(*at, "if") && is(*at - 1, "trigger") && is(*at + 1, "not")) {
        return index.min(at + 1);
    }
    match message {
        "unexpected trailing comma" | "unexpected comma" | "unexpected closing comma" => return index + 1,
        "expected alter column option" if is(index, "set") => return index + 1,
        // It gives up on the whole statement where the second or third word is wrong.
        _ if message.starts_with("expected command") => {
            let makes = is(index, "create") || is(index, "alter") || is(index, "drop");
            let noise = ["or", "replace", "temp", "temporary", "unlogged", "unique", "global", "local"];
            let wrong = (index + 1..tokens.len()).find(|at| !noise.iter().any(|word| is(*at, word)));
            return if makes { wrong.unwrap_or(tokens.len()) } else { index };
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

/// What PostgreSQL's grammar refuses and the parser does not.
impl Lower<'_> {
    /// Reports a token; the end of the text for `None`. Only the first one of a statement counts.
    pub(super) fn refuse(&mut self, node: &SyntaxNode, token: Option<&SyntaxToken>) {
        if std::mem::replace(&mut self.refused, true) {
            return;
        }
        let span = token.map_or_else(
            || {
                let root = node.ancestors().last();
                let end = root.as_ref().unwrap_or(node).bounds().1;
                self.place.span(end, end)
            },
            |token| self.token_span(token),
        );
        let message = near(token.map(SyntaxToken::text));
        self.errors.push(super::SyntaxError { kind: super::ErrorKind::Syntax, span, message, in_body: self.in_body });
    }

    /// Reports the token behind a node.
    pub(super) fn refuse_behind(&mut self, node: &SyntaxNode) {
        let tokens = significant(&node.ancestors().last().unwrap_or_else(|| node.clone()));
        let index = tokens.partition_point(|token| end(token) <= node.bounds().1);
        self.refuse(node, tokens.get(index));
    }

    /// Reports what does not fit behind a column without a type: it could be one of `create table t (a, b) as …`, unless
    /// another one before it has a type.
    pub(super) fn refuse_untyped(&mut self, column: &SyntaxNode) {
        let tokens = significant(&column.ancestors().last().unwrap_or_else(|| column.clone()));
        let kind = |at: usize| tokens.get(at).map(SyntaxToken::kind);
        let mut at = tokens.partition_point(|token| end(token) <= column.bounds().1);
        if at >= 2 && kind(at - 2) == Some(SyntaxKind::L_PAREN) {
            while kind(at) == Some(SyntaxKind::COMMA) && kind(at + 1) == Some(SyntaxKind::IDENT) {
                at += 2;
            }
            if kind(at) == Some(SyntaxKind::R_PAREN) {
                at += 1;
            }
        }
        self.refuse(column, tokens.get(at));
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
        "select |:a",
        "select |[1, 2]",
        "select left |from t",
        "create type t as enum ('a' |'b')",
        "select a b |c from t",
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

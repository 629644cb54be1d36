//! The parser's facade: SQL text becomes [`crate::sql::ast`]. No type of the parser leaves this folder.
//!
//! A file is split first (as psql splits it) and each statement is parsed by itself, so that an error stays in its statement
//! and the rest is read as if it were not there.

mod alter_table;
mod body;
mod body_stmt;
mod call;
mod column;
mod comment;
mod depth;
mod dml;
mod drop;
mod error;
mod execute;
mod expr;
mod gap;
mod grant;
mod index;
mod kind;
mod name;
mod node;
mod object;
mod policy;
mod query;
mod role;
mod routine;
mod stmt;
mod table;
mod trigger;
mod types;
mod types_ddl;
mod utility;
mod view;

use std::borrow::Cow;

use squawk_syntax::body::BodyLanguage;
use squawk_syntax::{SourceFile, SyntaxKind, SyntaxNode};

use self::node::{Lower, Place};
use super::{SplitError, Statement, split_all};
use crate::sql::ast::{Stmt, StmtKind};
use crate::text::Span;

/// How deep expressions and queries are read; beyond it nothing is kept.
const DEEPEST: usize = 200;

/// Whose language a text is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// No SQL that PostgreSQL takes.
    Syntax,
    /// A command of psql, which the server never sees.
    Command,
}

/// What could not be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What it is instead of SQL.
    pub kind: ErrorKind,
    /// Where PostgreSQL would see it: the first token that does not fit, or the end of the statement.
    pub span: Span,
    /// What is wrong, in lower case without a full stop.
    pub message: String,
    /// Whether it stands inside the body of a function, procedure or DO block: PostgreSQL sees it when the body is checked or run.
    pub in_body: bool,
}

/// A file, parsed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// The statements in order; one that does not parse is [`crate::sql::ast::StmtKind::Invalid`].
    pub statements: Vec<Stmt>,
    /// At most one error a statement, and one for each body statement that does not parse.
    pub errors: Vec<SyntaxError>,
}

/// Parses a file. Whatever it holds, every statement that can be read is.
pub fn parse(text: &str) -> Script {
    let (statements, broken) = split_all(text);
    parse_statements(text, &statements, broken)
}

/// Parses a file that was split before.
pub fn parse_statements(text: &str, statements: &[Statement], mut broken: Vec<SplitError>) -> Script {
    broken.sort_by_key(|error| error.span().start);
    let mut script = Script::default();
    for statement in statements {
        let span = statement.span;
        let first = broken.partition_point(|error| error.span().start < span.start);
        let behind = broken.partition_point(|error| error.span().start <= span.end);
        let within = &broken[first..behind.max(first)];
        if within.iter().any(|error| matches!(error, SplitError::Unterminated { .. })) {
            script.statements.push(Stmt { span, kind: StmtKind::Invalid });
        } else {
            read(&without_commands(text, span, within), span, &mut script);
        }
    }
    script.errors.extend(broken.iter().map(|error| SyntaxError {
        kind: match error {
            SplitError::MetaCommand { .. } => ErrorKind::Command,
            _ => ErrorKind::Syntax,
        },
        span: error.span(),
        message: error.to_string(),
        in_body: false,
    }));
    script.errors.sort_by_key(|error| error.span.start);
    script
}

/// The text of a statement, the commands of psql within it blanked.
fn without_commands<'a>(text: &'a str, span: Span, broken: &[SplitError]) -> Cow<'a, str> {
    let mut written = Cow::Borrowed(span.of(text));
    for error in broken {
        if let SplitError::MetaCommand { span: command, .. } = error
            && let Some(from) = command.start.checked_sub(span.start)
            && from < written.len()
        {
            let line = written[from..].find(['\n', '\r']).map_or(written.len(), |length| from + length);
            written.to_mut().replace_range(from..line, &" ".repeat(line - from));
        }
    }
    written
}

/// Parses one statement; what `create schema` holds follows as statements of their own.
fn read(written: &str, span: Span, script: &mut Script) {
    let mut lower = Lower::new(Place::At(span.start), false);
    lower.read(written, &mut script.statements);
    script.errors.append(&mut lower.errors);
}

impl Lower<'_> {
    /// Parses the one statement that the text is.
    fn read(&mut self, written: &str, statements: &mut Vec<Stmt>) {
        let whole = self.place.span(0, written.len());
        if depth::is_too_deep(written) {
            let word = written.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
            statements.push(Stmt { span: whole, kind: StmtKind::Other(word.to_ascii_lowercase()) });
            return;
        }
        // The parser's own validation is not asked: it costs as much as the parse. What PostgreSQL refuses too is refused
        // while lowering.
        let (green, complaints) = SourceFile::parse_text(written);
        let root = SyntaxNode::new_root(green);
        if let Some(fault) = error::first_fault(&complaints, &root) {
            if let Some(kind) = self.bridge(written) {
                statements.push(Stmt { span: whole, kind });
            } else {
                let error = self.syntax_error(fault);
                self.errors.push(error);
                statements.push(Stmt { span: whole, kind: StmtKind::Invalid });
            }
            return;
        }
        let is_empty = |node: &SyntaxNode| matches!(node.kind(), SyntaxKind::EMPTY_STMT | SyntaxKind::ERROR);
        let Some(first) = &root.children().find(|node| !is_empty(node)) else {
            statements.push(Stmt { span: whole, kind: StmtKind::Invalid });
            return;
        };
        statements.push(self.stmt(first));
        if first.kind() == SyntaxKind::CREATE_SCHEMA {
            statements.append(&mut self.schema_elements(first));
            // Behind `authorization` the parser takes the elements for statements of their own.
            statements.extend(root.children().skip_while(|node| node != first).skip(1).map(|node| self.stmt(&node)));
        }
    }

    fn syntax_error(&self, fault: error::Fault) -> SyntaxError {
        SyntaxError {
            kind: ErrorKind::Syntax,
            span: self.place.span(fault.start, fault.end),
            message: fault.message,
            in_body: self.in_body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::ast::TransactionStmt;

    #[test]
    fn an_error_stays_in_its_statement() {
        let sql = "begin;\ncreate tabel t (a int);\n-- two\ncommit;";
        let script = parse(sql);
        assert_eq!(script.errors.len(), 1);
        assert_eq!(script.errors[0].span.of(sql), "tabel");
        assert_eq!(script.errors[0].message, "syntax error at or near `tabel`");
        let written: Vec<_> = script.statements.iter().map(|stmt| stmt.span.of(sql)).collect();
        assert_eq!(written, ["begin", "create tabel t (a int)", "commit"]);
        assert_eq!(script.statements[1].kind, StmtKind::Invalid);
        assert_eq!(script.statements[2].kind, StmtKind::Transaction(TransactionStmt::Commit));
    }

    #[test]
    fn a_broken_rule_leaves_the_tree() {
        let script = parse("select 'a' 'b' from t");
        assert_eq!(script.errors.len(), 1);
        assert!(matches!(script.statements[0].kind, StmtKind::Select(_)));
    }

    #[test]
    fn commands_of_psql_are_reported_and_read_over() {
        let sql = "\\set x 1\nselect a\n\\echo (ü\nfrom t;\nselect 1 \\gexec\ncopy t from stdin;\nselect 2";
        let script = parse(sql);
        let written: Vec<_> = script.errors.iter().map(|error| error.span.of(sql)).collect();
        assert_eq!(written, ["\\set", "\\echo", "\\gexec", "copy t from stdin"]);
        let StmtKind::Select(query) = &script.statements[0].kind else { panic!("{script:?}") };
        assert_eq!(query.relations().len(), 1);
        assert_eq!(script.statements.len(), 4);
    }

    #[test]
    fn an_open_quote_takes_the_rest() {
        let sql = "select 1; select 'it; select 2;";
        let script = parse(sql);
        assert_eq!(script.errors.len(), 1);
        assert_eq!(script.errors[0].message, "the string that begins here is never closed");
        assert_eq!(script.statements.len(), 2);
        assert_eq!(script.statements[1].kind, StmtKind::Invalid);
        assert_eq!(parse("select 1; /* a").statements.len(), 1);
    }

    #[test]
    fn what_nests_without_measure_is_left_unread() {
        let sql = format!("select {}1{}; select 2", "(".repeat(100_000), ")".repeat(100_000));
        let script = parse(&sql);
        assert_eq!(script.statements[0].kind, StmtKind::Other("select".to_owned()));
        assert_eq!((script.statements.len(), script.errors.len()), (2, 0));
    }

    /// Statements to cut up: what is made of them is no SQL, but must not break the lowering.
    const SOURCE: &str = r#"create table if not exists s."T" (a int4 primary key check (a > 0), b text[] default '{}' references u (c) on delete cascade);
        alter table only t add constraint c unique using index i, alter column a type bigint using a::bigint;
        create policy p on t for select to authenticated using ((select auth.uid()) = user_id) with check (true);
        with x as (insert into t (a) values (1) on conflict (a) do update set a = excluded.a returning *) select x.*, count(*) filter (where a is not null) over (partition by b) from x left join lateral f(1) g on true where a in (1, 2) group by 1 order by 1 limit 1;
        do $$ declare v int := 1; begin if exists (select 1 from t) then execute format('drop table %I', 'x'); end if; exception when others then null; end $$;
        create function f(a int default 1) returns setof t language sql stable as 'select * from t where a = $1';
        grant select, insert (a) on all tables in schema s to r with grant option; comment on function f(int) is E'it\'s';"#;

    proptest::proptest! {
        #[test]
        fn never_panics_and_stays_within_the_text(picks in proptest::collection::vec((0_usize..400, 1_usize..12), 1..40)) {
            let words: Vec<&str> = SOURCE.split_inclusive([' ', '(', ')', ',', ';', '\'', '$']).collect();
            let text: String = picks.iter().flat_map(|(at, count)| words.iter().cycle().skip(*at).take(*count)).copied().collect();
            let script = parse(&text);
            let mut at = 0;
            for stmt in &script.statements {
                assert!(stmt.span.start >= at && stmt.span.end <= text.len(), "{text}");
                assert!(text.is_char_boundary(stmt.span.start) && text.is_char_boundary(stmt.span.end));
                at = stmt.span.start;
            }
            for error in &script.errors {
                assert!(text.get(error.span.start..error.span.end).is_some(), "{text}");
            }
        }

        #[test]
        fn never_panics_on_anything(text in "\\PC{0,200}") {
            drop(parse(&text));
        }
    }
}

//! The parser's facade: SQL text becomes [`crate::sql::ast`]. No type of the parser leaves this folder.
//!
//! A file is split first (as psql splits it) and each statement is parsed by itself, so that an error stays in its statement
//! and the rest is read as if it were not there.

mod alter_table;
mod body;
mod body_stmt;
mod column;
mod comment;
mod dml;
mod drop;
mod execute;
mod expr;
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

use crate::sql::ast::Stmt;
use crate::text::Span;

/// What could not be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
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

/// How deep expressions and queries are read; beyond it nothing is kept.
const DEEPEST: usize = 400;

//! plpgsql: blocks and statements, as far as they decide what SQL runs and when.

use super::{Expr, Ident, Stmt, TypeName};
use crate::text::Span;

/// `declare … begin … exception … end`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Where it is written.
    pub span: Span,
    /// `declare`: variables, constants, cursors and aliases.
    pub variables: Vec<VarDecl>,
    /// The statements.
    pub statements: Vec<BodyStmt>,
    /// `exception`.
    pub handlers: Vec<Handler>,
}

/// One declared variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VarDecl {
    /// Its name.
    pub name: Ident,
    /// Its type; `None` for a cursor or an alias.
    pub type_name: Option<TypeName>,
    /// The value it starts with.
    pub default: Option<Expr>,
}

/// `when a or b then …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handler {
    /// Where it is written, from `when`.
    pub span: Span,
    /// Condition names in lower case (`duplicate_object`, `others`) or SQLSTATEs (`42710`).
    pub conditions: Vec<Ident>,
    /// What is done.
    pub statements: Vec<BodyStmt>,
}

/// `if`/`elsif`/`case when`/`while`: a condition and what is done then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The condition.
    pub condition: Expr,
    /// What is done.
    pub statements: Vec<BodyStmt>,
}

/// `execute expr [into …] [using …]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execute {
    /// Where it is written.
    pub span: Span,
    /// The text that runs.
    pub command: Expr,
    /// `using`.
    pub using: Vec<Expr>,
    /// The statements, where the text is a literal or a `format()` whose arguments are literals; `None` when it cannot be known.
    pub statements: Option<Vec<Stmt>>,
}

/// One statement of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyStmt {
    /// An SQL statement; `perform q` is the query itself.
    Sql {
        /// The statement, without its `into`.
        stmt: Box<Stmt>,
        /// The variables of its `into`, the first part of each.
        into: Vec<Ident>,
    },
    /// `if`, `case`.
    If {
        /// The branches in order.
        branches: Vec<Branch>,
        /// `else`.
        otherwise: Vec<Self>,
    },
    /// `loop`, `for`, `foreach`, `while`.
    Loop {
        /// What it runs over or while: expressions and queries as expressions.
        over: Vec<Expr>,
        /// `for … in execute`: the dynamic command.
        execute: Option<Box<Execute>>,
        /// The body.
        statements: Vec<Self>,
    },
    /// A nested block.
    Block(Box<Block>),
    /// `execute`; also the command of `return query execute` and `open … for execute`.
    Execute(Box<Execute>),
    /// `target := expr`: the first part of the target.
    Assign {
        /// The variable.
        target: Ident,
        /// The value.
        value: Expr,
    },
    /// `return`, `return next`, `return query`: what is returned.
    Return {
        /// Where it is written.
        span: Span,
        /// What; a query as a subquery.
        value: Option<Expr>,
    },
    /// `raise`.
    Raise {
        /// Where it is written.
        span: Span,
        /// `exception` when nothing is written; `notice`, `warning` …; for a bare `raise;` (re-raise) too.
        level: String,
        /// The message, unless an option or a condition gives it.
        message: Option<String>,
        /// The parameters and options.
        args: Vec<Expr>,
    },
    /// `null`.
    Null(Span),
    /// Anything else (`commit`, `get diagnostics`, `assert`, cursors, `exit`): its expressions.
    Other {
        /// Where it is written.
        span: Span,
        /// The expressions in it.
        exprs: Vec<Expr>,
    },
}

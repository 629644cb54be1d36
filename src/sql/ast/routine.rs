//! Functions, procedures and aggregates.

use super::{Block, Expr, Ident, Name, Stmt, TypeName};
use crate::text::Span;

/// What kind of routine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoutineKind {
    /// `function`, window functions too.
    Function,
    /// `procedure`.
    Procedure,
    /// `aggregate`.
    Aggregate,
    /// `routine`: any of them.
    Routine,
}

/// `in`, `out` …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgMode {
    /// `in`, also when nothing is written.
    In,
    /// `out`.
    Out,
    /// `inout`, `in out`.
    InOut,
    /// `variadic`.
    Variadic,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Where it is written.
    pub span: Span,
    /// Its mode.
    pub mode: ArgMode,
    /// Its name.
    pub name: Option<Ident>,
    /// Its type.
    pub type_name: TypeName,
    /// `default`, `=`.
    pub default: Option<Expr>,
}

/// What is returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returns {
    /// `returns t`, `returns setof t`, `returns trigger`.
    Type(TypeName),
    /// `returns table (…)`.
    Table(Vec<(Ident, TypeName)>),
}

/// How its result may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volatility {
    /// `immutable`.
    Immutable,
    /// `stable`.
    Stable,
    /// `volatile`, also when nothing is written.
    Volatile,
}

/// The body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoutineBody {
    /// plpgsql.
    Block(Block),
    /// `language sql`: a string's statements, `return expr` (as a query) or `begin atomic … end`.
    Sql(Vec<Stmt>),
    /// Another language: the text.
    Text(String),
}

/// `create [or replace] function | procedure`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRoutine {
    /// What kind.
    pub kind: RoutineKind,
    /// `or replace`.
    pub or_replace: bool,
    /// Its name.
    pub name: Name,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Where the parameter list is written, with parentheses.
    pub parameters_span: Span,
    /// What it returns.
    pub returns: Option<Returns>,
    /// `language`, folded; `sql` when a body without language is given.
    pub language: Option<Ident>,
    /// Volatility.
    pub volatility: Volatility,
    /// Whether volatility is written.
    pub volatility_written: bool,
    /// `security definer`: where.
    pub security_definer: Option<Span>,
    /// `set name = value`, `set name from current`: the name and the value as written.
    pub settings: Vec<SetOption>,
    /// Where the attributes (before `as`) could be written: just before the body, or at the end.
    pub attributes_at: usize,
    /// The body.
    pub body: Option<RoutineBody>,
    /// Where the body's text is written, without its quotes.
    pub body_span: Option<Span>,
}

/// `set name = value` of a routine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetOption {
    /// The setting's name, folded.
    pub name: String,
    /// Its value as written.
    pub value: String,
    /// Where.
    pub span: Span,
}

/// A routine as named in COMMENT, GRANT, ALTER and DROP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutineRef {
    /// What kind.
    pub kind: RoutineKind,
    /// Its name.
    pub name: Name,
    /// The argument types that identify it (`out` ones dropped); `None` when no parentheses are written.
    pub args: Option<Vec<TypeName>>,
    /// Where name and arguments are written.
    pub span: Span,
}

/// `alter function f(…) …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterRoutine {
    /// Which.
    pub routine: RoutineRef,
    /// `rename to`.
    pub rename: Option<Ident>,
    /// `set schema`.
    pub set_schema: Option<Ident>,
    /// `owner to`.
    pub owner: bool,
    /// `security definer` (true) or `security invoker` (false).
    pub security_definer: Option<bool>,
    /// `set`.
    pub settings: Vec<SetOption>,
    /// `reset name`, `reset all` (as `all`).
    pub resets: Vec<String>,
    /// Volatility.
    pub volatility: Option<Volatility>,
}

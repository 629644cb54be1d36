//! Policies, triggers, types, grants, comments and every other kind of object.

use super::{Expr, Ident, Name, RoutineRef, TypeName};
use crate::text::Span;

/// PostgreSQL's kinds of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are PostgreSQL's own")]
pub enum ObjectKind {
    AccessMethod,
    Aggregate,
    Cast,
    Collation,
    Column,
    Constraint,
    Conversion,
    Database,
    Domain,
    EventTrigger,
    Extension,
    ForeignDataWrapper,
    ForeignTable,
    Function,
    Index,
    Language,
    LargeObject,
    MaterializedView,
    Operator,
    OperatorClass,
    OperatorFamily,
    Parameter,
    Policy,
    Procedure,
    PropertyGraph,
    Publication,
    Role,
    Routine,
    Rule,
    Schema,
    Sequence,
    Server,
    Statistics,
    Subscription,
    Table,
    Tablespace,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    Transform,
    Trigger,
    Type,
    UserMapping,
    View,
}

/// `drop …` of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drop {
    /// What kind.
    pub kind: ObjectKind,
    /// `concurrently` (indexes).
    pub concurrently: bool,
    /// `if exists`.
    pub if_exists: bool,
    /// Which; for policies, triggers and rules the object's own name. Empty for `drop owned`, casts, operators and the like,
    /// whose text is `written`.
    pub names: Vec<Name>,
    /// For functions, procedures, aggregates and routines: which, with their arguments; `names` has the same order.
    pub routines: Vec<RoutineRef>,
    /// For policies, triggers and rules: the table.
    pub on: Option<Name>,
    /// `cascade`.
    pub cascade: bool,
    /// What is dropped, as written between the kind and `cascade`.
    pub written: Span,
}

/// What a policy applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyCommand {
    /// `all`, also when nothing is written.
    All,
    /// `select`.
    Select,
    /// `insert`.
    Insert,
    /// `update`.
    Update,
    /// `delete`.
    Delete,
}

/// `create policy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatePolicy {
    /// Its name.
    pub name: Ident,
    /// On which table.
    pub table: Name,
    /// `as permissive`, also when nothing is written.
    pub permissive: bool,
    /// `for`.
    pub command: PolicyCommand,
    /// `to`: role names, folded (`public`, `current_user` too); empty when nothing is written, which means `public`.
    pub roles: Vec<Ident>,
    /// `using`: the condition within its parentheses.
    pub using: Option<Expr>,
    /// `with check`: the condition within its parentheses.
    pub check: Option<Expr>,
    /// Where `to …` would be written: after the table, `as` and `for`.
    pub roles_at: usize,
}

/// `alter policy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterPolicy {
    /// Its name.
    pub name: Ident,
    /// On which table.
    pub table: Name,
    /// `rename to`.
    pub rename: Option<Ident>,
    /// `to`; `None` when left alone.
    pub roles: Option<Vec<Ident>>,
    /// `using`.
    pub using: Option<Expr>,
    /// `with check`.
    pub check: Option<Expr>,
}

/// When a trigger fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggerTiming {
    /// `before`.
    Before,
    /// `after`.
    After,
    /// `instead of`.
    InsteadOf,
}

/// `create trigger`, `create constraint trigger`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTrigger {
    /// `or replace`.
    pub or_replace: bool,
    /// `constraint`.
    pub constraint: bool,
    /// Its name.
    pub name: Ident,
    /// On which table or view.
    pub table: Name,
    /// When.
    pub timing: TriggerTiming,
    /// `insert`, `update`, `delete`, `truncate`.
    pub events: Vec<String>,
    /// `for each row`.
    pub for_each_row: bool,
    /// `when`.
    pub when: Option<Expr>,
    /// The function.
    pub function: Name,
}

/// What a type is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeDefinition {
    /// `as enum`: the labels and where.
    Enum(Vec<(String, Span)>),
    /// `as (…)`: the attributes.
    Composite(Vec<(Ident, TypeName)>),
    /// `as range`.
    Range,
    /// A base type, or a shell.
    Base,
}

/// `create type`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateType {
    /// Its name.
    pub name: Name,
    /// What.
    pub definition: TypeDefinition,
}

/// `alter type … add value | rename value` of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterEnum {
    /// Its name.
    pub name: Name,
    /// The label added, or the new name of the label.
    pub value: String,
    /// Where the label is written.
    pub value_span: Span,
    /// `rename value from`: the old label; `None` for `add value`.
    pub renamed_from: Option<String>,
    /// `if not exists`.
    pub if_not_exists: bool,
    /// `before` or `after` is written.
    pub positioned: bool,
    /// Where `value` is written, the word: `if not exists` belongs after it.
    pub keyword: Span,
}

/// `create domain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateDomain {
    /// Its name.
    pub name: Name,
    /// Its base type.
    pub base: TypeName,
    /// `default`.
    pub default: Option<Expr>,
    /// `not null`.
    pub not_null: bool,
    /// The conditions of its checks.
    pub checks: Vec<Expr>,
}

/// `create sequence`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateSequence {
    /// `if not exists`.
    pub if_not_exists: bool,
    /// `temp`.
    pub temporary: bool,
    /// Its name.
    pub name: Name,
    /// `as`.
    pub type_name: Option<TypeName>,
    /// `owned by t.c`: the parts.
    pub owned_by: Option<Name>,
}

/// `create schema`; the statements within it follow as their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateSchema {
    /// `if not exists`.
    pub if_not_exists: bool,
    /// Its name; the role's for `authorization role` alone.
    pub name: Ident,
}

/// `create extension`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateExtension {
    /// `if not exists`.
    pub if_not_exists: bool,
    /// Its name.
    pub name: Ident,
    /// `schema`.
    pub schema: Option<Ident>,
    /// `version`, as written.
    pub version: Option<String>,
    /// `cascade`.
    pub cascade: bool,
}

/// `create role | user | group` and `alter role` with options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRole {
    /// `alter`.
    pub alter: bool,
    /// Its name; `all` for `alter role all`.
    pub name: Ident,
    /// The options as single words in lower case: `superuser`, `nologin`, `bypassrls`, `set` (for `alter role … set`) …
    pub options: Vec<(String, Span)>,
    /// `password '…'`: the literal; `None` for `null` or when absent.
    pub password: Option<Span>,
}

/// What a grant is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantTarget {
    /// Objects by name; `table` when no kind is written.
    Objects(ObjectKind, Vec<Name>),
    /// Functions with or without arguments.
    Routines(Vec<RoutineRef>),
    /// `all tables | sequences | functions … in schema`: the kind and the schemas.
    AllInSchema(ObjectKind, Vec<Ident>),
    /// Membership: the roles granted.
    Roles(Vec<Ident>),
}

/// `grant`, `revoke`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement")]
pub struct Grant {
    /// `revoke`.
    pub revoke: bool,
    /// The privileges in lower case; `all` for `all [privileges]`. Empty for role membership.
    pub privileges: Vec<String>,
    /// Columns are named with a privilege.
    pub columns: bool,
    /// On what.
    pub target: GrantTarget,
    /// To or from whom: folded, `public` too.
    pub grantees: Vec<Ident>,
    /// `with grant option`, `with admin option`, `grant option for`.
    pub option: bool,
    /// `cascade`.
    pub cascade: bool,
}

/// `alter default privileges`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterDefaultPrivileges {
    /// `for role`.
    pub roles: Vec<Ident>,
    /// `in schema`.
    pub schemas: Vec<Ident>,
    /// `revoke`.
    pub revoke: bool,
    /// The privileges in lower case; `all` for `all [privileges]`.
    pub privileges: Vec<String>,
    /// On which kind: table, sequence, function (also routines), type, schema.
    pub kind: ObjectKind,
    /// To or from whom.
    pub grantees: Vec<Ident>,
}

/// `comment on`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentOn {
    /// On which kind.
    pub kind: ObjectKind,
    /// On what: a column's name has its table's parts first; empty for casts, operators and the like.
    pub name: Option<Name>,
    /// For routines: which.
    pub routine: Option<RoutineRef>,
    /// For policies, triggers, rules and constraints: the table (or domain).
    pub on: Option<Name>,
    /// The text; `None` for `null`.
    pub text: Option<String>,
}

/// `create …` of a kind without its own statement here: collation, cast, publication, statistics, rule, aggregate, operator …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateObject {
    /// What kind.
    pub kind: ObjectKind,
    /// `or replace`.
    pub or_replace: bool,
    /// `if not exists`.
    pub if_not_exists: bool,
    /// Its name; `None` for casts, transforms and user mappings.
    pub name: Option<Name>,
    /// For rules: the table. For aggregates nothing.
    pub on: Option<Name>,
    /// For aggregates: the argument types.
    pub args: Option<Vec<TypeName>>,
    /// What is created, as written after the kind, up to the definition.
    pub written: Span,
    /// For rules: the query statements it does; for statistics and publications the tables it names.
    pub tables: Vec<Name>,
}

/// `alter …` of a kind without its own statement here, and the simple actions that all kinds share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterObject {
    /// What kind.
    pub kind: ObjectKind,
    /// Which.
    pub name: Option<Name>,
    /// For policies, triggers and rules: the table.
    pub on: Option<Name>,
    /// What is done.
    pub action: ObjectAction,
}

/// A simple action on an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectAction {
    /// `rename to`.
    Rename(Ident),
    /// `set schema`.
    SetSchema(Ident),
    /// `owner to`.
    Owner(String),
    /// `alter domain … add constraint`: its condition where it is a check, and `not valid`.
    AddConstraint {
        /// `constraint name`.
        name: Option<Ident>,
        /// `check`.
        check: Option<Expr>,
        /// `not valid`.
        not_valid: bool,
    },
    /// `alter domain … drop constraint [if exists]`.
    DropConstraint {
        /// Which.
        name: Ident,
        /// `if exists`.
        if_exists: bool,
    },
    /// `alter domain … validate constraint`.
    ValidateConstraint(Ident),
    /// `alter domain … set not null | drop not null | set default | drop default`, other actions: the words in lower case.
    Other(String),
}

/// `set`, `reset`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetVariable {
    /// `local`.
    pub local: bool,
    /// The setting in lower case; `role` for `set role`, `session_authorization`, `time zone`; `all` for `reset all`.
    pub name: String,
    /// The values as written, strings without their quotes; empty for `reset` and `default`.
    pub values: Vec<String>,
    /// `reset`, or `set … to default`.
    pub reset: bool,
    /// Where `set` is written, the word: `local` belongs after it.
    pub keyword: Span,
}

/// Transaction control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransactionStmt {
    /// `begin`, `start transaction`.
    Begin,
    /// `commit`, `end`.
    Commit,
    /// `rollback`, `abort`.
    Rollback,
    /// `savepoint`.
    Savepoint(String),
    /// `release`.
    Release(String),
    /// `rollback to`.
    RollbackTo(String),
    /// `prepare transaction`, `commit prepared`, `set transaction` …
    Other,
}

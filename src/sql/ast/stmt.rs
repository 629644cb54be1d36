//! One statement.

use super::{
    AlterDefaultPrivileges, AlterEnum, AlterObject, AlterPolicy, AlterRoutine, AlterTable, Block, CommentOn, Copy,
    CreateDomain, CreateExtension, CreateIndex, CreateObject, CreatePolicy, CreateRole, CreateRoutine, CreateSchema,
    CreateSequence, CreateTable, CreateTableAs, CreateTrigger, CreateType, CreateView, Delete, Drop, Expr, Grant,
    Ident, Insert, Merge, Name, ObjectKind, Query, SetVariable, TransactionStmt, Update,
};
use crate::text::Span;

/// A statement and where it is written, without the semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stmt {
    /// Where, from its first word to its last token.
    pub span: Span,
    /// What.
    pub kind: StmtKind,
}

/// The statements that dbctl tells apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StmtKind {
    /// `create table`, `create foreign table`.
    CreateTable(Box<CreateTable>),
    /// `create table as`, `select into`.
    CreateTableAs(Box<CreateTableAs>),
    /// `alter table` and its kin.
    AlterTable(Box<AlterTable>),
    /// `create index`.
    CreateIndex(Box<CreateIndex>),
    /// `create [materialized] view`.
    CreateView(Box<CreateView>),
    /// `refresh materialized view`.
    RefreshView {
        /// Which.
        name: Name,
        /// `concurrently`.
        concurrently: bool,
        /// `with no data`.
        no_data: bool,
    },
    /// `create function | procedure`.
    CreateRoutine(Box<CreateRoutine>),
    /// `alter function | procedure | routine | aggregate`.
    AlterRoutine(Box<AlterRoutine>),
    /// `create trigger`.
    CreateTrigger(Box<CreateTrigger>),
    /// `create policy`.
    CreatePolicy(Box<CreatePolicy>),
    /// `alter policy`.
    AlterPolicy(Box<AlterPolicy>),
    /// `create type`.
    CreateType(Box<CreateType>),
    /// `alter type … add value`.
    AlterEnum(Box<AlterEnum>),
    /// `create domain`.
    CreateDomain(Box<CreateDomain>),
    /// `create sequence`.
    CreateSequence(Box<CreateSequence>),
    /// `create schema`.
    CreateSchema(Box<CreateSchema>),
    /// `create extension`.
    CreateExtension(Box<CreateExtension>),
    /// `create role`, `alter role`.
    CreateRole(Box<CreateRole>),
    /// Any other `create`.
    CreateObject(Box<CreateObject>),
    /// Any other `alter`.
    AlterObject(Box<AlterObject>),
    /// `drop`.
    Drop(Box<Drop>),
    /// `drop owned by`, `reassign owned by`.
    Owned {
        /// `drop`.
        drop: bool,
    },
    /// `grant`, `revoke`.
    Grant(Box<Grant>),
    /// `alter default privileges`.
    AlterDefaultPrivileges(Box<AlterDefaultPrivileges>),
    /// `comment on`.
    CommentOn(Box<CommentOn>),
    /// `security label`.
    SecurityLabel,
    /// `select`, `values`, `table`.
    Select(Box<Query>),
    /// `insert`.
    Insert(Box<Insert>),
    /// `update`.
    Update(Box<Update>),
    /// `delete`.
    Delete(Box<Delete>),
    /// `merge`.
    Merge(Box<Merge>),
    /// `copy`.
    Copy(Box<Copy>),
    /// `truncate`.
    Truncate {
        /// Which.
        tables: Vec<Name>,
        /// `cascade`.
        cascade: bool,
    },
    /// `lock table`.
    Lock {
        /// Which.
        tables: Vec<Name>,
        /// The mode in lower case: `access exclusive` when nothing is written.
        mode: String,
    },
    /// `vacuum`.
    Vacuum {
        /// `full`.
        full: bool,
        /// Which.
        tables: Vec<Name>,
    },
    /// `analyze`.
    Analyze {
        /// Which.
        tables: Vec<Name>,
    },
    /// `cluster`, PostgreSQL 19's `repack`.
    Cluster {
        /// Which; all when nothing is written.
        table: Option<Name>,
        /// `concurrently` (`repack`).
        concurrently: bool,
    },
    /// `reindex`.
    Reindex {
        /// `index`, `table`, `schema`, `database` or `system`.
        what: String,
        /// Which.
        name: Option<Name>,
        /// `concurrently`.
        concurrently: bool,
        /// Where the kind is written, the word: `concurrently` belongs after it.
        keyword: Span,
    },
    /// `do`.
    Do {
        /// The language; `plpgsql` when nothing is written.
        language: String,
        /// The body, where it is plpgsql and parses.
        body: Option<Box<Block>>,
        /// Where the body's text is written, without its quotes.
        body_span: Span,
    },
    /// `call`: the procedure as a call.
    Call(Box<Expr>),
    /// `set`, `reset`.
    Set(Box<SetVariable>),
    /// `begin`, `commit` …
    Transaction(TransactionStmt),
    /// `alter system`.
    AlterSystem,
    /// `alter database … set`, `create database` and tablespaces are [`StmtKind::CreateObject`] or this.
    AlterDatabase {
        /// Which.
        name: Name,
    },
    /// `explain`: the statement where it is run, as `analyze` has it.
    Explain(Option<Box<Stmt>>),
    /// `prepare`.
    Prepare {
        /// The name for `execute`.
        name: Ident,
        /// What runs then.
        statement: Box<Stmt>,
    },
    /// `execute` of what was prepared by this name.
    Execute(Ident),
    /// `import foreign schema`, `notify` …: its first word in lower case.
    Other(String),
    /// A statement that does not parse: the error is reported apart.
    Invalid,
}

impl Stmt {
    /// The kind and the name of the object that a `create` makes; routines as function or procedure.
    pub fn creates(&self) -> Option<(ObjectKind, Option<&Name>)> {
        Some(match &self.kind {
            StmtKind::CreateTable(it) if it.foreign => (ObjectKind::ForeignTable, Some(&it.name)),
            StmtKind::CreateTable(it) => (ObjectKind::Table, Some(&it.name)),
            StmtKind::CreateTableAs(it) => (ObjectKind::Table, Some(&it.name)),
            StmtKind::CreateView(it) if it.materialized => (ObjectKind::MaterializedView, Some(&it.name)),
            StmtKind::CreateView(it) => (ObjectKind::View, Some(&it.name)),
            StmtKind::CreateRoutine(it) => match it.kind {
                super::RoutineKind::Procedure => (ObjectKind::Procedure, Some(&it.name)),
                _ => (ObjectKind::Function, Some(&it.name)),
            },
            StmtKind::CreateType(it) => (ObjectKind::Type, Some(&it.name)),
            StmtKind::CreateDomain(it) => (ObjectKind::Domain, Some(&it.name)),
            StmtKind::CreateSequence(it) => (ObjectKind::Sequence, Some(&it.name)),
            StmtKind::CreateObject(it) => (it.kind, it.name.as_ref()),
            StmtKind::CreateIndex(_) => (ObjectKind::Index, None),
            StmtKind::CreateTrigger(_) => (ObjectKind::Trigger, None),
            StmtKind::CreatePolicy(_) => (ObjectKind::Policy, None),
            StmtKind::CreateSchema(_) => (ObjectKind::Schema, None),
            StmtKind::CreateExtension(_) => (ObjectKind::Extension, None),
            StmtKind::CreateRole(it) if !it.alter => (ObjectKind::Role, None),
            _ => return None,
        })
    }
}

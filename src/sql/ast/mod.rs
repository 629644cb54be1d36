//! The SQL that dbctl understands, as plain data: statements, expressions, queries and plpgsql bodies with their places.
//!
//! Every span is a byte range of the file, also inside dollar-quoted bodies and executed string literals. Names are as
//! PostgreSQL sees them: folded to lower case unless quoted. What no part of dbctl looks at is not kept.

mod body;
mod carried;
mod expr;
mod index;
mod name;
mod other;
mod query;
mod routine;
mod stmt;
mod table;
mod walk;

pub use body::{Block, BodyStmt, Branch, Execute, Handler, VarDecl};
pub use expr::{Expr, ExprKind, LiteralKind};
pub use index::{CreateIndex, CreateView, IndexElement};
pub use name::{Ident, Name, TypeName};
pub use other::{
    AlterDefaultPrivileges, AlterEnum, AlterObject, AlterPolicy, CommentOn, CreateDomain, CreateExtension,
    CreateObject, CreatePolicy, CreateRole, CreateSchema, CreateSequence, CreateTrigger, CreateType, Drop, Grant,
    GrantTarget, ObjectAction, ObjectKind, PolicyCommand, SetVariable, TransactionStmt, TriggerTiming, TypeDefinition,
};
pub use query::{
    Assignment, Conflict, Copy, Cte, Delete, FromItem, FromKind, Insert, InsertSource, Merge, Query, QueryBody, Select,
    SetOperation, Target, Update,
};
pub use routine::{
    AlterRoutine, ArgMode, CreateRoutine, Parameter, Returns, RoutineBody, RoutineKind, RoutineRef, SetOption,
    Volatility,
};
pub use stmt::{Stmt, StmtKind};
pub use table::{
    AlterColumn, AlterTable, Column, ColumnConstraint, ColumnConstraintKind, ConstraintKind, CreateTable,
    CreateTableAs, ForeignKey, Identity, Like, PartitionBound, Persistence, ReferentialAction, Relation, TableAction,
    TableActionKind, TableConstraint,
};
pub use walk::Visitor;

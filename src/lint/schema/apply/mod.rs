//! Playing a chain: what each statement does to the state.
//!
//! Every statement is taken for one that succeeds: what cannot be (a drop of what is not there) changes nothing. Statements under
//! a condition count as run, because what they make is there afterwards, by them or before; a `create` of what is there is not.

mod alter_table;
mod alter_type;
mod column;
mod comment;
mod constraint;
mod default_acl;
mod dependants;
mod drop;
mod drop_column;
mod drop_object;
mod figure;
mod grant;
mod index;
mod name;
mod object;
mod part;
mod partition;
mod play;
mod policy;
mod query;
mod rename;
mod rename_column;
mod rename_object;
mod rewrite;
mod routine;
mod run;
mod search_path;
mod sequence;
mod table;
mod transaction;
mod trigger;
mod type_;
mod uses;
mod view;

pub(super) use name::cut;
pub use part::Reach;
pub(super) use play::Play;
pub(super) use search_path::TEMPORARY;

use super::{FileId, Place, Schema, platform};
use crate::lint::{Config, Event, LintFile, Origin, Profile};
use crate::sql::ast::{Stmt, StmtKind};
use crate::text::Span;

/// How deep functions that call functions are followed.
const MAX_DEPTH: usize = 8;

/// How many statements of the functions that one statement calls are followed: a function may call itself many times over.
const MAX_CALLED: usize = 10_000;

/// Where a statement is played.
#[derive(Clone, Copy)]
pub(super) struct Cx<'a> {
    /// The file; `None` for the platform's own.
    pub(super) file: Option<FileId>,
    /// The text that the statement's spans point into; empty where it is not at hand.
    pub(super) text: &'a str,
    /// The call, when the statement stands in a function that a migration calls: what it makes counts as made there.
    pub(super) at: Option<Span>,
    /// Whether the statement may be skipped: a condition or a handler stands around it.
    pub(super) guarded: bool,
    /// How many calls deep.
    pub(super) depth: usize,
}

impl<'a> Cx<'a> {
    /// No place: only asked what would be.
    fn nowhere(text: &'a str) -> Self {
        Self { file: None, text, at: None, guarded: false, depth: 0 }
    }

    /// The place of something in the statement.
    fn place(&self, span: Span) -> Place {
        self.file.map_or(Place::PLATFORM, |file| Place::new(file, self.at.unwrap_or(span)))
    }

    /// What is written at a span; empty where the text is not at hand.
    fn written(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }
}

impl Schema {
    /// The state before the first migration: what PostgreSQL and the platform bring.
    pub fn new(config: &Config) -> Self {
        if config.profiles.contains(&Profile::Supabase) { platform::supabase() } else { platform::postgres() }
    }

    /// A file begins: its session starts with the search path that the runner sets.
    pub fn begin_file(&mut self, file: &LintFile) {
        self.begin_session();
        self.begin_undo(file);
    }

    /// A statement has run. Those inside routines do nothing.
    pub fn apply(&mut self, file: &LintFile, event: &Event) {
        if event.origin == Origin::Routine {
            return;
        }
        let cx = Cx { file: Some(file.id), text: file.text(), at: None, guarded: !event.guards.is_empty(), depth: 0 };
        self.play.budget = MAX_CALLED;
        let renamed = self.renamed.len();
        self.event(&cx, event);
        for it in self.renamed.get_mut(renamed..).unwrap_or_default() {
            it.place = Place::new(file.id, event.stmt.span);
        }
        self.within_schema(file, event);
    }

    /// A file ends.
    pub fn end_file(&mut self, _file: &LintFile) {
        self.end_session();
    }

    fn event(&mut self, cx: &Cx<'_>, event: &Event) {
        if event.dynamic.is_some() {
            self.opaque.push(cx.place(event.stmt.span));
        } else {
            self.stmt(cx, &event.stmt);
        }
    }

    /// Plays one statement.
    pub(super) fn stmt(&mut self, cx: &Cx<'_>, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::CreateTable(create) => self.create_table(cx, create),
            StmtKind::CreateTableAs(create) => self.create_table_as(cx, create),
            StmtKind::AlterTable(alter) => self.alter_table(cx, alter),
            StmtKind::CreateIndex(create) => self.create_index(cx, create, stmt.span),
            StmtKind::CreateView(create) => self.create_view(cx, create),
            StmtKind::CreateRoutine(create) => self.create_routine(cx, create),
            StmtKind::AlterRoutine(alter) => self.alter_routine(alter),
            StmtKind::CreateTrigger(create) => self.create_trigger(cx, create),
            StmtKind::CreatePolicy(create) => self.create_policy(cx, create),
            StmtKind::AlterPolicy(alter) => self.alter_policy(cx, alter),
            StmtKind::CreateType(create) => self.create_type(cx, create),
            StmtKind::AlterEnum(alter) => self.alter_enum(cx, alter),
            StmtKind::CreateDomain(create) => self.create_domain(cx, create),
            StmtKind::CreateSequence(create) => self.create_sequence(cx, create),
            StmtKind::CreateSchema(create) => self.create_schema(cx, create),
            StmtKind::CreateExtension(create) => self.create_extension(cx, create),
            StmtKind::CreateRole(create) => self.create_role(cx, create),
            StmtKind::CreateObject(create) => self.create_object(cx, create),
            StmtKind::AlterObject(alter) => self.alter_object(cx, alter),
            StmtKind::Drop(drop) => self.drop(cx, drop),
            StmtKind::Grant(grant) => self.grant(cx, grant),
            StmtKind::AlterDefaultPrivileges(alter) => self.alter_default_privileges(cx, alter, stmt.span),
            StmtKind::CommentOn(comment) => self.comment_on(cx, comment),
            StmtKind::Select(query) => self.select(cx, query, stmt.span),
            StmtKind::Call(call) => self.calls(cx, call),
            StmtKind::Set(set) => self.set_variable(set),
            StmtKind::Transaction(transaction) => self.transaction(transaction),
            // What stands in these is not known: from here on nothing is surely missing.
            StmtKind::Do { body: None, .. } | StmtKind::Owned { drop: true } | StmtKind::Invalid => {
                self.opaque.push(cx.place(stmt.span));
            }
            StmtKind::Other(word) if word == "import" => self.opaque.push(cx.place(stmt.span)),
            StmtKind::RefreshView { .. }
            | StmtKind::Owned { .. }
            | StmtKind::SecurityLabel
            | StmtKind::Insert(_)
            | StmtKind::Update(_)
            | StmtKind::Delete(_)
            | StmtKind::Merge(_)
            | StmtKind::Copy(_)
            | StmtKind::Truncate { .. }
            | StmtKind::Lock { .. }
            | StmtKind::Vacuum { .. }
            | StmtKind::Analyze { .. }
            | StmtKind::Cluster { .. }
            | StmtKind::Reindex { .. }
            | StmtKind::Do { .. }
            | StmtKind::AlterSystem
            | StmtKind::AlterDatabase { .. }
            | StmtKind::Explain(_)
            | StmtKind::Prepare { .. }
            | StmtKind::Execute(_)
            | StmtKind::Other(_) => {}
        }
    }

    /// Whether a `create` does nothing because the object is there already.
    ///
    /// After dynamic SQL the chain may have missed a drop: then a plain `create` shows that the old one is gone.
    fn is_kept(&self, cx: &Cx<'_>, exists: bool, if_not_exists: bool) -> bool {
        exists && (if_not_exists || cx.guarded || self.opaque.is_empty())
    }
}

#[cfg(test)]
mod tests;

//! Transactions within a file: what is rolled back never was.

use super::play::Undo;
use crate::lint::schema::Schema;
use crate::lint::{LintFile, Origin};
use crate::sql::ast::{StmtKind, TransactionStmt};

impl Schema {
    /// A file begins. States are kept only where the file takes something back: each costs a copy of all.
    pub(super) fn begin_undo(&mut self, file: &LintFile) {
        self.play.undo.clear();
        self.play.keeps = file.events.iter().any(|event| {
            event.origin == Origin::Top
                && matches!(
                    event.stmt.kind,
                    StmtKind::Transaction(TransactionStmt::Rollback | TransactionStmt::RollbackTo(_))
                )
        });
        if self.play.keeps && file.is_atomic() {
            self.keep(None);
        }
    }

    /// Transaction control.
    pub(super) fn transaction(&mut self, statement: &TransactionStmt) {
        match statement {
            TransactionStmt::Begin => {
                self.play.undo.clear();
                self.keep(None);
            }
            TransactionStmt::Commit => {
                self.play.undo.clear();
                self.end_local();
            }
            TransactionStmt::Rollback => {
                if !self.play.undo.is_empty() {
                    self.go_back(0);
                    self.play.undo.clear();
                }
                self.end_local();
            }
            TransactionStmt::Savepoint(name) => self.keep(Some(name.clone())),
            TransactionStmt::Release(name) => {
                if let Some(at) = self.savepoint(name) {
                    self.play.undo.truncate(at);
                }
            }
            TransactionStmt::RollbackTo(name) => {
                if let Some(at) = self.savepoint(name) {
                    self.go_back(at);
                }
            }
            TransactionStmt::Other => {}
        }
    }

    fn savepoint(&self, name: &str) -> Option<usize> {
        self.play.undo.iter().rposition(|undo| undo.savepoint.as_deref() == Some(name))
    }

    fn keep(&mut self, savepoint: Option<String>) {
        if !self.play.keeps {
            return;
        }
        let mut undo = std::mem::take(&mut self.play.undo);
        undo.push(Undo { savepoint, state: Box::new(self.clone()) });
        self.play.undo = undo;
    }

    /// Goes back to a kept state, which stays kept; those after it are gone.
    fn go_back(&mut self, at: usize) {
        let mut undo = std::mem::take(&mut self.play.undo);
        undo.truncate(at + 1);
        if let Some(kept) = undo.last() {
            *self = (*kept.state).clone();
        }
        self.play.undo = undo;
    }
}

//! `comment on`.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::kind::object_kind;
use super::name::literal_string;
use super::node::{Lower, Node};
use crate::sql::ast::{CommentOn, ObjectKind, StmtKind};

impl Lower<'_> {
    /// `comment on`.
    pub(super) fn comment_on(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let object = node.children().next()?;
        let kind = object_kind(object.kind())?;
        let routine = object.children().next().and_then(|routine| self.routine_ref(&routine));
        let name = match (&routine, kind) {
            (Some(routine), _) => Some(routine.name.clone()),
            (_, ObjectKind::Cast | ObjectKind::LargeObject | ObjectKind::Operator | ObjectKind::Transform) => None,
            _ => object.children().next().and_then(|name| self.name(&name)),
        };
        let on = object.has(SyntaxKind::ON_KW).then(|| object.children().nth(1)).flatten();
        Some(StmtKind::CommentOn(Box::new(CommentOn {
            kind,
            name,
            routine,
            on: on.and_then(|on| self.name(&on)),
            text: node.child(SyntaxKind::LITERAL).and_then(|text| literal_string(&text)),
        })))
    }
}

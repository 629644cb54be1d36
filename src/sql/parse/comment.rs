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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    fn comment(sql: &str) -> CommentOn {
        let StmtKind::CommentOn(comment) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        *comment
    }

    #[test]
    fn what_is_commented_on_comes_with_what_it_belongs_to() {
        let seen = |sql: &str| {
            let it = comment(sql);
            let (name, on) = (it.name.map(|it| it.to_string()), it.on.map(|it| it.to_string()));
            (it.kind, name.unwrap_or_default(), on.unwrap_or_default(), it.text)
        };
        let expected = |kind, name: &str, on: &str, text: Option<&str>| {
            (kind, name.to_owned(), on.to_owned(), text.map(str::to_owned))
        };
        assert_eq!(seen("comment on column s.t.c is null"), expected(ObjectKind::Column, "s.t.c", "", None));
        let constraint = seen("comment on constraint c on domain d is $$it's$$");
        assert_eq!(constraint, expected(ObjectKind::Constraint, "c", "d", Some("it's")));
        let policy = seen("comment on policy \"P\" on s.t is 'a'");
        assert_eq!(policy, expected(ObjectKind::Policy, "\"P\"", "s.t", Some("a")));
        assert_eq!(seen("comment on cast (a as b) is 'a'"), expected(ObjectKind::Cast, "", "", Some("a")));
    }

    #[test]
    fn a_routine_comes_with_its_arguments_if_they_are_written() {
        let args = |sql: &str| comment(sql).routine.unwrap().args.map(|args| args.len());
        assert_eq!(args("comment on function f is 'a'"), None);
        assert_eq!(args("comment on function f(int, text) is 'a'"), Some(2));
        assert_eq!(args("comment on aggregate a(*) is 'a'"), Some(0));
    }
}

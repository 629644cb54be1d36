//! What PostgreSQL accepts and the parser does not: read without the part that it stumbles over.
//!
//! The part is blanked out, byte for byte, so that everything else keeps its place.

use std::ops::Range;

use squawk_syntax::{SourceFile, SyntaxKind, SyntaxNode};

use super::node::Lower;
use crate::sql::ast::{SetVariable, StmtKind};
use crate::sql::token::{Kind, Token, significant};

impl Lower<'_> {
    /// A statement that does not parse as it is written but for a known gap; `None` when that is not what is wrong.
    pub(super) fn bridge(&mut self, text: &str) -> Option<StmtKind> {
        let tokens = significant(text);
        if let Some((roles, schemas)) = default_privileges_reversed(text, &tokens) {
            return self.default_privileges_reversed(text, &roles, &schemas);
        }
        if are_words(text, &tokens, &["set", "names"]) && tokens.len() == 3 {
            return Some(self.encoding(text, &tokens));
        }
        let mut parts = exclusion_classes(text, &tokens);
        if are_words(text, &tokens, &["create", "trusted"]) {
            parts.push(tokens[1].span.start..tokens[1].span.end);
        }
        if parts.is_empty() {
            return None;
        }
        let node = parsed(text, &parts)?;
        Some(self.stmt(&node).kind)
    }

    /// `set names 'utf8'` sets `client_encoding`.
    fn encoding(&self, text: &str, tokens: &[Token]) -> StmtKind {
        StmtKind::Set(Box::new(SetVariable {
            local: false,
            name: "client_encoding".to_owned(),
            values: vec![tokens[2].span.of(text).trim_matches('\'').to_owned()],
            reset: false,
            keyword: self.place.span(tokens[0].span.start, tokens[0].span.end),
        }))
    }

    /// `alter default privileges in schema … for role …`: once without the roles, which are read apart.
    fn default_privileges_reversed(
        &mut self,
        text: &str,
        roles: &Range<usize>,
        schemas: &Range<usize>,
    ) -> Option<StmtKind> {
        let mut kind = self.alter_default_privileges(&parsed(text, std::slice::from_ref(roles))?)?;
        let other = self.alter_default_privileges(&parsed(text, std::slice::from_ref(schemas))?)?;
        if let (StmtKind::AlterDefaultPrivileges(it), StmtKind::AlterDefaultPrivileges(other)) = (&mut kind, other) {
            it.roles = other.roles;
        }
        Some(kind)
    }
}

/// The only statement of the text with its `parts` blanked, if it parses.
fn parsed(text: &str, parts: &[Range<usize>]) -> Option<SyntaxNode> {
    let mut mended = text.to_owned();
    for part in parts {
        mended.replace_range(part.clone(), &" ".repeat(part.len()));
    }
    let parsed = SourceFile::parse(&mended);
    if !parsed.errors().is_empty() {
        return None;
    }
    let mut statements = parsed.syntax_node().children().filter(|node| node.kind() != SyntaxKind::EMPTY_STMT);
    statements.next().filter(|_| statements.next().is_none())
}

fn is_word(text: &str, token: Option<&Token>, word: &str) -> bool {
    token.is_some_and(|token| token.kind == Kind::Word && token.span.of(text).eq_ignore_ascii_case(word))
}

fn are_words(text: &str, tokens: &[Token], words: &[&str]) -> bool {
    words.iter().enumerate().all(|(at, word)| is_word(text, tokens.get(at), word))
}

/// Where the roles and the schemas of `alter default privileges` are written, if the roles come last.
fn default_privileges_reversed(text: &str, tokens: &[Token]) -> Option<(Range<usize>, Range<usize>)> {
    if !are_words(text, tokens, &["alter", "default", "privileges", "in", "schema"]) {
        return None;
    }
    let place = |from: usize, words: [&str; 2]| {
        let found = (from..tokens.len()).find(|at| words.iter().any(|word| is_word(text, tokens.get(*at), word)))?;
        Some((found, tokens[found].span.start))
    };
    let schemas = tokens[3].span.start;
    let (action, end) = place(5, ["grant", "revoke"])?;
    let (at, roles) = place(5, ["for", "for"])?;
    (at < action).then_some((roles..end, schemas..roles))
}

/// Where, in the elements of `exclude (…)`, anything stands between what is excluded and `with`: operator classes,
/// collations and the order, of which the parser reads only some.
fn exclusion_classes(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    for at in 0..tokens.len() {
        if !is_word(text, tokens.get(at), "exclude") {
            continue;
        }
        let list = at + if is_word(text, tokens.get(at + 1), "using") { 3 } else { 1 };
        if tokens.get(list).is_some_and(|token| token.kind == Kind::Open) {
            elements(text, tokens, list + 1, &mut parts);
        }
    }
    parts
}

/// Goes through a list of exclusion elements, from behind its parenthesis.
fn elements(text: &str, tokens: &[Token], mut at: usize, parts: &mut Vec<Range<usize>>) {
    loop {
        at = behind_operand(tokens, at);
        let Some(with) = (at..tokens.len()).find(|at| is_word(text, tokens.get(*at), "with")) else { return };
        if with > at {
            parts.push(tokens[at].span.start..tokens[with - 1].span.end);
        }
        at = with + 1;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token.kind {
                Kind::Open => at = behind_parenthesis(tokens, at),
                Kind::Comma => break,
                Kind::Close => return,
                _ => {}
            }
        }
        if at >= tokens.len() {
            return;
        }
    }
}

/// Behind a name, a call or what stands in parentheses.
fn behind_operand(tokens: &[Token], mut at: usize) -> usize {
    let kind = |at: usize| tokens.get(at).map(|token| token.kind);
    if kind(at) != Some(Kind::Open) {
        at += 1;
        while kind(at) == Some(Kind::Dot) {
            at += 2;
        }
    }
    if kind(at) == Some(Kind::Open) { behind_parenthesis(tokens, at + 1) } else { at }
}

/// Behind the parenthesis that closes the one before `at`.
fn behind_parenthesis(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 1;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::ast::{ConstraintKind, TableActionKind};
    use crate::sql::parse::parse;

    #[test]
    fn roles_may_come_behind_schemas_in_default_privileges() {
        let sql = "select 1; alter default privileges in schema s, t for role a, \"é\" grant all on tables to b;";
        let script = parse(sql);
        assert_eq!(script.errors, []);
        let StmtKind::AlterDefaultPrivileges(it) = &script.statements[1].kind else { panic!("{script:?}") };
        let written: Vec<_> = it.roles.iter().chain(&it.schemas).map(|ident| ident.span.of(sql)).collect();
        assert_eq!(written, ["a", "\"é\"", "s", "t"]);
        assert_eq!(it.grantees[0].span.of(sql), "b");
    }

    #[test]
    fn old_words_are_known() {
        let script = parse("set names 'UTF8'; create trusted language plpgsql handler h");
        assert_eq!(script.errors, []);
        let StmtKind::Set(set) = &script.statements[0].kind else { panic!("{script:?}") };
        assert_eq!((set.name.as_str(), &set.values[..]), ("client_encoding", &["UTF8".to_owned()][..]));
        assert!(matches!(script.statements[1].kind, StmtKind::CreateObject(_)));
    }

    #[test]
    fn an_exclusion_may_name_operator_classes() {
        let sql = "alter table t add constraint c exclude using gist (a x.gist_ops with =, lower(b, (1)) collate \"C\" desc with
            operator(pg_catalog.&&), (c + 1) with =) where (d > 1)";
        let script = parse(sql);
        assert_eq!(script.errors, []);
        let StmtKind::AlterTable(alter) = &script.statements[0].kind else { panic!("{script:?}") };
        let TableActionKind::AddConstraint(constraint) = &alter.actions[0].kind else { panic!("{alter:?}") };
        let ConstraintKind::Exclude { elements } = &constraint.kind else { panic!("{constraint:?}") };
        let written: Vec<_> = elements.iter().map(|element| element.span.of(sql)).collect();
        assert_eq!(written, ["a", "lower(b, (1))", "c + 1"]);
        assert!(constraint.span.of(sql).ends_with("(d > 1)"));
    }

    #[test]
    fn a_gap_hides_no_other_error() {
        assert_eq!(parse("create table t (exclude (a x_ops with =), b int int)").errors.len(), 1);
        assert_eq!(parse("alter default privileges in schema s for role a grant all on nonsense to b").errors.len(), 1);
        assert_eq!(parse("create table t (exclude (a x_ops").errors.len(), 1);
    }
}

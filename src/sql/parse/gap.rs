//! What PostgreSQL accepts and the parser does not: read without the part that it stumbles over.
//!
//! The part is blanked out, or written as the parser knows it, byte for byte, so that everything else keeps its place.

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
        if let Some(kind) = self.encoding(text, &tokens) {
            return Some(kind);
        }
        let mut parts: Vec<Part> = exclusion_classes(text, &tokens).into_iter().map(|part| (part, "")).collect();
        if are_words(text, &tokens, &["create", "trusted"]) {
            parts.push((range(&tokens, 1, 1), ""));
        }
        parts.extend(time_zones(text, &tokens));
        parts.extend(index_column(text, &tokens));
        if parts.is_empty() {
            return None;
        }
        let node = parsed(text, &parts)?;
        Some(self.stmt(&node).kind)
    }

    /// `set names 'utf8'` sets `client_encoding`; without a value it resets it.
    fn encoding(&self, text: &str, tokens: &[Token]) -> Option<StmtKind> {
        let local = are_words(text, tokens, &["set", "local"]);
        let at = if local || are_words(text, tokens, &["set", "session"]) { 2 } else { 1 };
        if !is_word(text, tokens.first(), "set") || !is_word(text, tokens.get(at), "names") || tokens.len() > at + 2 {
            return None;
        }
        let value = tokens.get(at + 1).map(|token| token.span.of(text).trim_matches('\''));
        let value = value.filter(|value| !value.eq_ignore_ascii_case("default"));
        Some(StmtKind::Set(Box::new(SetVariable {
            local,
            name: "client_encoding".to_owned(),
            values: value.into_iter().map(str::to_owned).collect(),
            reset: value.is_none(),
            keyword: self.place.span(tokens[0].span.start, tokens[0].span.end),
        })))
    }

    /// `alter default privileges in schema … for role …`: once without the roles, which are read apart.
    fn default_privileges_reversed(
        &mut self,
        text: &str,
        roles: &Range<usize>,
        schemas: &Range<usize>,
    ) -> Option<StmtKind> {
        let mut kind = self.alter_default_privileges(&parsed(text, &[(roles.clone(), "")])?)?;
        let other = self.alter_default_privileges(&parsed(text, &[(schemas.clone(), "")])?)?;
        if let (StmtKind::AlterDefaultPrivileges(it), StmtKind::AlterDefaultPrivileges(other)) = (&mut kind, other) {
            it.roles = other.roles;
        }
        Some(kind)
    }
}

/// A part of a statement, and what is read in its place: nothing, or words that are no longer.
type Part = (Range<usize>, &'static str);

/// The only statement of the text with something else in place of its `parts`, if it parses.
fn parsed(text: &str, parts: &[Part]) -> Option<SyntaxNode> {
    let mut mended = text.to_owned();
    for (part, words) in parts {
        mended.replace_range(part.clone(), &format!("{words:<0$}", part.len()));
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

/// From the start of one token to the end of another.
fn range(tokens: &[Token], first: usize, last: usize) -> Range<usize> {
    tokens[first].span.start..tokens[last].span.end
}

/// `set time zone` as an attribute of a function, role or database, which is `set timezone =`.
fn time_zones(text: &str, tokens: &[Token]) -> Vec<Part> {
    if !is_word(text, tokens.first(), "create") && !is_word(text, tokens.first(), "alter") {
        return Vec::new();
    }
    let mut parts = Vec::new();
    for at in 1..tokens.len() {
        if are_words(text, &tokens[at..], &["set", "time", "zone"]) {
            parts.push((range(tokens, at + 1, at + 2), "timezone="));
        }
    }
    parts
}

/// `alter table` of an index, whose columns have numbers: `alter table i alter column 1 set statistics 100`.
fn index_column(text: &str, tokens: &[Token]) -> Vec<Part> {
    if !are_words(text, tokens, &["alter", "table"]) {
        return Vec::new();
    }
    let numbered = |at: usize| {
        let at = at + usize::from(is_word(text, tokens.get(at), "column"));
        tokens.get(at).is_some_and(|token| token.kind == Kind::Number)
            && are_words(text, tokens.get(at + 1..).unwrap_or_default(), &["set", "statistics"])
    };
    if !(3..tokens.len()).any(|at| is_word(text, tokens.get(at), "alter") && numbered(at + 1)) {
        return Vec::new();
    }
    let mut parts = vec![(range(tokens, 1, 1), "index")];
    let only = 2 + if are_words(text, &tokens[2..], &["if", "exists"]) { 2 } else { 0 };
    if is_word(text, tokens.get(only), "only") {
        parts.push((range(tokens, only, only), ""));
    }
    parts
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
    use crate::sql::ast::{ConstraintKind, Relation, TableActionKind};
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
        let script = parse("set local names 'latin1'; set names; load 'auto_explain'");
        assert_eq!(script.errors, []);
        let StmtKind::Set(set) = &script.statements[0].kind else { panic!("{script:?}") };
        assert_eq!((set.local, set.reset, &set.values[..]), (true, false, &["latin1".to_owned()][..]));
        assert!(matches!(&script.statements[1].kind, StmtKind::Set(set) if set.reset));
    }

    #[test]
    fn a_time_zone_is_set_for_functions_roles_and_databases() {
        let sql = "create function f() returns int language sql set time  zone 'UTC' as 'select 1';
            alter function f() set time zone local; alter role r set time zone 'UTC'; alter database d set time zone default";
        let script = parse(sql);
        assert_eq!(script.errors, []);
        let StmtKind::CreateRoutine(made) = &script.statements[0].kind else { panic!("{script:?}") };
        assert_eq!((made.settings[0].name.as_str(), made.settings[0].value.as_str()), ("timezone", "'UTC'"));
        let StmtKind::AlterRoutine(altered) = &script.statements[1].kind else { panic!("{script:?}") };
        assert_eq!(altered.settings[0].name, "timezone");
    }

    #[test]
    fn an_index_may_be_altered_as_a_table() {
        let sql = "alter table only public.i alter column 1 set statistics 100; alter table if exists i alter 2 set statistics 0";
        let script = parse(sql);
        assert_eq!(script.errors, []);
        let StmtKind::AlterTable(alter) = &script.statements[0].kind else { panic!("{script:?}") };
        assert_eq!((alter.relation, alter.name.span.of(sql)), (Relation::Index, "public.i"));
        assert_eq!(parse("alter table i alter column 1 set not null").errors.len(), 1);
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

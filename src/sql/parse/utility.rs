//! Statements that run things or set things: `do`, `call`, `set`, transactions, maintenance.

use squawk_syntax::ast::{AstNode, Reindex, Vacuum};
use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::name::literal_string;
use super::node::{Lower, Node};
use crate::sql::ast::{Expr, ExprKind, Name, SetVariable, StmtKind, TransactionStmt};
use crate::text::Span;

impl Lower<'_> {
    /// `do`.
    pub(super) fn do_stmt(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let language = node.child(SyntaxKind::DO_LANGUAGE).and_then(|clause| clause.children().next());
        let language = language.and_then(|language| self.ident(&language));
        let language = language.map_or_else(|| "plpgsql".to_owned(), |language| language.value);
        let (body, body_span) = self.do_body(&node.child(SyntaxKind::LITERAL)?, language == "plpgsql")?;
        Some(StmtKind::Do { language, body: body.map(Box::new), body_span })
    }

    /// `call`, as the call of a function.
    pub(super) fn call_stmt(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let named = node.child(SyntaxKind::PROCEDURE_NAME_REF)?;
        let list = node.child(SyntaxKind::ARG_LIST);
        let args = list.as_ref().map_or_else(Vec::new, |list| self.loose_exprs(list));
        let span = self.span_between(&named, list.as_ref().unwrap_or(&named));
        let kind = ExprKind::Call { name: self.name(&named)?, args, star: false, window: false };
        Some(StmtKind::Call(Box::new(Expr { span, kind })))
    }

    /// `set`, `set role`, `set session authorization`.
    pub(super) fn set(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let target = node.children().find(|child| {
            !matches!(child.kind(), SyntaxKind::LOCAL_SCOPE | SyntaxKind::SESSION_SCOPE | SyntaxKind::ERROR)
        });
        let mut reset = false;
        let mut values = Vec::new();
        let name = match node.kind() {
            SyntaxKind::SET_ROLE => {
                values.extend(target.and_then(|role| setting_value(&role)));
                "role".to_owned()
            }
            SyntaxKind::SET_SESSION_AUTH => {
                let role = target?;
                reset = role.kind() == SyntaxKind::SET_SESSION_AUTH_DEFAULT;
                values.extend(setting_value(&role).filter(|_| !reset));
                "session_authorization".to_owned()
            }
            _ => {
                let target = target?;
                reset = target.has(SyntaxKind::DEFAULT_KW);
                match target.kind() {
                    SyntaxKind::SET_CONFIG => {
                        let to = target.child(SyntaxKind::TO_CONFIG_VALUE);
                        reset = to.as_ref().is_some_and(|to| to.has(SyntaxKind::DEFAULT_KW));
                        if let Some(to) = to.as_ref().filter(|to| !reset && to.children().next().is_none()) {
                            self.refuse_behind(to);
                        }
                        let to = to.iter().flat_map(SyntaxNode::children);
                        values.extend(to.filter_map(|value| setting_value(&value)));
                        self.setting(&target)?
                    }
                    kind => {
                        if target.has(SyntaxKind::LOCAL_KW) {
                            values.push("local".to_owned());
                        }
                        values.extend(target.children().filter_map(|value| setting_value(&value)));
                        special(kind)?.to_owned()
                    }
                }
            }
        };
        Some(StmtKind::Set(Box::new(SetVariable {
            local: node.holds(SyntaxKind::LOCAL_SCOPE),
            name,
            values,
            reset,
            keyword: self.first_word(node)?,
        })))
    }

    /// `reset`, `reset role`, `reset session authorization`.
    pub(super) fn reset(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let name = match node.kind() {
            SyntaxKind::RESET_ROLE => "role".to_owned(),
            SyntaxKind::RESET_SESSION_AUTH => "session_authorization".to_owned(),
            _ => match node.children().next()?.kind() {
                SyntaxKind::CONFIG_PARAMETER_REF => self.setting(node)?,
                SyntaxKind::RESET_TIME_ZONE => "time zone".to_owned(),
                SyntaxKind::RESET_TRANSACTION_ISOLATION => "transaction_isolation".to_owned(),
                _ => "all".to_owned(),
            },
        };
        let keyword = self.first_word(node)?;
        Some(StmtKind::Set(Box::new(SetVariable { local: false, name, values: Vec::new(), reset: true, keyword })))
    }

    fn first_word(&self, node: &SyntaxNode) -> Option<Span> {
        Some(self.token_span(&node.tokens().next()?))
    }

    /// `begin`, `commit`, `savepoint` …
    pub(super) fn transaction(&self, node: &SyntaxNode) -> StmtKind {
        let name = || node.children().next().and_then(|name| self.ident(&name)).map_or_else(String::new, |it| it.value);
        StmtKind::Transaction(match node.kind() {
            SyntaxKind::BEGIN => TransactionStmt::Begin,
            SyntaxKind::COMMIT_TRANSACTION => TransactionStmt::Commit,
            SyntaxKind::ROLLBACK_TRANSACTION => TransactionStmt::Rollback,
            SyntaxKind::SAVEPOINT_CREATE => TransactionStmt::Savepoint(name()),
            SyntaxKind::RELEASE_SAVEPOINT => TransactionStmt::Release(name()),
            SyntaxKind::ROLLBACK_TO_SAVEPOINT => TransactionStmt::RollbackTo(name()),
            _ => TransactionStmt::Other,
        })
    }

    /// `vacuum`.
    pub(super) fn vacuum(&self, node: &SyntaxNode) -> StmtKind {
        let full = Vacuum::cast(node.clone()).is_some_and(|vacuum| vacuum.is_full());
        StmtKind::Vacuum { full, tables: self.maintained(node) }
    }

    /// `analyze`.
    pub(super) fn analyze(&self, node: &SyntaxNode) -> StmtKind {
        StmtKind::Analyze { tables: self.maintained(node) }
    }

    fn maintained(&self, node: &SyntaxNode) -> Vec<Name> {
        let list = node.child(SyntaxKind::TABLE_AND_COLUMNS_LIST);
        list.iter().flat_map(SyntaxNode::children).filter_map(|table| self.name(&table)).collect()
    }

    /// `cluster`, `repack`.
    pub(super) fn cluster(&self, node: &SyntaxNode) -> StmtKind {
        let options = node.child(SyntaxKind::OPTION_ITEM_LIST);
        let concurrently = options.iter().flat_map(SyntaxNode::children).any(|option| {
            let words = option.words();
            let mut words = words.split(' ');
            words.next() == Some("concurrently") && !matches!(words.next(), Some("false" | "off" | "0" | "no"))
        });
        let legacy = node.child(SyntaxKind::CLUSTER_LEGACY);
        let table = match (node.child(SyntaxKind::TABLE_NAME_REF), legacy) {
            (Some(table), _) => self.name(&table),
            // The index comes first: `cluster i on t`.
            (None, Some(legacy)) => legacy.children().last().and_then(|table| self.name(&table)),
            (None, None) => self.maintained(node).into_iter().next(),
        };
        StmtKind::Cluster { table, concurrently }
    }

    /// `reindex`.
    pub(super) fn reindex(&self, node: &SyntaxNode) -> Option<StmtKind> {
        let target = node.children().find(|child| child.kind() != SyntaxKind::REINDEX_OPTION_LIST)?;
        let word = target.tokens().next()?;
        Some(StmtKind::Reindex {
            what: word.text().to_lowercase(),
            name: target.children().next().and_then(|name| self.name(&name)),
            concurrently: Reindex::cast(node.clone()).is_some_and(|reindex| reindex.is_concurrently()),
            keyword: self.token_span(&word),
        })
    }

    /// `alter database`.
    pub(super) fn alter_database(&self, node: &SyntaxNode) -> Option<StmtKind> {
        Some(StmtKind::AlterDatabase { name: self.name(&node.child(SyntaxKind::DATABASE_REF)?)? })
    }
}

/// The setting behind SQL's own spelling of it.
fn special(kind: SyntaxKind) -> Option<&'static str> {
    Some(match kind {
        SyntaxKind::SET_TIME_ZONE => "time zone",
        SyntaxKind::SET_SCHEMA_VALUE => "search_path",
        SyntaxKind::SET_XML_OPTION => "xmloption",
        SyntaxKind::SET_CATALOG => "catalog",
        _ => return None,
    })
}

/// A value as written, a string without its quotes.
fn setting_value(node: &SyntaxNode) -> Option<String> {
    let string = (node.kind() == SyntaxKind::LITERAL).then(|| literal_string(node)).flatten();
    Some(string.unwrap_or_else(|| node.written())).filter(|_| node.kind() != SyntaxKind::ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    fn kind(sql: &str) -> StmtKind {
        let mut script = parse(sql);
        assert_eq!(script.errors, []);
        script.statements.remove(0).kind
    }

    #[test]
    fn settings_have_one_name_however_they_are_written() {
        let seen = |sql: &str| {
            let StmtKind::Set(set) = kind(sql) else { panic!("{sql}") };
            (set.name, set.values.join("|"), set.local, set.reset)
        };
        let expected = |name: &str, values: &str, local, reset| (name.to_owned(), values.to_owned(), local, reset);
        let path = seen("set Search_Path = a, 'b', \"C\"");
        assert_eq!((path.0.as_str(), path.1.starts_with("a|b|")), ("search_path", true));
        assert_eq!(seen("set local x.y to -1"), expected("x.y", "-1", true, false));
        assert_eq!(seen("set session authorization default"), expected("session_authorization", "", false, true));
        assert_eq!(seen("set role none"), expected("role", "none", false, false));
        assert_eq!(seen("set time zone local"), expected("time zone", "local", false, false));
        assert_eq!(seen("set x to default"), expected("x", "", false, true));
        assert_eq!(seen("reset all"), expected("all", "", false, true));
        assert_eq!(seen("reset role"), expected("role", "", false, true));
    }

    #[test]
    fn maintenance_names_its_tables_and_how_it_locks() {
        let vacuumed = |sql: &str| match kind(sql) {
            StmtKind::Vacuum { full, tables } => (full, tables.len()),
            other => panic!("{other:?}"),
        };
        assert_eq!(vacuumed("vacuum (full, analyze) a, s.b (x)"), (true, 2));
        assert_eq!(vacuumed("vacuum (full off) a"), (false, 1));
        let clustered = |sql: &str| match kind(sql) {
            StmtKind::Cluster { table, concurrently } => (table.map(|table| table.to_string()), concurrently),
            other => panic!("{other:?}"),
        };
        assert_eq!(clustered("cluster t using i"), (Some("t".to_owned()), false));
        assert_eq!(clustered("cluster i on t"), (Some("t".to_owned()), false));
        assert_eq!(clustered("repack (concurrently) t"), (Some("t".to_owned()), true));
        let reindexed = |sql: &str| match kind(sql) {
            StmtKind::Reindex { what, concurrently, .. } => (what, concurrently),
            other => panic!("{other:?}"),
        };
        assert_eq!(reindexed("reindex (concurrently) table s.t"), ("table".to_owned(), true));
        assert_eq!(reindexed("reindex index i"), ("index".to_owned(), false));
    }

    #[test]
    fn transactions_calls_and_blocks_are_told_apart() {
        let transaction = |sql: &str| match kind(sql) {
            StmtKind::Transaction(transaction) => transaction,
            other => panic!("{other:?}"),
        };
        assert_eq!(transaction("start transaction"), TransactionStmt::Begin);
        assert_eq!(transaction("end"), TransactionStmt::Commit);
        assert_eq!(transaction("abort"), TransactionStmt::Rollback);
        assert_eq!(transaction("rollback to savepoint A"), TransactionStmt::RollbackTo("a".to_owned()));
        assert_eq!(transaction("set transaction read only"), TransactionStmt::Other);
        let sql = "call s.p(1, b => 2)";
        let StmtKind::Call(call) = kind(sql) else { panic!() };
        assert!(matches!(&call.kind, ExprKind::Call { args, .. } if args.len() == 2));
        assert_eq!(call.span.of(sql), "s.p(1, b => 2)");
        assert!(
            matches!(kind("do language plpython3u 'x'"), StmtKind::Do { body: None, language, .. } if language == "plpython3u")
        );
    }
}

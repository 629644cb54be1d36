//! `execute`: the statements of a command whose text can be known without running anything.

use std::collections::BTreeSet;

use squawk_syntax::quote::quote_ident;
use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::body::Body;
use super::name::decoded;
use super::node::{Lower, Node, Place};
use crate::sql::ast::{Expr, ExprKind, LiteralKind, QueryBody, Stmt, VarDecl};
use crate::text::quote_literal;

/// More texts than this are not made out of one command.
const MOST_TEXTS: usize = 64;

/// A variable and what is known of it.
#[derive(Clone)]
pub(super) struct Known {
    name: String,
    value: Value,
}

/// What is known of a variable.
#[derive(Clone)]
enum Value {
    /// Nothing: it hides an outer one of the same name.
    Unknown,
    /// It holds this text.
    Text(String),
    /// It holds this array.
    Array(Vec<String>),
    /// It holds each of these in turn; of a record the one column of this name.
    Each(Option<String>, Vec<String>),
}

/// The variables of loops that a command uses, each with the value of this turn.
type Turn<'a> = Vec<(&'a Known, usize)>;

/// The variables that a part of a body writes into, in lower case.
fn assigned_in(node: &SyntaxNode) -> BTreeSet<String> {
    use SyntaxKind as K;
    let mut names = BTreeSet::new();
    for node in node.descendants() {
        match node.kind() {
            K::PLPGSQL_FOR_VARIABLE | K::PLPGSQL_ASSIGN_TARGET | K::PLPGSQL_INTO_TARGET | K::PLPGSQL_DIAG_TARGET => {
                names.extend(node.tokens().next().map(|token| folded(token.text())));
            }
            // The `into` of the one is not read, the other writes into output arguments: every word may be a target.
            K::ERROR | K::PLPGSQL_CALL_STMT => names.extend(node.tokens().map(|token| folded(token.text()))),
            _ => {}
        }
    }
    names
}

fn folded(name: &str) -> String {
    name.trim_matches('"').to_ascii_lowercase()
}

impl Body {
    /// Remembers the values of variables only if the body executes anything at all.
    pub(super) fn expect_execute(&mut self, text: &str) {
        let word = b"execute";
        self.executes = text.as_bytes().windows(word.len()).any(|bytes| bytes.eq_ignore_ascii_case(word));
    }

    /// A variable is declared.
    pub(super) fn declare(&mut self, variable: &VarDecl) {
        if self.executes {
            let value = variable.default.as_ref().and_then(|default| self.value(default));
            self.known.push(Known { name: variable.name.value.clone(), value: value.unwrap_or(Value::Unknown) });
        }
    }

    /// A variable is assigned to.
    pub(super) fn assign(&mut self, node: &SyntaxNode, name: &str, value: &Expr) {
        let whole = node.child(SyntaxKind::PLPGSQL_ASSIGN_TARGET).is_some_and(|target| target.children().count() == 1);
        let value = if whole { self.value(value) } else { None };
        if let Some(known) = self.known.iter_mut().rev().find(|known| known.name == name) {
            known.value = value.unwrap_or(Value::Unknown);
        }
    }

    /// Nothing is known any more of what a part of the body writes into.
    pub(super) fn forget(&mut self, node: &SyntaxNode) {
        if self.known.is_empty() {
            return;
        }
        let names = assigned_in(node);
        for known in self.known.iter_mut().filter(|known| names.contains(&folded(&known.name))) {
            known.value = Value::Unknown;
        }
    }

    fn value(&self, expr: &Expr) -> Option<Value> {
        let text = self.text(expr, &Turn::new()).map(Value::Text);
        text.or_else(|| self.array(expr).map(Value::Array))
    }

    /// A loop begins whose variable takes its values from an expression.
    pub(super) fn enter_loop(&mut self, name: String, over: Option<&Expr>) {
        if self.executes {
            let value = over.and_then(|over| self.each(over)).unwrap_or(Value::Unknown);
            self.known.push(Known { name, value });
        }
    }

    fn known(&self, name: &str) -> Option<&Known> {
        self.known.iter().rev().find(|known| known.name == name)
    }

    /// The elements of an array of constants.
    fn array(&self, expr: &Expr) -> Option<Vec<String>> {
        match &expr.kind {
            ExprKind::Array(elements) => elements.iter().map(|element| self.text(element, &Turn::new())).collect(),
            ExprKind::Cast { expr, to } if to.dimensions == 1 => match &expr.kind {
                // A literal of an array whose elements need no quotes.
                ExprKind::Literal(LiteralKind::String(text)) => {
                    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
                    let plain = !inner.contains(['{', '}', '"', '\\']) && !inner.trim().is_empty();
                    plain.then(|| inner.split(',').map(|element| element.trim().to_owned()).collect())
                }
                _ => self.array(expr),
            },
            ExprKind::Column(parts) => {
                match (&parts[..], self.known(&parts.first()?.value).map(|known| &known.value)) {
                    ([_], Some(Value::Array(elements))) => Some(elements.clone()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What a loop over an array, over `select unnest(…)` or over `values` goes through.
    fn each(&self, over: &Expr) -> Option<Value> {
        let ExprKind::Subquery(query) = &over.kind else {
            return Some(Value::Each(None, self.array(over)?));
        };
        match &query.body {
            QueryBody::Values(rows) => {
                let texts = rows.iter().map(|row| match &row[..] {
                    [only] => self.text(only, &Turn::new()),
                    _ => None,
                });
                Some(Value::Each(Some("column1".to_owned()), texts.collect::<Option<_>>()?))
            }
            QueryBody::Select(select) if select.from.is_empty() && select.filter.is_none() => match &select.targets[..]
            {
                [target] => match &target.expr.kind {
                    ExprKind::Call { name, args, .. } if name.is("pg_catalog", "unnest") && args.len() == 1 => {
                        let alias = target.alias.as_ref().map_or("unnest", |alias| alias.value.as_str());
                        Some(Value::Each(Some(alias.to_owned()), self.array(args.first()?)?))
                    }
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// Every text that a command can be, or `None`.
    fn texts(&self, command: &Expr) -> Option<Vec<String>> {
        let mut loops: Vec<(&Known, usize)> = Vec::new();
        for expr in command.all() {
            let Some(name) = expr.as_column().and_then(|parts| parts.first()) else { continue };
            if let Some(known) = self.known(&name.value)
                && let Value::Each(_, values) = &known.value
                && !loops.iter().any(|(other, _)| std::ptr::eq(*other, known))
            {
                loops.push((known, values.len()));
            }
        }
        let count = loops.iter().try_fold(1_usize, |count, (_, values)| count.checked_mul(*values))?;
        if count == 0 || count > MOST_TEXTS {
            return None;
        }
        let turns = (0..count).map(|mut number| {
            let turn = loops.iter().map(|(known, values)| {
                let at = number % values;
                number /= values;
                (*known, at)
            });
            turn.collect::<Turn>()
        });
        turns.map(|turn| self.text(command, &turn)).collect()
    }

    /// The text that an expression has.
    fn text(&self, expr: &Expr, turn: &Turn) -> Option<String> {
        match &expr.kind {
            ExprKind::Literal(LiteralKind::String(text) | LiteralKind::Number(text)) => Some(text.clone()),
            ExprKind::Cast { expr, to } if to.dimensions == 0 && to.any_of(&["text", "varchar", "name"]) => {
                // A length would cut it.
                if to.modifiers.is_empty() { self.text(expr, turn) } else { None }
            }
            ExprKind::Binary { op, left, right } if op == "||" => {
                let mut text = self.text(left, turn)?;
                text.push_str(&self.text(right, turn)?);
                Some(text)
            }
            ExprKind::Call { name, args, window: false, star: false }
                if name.schema().is_none_or(|schema| schema == "pg_catalog") =>
            {
                match (name.object(), &args[..]) {
                    ("format", [pattern, values @ ..]) => self.format(&self.text(pattern, turn)?, values, turn),
                    ("quote_ident", [name]) => Some(quote_ident(&self.text(name, turn)?)),
                    ("quote_literal", [value]) => Some(quote_literal(&self.text(value, turn)?)),
                    ("lower", [value]) => Some(self.text(value, turn)?.to_lowercase()),
                    ("concat", [_, ..]) => args.iter().map(|arg| self.text(arg, turn)).collect(),
                    _ => None,
                }
            }
            ExprKind::Column(parts) => {
                let known = self.known(&parts.first()?.value)?;
                match (&known.value, &parts[1..]) {
                    (Value::Text(text), []) => Some(text.clone()),
                    (Value::Each(column, values), rest) => {
                        let named = match rest {
                            [] => true,
                            [field] => column.as_ref() == Some(&field.value),
                            _ => false,
                        };
                        let at = turn.iter().find(|(other, _)| std::ptr::eq(*other, known))?.1;
                        named.then(|| values.get(at).cloned()).flatten()
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// `format()` with plain `%I`, `%L` and `%s`, numbered or not.
    ///
    /// <https://www.postgresql.org/docs/18/functions-string.html#FUNCTIONS-STRING-FORMAT>
    fn format(&self, pattern: &str, values: &[Expr], turn: &Turn) -> Option<String> {
        let mut made = String::with_capacity(pattern.len());
        let mut rest = pattern;
        let mut next = 0;
        while let Some((before, after)) = rest.split_once('%') {
            made.push_str(before);
            let digits = after.len() - after.trim_start_matches(|sign: char| sign.is_ascii_digit()).len();
            let (at, after) = match after.get(digits..)?.strip_prefix('$') {
                Some(after_number) if digits > 0 => {
                    (after.get(..digits)?.parse::<usize>().ok()?.checked_sub(1)?, after_number)
                }
                // A width.
                _ if digits > 0 => return None,
                _ => (next, after),
            };
            let mut signs = after.chars();
            let sign = signs.next()?;
            rest = signs.as_str();
            if sign == '%' {
                made.push('%');
                continue;
            }
            let value = values.get(at)?;
            next = at + 1;
            match sign {
                'L' if value.is_null() => made.push_str("NULL"),
                's' if value.is_null() => {}
                'L' => made.push_str(&quote_literal(&self.text(value, turn)?)),
                's' => made.push_str(&self.text(value, turn)?),
                'I' => made.push_str(&quote_ident(&self.text(value, turn)?)),
                _ => return None,
            }
        }
        made.push_str(rest);
        Some(made)
    }
}

impl Lower<'_> {
    /// The statements of a command; `None` when its text cannot be known.
    pub(super) fn executed(&mut self, written: &SyntaxNode, command: &Expr, body: &Body) -> Option<Vec<Stmt>> {
        // A literal is read where it stands; of anything else the parts are elsewhere.
        if let ExprKind::Literal(LiteralKind::String(_)) = &command.kind
            && let Some(text) = written.find(SyntaxKind::LITERAL).and_then(|literal| decoded(&literal))
        {
            let outer = self.place;
            return Some(self.statements(text.text(), Place::Within(&text, &outer)));
        }
        let texts = body.texts(command)?;
        let (errors, mut statements) = (self.errors.len(), Vec::with_capacity(texts.len()));
        for text in texts {
            statements.extend(self.statements(&text, Place::Whole(command.span)));
        }
        // They all stand in the same place.
        self.errors.truncate(errors + 1);
        Some(statements)
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::ast::{BodyStmt, Execute, Stmt, StmtKind};
    use crate::sql::parse::parse;

    fn executes(statements: &[BodyStmt], found: &mut Vec<Execute>) {
        for statement in statements {
            match statement {
                BodyStmt::Execute(execute) => found.push((**execute).clone()),
                BodyStmt::Loop { statements, .. } => executes(statements, found),
                BodyStmt::If { branches, otherwise } => {
                    for branch in branches {
                        executes(&branch.statements, found);
                    }
                    executes(otherwise, found);
                }
                _ => {}
            }
        }
    }

    /// What the executed texts of a body drop, text by text; `?` where that is not known.
    fn dropped(body: &str) -> Vec<String> {
        let mut script = parse(&format!("do $do${body}$do$;"));
        assert_eq!(script.errors, []);
        let StmtKind::Do { body: Some(block), .. } = script.statements.remove(0).kind else { panic!("{body}") };
        let mut found = Vec::new();
        executes(&block.statements, &mut found);
        let name = |stmt: &Stmt| match &stmt.kind {
            StmtKind::Drop(drop) => drop.names[0].to_string(),
            other => panic!("{other:?}"),
        };
        let names = |all: &Vec<Stmt>| all.iter().map(name).collect::<Vec<_>>().join(" ");
        found.iter().map(|it| it.statements.as_ref().map_or("?".to_owned(), names)).collect()
    }

    #[test]
    fn a_literal_is_read_where_it_stands() {
        let sql = r#"do $$ begin execute 'drop table "it""s"; select ''x'''; end $$;"#;
        let StmtKind::Do { body: Some(block), .. } = parse(sql).statements.remove(0).kind else { panic!() };
        let BodyStmt::Execute(execute) = &block.statements[0] else { panic!() };
        let spans: Vec<_> = execute.statements.iter().flatten().map(|stmt| stmt.span.of(sql)).collect();
        assert_eq!(spans, [r#"drop table "it""s""#, "select ''x''"]);
    }

    #[test]
    fn text_that_is_put_together_from_constants_is_known() {
        let made = dropped(
            "declare n constant text := 'N'; q text; begin execute format('drop table %I.%2$I /* %% */', 's', n); \
             execute 'drop table ' || quote_ident('b') || E''; q := 'drop table c'; execute q; q := q || '_d'; execute q; end",
        );
        assert_eq!(made, ["s.\"N\"", "b", "c", "c_d"]);
    }

    #[test]
    fn text_that_depends_on_anything_else_is_not() {
        let made = dropped(
            "declare q text := 'drop table a'; begin execute f(); execute 'drop table ' || x; execute format('drop %5s', 'a'); \
             if a then q := 'drop table b'; execute q; else execute q; end if; execute q; \
             q := 'drop table c'; select 'x' into q from t; execute q; \
             q := 'drop table d'; loop execute q; q := q || '_'; end loop; end",
        );
        assert_eq!(made, ["?", "?", "?", "b", "a", "?", "?", "?"]);
    }

    #[test]
    fn a_loop_over_constants_executes_for_each_of_them() {
        let made = dropped(
            "declare t text; all_of text[] := array['a', 'b']; r record; begin \
             foreach t in array all_of loop execute format('drop table %I; drop view %1$I', t); end loop; \
             for r in select unnest('{c,d}'::text[]) as name loop execute 'drop table ' || r.name; end loop; \
             for t in select x from y loop execute 'drop table ' || t; end loop; end",
        );
        assert_eq!(made, ["a a b b", "c d", "?"]);
    }
}

//! What a condition asks the catalogs: whether a thing of this kind and name is there, and what the condition is worth when the
//! answers are known.

use std::sync::Arc;

use super::catalog;
use super::effect::{Kind, Thing};
use super::ledger::same_schema;
use super::wanted::{DEEPEST, Wanted};
use crate::lint::EventCx;
use crate::sql::ast::{
    Expr, ExprKind, FromItem, FromKind, Ident, LiteralKind, Name, ObjectKind, Query, QueryBody, Select,
};

/// What variables were set to.
type Values = [(String, Arc<Expr>)];

/// One question to the catalogs.
#[derive(Debug, Clone)]
pub struct Probe<'a> {
    /// The kinds of thing that it finds.
    pub kinds: Vec<Kind>,
    /// The names it looks for; none for any name.
    pub names: Vec<Wanted>,
    /// The objects that what it looks for belongs to; none for any.
    pub on: Vec<Wanted>,
    /// The schemas it looks in; none for any.
    pub schemas: Vec<Wanted>,
    /// The query, where it is one.
    pub query: Option<&'a Query>,
}

impl Probe<'_> {
    /// Whether it asks for this thing.
    pub fn matches(&self, cx: &EventCx<'_>, thing: &Thing<'_>) -> bool {
        let named = |wanted: &[Wanted], name: &str, schema: Option<&str>| {
            wanted.is_empty()
                || wanted.iter().any(|it| {
                    it.matches(name) && it.schema.as_deref().is_none_or(|wanted| same_schema(cx, Some(wanted), schema))
                })
        };
        let schema = thing.on.as_ref().map_or(thing.name.schema, |on| on.schema.or(thing.name.schema));
        let nameless = self.names.is_empty() && self.on.is_empty();
        // The index of a unique constraint has the constraint's name.
        let is_index =
            thing.kind == Kind::Object(ObjectKind::Constraint) && self.kinds.contains(&Kind::Object(ObjectKind::Index));
        !nameless
            && (self.kinds.contains(&thing.kind) || is_index)
            && named(&self.names, &thing.name.name, thing.name.schema.or(schema))
            && (self.on.is_empty()
                || is_index
                || thing.kind.is_relation()
                || thing.on.as_ref().is_none_or(|on| named(&self.on, &on.name, on.schema)))
            && (self.schemas.is_empty()
                || schema.is_none_or(|schema| self.schemas.iter().any(|wanted| wanted.matches(schema)))
                    && (schema.is_some()
                        || self
                            .schemas
                            .iter()
                            .any(|wanted| wanted.pattern || same_schema(cx, Some(&wanted.name), None))))
    }
}

/// What an expression is worth when `ask` says which things are there; `None` where it depends on something else.
pub fn truth<'a>(expr: &'a Expr, values: &'a Values, ask: &mut dyn FnMut(&Probe<'a>) -> Option<bool>) -> Option<bool> {
    Reader { values, ask, depth: 0 }.truth(expr)
}

/// The questions in an expression with what the answer must be for it to be `holds`, as far as that is plain.
pub fn wishes<'a>(expr: &'a Expr, values: &'a Values, holds: bool) -> Vec<(Probe<'a>, bool)> {
    let mut asked: Vec<Probe<'a>> = Vec::new();
    truth(expr, values, &mut |probe| {
        asked.push(probe.clone());
        None
    });
    // The answer that a question must have is the one without which the whole cannot hold.
    let mut found = Vec::new();
    for (at, probe) in asked.into_iter().enumerate() {
        for answer in [true, false] {
            let mut index = 0;
            let worth = truth(expr, values, &mut |_| {
                index += 1;
                (index == at + 1).then_some(!answer)
            });
            if worth == Some(!holds) {
                found.push((probe.clone(), answer));
            }
        }
    }
    found
}

struct Reader<'a, 'r> {
    values: &'a Values,
    ask: &'r mut dyn FnMut(&Probe<'a>) -> Option<bool>,
    depth: usize,
}

impl<'a> Reader<'a, '_> {
    fn truth(&mut self, expr: &'a Expr) -> Option<bool> {
        match &expr.kind {
            ExprKind::Literal(LiteralKind::Bool(value)) => Some(*value),
            ExprKind::Unary { op, expr } if op == "not" => self.truth(expr).map(|value| !value),
            ExprKind::Binary { op, left, right } => self.binary(op, left, right),
            ExprKind::Exists(query) => self.exists(query),
            ExprKind::Subquery(query) => match scalar(query) {
                Some(value) => self.truth(value),
                None => self.query(query, None),
            },
            ExprKind::Is { expr, not, what } => {
                let value = match what.as_str() {
                    "null" => self.is_there(expr).map(|there| !there),
                    "true" => self.truth(expr),
                    "false" => self.truth(expr).map(|value| !value),
                    _ => None,
                };
                value.map(|value| value != *not)
            }
            ExprKind::In { expr, not, query: Some(query), .. } => {
                self.query(query, Some(expr)).map(|value| value != *not)
            }
            ExprKind::Call { name, args, .. } if name.object() == "coalesce" => self.truth(args.first()?),
            ExprKind::Cast { expr, .. } => self.truth(expr),
            ExprKind::Column(parts) => {
                let value = self.variable(parts)?;
                self.deeper(|it| it.truth(value))
            }
            ExprKind::Other(children) => match children.as_slice() {
                [only] => self.truth(only),
                _ => None,
            },
            _ => None,
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// What a variable was set to last.
    fn variable(&self, parts: &[Ident]) -> Option<&'a Expr> {
        let [name] = parts else { return None };
        self.values.iter().rev().find(|(variable, _)| *variable == name.value).map(|(_, value)| &**value)
    }

    fn binary(&mut self, op: &str, left: &'a Expr, right: &'a Expr) -> Option<bool> {
        match op {
            "and" => match (self.truth(left), self.truth(right)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            "or" => match (self.truth(left), self.truth(right)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            "=" | "<>" | "!=" | ">" | ">=" | "<" | "<=" => self.comparison(op, left, right),
            _ => None,
        }
    }

    fn comparison(&mut self, op: &str, left: &'a Expr, right: &'a Expr) -> Option<bool> {
        let is_constant = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(_));
        if is_constant(left) && is_constant(right) {
            return (op == "=" && left.kind == right.kind).then_some(true);
        }
        if is_constant(left) && !matches!(right.kind, ExprKind::Call { .. }) {
            let turned = match op {
                ">" => "<",
                ">=" => "<=",
                "<" => ">",
                "<=" => ">=",
                other => other,
            };
            return self.comparison(turned, right, left);
        }
        match &right.kind {
            ExprKind::Literal(LiteralKind::Bool(value)) => {
                let own = self.truth(left)?;
                match op {
                    "=" => Some(own == *value),
                    "<>" | "!=" => Some(own != *value),
                    _ => None,
                }
            }
            // What is counted is one thing: there once or not at all.
            ExprKind::Literal(LiteralKind::Number(number)) => {
                let number: f64 = number.parse().ok()?;
                let count = if self.is_there(left)? { 1.0 } else { 0.0 };
                let order = f64::total_cmp(&count, &number);
                Some(match op {
                    "=" => order.is_eq(),
                    "<>" | "!=" => order.is_ne(),
                    ">" => order.is_gt(),
                    ">=" => order.is_ge(),
                    "<" => order.is_lt(),
                    _ => order.is_le(),
                })
            }
            ExprKind::Call { name, args, .. } if op == "=" && matches!(name.object(), "any" | "some") => {
                let query = subquery(args.first()?)?;
                self.query(query, Some(left))
            }
            _ => None,
        }
    }

    /// Whether a value is not null, or a count not zero: whether what it looks up is there.
    fn is_there(&mut self, expr: &'a Expr) -> Option<bool> {
        match &expr.kind {
            ExprKind::Cast { expr, .. } => self.is_there(expr),
            ExprKind::Subquery(query) => match scalar(query) {
                Some(value) => self.is_there(value),
                None => self.query(query, None),
            },
            ExprKind::Column(parts) => {
                let value = self.variable(parts)?;
                self.deeper(|it| it.is_there(value))
            }
            ExprKind::Call { name, args, .. } => {
                let subject = catalog::function(name.object())?;
                let wanted = self.wanted(args.first()?, true);
                if wanted.is_empty() {
                    return None;
                }
                let (kinds, _) = subject.kinds();
                self.asked(&Probe { kinds, names: wanted, on: Vec::new(), schemas: Vec::new(), query: None })
            }
            _ => None,
        }
    }

    fn asked(&mut self, probe: &Probe<'a>) -> Option<bool> {
        (self.ask)(probe)
    }

    fn exists(&mut self, query: &'a Query) -> Option<bool> {
        if let QueryBody::Select(select) = &query.body {
            // An aggregate without groups has a row in any case.
            if select.group_by.is_empty()
                && select.having.is_none()
                && select.targets.iter().any(|it| is_aggregate(&it.expr))
            {
                return None;
            }
        }
        self.query(query, None)
    }

    /// Whether a query finds something; `first` is what its first column is compared with.
    fn query(&mut self, query: &'a Query, first: Option<&'a Expr>) -> Option<bool> {
        let select = match &query.body {
            QueryBody::Select(select) => select,
            QueryBody::Set { left, right, .. } if first.is_none() => {
                return match (self.query(left, None), self.query(right, None)) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                };
            }
            _ => return None,
        };
        let mut facts = Facts { relations: Vec::new(), found: Vec::new() };
        for item in &select.from {
            self.from(item, &mut facts);
        }
        if let Some(filter) = &select.filter {
            self.facts(filter, &mut facts);
        }
        if let (Some(first), Some(target)) = (first, select.targets.first()) {
            self.equal(&target.expr, first, "=", &mut facts);
        }
        // A query of a query: what the inner one asks.
        let mut probe = catalog::probe(&facts.relations, &facts.found).or_else(|| self.inner(select))?;
        probe.query = Some(query);
        self.asked(&probe)
    }

    fn inner(&mut self, select: &'a Select) -> Option<Probe<'a>> {
        let [FromItem { kind: FromKind::Query(query), .. }] = select.from.as_slice() else { return None };
        let mut probe = None;
        let mut ask = |asked: &Probe<'a>| {
            probe = Some(asked.clone());
            None
        };
        Reader { values: self.values, ask: &mut ask, depth: self.depth }.query(query, None);
        probe
    }

    fn from(&mut self, item: &'a FromItem, facts: &mut Facts<'a>) {
        match &item.kind {
            FromKind::Relation(name) => facts.relations.push(name),
            FromKind::Join { left, right, on } => {
                self.from(left, facts);
                self.from(right, facts);
                if let Some(on) = on {
                    self.facts(on, facts);
                }
            }
            FromKind::Query(_) | FromKind::Function(_) | FromKind::Other => {}
        }
    }

    /// What the conjuncts of a filter say about columns.
    fn facts(&mut self, expr: &'a Expr, facts: &mut Facts<'a>) {
        match &expr.kind {
            ExprKind::Binary { op, left, right } => match op.as_str() {
                "and" | "or" => {
                    self.facts(left, facts);
                    self.facts(right, facts);
                }
                "=" | "like" | "ilike" | "~~" | "~~*" => {
                    self.equal(left, right, op, facts);
                    self.equal(right, left, op, facts);
                }
                // `attidentity <> ''`: that the column is asked for is enough.
                "<>" | "!=" => {
                    if let Some((name, _)) = column_of(left) {
                        facts.found.push((name, Vec::new()));
                    }
                }
                _ => {}
            },
            ExprKind::In { expr, not: false, list, query } => {
                for value in list {
                    self.equal(expr, value, "=", facts);
                }
                // `conrelid in (select oid from pg_class where relname = 'orders')`
                if let Some(query) = query
                    && let QueryBody::Select(select) = &query.body
                {
                    self.lookup(expr, select, facts);
                }
            }
            _ => {}
        }
    }

    /// `column = value`, where the value is known.
    fn equal(&mut self, column: &'a Expr, value: &'a Expr, op: &str, facts: &mut Facts<'a>) {
        let Some((name, folded)) = column_of(column) else { return };
        if let ExprKind::Subquery(query) = &value.kind
            && let QueryBody::Select(select) = &query.body
        {
            if let Some(value) = scalar(query) {
                self.equal(column, value, op, facts);
            } else {
                self.lookup(column, select, facts);
            }
            return;
        }
        let mut wanted = self.wanted(value, catalog::is_oid(name));
        if wanted.is_empty() {
            return;
        }
        for it in &mut wanted {
            it.folded |= folded || matches!(op, "ilike" | "~~*");
            it.pattern = matches!(op, "like" | "ilike" | "~~" | "~~*");
        }
        facts.found.push((name, wanted));
    }

    /// `conrelid = (select oid from pg_class where relname = 'orders')`: the name is the column's.
    fn lookup(&mut self, column: &'a Expr, select: &'a Select, facts: &mut Facts<'a>) {
        let Some((name, _)) = column_of(column).filter(|(name, _)| catalog::is_oid(name)) else { return };
        let mut inner = Facts { relations: Vec::new(), found: Vec::new() };
        if let Some(filter) = &select.filter {
            self.facts(filter, &mut inner);
        }
        for (column, wanted) in inner.found {
            if catalog::is_own_name(column) {
                facts.found.push((name, wanted));
            } else {
                facts.found.push((column, wanted));
            }
        }
    }

    /// The names that a value can be; as a `reg…` value it may have a schema.
    fn wanted(&mut self, expr: &'a Expr, qualified: bool) -> Vec<Wanted> {
        let one = |text: &str, folded: bool, qualified: bool| {
            let (schema, name) = if qualified { catalog::parts(text) } else { (None, text.to_owned()) };
            vec![Wanted { name, schema, folded, pattern: false, span: expr.span }]
        };
        match &expr.kind {
            ExprKind::Literal(LiteralKind::String(text)) => one(text, false, qualified),
            ExprKind::Cast { expr: inner, to } => self.wanted(inner, qualified || to.name.starts_with("reg")),
            ExprKind::Call { name, args, .. } => match name.object() {
                "lower" | "upper" => {
                    let mut found = args.first().map_or_else(Vec::new, |arg| self.wanted(arg, qualified));
                    for it in &mut found {
                        it.folded = true;
                    }
                    found
                }
                "any" | "some" | "quote_ident" => args.first().map_or_else(Vec::new, |arg| self.wanted(arg, qualified)),
                function if catalog::function(function).is_some() => {
                    args.first().map_or_else(Vec::new, |arg| self.wanted(arg, true))
                }
                _ => Vec::new(),
            },
            ExprKind::Array(list) | ExprKind::Row(list) => {
                list.iter().flat_map(|value| self.wanted(value, qualified)).collect()
            }
            ExprKind::Column(parts) => match self.variable(parts) {
                Some(value) => self.deeper(|it| Some(it.wanted(value, qualified))).unwrap_or_default(),
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

/// What a query says about the columns of the catalogs it reads.
struct Facts<'a> {
    relations: Vec<&'a Name>,
    found: Vec<(&'a str, Vec<Wanted>)>,
}

/// The value of a query without `from`.
fn scalar(query: &Query) -> Option<&Expr> {
    match &query.body {
        QueryBody::Select(select) if select.from.is_empty() => match select.targets.as_slice() {
            [target] => Some(&target.expr),
            _ => None,
        },
        _ => None,
    }
}

/// The query in `array(select …)` or `(select …)`.
fn subquery(expr: &Expr) -> Option<&Query> {
    match &expr.kind {
        ExprKind::Subquery(query) => Some(query),
        ExprKind::Call { args, .. } => args.first().and_then(subquery),
        ExprKind::Cast { expr, .. } => subquery(expr),
        _ => None,
    }
}

fn is_aggregate(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call { name, .. } => {
            matches!(
                name.object(),
                "count" | "max" | "min" | "bool_or" | "bool_and" | "array_agg" | "string_agg" | "sum"
            )
        }
        ExprKind::Cast { expr, .. } => is_aggregate(expr),
        _ => false,
    }
}

/// The column's name in `c`, `t.c`, `c::text`, `lower(c)`; whether it is folded.
fn column_of(expr: &Expr) -> Option<(&str, bool)> {
    match &expr.kind {
        ExprKind::Column(parts) => parts.last().map(|part| (part.value.as_str(), false)),
        ExprKind::Cast { expr, .. } => column_of(expr),
        ExprKind::Call { name, args, .. } if matches!(name.object(), "lower" | "upper") => {
            column_of(args.first()?).map(|(name, _)| (name, true))
        }
        _ => None,
    }
}

//! What a migration runs: queries that call functions, whose bodies then count as if they stood there.

use std::sync::Arc;

use super::name::{cut, object};
use super::{Cx, MAX_DEPTH};
use crate::lint::event::of_routine;
use crate::lint::schema::{Function, Schema};
use crate::sql::ast::{CreateRoutine, Expr, ExprKind, Name, Parameter, Query, QueryBody};
use crate::text::Span;

impl Schema {
    /// `select`, `perform`: what it makes by `into`, and the functions that it calls.
    pub(super) fn select(&mut self, cx: &Cx<'_>, query: &Query, span: Span) {
        if let QueryBody::Select(select) = &query.body
            && let Some(into) = &select.into
        {
            self.table_from(cx, into, Some(query), &[], (false, false, false));
        }
        for expr in query.exprs() {
            if let ExprKind::Call { name, args, .. } = &expr.kind {
                self.call(cx, name, args, span);
            }
        }
    }

    /// `call p()`.
    pub(super) fn calls(&mut self, cx: &Cx<'_>, call: &Expr) {
        for expr in call.all() {
            if let ExprKind::Call { name, args, .. } = &expr.kind {
                self.call(cx, name, args, call.span);
            }
        }
    }

    fn call(&mut self, cx: &Cx<'_>, name: &Name, args: &[Expr], span: Span) {
        if object(name) == "set_config" {
            self.set_config(args);
            return;
        }
        let Some((definition, here, path)) = self.called(cx, name, args.len()) else { return };
        let outer = path.map(|path| std::mem::replace(&mut self.search_path, path));
        for event in of_routine(&definition) {
            let Some(left) = self.play.budget.checked_sub(1) else { break };
            self.play.budget = left;
            let within = Cx {
                file: cx.file,
                text: if here { cx.text } else { "" },
                at: Some(cx.at.unwrap_or(span)),
                guarded: cx.guarded || !event.guards.is_empty(),
                depth: cx.depth + 1,
            };
            self.event(&within, &event);
        }
        if let Some(outer) = outer {
            self.search_path = outer;
        }
    }

    /// The definition that a call runs, whether it stands in the file at hand, and the search path that it sets.
    fn called(&self, cx: &Cx<'_>, name: &Name, args: usize) -> Option<(Arc<CreateRoutine>, bool, Option<Vec<String>>)> {
        if cx.depth >= MAX_DEPTH {
            return None;
        }
        let takes = |function: &&Function| {
            let inputs = function.args.len();
            let defaults =
                function.definition.as_ref().map_or(0, |it| it.parameters.iter().filter(|it| has_default(it)).count());
            args <= inputs && args + defaults >= inputs
        };
        let function = self.functions(name).iter().find(takes)?;
        let path = function.settings.iter().find(|(setting, _)| setting == "search_path").map(|(_, value)| {
            let schemas = value.split(',').map(|it| it.trim().trim_matches(['\'', '"'])).filter(|it| !it.is_empty());
            schemas.map(|it| cut(it).to_owned()).collect()
        });
        let here = function.created.file == cx.file && (cx.at.is_none() || !cx.text.is_empty());
        Some((Arc::clone(function.definition.as_ref()?), here, path))
    }
}

fn has_default(parameter: &Parameter) -> bool {
    parameter.default.is_some()
}

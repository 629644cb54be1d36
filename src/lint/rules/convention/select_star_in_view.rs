//! `select-star-in-view`: a view whose columns are those of one day.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{ExprKind, FromItem, FromKind, Query, QueryBody, StmtKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "select-star-in-view",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Note,
    opt_in: false,
    condition: "a view selects `*` from a table",
    effect: "the columns are fixed when the view is made: later ones are missing, on another server they may come in another order, and dropping any one of them fails",
    remedy: "list the columns",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createview.html"],
    bad: &["create view public.settings as select * from pg_catalog.pg_settings;"],
    good: &[
        "create view public.settings as select name, setting from pg_catalog.pg_settings;",
        "create view public.settings as\nwith known as (select name, setting from pg_catalog.pg_settings)\nselect * from known;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateView(view) = &cx.stmt().kind else { return };
    let mut stars = Vec::new();
    collect(&view.query, &[], &mut stars);
    for span in stars {
        let name = cx.schema.creation(&view.name);
        out.push(
            cx.finding(span, format!("the columns of `{name}` are fixed as its tables have them now"))
                .label("as of now")
                .object(&name)
                .help("list the columns"),
        );
    }
}

/// The stars in the output of a query that stand for columns of tables; those over a query of its own list are harmless.
fn collect(query: &Query, outer: &[&str], stars: &mut Vec<Span>) {
    let mut known: Vec<&str> = outer.to_vec();
    for cte in &query.ctes {
        known.push(&cte.name.value);
    }
    match &query.body {
        QueryBody::Select(select) => {
            for target in &select.targets {
                let ExprKind::Star(parts) = &target.expr.kind else { continue };
                let of = parts.last().map(|part| part.value.as_str());
                if select.from.iter().any(|item| reads_table(item, of, &known)) {
                    stars.push(target.expr.span);
                }
            }
        }
        QueryBody::Set { left, right, .. } => {
            collect(left, &known, stars);
            collect(right, &known, stars);
        }
        QueryBody::Values(_) => {}
    }
}

/// Whether the star (of everything, or of one entry) takes columns from a table in this entry of `from`.
fn reads_table(item: &FromItem, of: Option<&str>, known: &[&str]) -> bool {
    match &item.kind {
        FromKind::Join { left, right, .. } => reads_table(left, of, known) || reads_table(right, of, known),
        FromKind::Relation(name) => {
            let called = item.alias.as_ref().map_or(name.object(), |alias| &alias.value);
            of.is_none_or(|of| of == called) && (name.schema().is_some() || !known.contains(&name.object()))
        }
        FromKind::Query(_) | FromKind::Function(_) | FromKind::Other => false,
    }
}

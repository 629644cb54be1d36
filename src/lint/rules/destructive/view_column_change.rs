//! `view-column-change`: `create or replace view` that leaves out, renames or reorders columns of the view that is there.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use crate::lint::ask::depend::after;
use crate::sql::ast::StmtKind;
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "view-column-change",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create or replace view` that leaves out, renames or reorders columns of the view that is there",
    effect: "the statement fails (42P16): a view that is replaced must keep its columns, in order, and can only get more behind them",
    remedy: "append the new columns, or drop the view and create it again in the same file",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createview.html"],
    bad: &[
        "create view public.recent as select 1 as id, 'x'::text as note;\n-- then\ncreate or replace view public.recent as select 1 as id;\n",
        "create view public.recent as select 1 as id, 'x'::text as note;\n-- then\ncreate or replace view public.recent as select 'x'::text as note, 1 as id;\n",
    ],
    good: &[
        "create view public.recent as select 1 as id;\n-- then\ncreate or replace view public.recent as select 1 as id, 'x'::text as note;\n",
        "create view public.recent as select 1 as id, 'x'::text as note;\n-- then\ndrop view public.recent;\ncreate or replace view public.recent as select 1 as id;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateView(create) = &cx.stmt().kind else { return };
    if !create.or_replace || create.materialized {
        return;
    }
    let name = cx.schema.creation(&create.name);
    let Some(old) = cx.schema.views.get(&name) else { return };
    let after = after(cx.schema, cx.file, cx.stmt());
    let (Some(before), Some(columns)) = (&old.columns, after.views.get(&name).and_then(|view| view.columns.as_ref()))
    else {
        return;
    };
    let changed = before.iter().enumerate().find(|(at, column)| columns.get(*at) != Some(column));
    let Some((at, column)) = changed else { return };
    let column = bare_ident(column);
    let change = match columns.get(at) {
        None => format!("it must keep column `{column}`"),
        Some(new) => format!("column {} must stay `{column}`, not become `{}`", at + 1, bare_ident(new)),
    };
    out.push(
        cx.finding(create.name.span, format!("fails: `or replace` of `{name}`, {change}"))
            .label("has other columns now")
            .see(old.created, "as it is now")
            .object(&name)
            .note("what is added must stand behind the columns that are there")
            .help(format!(
                "append new columns at the end, or write `drop view {name};` before it and grant its privileges anew"
            )),
    );
}

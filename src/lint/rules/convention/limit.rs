//! `text` with a check in place of a type with a length.

use super::types::{Role, Used};
use crate::lint::rules::suggest;
use crate::lint::{Edit, EventCx, Finding, Fix};
use crate::sql::ast::StmtKind;
use crate::text::bare_ident;

/// Completes a finding about a type with a length by what to write: `text` and a check.
pub(super) fn to_text(cx: &EventCx<'_>, used: &Used<'_>, length: &str, finding: Finding) -> Finding {
    let edit = used.replaced(cx, "text");
    let name = bare_ident(used.name);
    let checked = used.ty.dimensions == 0;
    match (used.role, used.column) {
        (Role::Column, Some(column)) if checked && is_tested(cx, used) => {
            // The check of a column that comes to a table in use would be tested for every row.
            let Some(table) = used.owner.map(|owner| cx.resolve(owner)) else { return finding };
            let check = format!("{}_{}_check", table.name, used.name);
            let add = suggest::constraint(&check, format!("check (char_length({name}) <= {length}) not valid"));
            let validate = format!("alter table {table} validate constraint {};\n", bare_ident(&check));
            let edits = vec![edit, Edit::insert(column.span.end, format!(", {add}"))];
            let fix = Fix::unchecked("make it `text` with a check that is validated later", edits);
            finding
                .help(format!("write `{name} text, {add}`, and validate the check in a later migration"))
                .fix(fix.adding(format!("validate_{check}"), validate))
        }
        (Role::Column, Some(column)) if checked => {
            let check = format!(" check (char_length({name}) <= {length})");
            finding
                .help(format!("write `{name} text{check}`"))
                .fix(Fix::unchecked("make it `text` with a check", vec![edit, Edit::insert(column.span.end, check)]))
        }
        (Role::Domain, _) if checked => {
            let check = format!(" check (char_length(value) <= {length})");
            let end = cx.stmt().span.end;
            finding
                .help(format!("write `text{check}`"))
                .fix(Fix::unchecked("make it `text` with a check", vec![edit, Edit::insert(end, check)]))
        }
        (Role::Altered, _) if checked => finding
            .help(format!("use `text` and `check (char_length({name}) <= {length})`"))
            .fix(Fix::unchecked("make it `text`", vec![edit])),
        _ => finding.help("use `text`").fix(Fix::unchecked("make it `text`", vec![edit])),
    }
}

/// Whether the column comes to a table that others are using.
fn is_tested(cx: &EventCx<'_>, used: &Used<'_>) -> bool {
    matches!(cx.stmt().kind, StmtKind::AlterTable(_)) && used.owner.is_some_and(|owner| cx.is_in_use(owner))
}

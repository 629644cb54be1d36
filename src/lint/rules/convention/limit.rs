//! `text` with a check in place of a type with a length.

use super::types::{Role, Used};
use crate::lint::{Edit, EventCx, Finding, Fix};
use crate::text::bare_ident;

/// Completes a finding about a type with a length by what to write: `text` and a check.
pub(super) fn to_text(cx: &EventCx<'_>, used: &Used<'_>, length: &str, finding: Finding) -> Finding {
    let edit = used.replaced(cx, "text");
    let name = bare_ident(used.name);
    let checked = used.ty.dimensions == 0;
    match (used.role, used.column) {
        (Role::Column, Some(column)) if checked => {
            let check = format!(" check (char_length({name}) <= {length})");
            finding
                .help(format!("write `{name} text{check}`"))
                .fix(Fix::safe("make it `text` with a check", vec![edit, Edit::insert(column.span.end, check)]))
        }
        (Role::Domain, _) if checked => {
            let check = format!(" check (char_length(value) <= {length})");
            let end = cx.stmt().span.end;
            finding
                .help(format!("write `text{check}`"))
                .fix(Fix::safe("make it `text` with a check", vec![edit, Edit::insert(end, check)]))
        }
        (Role::Altered, _) if checked => finding
            .help(format!("use `text` and `check (char_length({name}) <= {length})`"))
            .fix(Fix::unchecked("make it `text`", vec![edit])),
        _ => finding.help("use `text`").fix(Fix::unchecked("make it `text`", vec![edit])),
    }
}

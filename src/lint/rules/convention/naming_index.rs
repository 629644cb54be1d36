//! `naming-index`: indexes that do not say what they index.

use super::naming;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "naming-index",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "an index is not named as `index` of `[lint.naming]` says: `{table}_{columns}_idx`",
    effect: "plans, errors and lists of sizes name indexes only: a name that does not say table and columns has to be looked up",
    remedy: "name it after its table and columns",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createindex.html"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), note text);\n-- then\ncreate index by_note on public.orders (note);",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), note text);\n-- then\ncreate index orders_note_idx on public.orders (note);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateIndex(index) = &cx.stmt().kind else { return };
    let Some(name) = index.name.as_ref().filter(|_| !index.unique) else { return };
    let pattern = naming::pattern(cx, "index", "{table}_{columns}_idx");
    let columns: Option<Vec<&str>> = index
        .elements
        .iter()
        .map(|element| element.expr.as_column().and_then(<[_]>::last).map(|part| part.value.as_str()))
        .collect();
    let wanted = naming::filled(&pattern, index.table.object(), &columns.unwrap_or_default());
    if naming::fits(&wanted, &name.value) {
        return;
    }
    let table = cx.resolve(&index.table);
    out.push(
        cx.finding(name.span, format!("the index `{}` is not named after what it indexes", name.value))
            .label(format!("not `{wanted}`"))
            .object(&table)
            .help(format!("name it `{wanted}`")),
    );
}

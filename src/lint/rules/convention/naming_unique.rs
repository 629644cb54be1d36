//! `naming-unique`: unique keys that do not say whose they are.

use super::naming::{self, Says};
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "naming-unique",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a unique constraint is not named as `unique` of `[lint.naming]` says: `{table}_{columns}_key`",
    effect: "errors name constraints only: a name that does not say table and column has to be looked up before anybody can help",
    remedy: "name it `{table}_{columns}_key`, as PostgreSQL does by itself",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-constraints.html"],
    bad: &[
        "create table public.users (id uuid primary key default gen_random_uuid());\ncreate table public.orders (id uuid primary key default gen_random_uuid(), user_id uuid);\n-- then\nalter table public.orders add constraint one_each unique (user_id);",
    ],
    good: &[
        "create table public.users (id uuid primary key default gen_random_uuid());\ncreate table public.orders (id uuid primary key default gen_random_uuid(), user_id uuid);\n-- then\nalter table public.orders add constraint orders_user_id_key unique (user_id);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    naming::constraints(cx, |constraint| {
        if constraint.says != Says::Unique {
            return;
        }
        let pattern = naming::pattern(cx, "unique", "{table}_{columns}_key");
        let wanted = naming::filled(&pattern, constraint.table.object(), &constraint.columns);
        if naming::fits(&wanted, &constraint.name.value) {
            return;
        }
        let table = cx.resolve(constraint.table);
        out.push(
            cx.finding(
                constraint.name.span,
                format!("the unique constraint `{}` is not named as the others are", constraint.name.value),
            )
            .label(format!("not `{wanted}`"))
            .object(&table)
            .help(format!("name it `{wanted}`")),
        );
    });
    unique_index(cx, out);
}

/// A unique index is named like a unique constraint, or like any other index.
fn unique_index(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateIndex(index) = &cx.stmt().kind else { return };
    let Some(name) = index.name.as_ref().filter(|_| index.unique) else { return };
    let columns: Option<Vec<&str>> = index
        .elements
        .iter()
        .map(|element| element.expr.as_column().and_then(<[_]>::last).map(|part| part.value.as_str()))
        .collect();
    let columns = columns.unwrap_or_default();
    let fill = |pattern: String| naming::filled(&pattern, index.table.object(), &columns);
    let wanted = fill(naming::pattern(cx, "unique", "{table}_{columns}_key"));
    if naming::fits(&wanted, &name.value)
        || naming::fits(&fill(naming::pattern(cx, "index", "{table}_{columns}_idx")), &name.value)
    {
        return;
    }
    let table = cx.resolve(&index.table);
    out.push(
        cx.finding(name.span, format!("the unique index `{}` is not named after what it keeps unique", name.value))
            .label(format!("not `{wanted}`"))
            .object(&table)
            .help(format!("name it `{wanted}`")),
    );
}

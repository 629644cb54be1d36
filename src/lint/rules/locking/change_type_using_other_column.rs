//! `change-type-using-other-column`: the values of the changed column come from another one.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{AlterColumn, Expr, StmtKind, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "change-type-using-other-column",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`alter column … type … using` an expression about other columns only",
    effect: "the old values of the column are thrown away and replaced by those of another one: most often a slip of the pen, and \
             not to be undone",
    remedy: "name the column itself in `using`; to copy another column's values, say so with an `update`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DATA-TYPE"],
    bad: &[
        "create table public.orders (id bigint primary key, billed_at text, paid_at text);\nalter table public.orders alter column billed_at type timestamptz using paid_at::timestamptz;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, billed_at text, paid_at text);\nalter table public.orders alter column billed_at type timestamptz using coalesce(billed_at, paid_at)::timestamptz;",
        "create table public.orders (id bigint primary key, billed_at text);\nalter table public.orders alter column billed_at type timestamptz using null;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return };
    for action in &alter.actions {
        let TableActionKind::AlterColumn { name, change: AlterColumn::Type { using: Some(using), .. } } = &action.kind
        else {
            continue;
        };
        let columns: Vec<&str> = using
            .all()
            .into_iter()
            .filter_map(Expr::as_column)
            .filter_map(|parts| Some(parts.last()?.value.as_str()))
            .collect();
        let Some(other) = columns.first() else { continue };
        if columns.contains(&name.value.as_str()) {
            continue;
        }
        let (column, table) = (bare_ident(&name.value), cx.resolve(&alter.name));
        let finding = cx
            .finding(
                using.span,
                format!("`{column}` of `{table}` loses its values to those of `{}`", bare_ident(other)),
            )
            .label(format!("`{column}` itself is not in it"))
            .object(&table)
            .help(format!("name `{column}` in `using`"));
        out.push(finding);
    }
}

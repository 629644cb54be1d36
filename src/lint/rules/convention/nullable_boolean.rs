//! `nullable-boolean`: a flag with three states.

use super::tables;
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{ExprKind, LiteralKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "nullable-boolean",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Note,
    opt_in: false,
    condition: "a boolean column can be null at the end of the chain",
    effect: "it has three states: `where flag` and `where not flag` both leave out the rows with null",
    remedy: "make it `not null default false`, or give the third state a name",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/datatype-boolean.html"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column paid boolean default false;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column paid boolean not null default false;",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in tables::own(cx) {
        for column in &table.columns {
            let boolean = column.type_name.as_ref().is_some_and(|ty| ty.is("boolean") && ty.schema.is_none());
            if !boolean || column.not_null || column.generated.is_some() {
                continue;
            }
            let default =
                column.default.as_ref().is_some_and(|it| it.kind == ExprKind::Literal(LiteralKind::Bool(true)));
            let of = format!("{}.{}", table.name, bare_ident(&column.name));
            out.push(
                cx.finding(
                    tables::column_place(table, column),
                    format!("`{of}` has three states: true, false and null"),
                )
                .label("can be null")
                .object(&table.name)
                .help(format!("write `{} boolean not null default {default}`", bare_ident(&column.name))),
            );
        }
    }
}

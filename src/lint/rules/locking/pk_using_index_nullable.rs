//! `pk-using-index-nullable`: a primary key made of an index whose columns may be null reads the whole table first.

use crate::diagnostic::Level;
use crate::lint::ask::in_use::{altered, is_known_not_null, list};
use crate::lint::schema::{IndexKey, QName};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{ConstraintKind, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "pk-using-index-nullable",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`primary key using index` whose columns are not known to be `not null`",
    effect: "PostgreSQL makes them `not null` on the way, which reads every row under ACCESS EXCLUSIVE; nobody reads or writes \
             meanwhile",
    remedy: "make the columns `not null` before, by way of a validated check",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
    ],
    bad: &[
        "create table public.orders (id bigint);\n-- then\n-- dbctl: no-transaction\ncreate unique index concurrently orders_pkey on public.orders (id);\n-- then\nalter table public.orders add constraint orders_pkey primary key using index orders_pkey;",
    ],
    good: &[
        "create table public.orders (id bigint not null);\n-- then\n-- dbctl: no-transaction\ncreate unique index concurrently orders_pkey on public.orders (id);\n-- then\n-- the column is `not null` already\nalter table public.orders add constraint orders_pkey primary key using index orders_pkey;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for action in &altered.alter.actions {
        let TableActionKind::AddConstraint(constraint) = &action.kind else { continue };
        let ConstraintKind::PrimaryKey { using_index: Some(index), .. } = &constraint.kind else { continue };
        let known = cx.schema.indexes.get(&QName::new(altered.name.schema.as_str(), index.value.as_str()));
        let nullable: Option<Vec<&str>> = altered.table.zip(known).map(|(table, known)| {
            known
                .keys
                .iter()
                .filter_map(|key| match key {
                    IndexKey::Column(name) => Some(name.as_str()),
                    IndexKey::Expr(_) => None,
                })
                .filter(|column| !is_known_not_null(table, column))
                .collect()
        });
        if nullable.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let finding = cx
            .finding(
                index.span,
                format!("checking the key's columns for nulls blocks every read and write of `{}`", altered.name),
            )
            .object(&altered.name);
        out.push(match nullable {
            Some(columns) => {
                let quoted: Vec<String> = columns.iter().map(|column| format!("`{}`", bare_ident(column))).collect();
                finding.label(format!("{} may be null, so every row is read", quoted.join(", "))).help(format!(
                    "make {} `not null` in an earlier migration, by way of a validated check",
                    quoted.join(", ")
                ))
            }
            None => finding
                .label(format!("nothing is known of the columns of `{}`", list(std::slice::from_ref(index))))
                .help("make sure that its columns are `not null` already"),
        });
    }
}

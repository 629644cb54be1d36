//! `no-inheritance`: tables that inherit.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{StmtKind, TableActionKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "no-inheritance",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a table inherits from another one",
    effect: "unique keys, foreign keys and indexes do not reach the child: the parent's rules hold for a part of its rows only",
    remedy: "use declarative partitioning, or a foreign key to the parent's row",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-inherit.html#DDL-INHERIT-CAVEATS"],
    bad: &[
        "create table public.people (id uuid primary key default gen_random_uuid());\ncreate table public.staff (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.staff inherit public.people;",
    ],
    good: &[
        "create table public.people (id uuid primary key default gen_random_uuid());\ncreate table public.staff (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.staff add column person_id uuid;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let (child, parents): (_, Vec<_>) = match &cx.stmt().kind {
        StmtKind::CreateTable(create) if !create.inherits.is_empty() => {
            (cx.schema.creation(&create.name), create.inherits.iter().collect())
        }
        StmtKind::AlterTable(alter) => {
            let parents = alter.actions.iter().filter_map(|action| match &action.kind {
                TableActionKind::Inherit { table, add: true } => Some(table),
                _ => None,
            });
            (cx.resolve(&alter.name), parents.collect())
        }
        _ => return,
    };
    let (Some(first), Some(last)) = (parents.first(), parents.last()) else { return };
    let span = Span::new(first.span.start, last.span.end);
    out.push(
        cx.finding(span, format!("`{child}` inherits columns, but no keys and indexes"))
            .label("inheritance")
            .object(&child)
            .help("use declarative partitioning, or a foreign key to the parent's row"),
    );
}

//! `fk-on-delete-explicit`: a foreign key that does not say what a deletion does.

use super::foreign_keys;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "fk-on-delete-explicit",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a foreign key has no `on delete`",
    effect: "a deletion of the row referred to fails, and nobody can tell whether that is meant",
    remedy: "write `on delete restrict`, `cascade`, `set null` or `no action`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
    bad: &[
        "create table public.users (id uuid primary key default gen_random_uuid());\ncreate table public.orders (id uuid primary key default gen_random_uuid(), user_id uuid);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\nalter table public.orders add foreign key (user_id) references public.users (id);",
    ],
    good: &[
        "create table public.users (id uuid primary key default gen_random_uuid());\ncreate table public.orders (id uuid primary key default gen_random_uuid(), user_id uuid);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\nalter table public.orders add foreign key (user_id) references public.users (id) on delete restrict;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    foreign_keys::each(cx, |written| {
        if written.key.on_delete.is_some() {
            return;
        }
        let (table, parent) = (cx.resolve(written.table), cx.resolve(&written.key.table));
        out.push(
            cx.finding(
                written.key.span,
                format!("what `{table}` does when a row of `{parent}` is deleted is left open"),
            )
            .label("no `on delete`")
            .object(&table)
            .help("write `on delete restrict`, `cascade`, `set null` or `no action`"),
        );
    });
}

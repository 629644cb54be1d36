//! `naming-check`: checks that do not say whose they are.

use super::naming::{self, Says};
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "naming-check",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a check is not named as `check` of `[lint.naming]` says: `{table}_*check`",
    effect: "errors name constraints only: a name that does not say table and column has to be looked up before anybody can help",
    remedy: "name it `{table}_*check`, as PostgreSQL does by itself",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-constraints.html"],
    bad: &[
        "create table public.users (id uuid primary key default gen_random_uuid());\ncreate table public.orders (id uuid primary key default gen_random_uuid(), user_id uuid);\n-- then\nalter table public.orders add constraint positive check (user_id is not null);",
    ],
    good: &[
        "create table public.users (id uuid primary key default gen_random_uuid());\ncreate table public.orders (id uuid primary key default gen_random_uuid(), user_id uuid);\n-- then\nalter table public.orders add constraint orders_user_id_check check (user_id is not null);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    naming::constraints(cx, |constraint| {
        if constraint.says != Says::Check {
            return;
        }
        let pattern = naming::pattern(cx, "check", "{table}_*check");
        let wanted = naming::filled(&pattern, constraint.table.object(), &constraint.columns);
        if naming::fits(&wanted, &constraint.name.value) {
            return;
        }
        let table = cx.resolve(constraint.table);
        out.push(
            cx.finding(
                constraint.name.span,
                format!("the check `{}` is not named as the others are", constraint.name.value),
            )
            .label(format!("not `{wanted}`"))
            .object(&table)
            .help(format!("name it `{wanted}`")),
        );
    });
}

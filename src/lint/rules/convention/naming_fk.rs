//! `naming-fk`: foreign keys that do not say whose they are.

use super::naming::{self, Says};
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "naming-fk",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a foreign key is not named as `fk` of `[lint.naming]` says: `{table}_{columns}_fkey`",
    effect: "errors name constraints only: a name that does not say table and column has to be looked up before anybody can help",
    remedy: "name it `{table}_{columns}_fkey`, as PostgreSQL does by itself",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-constraints.html"],
    bad: &[
        "create table public.users (id uuid primary key default gen_random_uuid());\ncreate table public.orders (id uuid primary key default gen_random_uuid(), user_id uuid);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\nalter table public.orders add constraint fk_user foreign key (user_id) references public.users (id);",
    ],
    good: &[
        "create table public.users (id uuid primary key default gen_random_uuid());\ncreate table public.orders (id uuid primary key default gen_random_uuid(), user_id uuid);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\nalter table public.orders add constraint orders_user_id_fkey foreign key (user_id) references public.users (id);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    naming::constraints(cx, |constraint| {
        if constraint.says != Says::ForeignKey {
            return;
        }
        let pattern = naming::pattern(cx, "fk", "{table}_{columns}_fkey");
        let wanted = naming::filled(&pattern, constraint.table.object(), &constraint.columns);
        if naming::fits(&wanted, &constraint.name.value) {
            return;
        }
        let table = cx.resolve(constraint.table);
        out.push(
            cx.finding(
                constraint.name.span,
                format!("the foreign key `{}` is not named as the others are", constraint.name.value),
            )
            .label(format!("not `{wanted}`"))
            .object(&table)
            .help(format!("name it `{wanted}`")),
        );
    });
}

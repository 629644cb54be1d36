//! `no-money`: amounts whose currency and decimals are a setting of the server.

use super::types;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "no-money",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "something that stays has the type `money`",
    effect: "currency and number of decimals come from `lc_monetary`: the same stored amount is another one on a server with another setting, and division drops fractions",
    remedy: "use `numeric` for the amount and a column for the currency",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/datatype-money.html"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column total money;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column total numeric(19, 2);",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| {
        if used.ty.name != "money" || used.ty.schema.is_some() {
            return;
        }
        let message = format!("{} gets its currency and decimals from a setting of the server", used.subject(cx));
        out.push(
            used.finding(cx, message)
                .label("depends on `lc_monetary`")
                .help("use `numeric(19, 2)`, and a column for the currency")
                .fix(Fix::unchecked("make it `numeric(19, 2)`", vec![used.replaced(cx, "numeric(19, 2)")])),
        );
    });
}

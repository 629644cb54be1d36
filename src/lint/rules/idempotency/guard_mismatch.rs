//! `guard-mismatch`: a condition that asks for another object than the one it guards.

use super::judge::{judge, named};
use crate::diagnostic::Level;
use crate::lint::ask::effect::Deed;
use crate::lint::ask::guard::Verdict;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::text::quote_literal;

pub(super) static RULE: Rule = Rule {
    id: "guard-mismatch",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "an `if` that asks the catalogs for another name than that of the object it creates or drops",
    effect: "the condition says nothing about the object: a second run creates it again and stops, or a first run leaves it out",
    remedy: "ask for the object's own name, as the catalogs hold it: in lower case unless it is quoted",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/catalogs.html",
        "https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
    ],
    bad: &[
        "do $$ begin\n  if not exists (select 1 from pg_type where typname = 'order_state') then\n    create type public.order_status as enum ('new');\n  end if;\nend $$;",
        "do $$ begin\n  if not exists (select 1 from pg_type where typname = 'OrderStatus') then\n    create type public.OrderStatus as enum ('new');\n  end if;\nend $$;",
        "create table public.orders (id bigint);\n-- then\ndo $$ begin\n  if not exists (select from information_schema.columns where table_name = 'orders' and column_name = 'note') then\n    alter table public.orders add column notes text;\n  end if;\nend $$;",
    ],
    good: &[
        "do $$ begin\n  if not exists (select 1 from pg_type where typname = 'order_status') then\n    create type public.order_status as enum ('new');\n  end if;\nend $$;",
        "do $$ begin\n  if not exists (select 1 from pg_type where typname = 'order_state') then\n    create type public.order_state as enum ('new');\n    create type public.order_kind as enum ('sale');\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    if cx.event.guards.conditions.is_empty() {
        return;
    }
    for judged in judge(cx, |_| true) {
        let Verdict::Astray(wanted) = &judged.verdict else { continue };
        let thing = &judged.effect.thing;
        let verb = if judged.effect.deed == Deed::Makes { "creates" } else { "changes" };
        let message = format!("the condition asks for `{}`, but the statement {verb} {}", wanted.name, named(thing));
        let mut finding = cx.finding(wanted.span, message).label("another name").about(super::judge::full(&thing.name));
        if wanted.name == thing.name.name {
            finding = finding.help("ask the catalog that holds it, in the schema and of the table that it is in");
        } else {
            let own = quote_literal(&thing.name.name);
            finding = finding.help(format!("ask for {own}"));
            let written = cx.text(wanted.span);
            if written.len() > 2 && written.starts_with('\'') && !written.starts_with("''") && wanted.schema.is_none() {
                finding = finding.fix(Fix::unchecked(format!("ask for {own}"), vec![Edit::replace(wanted.span, own)]));
            }
        }
        out.push(finding);
    }
}

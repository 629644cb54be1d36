//! `uuid-extension-function`: random uuids from an extension that PostgreSQL no longer needs.

use super::exprs;
use crate::diagnostic::Level;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::ExprKind;

pub(super) static RULE: Rule = Rule {
    id: "uuid-extension-function",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "`uuid_generate_v4()` is called",
    effect: "the function comes from the extension uuid-ossp: it is missing where the extension is, or where its schema is not in the search path",
    remedy: "call `gen_random_uuid()`, which every server has since PostgreSQL 13",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/functions-uuid.html",
        "https://www.postgresql.org/docs/18/uuid-ossp.html",
    ],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\ncreate schema if not exists extensions;\ncreate extension if not exists \"uuid-ossp\" with schema extensions;\n-- then\nalter table public.orders add column token uuid not null default extensions.uuid_generate_v4();",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column token uuid not null default gen_random_uuid();",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    exprs::each(cx.stmt(), |expr| {
        let ExprKind::Call { name, args, .. } = &expr.kind else { return };
        if name.object() != "uuid_generate_v4" || !args.is_empty() {
            return;
        }
        let place = if name.schema().is_some() { "" } else { " in the search path" };
        out.push(
            cx.finding(expr.span, format!("`{}()` needs the extension uuid-ossp{place}", name.object()))
                .label("of an extension")
                .help("call `gen_random_uuid()`")
                .fix(Fix::safe("call `gen_random_uuid()`", vec![Edit::replace(expr.span, "gen_random_uuid()")])),
        );
    });
}

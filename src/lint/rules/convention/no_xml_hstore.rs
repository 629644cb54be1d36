//! `no-xml-hstore`: documents in a type that little can read.

use super::types;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "no-xml-hstore",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "something that stays has the type `xml` or `hstore`",
    effect: "`xml` can be neither compared nor indexed; `hstore` holds only flat strings and needs an extension on every server",
    remedy: "use `jsonb`",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/datatype-xml.html",
        "https://www.postgresql.org/docs/18/hstore.html",
    ],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column details xml;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column details jsonb;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| {
        let why = match used.ty.name.as_str() {
            "xml" if used.ty.schema.is_none() => "cannot be compared or indexed",
            "hstore" => "holds only flat strings, and only where the extension is installed",
            _ => return,
        };
        out.push(
            used.finding(cx, format!("{} {why}", used.subject(cx)))
                .label(format!("`{}`", used.ty.name))
                .help("use `jsonb`")
                .fix(Fix::unchecked("make it `jsonb`", vec![used.replaced(cx, "jsonb")])),
        );
    });
}

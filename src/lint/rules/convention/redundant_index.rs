//! `redundant-index`: an index that is the beginning of another one.

use super::indexes::{self, Shape};
use super::tables;
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "redundant-index",
    group: Group::Convention,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "an index that is not unique has only the first elements of another one at the end of the chain",
    effect: "the longer index serves the same searches; every write pays for both",
    remedy: "drop the shorter one, unless it is much smaller and much used",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/indexes-multicolumn.html"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), user_id uuid, status text);\ncreate index orders_user_id_status_idx on public.orders (user_id, status);\n-- then\ncreate index orders_user_id_idx on public.orders (user_id);",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), user_id uuid, status text);\ncreate index orders_user_id_status_idx on public.orders (user_id, status);\ncreate index orders_status_idx on public.orders (status);\ncreate unique index orders_user_id_key on public.orders (user_id);",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in tables::own(cx) {
        let shapes = indexes::shapes(cx, table);
        for shape in &shapes {
            if let Some(longer) = shapes.iter().find(|other| is_beginning(shape, other)) {
                report(cx, shape, longer, out);
            }
        }
    }
}

/// Whether the other index begins with all of this one. Only a btree can be searched by its first elements alone.
fn is_beginning(shape: &Shape<'_>, other: &Shape<'_>) -> bool {
    shape.is_plain()
        && shape.index.method == "btree"
        && shape.index.include.is_empty()
        && shape.is_like(other)
        && shape.elements.len() < other.elements.len()
        && other.elements.starts_with(&shape.elements)
}

fn report(cx: &ChainCx<'_>, shape: &Shape<'_>, longer: &Shape<'_>, out: &mut Findings) {
    let (name, other) = (&shape.index.name, &longer.index.name);
    let mut finding = cx
        .finding(shape.index.created, format!("`{other}` begins like `{name}` and serves the same searches"))
        .label("the beginning of another one")
        .object(&shape.index.table)
        .see(longer.index.created, "the longer one")
        .touched(longer.index.created.file)
        .help(format!("drop it: `drop index concurrently if exists {name};`"));
    if let Some(statement) = shape.statement {
        finding = finding.fix(Fix::unchecked("leave it out", vec![Edit::delete(statement)]));
    }
    out.push(finding);
}

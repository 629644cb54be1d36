//! `index-too-many-columns`: an index that hardly any query uses whole.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::StmtKind;
use crate::text::{Span, count};

pub(super) static RULE: Rule = Rule {
    id: "index-too-many-columns",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "an index that is not unique has more than three columns",
    effect: "the last columns rarely narrow a search, but each makes the index larger and every write slower",
    remedy: "keep the leading columns, or move columns that are only read to `include`",
    lock: None,
    fix: Fixable::No,
    options: &[RuleOption { name: "max", preset: Preset::Number(3), help: "how many columns an index may have" }],
    sources: &["https://www.postgresql.org/docs/18/indexes-multicolumn.html"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), a text, b text, c text, d text);\n-- then\ncreate index orders_a_b_c_d_idx on public.orders (a, b, c, d);",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), a text, b text, c text, d text);\n-- then\ncreate index orders_a_b_c_idx on public.orders (a, b, c);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateIndex(index) = &cx.stmt().kind else { return };
    let max = usize::try_from(cx.options.number("max")).unwrap_or(usize::MAX);
    let (Some(first), Some(last)) = (index.elements.first(), index.elements.last()) else { return };
    if index.unique || index.elements.len() <= max {
        return;
    }
    let table = cx.resolve(&index.table);
    let columns = count(index.elements.len(), "column");
    out.push(
        cx.finding(
            Span::new(first.expr.span.start, last.expr.span.end),
            format!("an index over {columns} makes every write to `{table}` slower"),
        )
        .label(columns)
        .object(&table)
        .help("keep the leading columns, or move columns that are only read to `include (…)`"),
    );
}

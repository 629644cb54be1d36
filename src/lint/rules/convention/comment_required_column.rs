//! `comment-required-column`: a column that nobody explains.

use super::tables;
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "comment-required-column",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a column has no comment at the end of the chain",
    effect: "units, allowed values and the meaning of null stay in one person's head",
    remedy: "say what the value means: `comment on column …`",
    lock: None,
    fix: Fixable::No,
    options: &[RuleOption {
        name: "exempt",
        preset: Preset::List(&["id", "*_id", "created_at", "created_by", "updated_at", "updated_by", "deleted_at"]),
        help: "columns that explain themselves; `*` and `?` stand for letters",
    }],
    sources: &["https://www.postgresql.org/docs/18/sql-comment.html"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column weight numeric;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column weight numeric;\ncomment on column public.orders.weight is 'Gross, in kilograms.';",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in tables::own(cx) {
        for column in &table.columns {
            if column.comment.as_deref().is_some_and(|text| !text.trim().is_empty()) {
                continue;
            }
            let exempt = tables::options(cx, column.created).list("exempt");
            if exempt.iter().any(|pattern| crate::lint::glob(pattern, &column.name)) {
                continue;
            }
            let of = format!("{}.{}", table.name, bare_ident(&column.name));
            out.push(
                cx.finding(column.created, format!("nothing says what `{of}` means"))
                    .label("no comment")
                    .object(&table.name)
                    .help(format!("say it: `comment on column {of} is '…';`")),
            );
        }
    }
}

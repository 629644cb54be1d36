//! `index-too-many-per-table`: every write pays for every index.

use super::tables;
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};

pub(super) static RULE: Rule = Rule {
    id: "index-too-many-per-table",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a table has more indexes than the option `max` at the end of the chain",
    effect: "every insert and most updates write to each index; planning and vacuum get slower too",
    remedy: "drop indexes that nothing uses: `pg_stat_user_indexes` counts",
    lock: None,
    fix: Fixable::No,
    options: &[RuleOption { name: "max", preset: Preset::Number(10), help: "how many indexes a table may have" }],
    sources: &["https://www.postgresql.org/docs/18/indexes-intro.html"],
    bad: &["\
create table public.orders (id uuid primary key default gen_random_uuid(), a text, b text, c text, d text, e text);
create index on public.orders (a);
create index on public.orders (b);
create index on public.orders (c);
create index on public.orders (d);
create index on public.orders (a desc, b);
create index on public.orders (a desc, c);
create index on public.orders (a desc, d);
create index on public.orders (b desc, c);
create index on public.orders (b desc, d);
-- then
create index on public.orders (e);
"],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), a text);\ncreate index on public.orders (a);",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in tables::own(cx) {
        let mut indexes: Vec<_> = cx.schema.indexes_of(&table.name).collect();
        let max = usize::try_from(tables::options(cx, table.created).number("max")).unwrap_or(usize::MAX);
        if indexes.len() <= max {
            continue;
        }
        indexes.sort_by_key(|index| (index.created.file, index.created.span.start));
        let Some(last) = indexes.get(max) else { continue };
        let total = indexes.len();
        out.push(
            cx.finding(last.created, format!("every write to `{}` goes to {total} indexes", table.name))
                .label(format!("one more than {max}"))
                .object(&table.name)
                .help("drop those that nothing uses: `pg_stat_user_indexes` counts"),
        );
    }
}

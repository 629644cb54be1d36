//! `rls-partition`: a partition or child that can be read past its parent's policies.

use super::ask::{place, rls};
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "rls-partition",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a partition or child of a table with row-level security has none itself, and the API shows it",
    effect: "the parent's policies hold only for queries on the parent: who names the partition reads all its rows",
    remedy: "enable row-level security on the partition too; without policies of its own it is reached through the parent only",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/ddl-rowsecurity.html",
        "https://www.postgresql.org/docs/18/ddl-inherit.html",
    ],
    bad: &[
        "create table public.events (id bigint not null, happened_at timestamptz not null) partition by range (happened_at);\n\
            alter table public.events enable row level security;\n\
            create policy events_select on public.events for select to authenticated using (happened_at < now());\n\
            create table public.events_2025 partition of public.events for values from ('2025-01-01') to ('2026-01-01');\n",
    ],
    good: &[
        "create table public.events (id bigint not null, happened_at timestamptz not null) partition by range (happened_at);\n\
             alter table public.events enable row level security;\n\
             create policy events_select on public.events for select to authenticated using (happened_at < now());\n\
             create table public.events_2025 partition of public.events for values from ('2025-01-01') to ('2026-01-01');\n\
             alter table public.events_2025 enable row level security;\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in cx.tables() {
        if table.row_security
            || (table.partition_of.is_none() && table.inherits.is_empty())
            || !rls::is_exposed(cx, table)
        {
            continue;
        }
        let Some(parent) = rls::protected_parent(cx, table) else { continue };
        let kind = if table.partition_of.is_some() { "partition" } else { "child" };
        let enable = format!("alter table {} enable row level security", table.name);
        let mut finding = cx
            .finding(
                table.created,
                format!(
                    "{kind} `{}` can be read past the policies of `{}`: it has no row-level security itself",
                    table.name, parent.name
                ),
            )
            .label("no row-level security of its own")
            .object(&table.name)
            .touched(table.touched)
            .touched(parent.row_security_at.and_then(|at| at.file))
            .help(format!("write `{enable};`"));
        if let Some(at) = place::after(cx.files, table.created) {
            finding =
                finding.fix(Fix::safe("enable row-level security", vec![Edit::insert(at, format!("\n{enable};"))]));
        }
        out.push(finding);
    }
}

//! `rls-policy-disabled`: policies on a table whose row-level security is off.

use super::ask::place;
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "rls-policy-disabled",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "a table has policies, but row-level security is off at the end of the chain",
    effect: "the policies do nothing: every role with a privilege on the table reads and writes every row",
    remedy: "enable row-level security on the table",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createpolicy.html"],
    bad: &["create table public.notes (id bigint primary key, user_id uuid not null);\n\
            create policy notes_select on public.notes for select to authenticated using (user_id = (select auth.uid()));\n"],
    good: &["create table public.notes (id bigint primary key, user_id uuid not null);\n\
             create policy notes_select on public.notes for select to authenticated using (user_id = (select auth.uid()));\n\
             -- then\nalter table public.notes enable row level security;\n"],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let mut seen = std::collections::BTreeSet::new();
    for policy in cx.policies() {
        let Some(table) = policy.table else { continue };
        // What was switched off by a statement is `rls-disable`'s.
        if table.row_security || table.row_security_at.is_some() || table.is_platform() || !seen.insert(&table.name) {
            continue;
        }
        if super::ask::rls::said_dynamically(cx, "enable row level security") {
            return;
        }
        let enable = format!("alter table {} enable row level security", table.name);
        let mut finding = cx
            .finding(
                policy.place(),
                format!("the policies of `{}` do nothing: its row-level security is off", table.name),
            )
            .label("not enforced")
            .object(&table.name)
            .touched(table.touched)
            .help(format!("write `{enable};`"));
        if policy.place().file != table.created.file {
            finding = finding.see(table.created, "the table is created here");
        }
        if let Some(at) = place::after(cx.files, policy.place()) {
            finding =
                finding.fix(Fix::safe("enable row-level security", vec![Edit::insert(at, format!("\n{enable};"))]));
        }
        out.push(finding);
    }
}

//! `rls-always-true`: a policy that lets clients write every row.

use super::ask::{listed, policy};
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::PolicyCommand;

pub(super) static RULE: Rule = Rule {
    id: "rls-always-true",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "a permissive policy for writing has a condition that is always true",
    effect: "row-level security is on but does nothing for these roles: each of them changes or deletes anybody's rows, or writes rows \
             in anybody's name",
    remedy: "compare a column of the row with the caller: `user_id = (select auth.uid())`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createpolicy.html"],
    bad: &[
        "create table public.notes (id bigint primary key, user_id uuid not null);\n\
         alter table public.notes enable row level security;\n\
         create policy notes_all on public.notes for all to authenticated using (true);\n",
        "create table public.notes (id bigint primary key, user_id uuid not null);\n\
         alter table public.notes enable row level security;\n\
         create policy notes_insert on public.notes for insert to anon with check (1 = 1);\n",
    ],
    good: &[
        "create table public.notes (id bigint primary key, user_id uuid not null);\n\
         alter table public.notes enable row level security;\n\
         create policy notes_select on public.notes for select to anon, authenticated using (true);\n\
         create policy notes_delete on public.notes for delete to authenticated using (user_id = (select auth.uid()));\n",
        "create table public.notes (id bigint primary key);\nalter table public.notes enable row level security;\n\
         create policy notes_service on public.notes for all to service_role using (true) with check (true);\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for policy in cx.policies() {
        let command = policy.create.command;
        if !policy.create.permissive || command == PolicyCommand::Select || !policy.is_enforced() {
            continue;
        }
        let roles = policy.api_roles(cx.config);
        if roles.is_empty() {
            continue;
        }
        let is_true = |clause: &policy::Clause<'_>| clause.expr.is_always_true();
        let using = policy.using.filter(is_true);
        let check = policy.check.filter(is_true);
        // `using` stands in for a `with check` that is not written.
        let Some(clause) = using.or(check) else { continue };
        let does = match (command, using.is_some()) {
            (PolicyCommand::Insert, _) => "insert any row into",
            (PolicyCommand::Delete, _) => "delete every row of",
            (PolicyCommand::Update, true) => "update every row of",
            (PolicyCommand::All, true) => "read, change and delete every row of",
            (_, false) => "write any row into",
            (PolicyCommand::Select, true) => continue,
        };
        let table = &policy.name;
        let finding = cx
            .finding(
                clause.place(),
                format!("policy `{}` lets {} {does} `{table}`", policy.create.name.value, listed(&roles)),
            )
            .label("always true")
            .object(table)
            .touched(policy.table.and_then(|table| table.touched))
            .help("compare a column of the row with the caller: `user_id = (select auth.uid())`");
        out.push(finding);
    }
}

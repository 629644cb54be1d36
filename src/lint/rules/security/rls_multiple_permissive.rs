//! `rls-multiple-permissive`: several permissive policies for the same caller and command.

use std::collections::BTreeMap;

use super::ask::policy::{self, Live};
use super::ask::{is_managed, listed};
use crate::diagnostic::Level;
use crate::lint::schema::QName;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::PolicyCommand;

pub(super) static RULE: Rule = Rule {
    id: "rls-multiple-permissive",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a table has two or more permissive policies for the same role and command",
    effect: "a row counts when any of them lets it through, so each is computed for each row, and the weakest one decides",
    remedy: "merge them into one with `or`; give each its own role; or make the one that is meant to restrict `as restrictive`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createpolicy.html",
        "https://supabase.com/docs/guides/database/database-linter?lint=0006_multiple_permissive_policies",
    ],
    bad: &["create table public.notes (id bigint primary key, user_id uuid not null, is_public boolean not null);\n\
            create index on public.notes (user_id);\n\
            alter table public.notes enable row level security;\n\
            create policy notes_own on public.notes for all to authenticated using (user_id = (select auth.uid()));\n\
            create policy notes_public on public.notes for select to anon, authenticated using (is_public);\n"],
    good: &["create table public.notes (id bigint primary key, user_id uuid not null, is_public boolean not null);\n\
             alter table public.notes enable row level security;\n\
             create policy notes_own on public.notes for select to authenticated\n  \
             using (is_public or user_id = (select auth.uid()));\n\
             create policy notes_public on public.notes for select to anon using (is_public);\n"],
    checks: &[Check::Chain(check)],
};

/// Roles that policies do not hold, or that belong to the platform.
const BYPASSING: &[&str] = &["service_role", "postgres", "supabase_read_only_user"];

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let policies = cx.policies();
    let mut by_table: BTreeMap<&QName, Vec<&Live<'_>>> = BTreeMap::new();
    for policy in policies {
        if policy.create.permissive && !is_managed(&policy.name) {
            by_table.entry(&policy.name).or_default().push(policy);
        }
    }
    for (table, policies) in by_table {
        for (index, policy) in policies.iter().enumerate().skip(1) {
            let earlier: Vec<_> = policies[..index].iter().filter(|other| !common(policy, other).is_empty()).collect();
            if earlier.is_empty() {
                continue;
            }
            let commands: Vec<&str> =
                [PolicyCommand::Select, PolicyCommand::Insert, PolicyCommand::Update, PolicyCommand::Delete]
                    .into_iter()
                    .filter(|command| earlier.iter().any(|other| common(policy, other).contains(command)))
                    .map(policy::word)
                    .collect();
            let mut roles: Vec<&str> = earlier.iter().flat_map(|other| shared(policy, other)).collect();
            roles.sort_unstable();
            roles.dedup();
            let names: Vec<&str> = earlier.iter().map(|other| other.create.name.value.as_str()).collect();
            let mut finding = cx
                .finding(
                    policy.place(),
                    format!(
                        "`{table}` has {} permissive policies for {} by {}: {} and this one",
                        earlier.len() + 1,
                        listed(&commands),
                        listed(&roles),
                        listed(&names)
                    ),
                )
                .label("one more for the same rows")
                .object(table)
                .touched(policy.table.and_then(|table| table.touched))
                .help("merge them with `or`, give each its own role or command, or make one `as restrictive`");
            for other in earlier {
                finding = finding.see(other.place(), format!("`{}` is here", other.create.name.value));
            }
            out.push(finding);
        }
    }
}

/// The commands that both decide about, if they can be for the same role.
fn common(policy: &Live<'_>, other: &Live<'_>) -> Vec<PolicyCommand> {
    if shared(policy, other).is_empty() {
        return Vec::new();
    }
    [PolicyCommand::Select, PolicyCommand::Insert, PolicyCommand::Update, PolicyCommand::Delete]
        .into_iter()
        .filter(|&command| policy.covers(command) && other.covers(command))
        .collect()
}

/// The roles that both are for; PUBLIC is every role.
fn shared<'a>(policy: &Live<'a>, other: &Live<'a>) -> Vec<&'a str> {
    let public = |policy: &Live<'_>| policy.roles.contains(&"public");
    let roles = match (public(policy), public(other)) {
        (true, _) => other.roles.clone(),
        (_, true) => policy.roles.clone(),
        _ => policy.roles.iter().copied().filter(|role| other.roles.contains(role)).collect(),
    };
    roles.into_iter().filter(|role| !BYPASSING.contains(role)).collect()
}

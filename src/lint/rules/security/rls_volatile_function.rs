//! `rls-volatile-function`: a policy calls a function that is not marked as one that only reads.

use super::ask::{body, walk};
use crate::diagnostic::Level;
use crate::lint::schema::Place;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::Volatility;

pub(super) static RULE: Rule = Rule {
    id: "rls-volatile-function",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Note,
    opt_in: false,
    condition: "a policy calls a function that only reads but is not marked `stable`",
    effect: "a volatile function runs for each row, and no index is used for what it is compared with",
    remedy: "mark the function `stable`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/xfunc-volatility.html"],
    bad: &["create schema private;\n\
            create table public.notes (id bigint primary key, org_id uuid not null);\n\
            create index on public.notes (org_id);\n\
            alter table public.notes enable row level security;\n\
            create function private.current_org() returns uuid language sql set search_path = '' as $$\n  \
            select (auth.jwt() -> 'app_metadata' ->> 'org_id')::uuid\n$$;\n\
            create policy notes_select on public.notes for select to authenticated using (org_id = private.current_org());\n"],
    good: &["create schema private;\n\
             create table public.notes (id bigint primary key, org_id uuid not null);\n\
             create index on public.notes (org_id);\n\
             alter table public.notes enable row level security;\n\
             create function private.current_org() returns uuid language sql stable set search_path = '' as $$\n  \
             select (auth.jwt() -> 'app_metadata' ->> 'org_id')::uuid\n$$;\n\
             create policy notes_select on public.notes for select to authenticated using (org_id = (select private.current_org()));\n"],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let mut seen = std::collections::BTreeSet::new();
    for policy in cx.policies() {
        for clause in policy.clauses() {
            for (call, name, args) in walk::calls(clause.expr) {
                let name = cx.schema.resolve(name);
                let Some(functions) = cx.schema.functions.get(&name) else { continue };
                let mut fitting = functions.iter().filter(|function| function.args.len() == args.len());
                let (Some(function), None) = (fitting.next(), fitting.next()) else { continue };
                let only_reads =
                    || function.definition.as_deref().and_then(body::does).is_some_and(|does| !does.writes);
                if function.volatility != Volatility::Volatile
                    || function.created.file.is_none()
                    || !only_reads()
                    || !seen.insert((policy.name.clone(), name.clone()))
                {
                    continue;
                }
                out.push(
                    cx.finding(
                        Place::new(clause.file, call.span),
                        format!(
                            "policy `{}` on `{}` calls `{name}`, which is not marked `stable`",
                            policy.create.name.value, policy.name
                        ),
                    )
                    .label("runs for each row")
                    .object(&policy.name)
                    .see(function.created, "the function is defined here, volatile by default")
                    .touched(function.created.file)
                    .help(format!("write `alter function {name}{} stable;`", function.signature())),
                );
            }
        }
    }
}

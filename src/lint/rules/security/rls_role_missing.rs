//! `rls-role-missing`: a policy without `to`, which is for everybody.

use super::ask::walk;
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Expr, ExprKind};

pub(super) static RULE: Rule = Rule {
    id: "rls-role-missing",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a permissive policy does not say for which roles it is",
    effect: "it is for PUBLIC, so for `anon` too: its condition is the only thing between the rows and callers who never signed in, \
             and is computed for them at each request",
    remedy: "write `to authenticated` (or `to anon, authenticated` where everybody is meant)",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createpolicy.html",
        "https://supabase.com/docs/guides/database/postgres/row-level-security#specify-roles-in-your-policies",
    ],
    bad: &["create table public.notes (id bigint primary key, user_id uuid not null);\n\
            create index on public.notes (user_id);\n\
            alter table public.notes enable row level security;\n\
            create policy notes_select on public.notes for select using (user_id = (select auth.uid()));\n"],
    good: &[
        "create table public.notes (id bigint primary key, user_id uuid not null);\n\
         alter table public.notes enable row level security;\n\
         create policy notes_select on public.notes for select to authenticated using (user_id = (select auth.uid()));\n",
        "create table public.notes (id bigint primary key, user_id uuid not null, locked boolean not null);\n\
         alter table public.notes enable row level security;\n\
         create policy notes_all on public.notes to authenticated using (user_id = (select auth.uid()));\n\
         create policy notes_unlocked on public.notes as restrictive for update using (not locked);\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for policy in cx.policies() {
        // A restrictive policy is for all roles by good reason: what it forbids is forbidden to everybody.
        if policy.roles_written || !policy.create.permissive {
            continue;
        }
        let name = &policy.create.name.value;
        let mut finding = cx
            .finding(policy.place(), format!("policy `{name}` on `{}` is for every role, `anon` too", policy.name))
            .label("no `to`")
            .object(&policy.name)
            .touched(policy.table.and_then(|table| table.touched));
        let clauses = || policy.clauses().map(|clause| clause.expr);
        if clauses().any(only_service_role) {
            finding = finding
                .help("drop the policy: `service_role` bypasses row-level security anyway; or write `to service_role`");
        } else if clauses().next().is_some() && clauses().all(needs_user) {
            let fix = Fix::unchecked(
                "write `to authenticated`",
                vec![Edit::insert(policy.create.roles_at, " to authenticated")],
            );
            finding = finding.help("write `to authenticated`: nobody else can meet its condition").fix(fix);
        } else {
            finding = finding.help(
                "write `to authenticated`, or `to anon, authenticated` if callers who never signed in are meant too",
            );
        }
        out.push(finding);
    }
}

/// Whether nobody but the service role can meet it.
fn only_service_role(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Binary { op, left, right } if op == "and" => only_service_role(left) || only_service_role(right),
        ExprKind::Binary { op, left, right } if op == "or" => only_service_role(left) && only_service_role(right),
        _ => is_service_role(expr),
    }
}

/// Whether it asks for the service role.
fn is_service_role(expr: &Expr) -> bool {
    walk::asks_caller(expr) && expr.all().iter().any(|expr| expr.as_string() == Some("service_role"))
}

/// Whether only a caller who has signed in can meet the condition: it compares something with `auth.uid()`, and nothing else
/// would do. The service role, which policies do not bind, is no way around.
fn needs_user(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Binary { op, left, right } => match op.as_str() {
            "and" => needs_user(left) || needs_user(right),
            "or" => {
                let fits = |side: &Expr| needs_user(side) || only_service_role(side);
                fits(left) && fits(right) && !(only_service_role(left) && only_service_role(right))
            }
            "=" => is_user(left) || is_user(right),
            _ => false,
        },
        ExprKind::Is { expr, not: true, what } => what == "null" && is_user(expr),
        _ => false,
    }
}

/// Whether it is `auth.uid()`, `(select auth.uid())`, or a cast of it.
fn is_user(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call { .. } => walk::is_call(expr, "auth", &["uid"]),
        ExprKind::Cast { expr, .. } => is_user(expr),
        ExprKind::Subquery(query) => {
            let mut only = None;
            let mut count = 0;
            walk::of_query(query, &mut |part| {
                count += 1;
                if let walk::Part::Expr(expr) = part {
                    only = Some(expr);
                }
            });
            count == 1 && only.is_some_and(is_user)
        }
        _ => false,
    }
}

//! `org-id-policy`: a policy on tenants' rows that does not ask whose they are.

use super::{tables, tenant};
use crate::diagnostic::Level;
use crate::lint::schema::{Policy, Table};
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::{Expr, ExprKind, LiteralKind, Name, PolicyCommand, Query, Visitor};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "org-id-policy",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Error,
    opt_in: false,
    condition: "a policy on a table with a tenant column never asks for the tenant, neither itself nor through another table or a function",
    effect: "the policy lets members of one tenant at the rows of all others",
    remedy: "compare the tenant column with the tenants of the user",
    lock: None,
    fix: Fixable::No,
    options: &[RuleOption {
        name: "roles",
        preset: Preset::List(&["postgres", "service_role", "supabase_*"]),
        help: "roles that see all tenants; `*` and `?` stand for letters",
    }],
    sources: &["https://www.postgresql.org/docs/18/sql-createpolicy.html"],
    bad: &["\
create table public.organizations (id uuid primary key default gen_random_uuid());
create table public.projects (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.organizations (id),
  public boolean not null default false
);
create index projects_org_id_idx on public.projects (org_id);
-- then
create policy projects_select on public.projects for select using (public or current_user = 'staff');
"],
    good: &["\
create table public.organizations (id uuid primary key default gen_random_uuid());
create table public.projects (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.organizations (id)
);
create index projects_org_id_idx on public.projects (org_id);
-- then
create policy projects_select on public.projects for select
  using (org_id = (select current_setting('app.org_id')::uuid));
", "\
create table public.organizations (id uuid primary key default gen_random_uuid());
create table public.projects (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.organizations (id)
);
create table public.shares (project_id uuid primary key references public.projects (id));
create index projects_org_id_idx on public.projects (org_id);
-- then
create policy projects_shared on public.projects for select to anon using (id in (select project_id from public.shares));
"],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let Some(tenants) = tenant::tenants(cx) else { return };
    for table in tables::own(cx).filter(|table| tenant::belongs(cx, table, tenants)) {
        let Some(column) = tenant::column(cx, table, tenants) else { continue };
        for policy in table.policies.iter().filter(|policy| policy.permissive) {
            if is_internal(cx, policy)
                || is_anonymous(policy)
                || restricted(cx, tenants, table, policy, &column.name)
                || asks(cx, tenants, policy, &column.name)
            {
                continue;
            }
            report(cx, table, policy, &column.name, out);
        }
    }
}

/// Whether the policy is only for roles that see all tenants.
fn is_internal(cx: &ChainCx<'_>, policy: &Policy) -> bool {
    let roles = tables::options(cx, policy.created).list("roles");
    policy.roles.iter().all(|role| roles.iter().any(|pattern| crate::lint::glob(pattern, role)))
}

/// Whether it is only for callers who never signed in: they belong to no tenant, and what they see is published on purpose.
fn is_anonymous(policy: &Policy) -> bool {
    !policy.roles.is_empty() && policy.roles.iter().all(|role| role == "anon")
}

/// Whether a restrictive policy asks in its place.
fn restricted(cx: &ChainCx<'_>, tenants: &Table, table: &Table, policy: &Policy, column: &str) -> bool {
    table.policies.iter().any(|other| {
        !other.permissive
            && (other.command == PolicyCommand::All || other.command == policy.command)
            && (other.roles.iter().any(|role| role == "public")
                || policy.roles.iter().all(|role| other.roles.contains(role)))
            && asks(cx, tenants, other, column)
    })
}

/// Whether what the policy says asks for the tenant, or lets nobody in.
fn asks(cx: &ChainCx<'_>, tenants: &Table, policy: &Policy, column: &str) -> bool {
    let mut exprs = policy.using.iter().chain(&policy.check).peekable();
    if exprs.peek().is_none() {
        return true;
    }
    exprs.any(|expr| is_false(expr) || knows(cx, tenants, expr, column))
}

fn is_false(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(LiteralKind::Bool(false)))
}

/// Whether an expression names the tenant column, calls a function that does, or reads a table that says whose its rows are.
fn knows(cx: &ChainCx<'_>, tenants: &Table, expr: &Expr, column: &str) -> bool {
    struct Knows<'a, 'b> {
        cx: &'a ChainCx<'b>,
        tenants: &'a Table,
        column: &'a str,
        found: bool,
    }
    impl Visitor for Knows<'_, '_> {
        fn expr(&mut self, expr: &Expr) -> bool {
            self.found = self.found
                || tables::is_column(expr, self.column)
                || tables::is_column(expr, &self.cx.config.tenant_column)
                || matches!(&expr.kind, ExprKind::Call { name, .. } if calls(self.cx, name, self.column))
                || expr.as_string().is_some_and(|text| text == self.cx.config.tenant_column);
            !self.found
        }

        fn query(&mut self, _: &Query) -> bool {
            !self.found
        }

        fn relation(&mut self, name: &Name) {
            let tenants = self.tenants;
            self.found = self.found
                || self.cx.schema.table(name).is_some_and(|table| {
                    table.name == tenants.name || tenant::column(self.cx, table, tenants).is_some()
                });
        }
    }
    let mut visitor = Knows { cx, tenants, column, found: false };
    expr.walk(&mut visitor);
    visitor.found
}

/// Whether a function of the chain asks for the tenant. Of one that is not known, unless it is the platform's, that is assumed.
fn calls(cx: &ChainCx<'_>, name: &Name, column: &str) -> bool {
    let functions = cx.schema.functions(name);
    functions
        .iter()
        .filter_map(|function| tables::body(cx.files, function))
        .any(|text| tables::has_word(text, column) || tables::has_word(text, &cx.config.tenant_column))
}

fn report(cx: &ChainCx<'_>, table: &Table, policy: &Policy, column: &str, out: &mut Findings) {
    let name = &table.name;
    let message =
        format!("policy `{}` lets one tenant at the rows of others: it never asks for `{column}`", policy.name);
    let mut finding = cx
        .finding(policy.created, message)
        .label(format!("no `{column}`"))
        .object(name)
        .help(format!("compare `{}` with the tenants of the user", bare_ident(column)));
    // Its own rows are at least no others'.
    if policy.using.iter().chain(&policy.check).any(is_own) {
        finding = finding.at_level(Level::Warning).note("it lets a user at the user's own rows, whatever the tenant");
    }
    out.push(finding);
}

/// Whether an expression asks for the user: `user_id = (select auth.uid())`.
fn is_own(expr: &Expr) -> bool {
    expr.all().iter().any(|it| matches!(&it.kind, ExprKind::Call { name, .. } if name.is("auth", "uid")))
}

//! `rls-write-check-missing`: a policy for writing whose `using` was not made for new rows.

use super::ask::walk;
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Finding, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Expr, ExprKind, PolicyCommand};

pub(super) static RULE: Rule = Rule {
    id: "rls-write-check-missing",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "an INSERT policy without `with check`, or an UPDATE or ALL policy without one whose `using` says more than whose row it is",
    effect: "without `with check` an insert policy allows nothing, and `using` is what new and changed rows must meet: a condition meant for \
             finding rows (`status = 'draft'`, `is_public or …`) then forbids what it should allow, or lets anybody write such a row",
    remedy: "write `with check` with what a written row must meet",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createpolicy.html"],
    bad: &[
        "create table public.posts (id bigint primary key, user_id uuid not null, is_public boolean not null);\n\
         alter table public.posts enable row level security;\n\
         create policy posts_all on public.posts for all to authenticated\n  using (is_public or user_id = (select auth.uid()));\n",
        "create table public.posts (id bigint primary key, user_id uuid not null);\n\
         alter table public.posts enable row level security;\n\
         create policy posts_insert on public.posts for insert to authenticated;\n",
        "create table public.posts (id bigint primary key, user_id uuid not null, status text not null);\n\
         create index on public.posts (user_id);\n\
         alter table public.posts enable row level security;\n\
         create policy posts_update on public.posts for update to authenticated\n  \
         using (user_id = (select auth.uid()) and status = 'draft');\n",
    ],
    good: &[
        "create table public.posts (id bigint primary key, user_id uuid not null);\n\
         alter table public.posts enable row level security;\n\
         create policy posts_all on public.posts for all to authenticated using (user_id = (select auth.uid()));\n",
        "create table public.posts (id bigint primary key, user_id uuid not null, status text not null);\n\
         alter table public.posts enable row level security;\n\
         create policy posts_update on public.posts for update to authenticated\n  \
         using (user_id = (select auth.uid()) and status = 'draft')\n  with check (user_id = (select auth.uid()));\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for policy in cx.policies() {
        let command = policy.create.command;
        if policy.check.is_some() || !policy.create.permissive || !policy.is_enforced() {
            continue;
        }
        let name = &policy.create.name.value;
        let table = &policy.name;
        let touched = policy.table.and_then(|table| table.touched);
        let finish = |finding: Finding| finding.object(table).touched(touched);
        if command == PolicyCommand::Insert {
            let finding = cx
                .finding(
                    policy.place(),
                    format!("insert policy `{name}` on `{table}` allows nothing: it has no `with check`"),
                )
                .label("no `with check`")
                .help("write what a new row must meet: `with check (user_id = (select auth.uid()))`");
            out.push(finish(finding));
            continue;
        }
        if command != PolicyCommand::Select && policy.using.is_none() {
            let finding = cx
                .finding(policy.place(), format!("policy `{name}` on `{table}` allows nothing: it has no `using`"))
                .label("no condition")
                .help("write which rows it is for: `using (user_id = (select auth.uid()))`");
            out.push(finish(finding));
            continue;
        }
        let (PolicyCommand::Update | PolicyCommand::All, Some(using)) = (command, policy.using) else { continue };
        if policy.api_roles(cx.config).is_empty() || using.expr.is_always_true() {
            continue;
        }
        let mut branches = Vec::new();
        operands(using.expr, "or", &mut branches);
        let open = (branches.len() > 1).then(|| branches.iter().find(|branch| !is_about_caller(branch))).flatten();
        let mut terms = Vec::new();
        operands(using.expr, "and", &mut terms);
        let state = (terms.len() > 1).then(|| terms.iter().find(|term| is_state(term))).flatten();
        let text = |expr: &Expr| cx.files.get(using.file).map_or("", |file| expr.span.of(file.text())).to_owned();
        let finding = if let Some(open) = open {
            let place = crate::lint::schema::Place::new(using.file, open.span);
            cx.finding(
                place,
                format!(
                    "policy `{name}` lets any caller write rows of `{table}` with `{}`: it has no `with check`",
                    text(open)
                ),
            )
            .label("true for rows of anybody")
            .help("write `with check` with only what ties the row to the caller; or use this policy `for select`")
        } else if let Some(state) = state {
            let place = crate::lint::schema::Place::new(using.file, state.span);
            cx.finding(
                place,
                format!(
                    "policy `{name}` does not let rows of `{table}` leave `{}`: it has no `with check`",
                    text(state)
                ),
            )
            .label("must hold for the changed row too")
            .help("write `with check` with what the changed row must meet")
        } else {
            continue;
        };
        out.push(finish(finding));
    }
}

/// The operands of a chain of `and` or `or`.
fn operands<'a>(expr: &'a Expr, word: &str, found: &mut Vec<&'a Expr>) {
    match &expr.kind {
        ExprKind::Binary { op, left, right } if op == word => {
            operands(left, word, found);
            operands(right, word, found);
        }
        _ => found.push(expr),
    }
}

/// Whether it depends on who is calling, directly, through a function or through rows of other tables.
fn is_about_caller(expr: &Expr) -> bool {
    expr.all().into_iter().any(|expr| {
        matches!(expr.kind, ExprKind::Call { .. } | ExprKind::Subquery(_) | ExprKind::Exists(_))
            || matches!(&expr.kind, ExprKind::In { query: Some(_), .. })
            || walk::is_caller(expr)
    })
}

/// Whether it asks for a state of the row, which rows are meant to leave.
fn is_state(expr: &Expr) -> bool {
    const NAMES: &[&str] = &["status", "state", "stage", "phase"];
    let is_column = |expr: &Expr| {
        let name = expr.as_column().and_then(<[_]>::last).map(|part| part.value.as_str());
        name.is_some_and(|name| NAMES.contains(&name) || name.ends_with("_status") || name.ends_with("_state"))
    };
    let is_text = |expr: &Expr| expr.as_string().is_some();
    match &expr.kind {
        ExprKind::Binary { op, left, right } => op == "=" && is_column(left) && is_text(right),
        ExprKind::In { expr, not: false, list, .. } => is_column(expr) && !list.is_empty() && list.iter().all(is_text),
        _ => false,
    }
}

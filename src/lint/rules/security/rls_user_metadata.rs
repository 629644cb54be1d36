//! `rls-user-metadata`: a policy that trusts what users write about themselves.

use super::ask::{body, walk};
use crate::diagnostic::Level;
use crate::lint::schema::{Function, Place};
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Expr, ExprKind, RoutineBody};

pub(super) static RULE: Rule = Rule {
    id: "rls-user-metadata",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "a policy, or a function that it calls, reads `user_metadata`",
    effect: "every user writes his own `user_metadata` through the API (`updateUser`): whoever wants to be an admin says so",
    remedy: "keep roles and tenants in `app_metadata`, which only the server writes, or in a table of your own",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://supabase.com/docs/guides/database/database-linter?lint=0015_rls_references_user_metadata"],
    bad: &["create table public.notes (id bigint primary key, body text);\n\
            alter table public.notes enable row level security;\n\
            create policy notes_admin on public.notes for delete to authenticated\n  \
            using ((select auth.jwt()) -> 'user_metadata' ->> 'role' = 'admin');\n"],
    good: &["create table public.notes (id bigint primary key, body text);\n\
             alter table public.notes enable row level security;\n\
             create policy notes_admin on public.notes for delete to authenticated\n  \
             using ((select auth.jwt()) -> 'app_metadata' ->> 'role' = 'admin');\n"],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for policy in cx.policies() {
        for clause in policy.clauses() {
            let name = &policy.create.name.value;
            let finding = if let Some(place) = reads(clause.expr) {
                cx.finding(
                    Place::new(clause.file, place.span),
                    format!(
                        "policy `{name}` on `{}` trusts `user_metadata`, which users write themselves",
                        policy.name
                    ),
                )
                .label("written by the user")
            } else if let Some((call, function)) = called(cx, clause.expr) {
                cx.finding(
                    Place::new(clause.file, call.span),
                    format!(
                        "policy `{name}` on `{}` trusts `user_metadata`, which users write themselves: `{}` reads it",
                        policy.name, function.name
                    ),
                )
                .label("reads `user_metadata`")
                .see(function.created, "the function is defined here")
            } else {
                continue;
            };
            out.push(
                finding
                    .object(&policy.name)
                    .touched(policy.table.and_then(|table| table.touched))
                    .help("read `app_metadata` instead, which only the server writes, or a table of your own"),
            );
            break;
        }
    }
}

/// Where it reads the claim or the column of `auth.users`.
fn reads(expr: &Expr) -> Option<&Expr> {
    expr.all().into_iter().find(|expr| match &expr.kind {
        ExprKind::Literal(_) => expr.as_string().is_some_and(is_claim),
        ExprKind::Column(parts) => parts.last().is_some_and(|part| part.value == "raw_user_meta_data"),
        _ => false,
    })
}

/// `user_metadata`, `{user_metadata,role}`, `$.user_metadata.role`.
fn is_claim(text: &str) -> bool {
    text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).any(|word| word == "user_metadata")
}

/// The first function called that reads it.
fn called<'a>(cx: &ChainCx<'a>, expr: &'a Expr) -> Option<(&'a Expr, &'a Function)> {
    walk::calls(expr).find_map(|(call, name, _)| {
        let functions = cx.schema.functions.get(&cx.schema.resolve(name))?;
        let function = functions.iter().find(|function| {
            let Some(definition) = function.definition.as_deref() else { return false };
            match (&definition.body, body::does(definition)) {
                (Some(RoutineBody::Text(text)), _) => {
                    text.contains("user_metadata") || text.contains("raw_user_meta_data")
                }
                (_, Some(does)) => {
                    does.texts.iter().any(|text| is_claim(text))
                        || does.columns.iter().any(|column| column == "raw_user_meta_data")
                }
                _ => false,
            }
        })?;
        Some((call, function))
    })
}

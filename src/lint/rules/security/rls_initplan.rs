//! `rls-initplan`: a policy that asks who is calling once for each row.

use std::collections::BTreeMap;

use super::ask::body;
use super::ask::walk::{self, Part};
use crate::diagnostic::Level;
use crate::lint::schema::{FileId, Place};
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Options, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::{Expr, ExprKind, Name, Query, Volatility};

/// The options' names.
const FUNCTIONS: &str = "functions";
const INFER: &str = "infer";

pub(super) static RULE: Rule = Rule {
    id: "rls-initplan",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a policy calls `auth.uid()`, `auth.jwt()`, `auth.role()`, `auth.email()` or `current_setting()` outside a `(select …)`",
    effect: "the function runs once for each row that the query looks at, which can make it a hundred times slower",
    remedy: "wrap the call: `(select auth.uid())` runs once for the whole query",
    lock: None,
    fix: Fixable::Safe,
    options: &[
        RuleOption {
            name: FUNCTIONS,
            preset: Preset::List(&[]),
            help: "other functions whose result is the same for the whole query: `app.current_org`",
        },
        RuleOption {
            name: INFER,
            preset: Preset::Flag(false),
            help: "also functions of the chain that are stable, have no arguments and ask who is calling",
        },
    ],
    sources: &["https://supabase.com/docs/guides/database/postgres/row-level-security#call-functions-with-select"],
    bad: &["create table public.notes (id bigint primary key, user_id uuid not null);\n\
            create index on public.notes (user_id);\n\
            alter table public.notes enable row level security;\n\
            create policy notes_all on public.notes for all to authenticated\n  \
            using (user_id = auth.uid())\n  with check (user_id = auth.uid());\n"],
    good: &[
        "create table public.notes (id bigint primary key, user_id uuid not null);\n\
         alter table public.notes enable row level security;\n\
         create policy notes_select on public.notes for select to authenticated using (user_id = (select auth.uid()));\n",
        "create table public.notes (id bigint primary key, org_id uuid not null);\n\
         alter table public.notes enable row level security;\n\
         create policy notes_select on public.notes for select to authenticated\n  \
         using (org_id = (select (auth.jwt() -> 'app_metadata' ->> 'org_id')::uuid));\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for policy in cx.policies() {
        if !policy.is_enforced() {
            continue;
        }
        let mut by_file: BTreeMap<FileId, Vec<&Expr>> = BTreeMap::new();
        for clause in policy.clauses() {
            let options = cx.options(clause.file);
            let mut find = Find { cx, options: &options, found: Vec::new() };
            find.expr(clause.expr, false);
            if !find.found.is_empty() {
                by_file.entry(clause.file).or_default().extend(find.found);
            }
        }
        for (file, calls) in by_file {
            let Some(text) = cx.files.get(file).map(crate::lint::LintFile::text) else { continue };
            let call = calls[0].span.of(text);
            let edits = calls
                .iter()
                .flat_map(|call| [Edit::insert(call.span.start, "(select "), Edit::insert(call.span.end, ")")])
                .collect();
            out.push(
                cx.finding(
                    Place::new(file, calls[0].span),
                    format!(
                        "policy `{}` on `{}` runs `{call}` once for each row",
                        policy.create.name.value, policy.name
                    ),
                )
                .label("once for each row")
                .object(&policy.name)
                .touched(policy.table.and_then(|table| table.touched))
                .help(format!("write `(select {call})`: that runs once for the query"))
                .fix(Fix::safe("wrap the call in `(select …)`", edits)),
            );
        }
    }
}

/// Looks for calls that are made for each row.
struct Find<'a, 'c> {
    cx: &'c ChainCx<'a>,
    options: &'c Options<'c>,
    found: Vec<&'a Expr>,
}

impl<'a> Find<'a, '_> {
    fn expr(&mut self, expr: &'a Expr, once: bool) {
        if !once
            && let ExprKind::Call { name, args, .. } = &expr.kind
            && self.is_wanted(expr, name, args)
        {
            self.found.push(expr);
            return;
        }
        walk::of_expr(expr, &mut |part| self.part(part, once));
    }

    fn query(&mut self, query: &'a Query, once: bool) {
        // Without `from` any column it mentions is one of the row outside: then it does run for each.
        let once = once || (walk::is_fromless(query) && query.exprs().iter().all(|expr| expr.as_column().is_none()));
        walk::of_query(query, &mut |part| self.part(part, once));
    }

    fn part(&mut self, part: Part<'a>, once: bool) {
        match part {
            Part::Expr(expr) => self.expr(expr, once),
            Part::Query(query) => self.query(query, once),
            Part::Relation(..) => {}
        }
    }

    fn is_wanted(&self, expr: &Expr, name: &Name, args: &[Expr]) -> bool {
        let constant = args.iter().all(|arg| arg.all().iter().all(|part| part.as_column().is_none()));
        if !constant {
            return false;
        }
        if walk::is_call(expr, "auth", &["uid", "jwt", "role", "email"])
            || (name.object() == "current_setting" && name.schema().is_none_or(|schema| schema == "pg_catalog"))
        {
            return true;
        }
        let resolved = self.cx.schema.resolve(name);
        let is_listed = |listed: &String| {
            let plain = listed.trim_end_matches("()");
            plain == format!("{}.{}", resolved.schema, resolved.name) || plain == resolved.name
        };
        if self.options.list(FUNCTIONS).iter().any(is_listed) {
            return true;
        }
        args.is_empty()
            && self.options.flag(INFER)
            && self.cx.schema.functions.get(&resolved).into_iter().flatten().any(|function| {
                function.volatility == Volatility::Stable
                    && !function.returns.starts_with("setof")
                    && function
                        .definition
                        .as_deref()
                        .is_some_and(|definition| body::asks_caller(self.cx.schema, definition))
            })
    }
}

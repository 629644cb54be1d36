//! `rls-join-heavy`: a policy that looks into another table anew for each row.

use super::ask::walk::{self, Part};
use crate::diagnostic::Level;
use crate::lint::schema::{Place, Table};
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Expr, ExprKind, Name, Query};

pub(super) static RULE: Rule = Rule {
    id: "rls-join-heavy",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Note,
    opt_in: false,
    condition: "a query in a policy is tied to the current row",
    effect: "it runs anew for each row that the policy looks at, instead of once for the whole query",
    remedy: "turn it round: collect what the caller may see once, `team_id in (select m.team_id from members m where m.user_id = \
             (select auth.uid()))`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://supabase.com/docs/guides/database/postgres/row-level-security#minimize-joins"],
    bad: &[
        "create table public.members (team_id bigint not null, user_id uuid not null, primary key (team_id, user_id));\n\
            create table public.notes (id bigint primary key, team_id bigint not null);\n\
            alter table public.members enable row level security;\nalter table public.notes enable row level security;\n\
            create policy members_select on public.members for select to authenticated using (team_id > 0);\n\
            create policy notes_select on public.notes for select to authenticated\n  \
            using (exists (select 1 from public.members as m\n    where m.team_id = notes.team_id and m.user_id = (select auth.uid())));\n",
    ],
    good: &[
        "create table public.members (team_id bigint not null, user_id uuid not null, primary key (team_id, user_id));\n\
             create table public.notes (id bigint primary key, team_id bigint not null);\n\
             alter table public.members enable row level security;\nalter table public.notes enable row level security;\n\
             create policy members_select on public.members for select to authenticated using (team_id > 0);\n\
             create policy notes_select on public.notes for select to authenticated\n  \
             using (team_id in (select m.team_id from public.members as m where m.user_id = (select auth.uid())));\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for policy in cx.policies() {
        // A new row is checked by itself: only `using` meets many.
        if let Some(clause) = policy.using {
            let mut find = Find { cx, own: &policy.name.name, table: policy.table, found: None };
            find.part(&Part::Expr(clause.expr), &mut Vec::new());
            let Some(query) = find.found else { continue };
            out.push(
                cx.finding(
                    Place::new(clause.file, query.span),
                    format!("policy `{}` runs a query for each row of `{}`", policy.create.name.value, policy.name),
                )
                .label("tied to the current row")
                .object(&policy.name)
                .touched(policy.table.and_then(|table| table.touched))
                .help("collect what the caller may see once, and compare with `in (select …)` that does not mention the row"),
            );
        }
    }
}

/// Looks for the first query over a table that mentions a column of the row.
struct Find<'a, 'c> {
    cx: &'c ChainCx<'a>,
    own: &'c str,
    table: Option<&'c Table>,
    found: Option<&'a Query>,
}

impl<'a> Find<'a, '_> {
    fn part(&mut self, part: &Part<'a>, scopes: &mut Vec<Vec<(&'a Name, Option<&'a str>)>>) {
        match part {
            Part::Expr(expr) => {
                let mut parts = Vec::new();
                walk::of_expr(expr, &mut |part| parts.push(part));
                for part in &parts {
                    self.part(part, scopes);
                }
            }
            Part::Query(query) if self.found.is_none() => {
                let mut parts = Vec::new();
                walk::of_query(query, &mut |part| parts.push(part));
                let reads: Vec<_> = parts
                    .iter()
                    .filter_map(|part| match part {
                        Part::Relation(name, alias) => Some((*name, alias.map(|alias| alias.value.as_str()))),
                        _ => None,
                    })
                    .collect();
                let is_over_table = !reads.is_empty() && query.ctes.is_empty();
                scopes.push(reads);
                let tied = is_over_table
                    && parts.iter().any(|part| matches!(part, Part::Expr(expr) if self.mentions_row(expr, scopes)));
                if tied {
                    self.found = Some(query);
                } else {
                    for part in &parts {
                        self.part(part, scopes);
                    }
                }
                scopes.pop();
            }
            Part::Query(_) | Part::Relation(..) => {}
        }
    }

    /// Whether the expression, outside queries of its own, has a column of the policy's row.
    fn mentions_row(&self, expr: &Expr, scopes: &[Vec<(&Name, Option<&str>)>]) -> bool {
        if let ExprKind::Column(parts) = &expr.kind {
            let reads = || scopes.iter().flatten();
            let shown = |name: &Name, alias: Option<&str>| alias.unwrap_or_else(|| name.object()).to_owned();
            return match parts.as_slice() {
                [.., table, _] => {
                    table.value == self.own && !reads().any(|(name, alias)| shown(name, *alias) == table.value)
                }
                [column] => {
                    self.table.is_some_and(|table| table.column(&column.value).is_some())
                        && reads().all(|(name, _)| {
                            self.cx
                                .schema
                                .table(name)
                                .is_some_and(|read| read.complete && read.column(&column.value).is_none())
                        })
                }
                [] => false,
            };
        }
        let mut found = false;
        walk::of_expr(expr, &mut |part| {
            if let Part::Expr(expr) = part {
                found |= self.mentions_row(expr, scopes);
            }
        });
        found
    }
}

//! `rls-recursion`: policies that need themselves to be computed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::ask::body;
use super::ask::policy::Live;
use super::ask::walk::{self, Part};
use crate::diagnostic::Level;
use crate::lint::schema::{Place, QName};
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Expr, Name, PolicyCommand, Query};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "rls-recursion",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "a policy reads its own table, or a table whose policies lead back to it",
    effect: "to read the table its policy must be computed, for which the table must be read: every query that needs the policy fails with \
             `infinite recursion detected in policy` (42P17), or with `stack depth limit exceeded` (54001) when a function is on the way",
    remedy: "put the lookup into a SECURITY DEFINER function in a schema that is not exposed: it reads the table without its policies",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/ddl-rowsecurity.html",
        "https://github.com/supabase/cli/issues/5992",
    ],
    bad: &[
        "create table public.members (team_id bigint not null, user_id uuid not null, primary key (team_id, user_id));\n\
         alter table public.members enable row level security;\n\
         create policy members_select on public.members for select to authenticated\n  \
         using (team_id in (select m.team_id from public.members as m where m.user_id = (select auth.uid())));\n",
        "create table public.teams (id bigint primary key);\n\
         create table public.members (team_id bigint not null, user_id uuid not null, primary key (team_id, user_id));\n\
         alter table public.teams enable row level security;\nalter table public.members enable row level security;\n\
         create policy teams_select on public.teams for select to authenticated\n  \
         using (id in (select m.team_id from public.members as m where m.user_id = (select auth.uid())));\n\
         create policy members_select on public.members for select to authenticated\n  \
         using (team_id in (select t.id from public.teams as t));\n",
    ],
    good: &["create schema private;\n\
         create table public.members (team_id bigint not null, user_id uuid not null, primary key (team_id, user_id));\n\
         alter table public.members enable row level security;\n\
         create function private.my_teams() returns setof bigint language sql stable security definer set search_path = '' as $$\n  \
         select m.team_id from public.members as m where m.user_id = (select auth.uid())\n$$;\n\
         create policy members_select on public.members for select to authenticated\n  \
         using (team_id in (select private.my_teams()));\n"],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let policies = cx.policies();
    let mut graph = Graph { cx, select: BTreeMap::new() };
    for policy in policies.iter().filter(|policy| policy.is_enforced() && policy.covers(PolicyCommand::Select)) {
        graph.select.entry(&policy.name).or_default().push(policy);
    }
    let mut reported: BTreeSet<(&QName, QName)> = BTreeSet::new();
    for policy in policies.iter().filter(|policy| policy.is_enforced()) {
        let Some(cycle) = graph.cycle(policy) else { continue };
        // A cycle is told once for each table and first step, however many policies walk it.
        if !reported.insert((&policy.name, cycle.path.first().cloned().unwrap_or_else(|| policy.name.clone()))) {
            continue;
        }
        let name = &policy.create.name.value;
        let table = &policy.name;
        let message = if cycle.path.len() == 1 && cycle.function.is_none() {
            format!("policy `{name}` on `{table}` reads `{table}` itself: queries fail with infinite recursion")
        } else {
            let mut way: Vec<String> = cycle.path.iter().map(|step| format!("`{step}`")).collect();
            if let Some(function) = &cycle.function {
                way.insert(0, format!("`{function}()`"));
            }
            format!(
                "policy `{name}` on `{table}` needs itself, by way of {}: queries fail with infinite recursion",
                way.join(", then ")
            )
        };
        out.push(
            cx.finding(cycle.place, message)
                .label("leads back here")
                .object(table)
                .touched(policy.table.and_then(|table| table.touched))
                .help("read the table in a `security definer` function (`stable`, `set search_path = ''`, in a schema that is not exposed), \
                       and write `… in (select private.the_function())`"),
        );
    }
}

/// How a policy comes back to its table.
struct Cycle {
    /// The first step, where it is written.
    place: Place,
    /// The function that the first step calls.
    function: Option<QName>,
    /// The tables on the way, the policy's own last.
    path: Vec<QName>,
}

/// A table that is read on the way, and how it was reached.
#[derive(Clone)]
struct Step {
    table: QName,
    /// Read by queries within policies only: a function on the way starts a query of its own.
    direct: bool,
    place: Place,
    function: Option<QName>,
    path: Vec<QName>,
}

struct Graph<'a, 'c> {
    cx: &'c ChainCx<'a>,
    /// The policies that decide what `select` sees, by table.
    select: BTreeMap<&'c QName, Vec<&'c Live<'a>>>,
}

impl<'a> Graph<'a, '_> {
    fn cycle(&self, policy: &Live<'a>) -> Option<Cycle> {
        let mut queue: VecDeque<Step> = VecDeque::new();
        for clause in policy.clauses() {
            for read in self.reads(clause.expr) {
                queue.push_back(Step {
                    path: vec![read.table.clone()],
                    table: read.table,
                    direct: read.function.is_none(),
                    place: Place::new(clause.file, read.span),
                    function: read.function,
                });
            }
        }
        let mut seen: BTreeSet<(QName, bool)> = BTreeSet::new();
        while let Some(step) = queue.pop_front() {
            if !seen.insert((step.table.clone(), step.direct)) {
                continue;
            }
            let next = self.policies(&step.table, policy);
            if step.table == policy.name {
                // PostgreSQL looks at a table twice in one query only if its policies hold queries themselves.
                let again = step.direct && next.iter().any(|it| it.clauses().any(|clause| has_query(clause.expr)));
                if again || policy.covers(PolicyCommand::Select) {
                    return Some(Cycle { place: step.place, function: step.function, path: step.path });
                }
                continue;
            }
            for clause in next.iter().filter_map(|policy| policy.using) {
                for read in self.reads(clause.expr) {
                    let mut further = step.clone();
                    further.path.push(read.table.clone());
                    further.direct &= read.function.is_none();
                    further.table = read.table;
                    queue.push_back(further);
                }
            }
        }
        None
    }

    /// The policies for `select` on a table that hold for a caller whom `policy` holds for.
    fn policies(&self, table: &QName, policy: &Live<'a>) -> Vec<&Live<'a>> {
        self.select.get(table).into_iter().flatten().copied().filter(|other| other.shares_role(policy)).collect()
    }

    /// The tables that an expression reads under the caller's policies.
    fn reads(&self, expr: &'a Expr) -> Vec<Read> {
        let mut found = Vec::new();
        let mut names = Vec::new();
        relations(&Part::Expr(expr), &mut Vec::new(), &mut names);
        for name in names {
            self.read(&self.cx.schema.resolve(name), name.span, None, &mut found, 0);
        }
        for (call, name, _) in walk::calls(expr) {
            self.called(&self.cx.schema.resolve(name), call.span, None, &mut found, 0);
        }
        found
    }

    fn read(&self, name: &QName, span: Span, function: Option<&QName>, found: &mut Vec<Read>, depth: usize) {
        match self.cx.schema.views.get(name) {
            // Other views read as their owner, whom policies do not hold.
            Some(view) if view.is_security_invoker() && !view.materialized && depth < 8 => {
                for read in &view.reads {
                    self.read(read, span, function, found, depth + 1);
                }
            }
            Some(_) => {}
            None => found.push(Read { table: name.clone(), span, function: function.cloned() }),
        }
    }

    fn called(&self, name: &QName, span: Span, first: Option<&QName>, found: &mut Vec<Read>, depth: usize) {
        for function in self.cx.schema.functions.get(name).into_iter().flatten() {
            // A SECURITY DEFINER function reads as its owner, whom policies do not hold.
            let Some(definition) = function.definition.as_deref().filter(|_| !function.security_definer && depth < 4)
            else {
                continue;
            };
            let Some(does) = body::does(definition) else { continue };
            let first = first.unwrap_or(name);
            for relation in &does.relations {
                self.read(&self.cx.schema.resolve(relation), span, Some(first), found, 0);
            }
            for call in &does.calls {
                self.called(&self.cx.schema.resolve(call), span, Some(first), found, depth + 1);
            }
        }
    }
}

/// A table that is read.
struct Read {
    table: QName,
    span: Span,
    function: Option<QName>,
}

/// The relations that queries within read, without the names of their own common table expressions.
fn relations<'a>(part: &Part<'a>, own: &mut Vec<&'a str>, found: &mut Vec<&'a Name>) {
    match part {
        Part::Expr(expr) => walk::of_expr(expr, &mut |part| relations(&part, own, found)),
        Part::Query(query) => {
            let depth = own.len();
            own.extend(query.ctes.iter().map(|cte| cte.name.value.as_str()));
            walk::of_query(query, &mut |part| relations(&part, own, found));
            own.truncate(depth);
        }
        Part::Relation(name, _) => {
            if name.schema().is_some() || !own.contains(&name.object()) {
                found.push(name);
            }
        }
    }
}

/// Whether there is a query in it, which PostgreSQL looks into for policies.
fn has_query(expr: &Expr) -> bool {
    struct Finds(bool);
    impl crate::sql::ast::Visitor for Finds {
        fn query(&mut self, _query: &Query) -> bool {
            self.0 = true;
            false
        }
    }
    let mut finds = Finds(false);
    expr.walk(&mut finds);
    finds.0
}

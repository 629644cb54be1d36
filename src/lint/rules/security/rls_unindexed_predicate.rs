//! `rls-unindexed-predicate`: a policy looks rows up by a column without an index.

use super::ask::{place, walk};
use crate::diagnostic::Level;
use crate::lint::rules::suggest;
use crate::lint::schema::{IndexKey, Place, Table};
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Expr, ExprKind, PolicyCommand};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "rls-unindexed-predicate",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a policy compares a column with the caller, and no index begins with that column",
    effect: "the policy is part of every query on the table: without an index each of them reads all rows of all users",
    remedy: "create an index that begins with the column",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://supabase.com/docs/guides/database/postgres/row-level-security#add-indexes"],
    bad: &["create table public.notes (id bigint primary key, user_id uuid not null);\n\
            alter table public.notes enable row level security;\n\
            create policy notes_select on public.notes for select to authenticated using (user_id = (select auth.uid()));\n"],
    good: &[
        "create table public.notes (id bigint primary key, user_id uuid not null);\n\
         create index notes_user_id_idx on public.notes (user_id);\n\
         alter table public.notes enable row level security;\n\
         create policy notes_select on public.notes for select to authenticated using (user_id = (select auth.uid()));\n",
        "create table public.profiles (id uuid primary key, is_public boolean not null, name text);\n\
         alter table public.profiles enable row level security;\n\
         create policy profiles_select on public.profiles for select to authenticated using (id = (select auth.uid()));\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let mut seen = std::collections::BTreeSet::new();
    for policy in cx.policies() {
        let (Some(table), Some(using)) = (policy.table, policy.using) else { continue };
        if !table.row_security
            || table.is_platform()
            || table.is_temporary()
            || policy.create.command == PolicyCommand::Insert
        {
            continue;
        }
        let Need::Missing(columns) = need(cx, table, using.expr) else { continue };
        for (column, expr) in columns {
            if !seen.insert((&table.name, column)) {
                continue;
            }
            let place = Place::new(using.file, expr.span);
            let index = format!("{}_{column}_idx", table.name.name);
            // What has run is mended by what comes after it.
            let has_run = cx.files.get(using.file).is_some_and(|file| cx.config.applied.contains(file.path()));
            let same_file = table.created.file == Some(using.file) && !has_run;
            let make = if same_file { suggest::index } else { suggest::concurrent_index };
            let sql = make(&index, &table.name, &bare_ident(column));
            let mut finding = cx
                .finding(
                    place,
                    format!(
                        "policy `{}` finds rows of `{}` by `{column}`, which has no index",
                        policy.create.name.value, table.name
                    ),
                )
                .label("every query reads the whole table")
                .object(&table.name)
                .touched(table.touched)
                .help(if same_file { format!("write `{sql}`") } else { format!("in a migration of its own:\n{sql}") });
            let at = place::after(cx.files, place).filter(|_| same_file);
            finding = finding.fix(match at {
                Some(at) => Fix::safe("create the index", vec![Edit::insert(at, format!("\n{sql}"))]),
                None => Fix::safe("create the index in a migration of its own", Vec::new()).adding(
                    format!("index_{}_{column}", table.name.name),
                    suggest::outside_transaction(&suggest::concurrent_index(&index, &table.name, &bare_ident(column))),
                ),
            });
            out.push(finding);
        }
    }
}

/// What a condition needs of the indexes.
enum Need<'a> {
    /// It compares no column with the caller.
    Nothing,
    /// An index serves it.
    Met,
    /// These columns have none.
    Missing(Vec<(&'a str, &'a Expr)>),
}

fn need<'a>(cx: &ChainCx<'_>, table: &Table, expr: &'a Expr) -> Need<'a> {
    let ExprKind::Binary { op, left, right } = &expr.kind else { return Need::Nothing };
    match op.as_str() {
        // One index is enough for all of them.
        "and" => match (need(cx, table, left), need(cx, table, right)) {
            (Need::Met, _) | (_, Need::Met) => Need::Met,
            (Need::Missing(columns), _) | (_, Need::Missing(columns)) => Need::Missing(columns),
            _ => Need::Nothing,
        },
        // Each branch needs one; a branch that none can serve makes the others useless.
        "or" => match (need(cx, table, left), need(cx, table, right)) {
            (Need::Nothing, _) | (_, Need::Nothing) => Need::Nothing,
            (Need::Missing(mut left), Need::Missing(right)) => {
                left.extend(right);
                Need::Missing(left)
            }
            (Need::Missing(columns), _) | (_, Need::Missing(columns)) => Need::Missing(columns),
            _ => Need::Met,
        },
        "=" => {
            let sides = [(left, right), (right, left)];
            let Some(column) =
                sides.into_iter().find_map(|(one, other)| column_of(table, one).filter(|_| is_constant(other)))
            else {
                return Need::Nothing;
            };
            let is_led = cx.schema.indexes_of(&table.name).any(|index| {
                index.keys.first() == Some(&IndexKey::Column(column.to_owned()))
                    && matches!(index.method.as_str(), "btree" | "hash")
            });
            if is_led { Need::Met } else { Need::Missing(vec![(column, expr)]) }
        }
        _ => Need::Nothing,
    }
}

/// The column of the table, where it is one.
fn column_of<'a>(table: &Table, expr: &'a Expr) -> Option<&'a str> {
    let parts = expr.as_column()?;
    let (last, before) = parts.split_last()?;
    let is_own = before.last().is_none_or(|part| part.value == table.name.name);
    (is_own && table.column(&last.value).is_some()).then_some(last.value.as_str())
}

/// Whether it depends on the caller and is the same for the whole query.
fn is_constant(expr: &Expr) -> bool {
    let depends = expr
        .all()
        .into_iter()
        .any(|part| walk::is_caller(part) || matches!(part.kind, ExprKind::Subquery(_) | ExprKind::Call { .. }));
    depends && is_the_same(expr)
}

fn is_the_same(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Column(_) | ExprKind::Star(_) => false,
        // The columns of a query with its own `from` are taken for its own.
        ExprKind::Subquery(query) | ExprKind::Exists(query) => {
            !walk::is_fromless(query) || query.exprs().iter().all(|expr| expr.as_column().is_none())
        }
        _ => {
            let mut same = true;
            walk::of_expr(expr, &mut |part| {
                if let walk::Part::Expr(expr) = part {
                    same &= is_the_same(expr);
                }
            });
            same
        }
    }
}

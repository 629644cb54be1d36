//! `storage-public-listing`: a policy that lets clients list all files of a public bucket.

use std::collections::BTreeMap;

use super::ask::listed;
use crate::diagnostic::Level;
use crate::lint::schema::QName;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Origin, Profile, Rule};
use crate::sql::ast::{Expr, ExprKind, InsertSource, LiteralKind, PolicyCommand, QueryBody, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "storage-public-listing",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a policy for reading `storage.objects` has no other condition than a public bucket, or none at all",
    effect: "clients list the names of all files in it; files of a public bucket are served by their address without any policy",
    remedy: "drop the policy, or add what a caller may list: `(storage.foldername(name))[1] = (select auth.uid())::text`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://supabase.com/docs/guides/database/database-linter?lint=0025_public_bucket_allows_listing"],
    bad: &[
        "insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true);\n\
         create policy avatars_select on storage.objects for select to anon, authenticated using (bucket_id = 'avatars');\n",
        "create policy files_select on storage.objects for select to authenticated using (true);\n",
    ],
    good: &[
        "insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true);\n\
         create policy avatars_insert on storage.objects for insert to authenticated with check (bucket_id = 'avatars');\n",
        "insert into storage.buckets (id, name, public) values ('papers', 'papers', false);\n\
         create policy papers_select on storage.objects for select to authenticated using (bucket_id = 'papers');\n",
        "insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true);\n\
         create policy avatars_select on storage.objects for select to authenticated\n  \
         using (bucket_id = 'avatars' and (storage.foldername(name))[1] = (select auth.uid())::text);\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let objects = QName::new("storage", "objects");
    let mut buckets = None;
    for policy in cx.policies() {
        let roles = policy.api_roles(cx.config);
        if policy.name != objects
            || !policy.create.permissive
            || !policy.covers(PolicyCommand::Select)
            || roles.is_empty()
        {
            continue;
        }
        let Some(using) = policy.using else { continue };
        let name = &policy.create.name.value;
        let message = if using.expr.is_always_true() {
            format!("policy `{name}` lets {} list the files of every bucket", listed(&roles))
        } else {
            let Some(bucket) = bucket(using.expr) else { continue };
            if buckets.get_or_insert_with(|| public_buckets(cx)).get(bucket) != Some(&true) {
                continue;
            }
            format!("policy `{name}` lets {} list all files of the public bucket `{bucket}`", listed(&roles))
        };
        out.push(
            cx.finding(using.place(), message)
                .label("no other condition")
                .object(&objects)
                .note("files of a public bucket are served by their address without any policy")
                .help("drop the policy, or add `and (storage.foldername(name))[1] = (select auth.uid())::text`"),
        );
    }
}

/// The bucket, where that is all the condition says.
fn bucket(expr: &Expr) -> Option<&str> {
    let ExprKind::Binary { op, left, right } = &expr.kind else { return None };
    let is_column = |expr: &Expr| expr.as_column().and_then(<[_]>::last).is_some_and(|part| part.value == "bucket_id");
    match (op.as_str(), is_column(left), is_column(right)) {
        ("=", true, _) => right.as_string(),
        ("=", _, true) => left.as_string(),
        _ => None,
    }
}

/// The buckets that migrations make, and whether each is public in the end.
fn public_buckets(cx: &ChainCx<'_>) -> BTreeMap<String, bool> {
    let mut buckets = BTreeMap::new();
    for event in cx.files.iter().flat_map(|file| &file.events).filter(|event| event.origin != Origin::Routine) {
        match &event.stmt.kind {
            StmtKind::Insert(insert)
                if insert.table.schema() == Some("storage") && insert.table.object() == "buckets" =>
            {
                let place = |wanted: &str| insert.columns.iter().position(|column| column.value == wanted);
                let (Some(id), InsertSource::Query(query)) = (place("id"), &insert.source) else { continue };
                let public = place("public");
                for row in rows(&query.body) {
                    let Some(id) = row.get(id).and_then(|expr| expr.as_string()) else { continue };
                    let is_public = public.and_then(|at| row.get(at)).is_some_and(|expr| is_true(expr));
                    buckets.insert(id.to_owned(), is_public);
                }
            }
            StmtKind::Update(update)
                if update.table.schema() == Some("storage") && update.table.object() == "buckets" =>
            {
                let Some(value) =
                    update.set.iter().find(|set| set.column.value == "public").and_then(|set| set.value.as_ref())
                else {
                    continue;
                };
                let Some(ExprKind::Binary { op, left, right }) = update.filter.as_ref().map(|filter| &filter.kind)
                else {
                    continue;
                };
                let is_id = left
                    .as_column()
                    .and_then(<[_]>::last)
                    .is_some_and(|part| matches!(part.value.as_str(), "id" | "name"));
                if let Some(id) = right.as_string().filter(|_| op == "=" && is_id) {
                    buckets.insert(id.to_owned(), is_true(value));
                }
            }
            _ => {}
        }
    }
    buckets
}

/// The rows of `values`, or the one of a `select` without `from`.
fn rows(body: &QueryBody) -> Vec<Vec<&Expr>> {
    match body {
        QueryBody::Values(rows) => rows.iter().map(|row| row.iter().collect()).collect(),
        QueryBody::Select(select) => vec![select.targets.iter().map(|target| &target.expr).collect()],
        QueryBody::Set { left, right, .. } => {
            let mut all = rows(&left.body);
            all.extend(rows(&right.body));
            all
        }
    }
}

fn is_true(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(LiteralKind::Bool(true)))
        || expr.is_always_true()
        || expr.as_string() == Some("true")
}

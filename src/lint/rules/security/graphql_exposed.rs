//! `graphql-exposed`: `pg_graphql` shows the names of everything that clients may read.

use super::ask::{access, is_managed, listed};
use crate::diagnostic::Level;
use crate::lint::schema::{Acl, Place, QName};
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::StmtKind;
use crate::text::count;

/// How many names a finding lists.
const SHOWN: usize = 5;

pub(super) static RULE: Rule = Rule {
    id: "graphql-exposed",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a migration installs `pg_graphql` while `anon` may select from tables or views",
    effect: "introspection at `/graphql/v1` tells everybody with the public key their names, columns and relationships, although policies \
             keep the rows back",
    remedy: "revoke SELECT from `anon` where it reads nothing, or do without `pg_graphql`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://supabase.com/docs/guides/database/database-linter?lint=0026_pg_graphql_anon_table_exposed"],
    bad: &["create table public.notes (id bigint primary key, user_id uuid not null);\n\
            create index on public.notes (user_id);\n\
            alter table public.notes enable row level security;\n\
            create policy notes_select on public.notes for select to authenticated using (user_id = (select auth.uid()));\n\
            do $$\nbegin\n  if exists (select from pg_available_extensions where name = 'pg_graphql') then\n    \
            create extension if not exists pg_graphql;\n  end if;\nend\n$$;\n"],
    good: &["create table public.notes (id bigint primary key, user_id uuid not null);\n\
             create index on public.notes (user_id);\n\
             alter table public.notes enable row level security;\n\
             revoke all on public.notes from anon;\n\
             create policy notes_select on public.notes for select to authenticated using (user_id = (select auth.uid()));\n\
             do $$\nbegin\n  if exists (select from pg_available_extensions where name = 'pg_graphql') then\n    \
             create extension if not exists pg_graphql;\n  end if;\nend\n$$;\n"],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    // The platform brings it as well: a migration that installs it says that it is wanted.
    let installed = cx.files.iter().rev().find_map(|file| {
        file.events.iter().rev().find_map(|event| match &event.stmt.kind {
            StmtKind::CreateExtension(create) if create.name.value == "pg_graphql" => {
                Some(Place::new(file.id, create.name.span))
            }
            _ => None,
        })
    });
    let Some(installed) = installed.filter(|_| cx.schema.extensions.contains_key("pg_graphql")) else { return };
    let is_shown = |name: &QName, acl: &Acl, created: Place| {
        created.file.is_some() && !is_managed(name) && access::api_roles(cx.config, acl, "select").contains(&"anon")
    };
    let tables = cx
        .tables()
        .filter(|table| is_shown(&table.name, &table.acl, table.created))
        .map(|table| (&table.name, table.created));
    let views = cx.schema.views.values();
    let views =
        views.filter(|view| is_shown(&view.name, &view.acl, view.created)).map(|view| (&view.name, view.created));
    let shown: Vec<(&QName, Place)> = tables.chain(views).collect();
    if shown.is_empty() {
        return;
    }
    let names: Vec<String> = shown.iter().take(SHOWN).map(|(name, _)| name.to_string()).collect();
    let more = if shown.len() > SHOWN { " and others" } else { "" };
    let mut finding = cx
        .finding(
            installed,
            format!(
                "`pg_graphql` tells everybody the columns of {} that `anon` may select from",
                count(shown.len(), "relation")
            ),
        )
        .label("introspection without signing in")
        .about("pg_graphql")
        .note(format!("{}{more}", listed(&names)))
        .help(format!(
            "write `revoke select on {} from anon;` for each that nobody reads without signing in",
            shown[0].0
        ));
    for (_, created) in &shown {
        finding = finding.touched(created.file);
    }
    finding.touched.dedup();
    out.push(finding);
}

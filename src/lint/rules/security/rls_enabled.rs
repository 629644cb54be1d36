//! `rls-enabled`: a table that the API shows without row-level security.

use super::ask::{comment, place, rls};
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::PolicyCommand;

pub(super) static RULE: Rule = Rule {
    id: "rls-enabled",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "a table in an exposed schema has no row-level security at the end of the chain",
    effect: "whoever has the project's public key reads and writes every row of it through the API",
    remedy: "enable row-level security and add a policy for each thing that clients may do; or move the table to a schema that \
             is not exposed. A project without such an API says so: `profile = [\"postgres\", \"conventions\"]`, or \
             `exposed_schemas = []`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/ddl-rowsecurity.html",
        "https://supabase.com/docs/guides/database/postgres/row-level-security",
    ],
    bad: &[
        "-- written by the service role only\ncreate table public.webhooks (id bigint primary key, body jsonb);\n",
        "create table public.notes (id bigint primary key, user_id uuid not null, body text);\n",
    ],
    good: &[
        "create table public.notes (id bigint primary key, user_id uuid not null);\n-- then\n\
         alter table public.notes enable row level security;\n\
         create policy notes_select on public.notes for select to authenticated using (user_id = (select auth.uid()));\n",
        "create table public.jobs (id bigint primary key);\nrevoke all on public.jobs from anon, authenticated;\n",
        "create schema private;\ncreate table private.jobs (id bigint primary key);\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let mut dynamic = None;
    for table in cx.tables() {
        // What was switched off is `rls-disable`'s, what has policies is `rls-policy-disabled`'s, partitions are `rls-partition`'s.
        if table.row_security
            || table.row_security_at.is_some()
            || !table.policies.is_empty()
            || table.partition_of.is_some()
            || !rls::is_exposed(cx, table)
            || rls::protected_parent(cx, table).is_some()
        {
            continue;
        }
        if *dynamic.get_or_insert_with(|| rls::said_dynamically(cx, "enable row level security")) {
            return;
        }
        let enable = format!("alter table {} enable row level security", table.name);
        let mut finding = cx
            .finding(
                table.created,
                format!("`{}` is open to every client of the API: it has no row-level security", table.name),
            )
            .label("no row-level security")
            .object(&table.name)
            .touched(table.touched);
        let said = comment::near(cx.files, table.created);
        if super::rls_policy_exists::is_annotated(&said, table, &cx.options(table.created.file.unwrap_or_default())) {
            finding = finding.help(format!("write `{enable};`"));
            if let Some(at) = place::after(cx.files, table.created) {
                finding =
                    finding.fix(Fix::safe("enable row-level security", vec![Edit::insert(at, format!("\n{enable};"))]));
            }
        } else {
            finding = finding
                .help(format!(
                    "write `{enable};`, and a policy for each thing that clients may do: without one nobody sees a row"
                ))
                .help(format!("such as `{};`", rls::example_policy(cx, table, PolicyCommand::Select)));
        }
        out.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::{Config, Profile, example, lint, parse_all};

    #[test]
    fn nothing_of_row_level_security_is_demanded_where_no_api_is() {
        let files = parse_all(example::inputs(
            "create table public.a (id int primary key);\n\
             create table public.b (id int primary key, at date) partition by range (at);\n\
             create table public.b_old partition of public.b default;\n\
             create table public.c (id int primary key);\nalter table public.c enable row level security;\n\
             create view public.v as select id from public.a;\n",
        ));
        let demanded = |config: &Config| {
            let of = |id: &&str| id.starts_with("rls-") || id.contains("policy") || *id == "view-security-invoker";
            lint(&files, config).findings.iter().map(|it| it.rule.id).filter(of).count()
        };
        assert!(demanded(&Config::default()) > 3);
        for profiles in [vec![Profile::Postgres], vec![Profile::Postgres, Profile::Conventions]] {
            let config = Config { profiles: profiles.into_iter().collect(), ..Config::default() };
            assert_eq!(demanded(&config), 0);
        }
        assert_eq!(demanded(&Config { exposed_schemas: Vec::new(), ..Config::default() }), 0);
    }
}

//! `rls-policy-exists`: row-level security without a policy, which lets nobody in.

use super::ask::{comment, rls};
use crate::diagnostic::Level;
use crate::lint::schema::Table;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Options, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::PolicyCommand;

/// The option's name.
const ANNOTATIONS: &str = "annotations";

pub(super) static RULE: Rule = Rule {
    id: "rls-policy-exists",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "a table has row-level security but no policy at the end of the chain",
    effect: "clients get no row and no error: `select` is empty, `insert` fails; only roles that bypass it (`service_role`) work",
    remedy: "add a policy; or say that it is meant so, in the table's comment or in a comment at its definition: \
             `-- service role only`; or revoke the table from the roles of the API",
    lock: None,
    fix: Fixable::No,
    options: &[RuleOption {
        name: ANNOTATIONS,
        preset: Preset::List(&[
            "service role",
            "no client access",
            "no api access",
            "no policies",
            "no policy",
            "deny all",
            "server only",
            "server side only",
            "backend only",
            "internal only",
        ]),
        help: "phrases in the table's comment, or in a comment at its definition, that say that no client may use it",
    }],
    sources: &["https://www.postgresql.org/docs/18/ddl-rowsecurity.html"],
    bad: &["create table public.notes (id bigint primary key, user_id uuid not null);\n\
            alter table public.notes enable row level security;\n"],
    good: &[
        "create table public.notes (id bigint primary key, user_id uuid not null);\n\
         alter table public.notes enable row level security;\n-- then\n\
         create policy notes_select on public.notes for select to authenticated using (user_id = (select auth.uid()));\n",
        "-- service-role only: what payment providers send\ncreate table public.webhooks (id bigint primary key);\n\
         alter table public.webhooks enable row level security;\n",
        "create table public.jobs (id bigint primary key);\nalter table public.jobs enable row level security;\n\
         comment on table public.jobs is 'Queue of the workers; no client access.';\n",
        "create table public.jobs (id bigint primary key);\nalter table public.jobs enable row level security;\n\
         revoke all on public.jobs from anon, authenticated;\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let mut dynamic = None;
    for table in cx.tables() {
        // The rows of a partition are reached through its parent, whose policies hold there.
        if !table.row_security
            || !table.policies.is_empty()
            || table.partition_of.is_some()
            || !rls::is_exposed(cx, table)
        {
            continue;
        }
        let mut said = comment::near(cx.files, table.created);
        if let Some(at) = table.row_security_at {
            said.push_str(&comment::near(cx.files, at));
        }
        let options = cx.options(table.created.file.unwrap_or_default());
        if is_annotated(&said, table, &options)
            || *dynamic.get_or_insert_with(|| rls::said_dynamically(cx, "create policy"))
        {
            continue;
        }
        let mut finding = cx
            .finding(
                table.created,
                format!("`{}` lets no client in: it has row-level security but no policy", table.name),
            )
            .label("no policy")
            .object(&table.name)
            .touched(table.touched)
            .help(format!("add a policy, such as `{};`", rls::example_policy(cx, table, PolicyCommand::Select)))
            .help("if only the service role uses it, say so: `-- service role only` at the table, or in its comment");
        if let Some(at) = table.row_security_at {
            finding = finding.see(at, "row-level security is enabled here");
        }
        out.push(finding);
    }
}

/// Whether the comments say that no client may use the table.
pub(super) fn is_annotated(said: &str, table: &Table, options: &Options<'_>) -> bool {
    let comment = table.comment.as_deref().map(comment::normal).unwrap_or_default();
    let mut phrases = options.list(ANNOTATIONS);
    if phrases.is_empty()
        && let Some(Preset::List(preset)) = RULE.preset(ANNOTATIONS)
    {
        phrases = preset.iter().map(|&phrase| phrase.to_owned()).collect();
    }
    phrases
        .iter()
        .map(|phrase| comment::normal(phrase))
        .any(|phrase| said.contains(&phrase) || comment.contains(&phrase))
}

//! `matview-in-api`: a materialised view that clients can read.

use super::ask::{access, listed};
use crate::diagnostic::Level;
use crate::lint::schema::QName;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "matview-in-api",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a materialised view in an exposed schema can be read by `anon` or `authenticated`",
    effect: "a materialised view has no row-level security: clients see every row that its owner saw at the last refresh",
    remedy: "put it into a schema that is not exposed, or revoke it from the roles of the API",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://supabase.com/docs/guides/database/database-linter?lint=0016_materialized_view_in_api"],
    bad: &["create schema app;\ncreate table app.notes (id bigint primary key, title text);\n\
            create materialized view public.titles as select id, title from app.notes;\n"],
    good: &[
        "create schema app;\ncreate table app.notes (id bigint primary key, title text);\n\
         create materialized view app.titles as select id, title from app.notes;\n",
        "create schema app;\ncreate table app.notes (id bigint primary key, title text);\n\
         create materialized view public.titles as select id, title from app.notes;\n\
         revoke all on public.titles from anon, authenticated;\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for view in cx.schema.views.values() {
        if !view.materialized
            || view.created.file.is_none()
            || !cx.config.is_exposed(&view.name.schema)
            // What shows `auth.users` is said by `auth-users-exposed`.
            || view.reads.contains(&QName::new("auth", "users"))
        {
            continue;
        }
        let roles = access::api_roles(cx.config, &view.acl, "select");
        if roles.is_empty() {
            continue;
        }
        out.push(
            cx.finding(
                view.created,
                format!("{} can read every row of materialized view `{}`", listed(&roles), view.name),
            )
            .label("no row-level security")
            .object(&view.name)
            .help(format!("write `revoke all on {} from {};`", view.name, cx.config.api_roles.join(", ")))
            .help("or create it in a schema that is not exposed"),
        );
    }
}

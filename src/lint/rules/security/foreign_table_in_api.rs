//! `foreign-table-in-api`: a foreign table that clients can read.

use super::ask::{access, listed};
use crate::diagnostic::Level;
use crate::lint::schema::TableKind;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "foreign-table-in-api",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a foreign table in an exposed schema can be read by `anon` or `authenticated`",
    effect: "a foreign table has no row-level security: clients see every row that the user mapping sees on the other side",
    remedy: "put it into a schema that is not exposed, or revoke it from the roles of the API",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createforeigntable.html",
        "https://supabase.com/docs/guides/database/database-linter?lint=0017_foreign_table_in_api",
    ],
    bad: &["create foreign data wrapper billing;\ncreate server billing foreign data wrapper billing;\n-- then\n\
            create foreign table public.invoices (id bigint) server billing;\n"],
    good: &[
        "create foreign data wrapper billing;\ncreate server billing foreign data wrapper billing;\n-- then\n\
         create schema billing;\ncreate foreign table billing.invoices (id bigint) server billing;\n",
        "create foreign data wrapper billing;\ncreate server billing foreign data wrapper billing;\n-- then\n\
         create foreign table public.invoices (id bigint) server billing;\nrevoke all on public.invoices from anon, authenticated;\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in cx.tables().filter(|table| table.kind == TableKind::Foreign) {
        let roles = access::api_roles(cx.config, &table.acl, "select");
        if roles.is_empty() || !cx.config.is_exposed(&table.name.schema) {
            continue;
        }
        out.push(
            cx.finding(
                table.created,
                format!("{} can read every row of foreign table `{}`", listed(&roles), table.name),
            )
            .label("no row-level security")
            .object(&table.name)
            .touched(table.touched)
            .help(format!("write `revoke all on {} from {};`", table.name, cx.config.api_roles.join(", ")))
            .help("or create it in a schema that is not exposed"),
        );
    }
}

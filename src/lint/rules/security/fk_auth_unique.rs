//! `fk-auth-unique`: a foreign key to something else than a key of Supabase's accounts.

use super::ask::foreign_key;
use crate::diagnostic::Level;
use crate::lint::schema::QName;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "fk-auth-unique",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "a foreign key refers to columns of a table in schema `auth` that are not its primary key",
    effect: "Supabase changes unique constraints of `auth` as it needs: the key then stops an upgrade of the project, or goes away",
    remedy: "refer to the primary key, `auth.users (id)`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://supabase.com/docs/guides/database/database-linter?lint=0021_fkey_to_auth_unique"],
    bad: &["create schema app;\n\
            create table app.contacts (id bigint primary key, phone text references auth.users (phone) on delete set null);\n"],
    good: &["create schema app;\n\
             create table app.contacts (id bigint primary key, user_id uuid references auth.users (id) on delete set null);\n"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    if !matches!(cx.stmt().kind, StmtKind::CreateTable(_) | StmtKind::AlterTable(_)) {
        return;
    }
    for added in foreign_key::added(&cx.stmt().kind) {
        let key = added.key;
        if key.table.schema() != Some("auth") || key.columns.is_empty() {
            continue;
        }
        let name = QName::new("auth", key.table.object());
        let columns: Vec<&str> = key.columns.iter().map(|column| column.value.as_str()).collect();
        let primary = cx.schema.tables.get(&name).and_then(|table| table.primary_key());
        let is_primary = match primary {
            Some(primary) => {
                primary.columns.len() == columns.len()
                    && columns.iter().all(|it| primary.columns.iter().any(|own| own == it))
            }
            None => columns == ["id"],
        };
        if is_primary {
            continue;
        }
        out.push(
            cx.finding(
                key.span,
                format!(
                    "foreign key to `{name} ({})`, which is not the primary key and belongs to Supabase",
                    columns.join(", ")
                ),
            )
            .label("not the primary key")
            .object(&name)
            .help(format!("refer to `{name} (id)`")),
        );
    }
}

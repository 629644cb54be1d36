//! `fk-auth-users-on-delete`: a foreign key that keeps accounts from being deleted.

use super::ask::foreign_key::{self, Added};
use crate::diagnostic::Level;
use crate::lint::schema::QName;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::{ColumnConstraintKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "fk-auth-users-on-delete",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a foreign key to `auth.users` does not say what happens when the user is deleted",
    effect: "a user who has such a row cannot be deleted, neither in the dashboard nor through the API: `violates foreign key constraint`",
    remedy: "write `on delete cascade` for what belongs to the user, `on delete set null` for what outlives him",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/ddl-constraints.html#DDL-CONSTRAINTS-FK",
        "https://supabase.com/docs/guides/auth/managing-user-data",
    ],
    bad: &[
        "create schema app;\ncreate table app.notes (id bigint primary key, user_id uuid not null references auth.users (id));\n",
        "create schema app;\ncreate table app.notes (id bigint primary key, created_by uuid);\n-- then\n\
         alter table app.notes add constraint notes_created_by_fkey foreign key (created_by) references auth.users;\n",
    ],
    good: &[
        "create schema app;\n\
         create table app.notes (id bigint primary key, user_id uuid not null references auth.users (id) on delete cascade);\n",
        "create schema app;\n\
         create table app.notes (id bigint primary key, user_id uuid not null references auth.users (id) on delete restrict);\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let table = match &cx.stmt().kind {
        StmtKind::CreateTable(create) => &create.name,
        StmtKind::AlterTable(alter) => &alter.name,
        _ => return,
    };
    for added in foreign_key::added(&cx.stmt().kind) {
        let key = added.key;
        if key.on_delete.is_some() || cx.resolve(&key.table) != QName::new("auth", "users") {
            continue;
        }
        let name = cx.resolve(table);
        let columns: Vec<&str> = added.columns.iter().map(|column| column.value.as_str()).collect();
        let action = action(cx, table, &added);
        let mut finding = cx
            .finding(
                key.span,
                format!(
                    "users with rows in `{name}` cannot be deleted: `{}` does not say what becomes of them",
                    columns.join(", ")
                ),
            )
            .label("no `on delete`")
            .object(&name)
            .help(format!("write `on delete {action}`; or `on delete restrict` if that is meant"));
        // `match full` would have to stand before it.
        if !cx.text(key.span).to_lowercase().contains("match ") {
            let at = end(cx, &added);
            finding = finding.fix(Fix::unchecked(
                format!("write `on delete {action}`"),
                vec![Edit::insert(at, format!(" on delete {action}"))],
            ));
        }
        out.push(finding);
    }
}

/// What fits the column: a stamp of who did something outlives the user, unless it must not be null.
fn action(cx: &EventCx<'_>, table: &crate::sql::ast::Name, added: &Added<'_>) -> &'static str {
    let needed = added.column.is_some_and(|column| {
        let kinds = column.constraints.iter().map(|constraint| &constraint.kind);
        kinds.into_iter().any(|kind| matches!(kind, ColumnConstraintKind::NotNull | ColumnConstraintKind::PrimaryKey))
    }) || added.columns.iter().any(|column| {
        cx.table(table).and_then(|table| table.column(&column.value)).is_some_and(|column| column.not_null)
    });
    let is_stamp = added.columns.iter().all(|column| column.value.ends_with("_by"));
    if is_stamp && !needed { "set null" } else { "cascade" }
}

/// Behind the table and its columns.
fn end(cx: &EventCx<'_>, added: &Added<'_>) -> usize {
    let after = added.key.columns.last().map_or(added.key.table.span.end, |column| column.span.end);
    if added.key.columns.is_empty() {
        return after;
    }
    cx.file.text().get(after..).and_then(|rest| rest.find(')')).map_or(after, |at| after + at + 1)
}

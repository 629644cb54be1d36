//! `fk-auth-users-on-delete`: a foreign key that keeps accounts from being deleted.

use super::ask::foreign_key::{self, Added};
use crate::diagnostic::Level;
use crate::lint::schema::{ConstraintDef, QName};
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::{ColumnConstraintKind, ConstraintKind, StmtKind};

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
        "create schema app;\ncreate table app.profiles (id uuid primary key references auth.users (id), name text);\n",
        "create schema app;\ncreate table app.notes (id bigint primary key, created_by uuid);\n-- then\n\
         alter table app.notes add constraint notes_created_by_fkey foreign key (created_by) references auth.users;\n",
    ],
    good: &[
        "create schema app;\n\
         create table app.notes (id bigint primary key, user_id uuid not null references auth.users (id) on delete cascade);\n",
        "create schema app;\n\
         create table app.notes (id bigint primary key, created_by uuid references auth.users (id) on delete set null);\n",
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
        let fate = fate(cx, table, &added);
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
            .help(fate.help());
        // `match full` would have to stand before it.
        if let Some(action) = fate.action()
            && !cx.text(key.span).to_lowercase().contains("match ")
        {
            let at = end(cx, &added);
            finding = finding.fix(Fix::unchecked(
                format!("write `on delete {action}`"),
                vec![Edit::insert(at, format!(" on delete {action}"))],
            ));
        }
        out.push(finding);
    }
}

/// What should become of a row when its user goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is the user's own, one for each: a profile.
    Goes,
    /// It can stay without him.
    Stays,
    /// The column must have a value: which it is, only its owner knows.
    Open,
}

impl Fate {
    fn action(self) -> Option<&'static str> {
        match self {
            Self::Goes => Some("cascade"),
            Self::Stays => Some("set null"),
            Self::Open => None,
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Goes => {
                "write `on delete cascade`: the row is part of the user; or `on delete restrict` if he must not go"
            }
            Self::Stays => {
                "write `on delete set null` if the rows outlive the user, `on delete cascade` if they go with him, or \
                 `on delete restrict` if he must not go"
            }
            Self::Open => {
                "make the column nullable and write `on delete set null` if the rows outlive the user, `on delete cascade` \
                 if they go with him, or `on delete restrict` if he must not go"
            }
        }
    }
}

fn fate(cx: &EventCx<'_>, table: &crate::sql::ast::Name, added: &Added<'_>) -> Fate {
    let defined = |wanted: fn(&ColumnConstraintKind) -> bool| {
        added.column.is_some_and(|column| column.constraints.iter().any(|constraint| wanted(&constraint.kind)))
    };
    let names: Vec<&str> = added.columns.iter().map(|column| column.value.as_str()).collect();
    let known = cx.table(table);
    let is_key = defined(|it| matches!(it, ColumnConstraintKind::PrimaryKey | ColumnConstraintKind::Unique))
        || matches!(&cx.stmt().kind, StmtKind::CreateTable(create) if create.constraints.iter().any(|it| match &it.kind {
            ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
                columns.iter().map(|column| column.value.as_str()).eq(names.iter().copied())
            }
            _ => false,
        }))
        || known.is_some_and(|table| {
            table.constraints.iter().any(|it| {
                matches!(it.def, ConstraintDef::PrimaryKey | ConstraintDef::Unique)
                    && it.columns.iter().map(String::as_str).eq(names.iter().copied())
            })
        });
    let needed = defined(|it| matches!(it, ColumnConstraintKind::NotNull))
        || names.iter().any(|name| known.and_then(|it| it.column(name)).is_some_and(|column| column.not_null));
    match (is_key, needed) {
        (true, _) => Fate::Goes,
        (false, true) => Fate::Open,
        (false, false) => Fate::Stays,
    }
}

/// Behind the table and its columns.
fn end(cx: &EventCx<'_>, added: &Added<'_>) -> usize {
    let after = added.key.columns.last().map_or(added.key.table.span.end, |column| column.span.end);
    if added.key.columns.is_empty() {
        return after;
    }
    cx.file.text().get(after..).and_then(|rest| rest.find(')')).map_or(after, |at| after + at + 1)
}

//! `rls-disable`: row-level security is switched off.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{StmtKind, TableActionKind};

pub(super) static RULE: Rule = Rule {
    id: "rls-disable",
    group: Group::Security,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`alter table` disables row-level security, or no longer forces it on the owner",
    effect: "from the commit on, every role with a privilege on the table reads and writes every row; its policies do nothing",
    remedy: "leave it on and change the policies; a script that must see all rows runs as a role with BYPASSRLS",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html"],
    bad: &[
        "create schema app;\ncreate table app.notes (id bigint primary key);\n\
         alter table app.notes enable row level security;\n-- then\n\
         alter table app.notes disable row level security;\n",
        "create schema app;\ncreate table app.notes (id bigint primary key);\n\
         alter table app.notes enable row level security, force row level security;\n-- then\n\
         alter table app.notes no force row level security;\n",
    ],
    good: &[
        "create schema app;\ncreate table app.notes (id bigint primary key);\n\
         alter table app.notes enable row level security;\n",
        "create schema app;\ncreate table app.notes (id bigint primary key, body text);\n\
         alter table app.notes enable row level security;\n-- then\n\
         alter table app.notes disable row level security;\nupdate app.notes set body = '' where body is null;\n\
         alter table app.notes enable row level security;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return };
    for action in &alter.actions {
        let switched = match action.kind {
            TableActionKind::RowSecurity(false) => "disable",
            TableActionKind::ForceRowSecurity(false) => "no force",
            _ => continue,
        };
        let name = cx.resolve(&alter.name);
        let back = |kind: &TableActionKind| match action.kind {
            TableActionKind::RowSecurity(_) => matches!(kind, TableActionKind::RowSecurity(true)),
            _ => matches!(kind, TableActionKind::ForceRowSecurity(true)),
        };
        // Nobody sees what is switched back on in the same transaction.
        let is_back = cx.in_transaction()
            && cx.later().any(|event| match &event.stmt.kind {
                StmtKind::AlterTable(later) => {
                    cx.resolve(&later.name) == name && later.actions.iter().any(|action| back(&action.kind))
                }
                StmtKind::Drop(drop) => drop.names.iter().any(|dropped| cx.resolve(dropped) == name),
                _ => false,
            });
        if is_back {
            continue;
        }
        let (message, label) = if switched == "disable" {
            (
                format!("`{name}` loses its row-level security: its policies no longer do anything"),
                "every row becomes visible",
            )
        } else {
            (format!("the owner of `{name}` is no longer held by its policies"), "the owner sees every row")
        };
        out.push(cx.finding(action.span, message).label(label).object(&name).help(
            "leave it on, and change the policies instead; if a script must see all rows, run it as a role with BYPASSRLS",
        ));
    }
}

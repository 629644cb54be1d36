//! `merge-alter-table`: one `alter table` after the other where one would do.

use std::collections::BTreeSet;

use crate::diagnostic::Level;
use crate::lint::ask::lock::action_mode;
use crate::lint::{Check, Edit, Event, FileCx, Findings, Fix, Fixable, Group, Origin, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{
    AlterTable, ColumnConstraintKind, ConstraintKind, Relation, StmtKind, TableAction, TableActionKind,
};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "merge-alter-table",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "an `alter table` right after another one of the same table",
    effect: "each statement asks for the lock again, and each that reads or rewrites the rows does so anew: what one statement does \
             in one pass takes several",
    remedy: "write the actions into one `alter table`, separated by commas",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-DESCRIPTION"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column note text;\nalter table public.orders add column remark text;",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders\n  add column note text,\n  add column remark text;",
        "create table public.orders (id bigint primary key, note text);\n-- then\nalter table public.orders rename column note to remark;\nalter table public.orders add column note text;",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    for pair in cx.file.events.windows(2) {
        let [first, second] = pair else { continue };
        let (Some(one), Some(other)) = (altered(first), altered(second)) else { continue };
        let name = cx.schema.resolve(&one.name);
        if name != cx.schema.resolve(&other.name) || !mergeable(one) || !mergeable(other) {
            continue;
        }
        // A new table costs nothing, unless columns are added that belong into its `create table`.
        let is_new = is_new(cx, first, &name);
        if is_new && !(adds_columns(one) && adds_columns(other)) {
            continue;
        }
        let finding = cx
            .finding(other.name.span, format!("`{name}` is altered twice in a row where one statement would do"))
            .label("could be an action of the statement before")
            .object(&name)
            .help("join the two with a comma");
        out.push(match merged(cx, (first, one), other) {
            Some(fix) => finding.fix(fix),
            None => finding,
        });
    }
}

fn altered(event: &Event) -> Option<&AlterTable> {
    match &event.stmt.kind {
        StmtKind::AlterTable(alter) if event.origin == Origin::Top && alter.relation == Relation::Table => Some(alter),
        _ => None,
    }
}

fn is_new(cx: &FileCx<'_>, before: &Event, name: &crate::lint::schema::QName) -> bool {
    cx.file.events.iter().take_while(|event| event.stmt.span.start < before.stmt.span.start).any(|event| {
        event.origin == Origin::Top
            && event
                .stmt
                .creates()
                .is_some_and(|(_, created)| created.is_some_and(|it| cx.schema.creation(it) == *name))
    })
}

fn adds_columns(alter: &AlterTable) -> bool {
    alter.actions.iter().all(|action| matches!(action.kind, TableActionKind::AddColumn { .. }))
}

/// Whether its actions may stand beside others: renames and partitions may not, and what takes a weaker lock should not.
fn mergeable(alter: &AlterTable) -> bool {
    alter.actions.iter().all(|action| {
        matches!(
            action.kind,
            TableActionKind::AddColumn { .. }
                | TableActionKind::DropColumn { .. }
                | TableActionKind::AlterColumn { .. }
                | TableActionKind::AddConstraint(_)
                | TableActionKind::DropConstraint { .. }
                | TableActionKind::RowSecurity(_)
                | TableActionKind::ForceRowSecurity(_)
        ) && action_mode(&action.kind) == LockMode::AccessExclusive
    })
}

/// The fix, where the order of the actions cannot matter and nothing stands between the two statements.
fn merged(cx: &FileCx<'_>, (event, one): (&Event, &AlterTable), other: &AlterTable) -> Option<Fix> {
    let start = event.stmt.span.end;
    let end = other.actions.first()?.span.start;
    let head = cx.file.text().get(start..other.name.span.start)?.to_ascii_lowercase();
    let plain = head.split_whitespace().eq([";", "alter", "table"])
        || head.split_whitespace().eq([";", "alter", "table", "only"]);
    let (ours, theirs) = (touched(&one.actions), touched(&other.actions));
    let apart = ours.is_disjoint(&theirs) && !ours.contains("*") && !theirs.contains("*");
    (plain && apart && one.only == other.only && !one.if_exists && !other.if_exists)
        .then(|| Fix::safe("join the two statements", vec![Edit::replace(Span::new(start, end), ",\n  ")]))
}

/// The columns and constraints that actions are about.
fn touched(actions: &[TableAction]) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for action in actions {
        match &action.kind {
            TableActionKind::AddColumn { column, .. } => {
                names.insert(column.name.value.as_str());
                names.extend(column.constraints.iter().filter_map(|it| it.name.as_ref()).map(|it| it.value.as_str()));
                // What an expression names is not looked at.
                if column.constraints.iter().any(|it| matches!(it.kind, ColumnConstraintKind::Generated { .. })) {
                    names.insert("*");
                }
            }
            TableActionKind::DropColumn { name, .. }
            | TableActionKind::AlterColumn { name, .. }
            | TableActionKind::DropConstraint { name, .. } => {
                names.insert(name.value.as_str());
            }
            TableActionKind::AddConstraint(constraint) => {
                names.extend(constraint.name.iter().map(|name| name.value.as_str()));
                match &constraint.kind {
                    ConstraintKind::PrimaryKey { columns, .. }
                    | ConstraintKind::Unique { columns, .. }
                    | ConstraintKind::ForeignKey { columns, .. } => {
                        names.extend(columns.iter().map(|column| column.value.as_str()));
                    }
                    _ => {
                        names.insert("*");
                    }
                }
            }
            TableActionKind::RowSecurity(_) => {
                names.insert("row level security");
            }
            _ => {
                names.insert("force row level security");
            }
        }
    }
    names
}

//! `merge-alter-table`: one `alter table` after the other where one would do.

use std::collections::BTreeSet;

use super::{
    add_column_required, add_column_serial, add_column_stored_generated, add_column_volatile_default,
    change_column_type, check_not_valid, exclusion_constraint, fk_not_valid, primary_key_index, set_not_null_scan,
    unique_constraint_index,
};
use crate::diagnostic::Level;
use crate::lint::ask::lock::action_mode;
use crate::lint::ask::volatile::is_steady;
use crate::lint::{Check, Edit, Event, FileCx, Findings, Fix, Fixable, Group, Origin, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{
    AlterColumn, AlterTable, ColumnConstraintKind, ConstraintKind, Relation, StmtKind, TableAction, TableActionKind,
};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "merge-alter-table",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "an `alter table` right after another one of the same table, both with nothing but actions that are done at once; \
                what reads, tests or rewrites rows is left apart, as the rules about that would have it",
    effect: "each statement asks for the lock again, and waits once more for whoever holds it",
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
        "create table public.orders (id bigint primary key, note text);\n-- then\nalter table public.orders add column remark text;\nalter table public.orders add constraint orders_note_check check (note <> '') not valid;",
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
        let apart = |alter: &AlterTable| alter.actions.iter().any(|action| is_apart(cx, &action.kind));
        // A new table costs nothing, unless columns are added that belong into its `create table`.
        let is_new = is_new(cx, first, &name);
        if if is_new { !(adds_columns(one) && adds_columns(other)) } else { apart(one) || apart(other) } {
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

/// Whether an action belongs into a statement, or a migration, of its own: the rule that says so is on.
fn is_apart(cx: &FileCx<'_>, action: &TableActionKind) -> bool {
    let on = |rule: &'static Rule| cx.config.level(rule, cx.file.path()).is_some();
    match action {
        TableActionKind::AlterColumn { change, .. } => match change {
            AlterColumn::SetNotNull => on(&set_not_null_scan::RULE),
            AlterColumn::Type { .. } => on(&change_column_type::RULE),
            AlterColumn::AddIdentity { .. } => on(&add_column_serial::RULE),
            AlterColumn::SetExpression(_) => on(&add_column_stored_generated::RULE),
            _ => false,
        },
        TableActionKind::AddConstraint(constraint) => match &constraint.kind {
            ConstraintKind::PrimaryKey { using_index, .. } => using_index.is_none() && on(&primary_key_index::RULE),
            ConstraintKind::Unique { using_index, .. } => using_index.is_none() && on(&unique_constraint_index::RULE),
            ConstraintKind::ForeignKey { .. } => on(&fk_not_valid::RULE),
            ConstraintKind::Check { .. } => on(&check_not_valid::RULE),
            ConstraintKind::Exclude { .. } => on(&exclusion_constraint::RULE),
            ConstraintKind::NotNull(_) => on(&set_not_null_scan::RULE),
        },
        TableActionKind::AddColumn { column, .. } => {
            let is_serial = column.type_name.as_ref().is_some_and(|it| it.name.ends_with("serial"));
            let is = |wanted: fn(&ColumnConstraintKind) -> bool| column.constraints.iter().any(|it| wanted(&it.kind));
            let filled =
                is(|it| matches!(it, ColumnConstraintKind::Default(_) | ColumnConstraintKind::Generated { .. }));
            (is_serial && on(&add_column_serial::RULE))
                || (!filled && is(|it| matches!(it, ColumnConstraintKind::NotNull)) && on(&add_column_required::RULE))
                || column.constraints.iter().any(|it| match &it.kind {
                    ColumnConstraintKind::NotNull | ColumnConstraintKind::Null => false,
                    ColumnConstraintKind::Default(expr) => !is_steady(expr) && on(&add_column_volatile_default::RULE),
                    ColumnConstraintKind::Generated { stored, .. } => *stored && on(&add_column_stored_generated::RULE),
                    ColumnConstraintKind::Identity(_) => on(&add_column_serial::RULE),
                    ColumnConstraintKind::PrimaryKey => on(&primary_key_index::RULE),
                    ColumnConstraintKind::Unique => on(&unique_constraint_index::RULE),
                    ColumnConstraintKind::Check { .. } => on(&check_not_valid::RULE),
                    ColumnConstraintKind::References(_) => on(&fk_not_valid::RULE),
                })
        }
        _ => false,
    }
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

#[cfg(test)]
mod tests {
    use crate::lint::{Config, example, lint, parse_all};

    #[test]
    fn what_other_rules_want_apart_is_not_joined() {
        for (action, joined) in [
            ("alter column a set default 1", true),
            ("drop column a", true),
            ("add column b timestamptz not null default now()", true),
            ("alter column a set not null", false),
            ("alter column a type bigint", false),
            ("add constraint c check (a > 0) not valid", false),
            ("add constraint c check (a > 0)", false),
            ("add constraint c unique (a)", false),
            ("add column b uuid default gen_random_uuid()", false),
            ("add column b text not null", false),
            ("add column b bigserial", false),
            ("add column b int references public.orders (id)", false),
        ] {
            let sql = format!(
                "create table public.orders (id int primary key, a int);\n-- then\n\
                 alter table public.orders {action};\nalter table public.orders drop column id;"
            );
            let findings = lint(&parse_all(example::inputs(&sql)), &Config::default()).findings;
            assert_eq!(findings.iter().any(|it| it.rule.id == "merge-alter-table"), joined, "{action}");
        }
        // Where nobody wants it apart, one pass is better than two.
        let sql = "create table t (a int, b int);\n-- then\nalter table t alter a set not null;\nalter table t alter b set not null;";
        let config = Config { only: ["merge-alter-table".to_owned()].into(), ..Config::default() };
        assert_eq!(lint(&parse_all(example::inputs(sql)), &config).findings.len(), 1);
    }
}

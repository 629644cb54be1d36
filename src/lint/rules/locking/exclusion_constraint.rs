//! `exclusion-constraint`: an exclusion constraint builds its index while nobody else may use the table.

use crate::diagnostic::Level;
use crate::lint::ask::in_use::altered;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{ConstraintKind, TableActionKind};

pub(super) static RULE: Rule = Rule {
    id: "exclusion-constraint",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`add … exclude` on a table that this migration did not create",
    effect: "the index is built and every row compared under ACCESS EXCLUSIVE, and nobody reads or writes meanwhile; there is no \
             concurrent way, and no `not valid`",
    remedy: "do it while the table is small or in a maintenance window, or fill a new table that has the constraint from the start",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-constraints.html#DDL-CONSTRAINTS-EXCLUSION"],
    bad: &[
        "create table public.bookings (id bigint primary key, during tstzrange);\n-- then\nalter table public.bookings add constraint bookings_during_excl exclude using gist (during with &&);",
    ],
    good: &[
        "create table public.bookings (id bigint primary key, during tstzrange);\nalter table public.bookings add constraint bookings_during_excl exclude using gist (during with &&);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for action in &altered.alter.actions {
        let TableActionKind::AddConstraint(constraint) = &action.kind else { continue };
        if !matches!(constraint.kind, ConstraintKind::Exclude { .. }) {
            continue;
        }
        let finding = cx
            .finding(
                constraint.span,
                format!("building the exclusion constraint blocks every read and write of `{}`", altered.name),
            )
            .label("builds an index and compares every row")
            .object(&altered.name)
            .help("run it in a maintenance window, under a `lock_timeout`");
        out.push(finding);
    }
}

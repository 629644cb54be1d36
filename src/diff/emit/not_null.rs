//! That a column is `not null`: from PostgreSQL 18 on a constraint with a name.

use super::column::{is_foreign, only, table};
use super::{Cx, literal, online};
use crate::catalog::{Catalog, Column, Kind, NotNull};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

/// What `not null` becomes; in PostgreSQL 18 it has a name and more.
///
/// A partition's column follows the partitioned table's; other children are told by themselves, but from PostgreSQL 18 on
/// they inherit it like any constraint.
pub(super) fn change(old: &Column, new: &Column, cx: &Cx<'_>) -> Vec<Step> {
    let relation = cx.id.qualified();
    let column = bare_ident(&cx.id.part);
    let follows = |it: &NotNull| cx.to.is_partition(cx.id) || it.inherited;
    let above = cx.parent_column();
    let quoted = |it: &NotNull| bare_ident(&name(it, cx)).into_owned();
    let on_table = |what: String| Step::alter(cx.id, format!("{} {what}", table(cx)));
    match (&old.not_null, &new.not_null) {
        (None, Some(now)) => {
            if follows(now) && above.is_some_and(|(_, column)| column.not_null.is_some()) {
                return Vec::new();
            }
            let table = if cx.to.version >= 18 && !now.no_inherit { table(cx) } else { only(cx) };
            if cx.is_online_table() && !is_foreign(cx) && !now.not_valid {
                return online::set_not_null(&table, &name(now, cx), now.no_inherit, cx);
            }
            let what = if now.name.is_some() || now.no_inherit || now.not_valid {
                let no_inherit = if now.no_inherit { " no inherit" } else { "" };
                let not_valid = if now.not_valid { " not valid" } else { "" };
                format!("add constraint {} not null {column}{no_inherit}{not_valid}", quoted(now))
            } else {
                format!("alter column {column} set not null")
            };
            let step = Step::alter(cx.id, format!("{table} {what}")).lock(LockMode::AccessExclusive, &relation);
            let step = if is_foreign(cx) {
                Step::alter(cx.id, format!("{table} {what}"))
            } else if now.not_valid {
                step
            } else {
                step.hazard(HazardKind::LongScan, format!("reads all of {relation}"))
                    .hazard(HazardKind::MayFail, format!("fails where {} is null", cx.id.address()))
            };
            std::iter::once(step).chain(comment(None, now, cx)).collect()
        }
        (Some(was), None) => {
            let is_done = above.is_some_and(|(id, now)| {
                now.not_null.is_none() && cx.from.column(&id, &id.part).is_some_and(|was| was.not_null.is_some())
            });
            if follows(was) && is_done {
                return Vec::new();
            }
            // From PostgreSQL 18 on children inherit it, and lose it too unless it is their own.
            let table = if cx.to.version >= 18 && !was.no_inherit { table(cx) } else { only(cx) };
            let sql = format!("{table} alter column {column} drop not null");
            let mut steps = vec![Step::alter(cx.id, sql).lock(LockMode::AccessExclusive, &relation)];
            steps.extend(kept(cx));
            steps
        }
        (Some(before), Some(now)) if !before.inherited || !now.inherited => {
            let mut steps = Vec::new();
            if name(before, cx) != name(now, cx) {
                steps.push(on_table(format!("rename constraint {} to {}", quoted(before), quoted(now))));
            }
            if before.no_inherit != now.no_inherit {
                let word = if now.no_inherit { "no inherit" } else { "inherit" };
                steps.push(on_table(format!("alter constraint {} {word}", quoted(now))));
            }
            if !before.not_valid && now.not_valid {
                steps.push(on_table(format!("alter column {column} drop not null")));
                steps.push(on_table(format!("add constraint {} not null {column} not valid", quoted(now))));
            } else if before.not_valid && !now.not_valid {
                steps.push(
                    on_table(format!("validate constraint {}", quoted(now)))
                        .hazard(HazardKind::LongScan, format!("reads all of {relation}, while others read and write"))
                        .hazard(HazardKind::MayFail, format!("fails where {} is null", cx.id.address())),
                );
            }
            steps.extend(comment(before.comment.as_ref(), now, cx));
            steps
        }
        _ => Vec::new(),
    }
}

/// What is said of the constraint.
pub(super) fn comment(before: Option<&String>, now: &NotNull, cx: &Cx<'_>) -> Option<Step> {
    let text = now.comment.as_deref().map_or_else(|| "null".to_owned(), literal);
    let sql = || format!("comment on constraint {} on {} is {text}", bare_ident(&name(now, cx)), cx.id.qualified());
    (before != now.comment.as_ref()).then(|| Step::alter(cx.id, sql()))
}

/// The constraint's name, from PostgreSQL 18 on.
fn name(it: &NotNull, cx: &Cx<'_>) -> String {
    it.name.clone().unwrap_or_else(|| format!("{}_{}_not_null", cx.id.name, cx.id.part))
}

/// `constraint name not null column` of a new table's column that a parent has too: what is the table's own has a name of
/// its own, and stays when the parent's goes. PostgreSQL knows that from 18 on.
pub(super) fn of_its_own(it: &Column, cx: &Cx<'_>) -> Option<String> {
    let own =
        it.not_null.as_ref().filter(|own| cx.to.version >= 18 && it.inherited && !own.inherited && !own.not_valid)?;
    let no_inherit = if own.no_inherit { " no inherit" } else { "" };
    Some(format!("constraint {} not null {}{no_inherit}", bare_ident(&name(own, cx)), bare_ident(&cx.id.part)))
}

/// `add constraint name not null column not valid`, which no column's definition can say.
pub(super) fn add_not_valid(it: &NotNull, cx: &Cx<'_>) -> String {
    format!("add constraint {} not null {} not valid", bare_ident(&name(it, cx)), bare_ident(&cx.id.part))
}

/// Partitions that are to stay `not null` where the partitioned table no longer is.
fn kept(cx: &Cx<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    if !cx.to.is_partitioned(cx.id) {
        return steps;
    }
    for (id, _) in cx.to.children(cx.id) {
        let below = id.beside(Kind::Column, &cx.id.part);
        let is_not_null = |state: &Catalog| state.column(&below, &below.part).is_some_and(|it| it.not_null.is_some());
        if is_not_null(cx.from) && is_not_null(cx.to) {
            let column = bare_ident(&below.part);
            steps
                .push(Step::alter(cx.id, format!("alter table {} alter column {column} set not null", id.qualified())));
        } else {
            steps.extend(kept(&Cx { id: &below, ..*cx }));
        }
    }
    steps
}

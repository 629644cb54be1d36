//! Times that a migration reads in a time zone of its own words: the way back reads them in the same one, and not in the
//! session's, so that each value comes back as it was.

use super::{By, Loss, Names};
use crate::catalog::{Catalog, Column, Id, Kind};
use crate::diff::{Plan, emit};
use crate::sql::ast::{
    AlterColumn, Expr, ExprKind, Ident, LiteralKind, Name, Stmt, StmtKind, TableActionKind, Visitor,
};
use crate::sql::parse::parse;
use crate::text::{bare_ident, quote_literal};

/// A column that becomes a time with a time zone, or without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zoned {
    /// The column, as it is called after the migration.
    pub after: Id,
    /// The same before it.
    pub before: Id,
    /// The time zone in which the migration reads its values; none where it is that of whoever runs it.
    pub zone: Option<String>,
}

impl Zoned {
    /// The expression that turns a value back.
    fn using(&self) -> Option<String> {
        let zone = self.zone.as_ref()?;
        Some(format!("{} at time zone {}", bare_ident(&self.before.part), quote_literal(zone)))
    }

    /// Whether each local time of its zone is one instant.
    fn is_even(&self) -> bool {
        const EVEN: [&str; 6] = ["utc", "gmt", "etc/utc", "etc/gmt", "z", "zulu"];
        self.zone.as_ref().is_some_and(|zone| EVEN.contains(&zone.to_ascii_lowercase().as_str()))
    }
}

/// The columns of which values become others by a time zone; `text` is the migration's, `back` says what each object of
/// `after` is called in `before`.
pub fn zoned(text: &str, before: &Catalog, after: &Catalog, back: &Names) -> Vec<Zoned> {
    let mut said = Said::default();
    let mut all = Vec::new();
    for id in after.entries.keys().filter(|id| id.kind == Kind::Column) {
        let there = back.id(id);
        let is_table = after.entries.contains_key(&id.beside(Kind::Table, ""));
        let (Some(new), Some(old)) = (after.column(id, &id.part), before.column(&there, &there.part)) else { continue };
        let is_stored = is_table && new.generated.is_none() && old.generated.is_none();
        if !is_stored || !emit::is_zoned(&new.data_type, &old.data_type, after, before) {
            continue;
        }
        if all.is_empty() {
            for stmt in &parse(text).statements {
                stmt.walk(&mut said);
            }
        }
        let is_it = |it: &&(Name, Ident, Option<String>)| {
            let (table, column, _) = it;
            let is_of = |id: &Id| {
                table.object() == id.name
                    && table.schema().is_none_or(|schema| schema == id.schema)
                    && column.value == id.part
            };
            is_of(id) || is_of(&there)
        };
        let mut changes = said.changes.iter().filter(is_it);
        let is_moment = |column: &Column| emit::moment(&column.data_type).is_some();
        // Two changes in a row are not one that can be turned back.
        let zone = match (changes.next(), changes.next()) {
            (Some((_, _, zone)), None) if is_moment(old) && is_moment(new) => zone.clone(),
            _ => None,
        };
        all.push(Zoned { after: id.clone(), before: there, zone });
    }
    all
}

/// Says in a plan of the way back in which time zone values are read, where the migration has said it.
#[must_use]
pub fn turned_back(plan: &Plan, columns: &[Zoned], before: &Catalog) -> Plan {
    let mut plan = plan.clone();
    for column in columns {
        let (Some(using), Some(old)) = (column.using(), before.column(&column.before, &column.before.part)) else {
            continue;
        };
        let change = format!("alter column {} type {}", bare_ident(&column.before.part), old.data_type);
        let is_of = |id: &Id| *id == column.before;
        for step in plan.steps.iter_mut().filter(|step| is_of(&step.id) || step.also.iter().any(is_of)) {
            let Some(at) = step.sql.find(&change) else { continue };
            let end = at + change.len();
            // Only a change that leaves it to the session.
            if step.sql[end..].is_empty() || step.sql[end..].starts_with(',') {
                step.sql.insert_str(end, &format!(" using {using}"));
                let said = emit::zone_said(&column.before.address());
                let lost = format!("{} are lost in {}", emit::INSTANTS, column.before.address());
                step.hazards.retain(|hazard| hazard.text != said && hazard.text != lost);
            }
        }
    }
    plan
}

/// Those whose values a plan turns back by the time zone that the migration has said.
pub fn are_turned_back(plan: &Plan, columns: &[Zoned]) -> Vec<bool> {
    let is_in = |using: &str| plan.steps.iter().any(|step| step.sql.contains(&format!(" using {using}")));
    columns.iter().map(|column| column.using().is_some_and(|using| is_in(&using))).collect()
}

/// What such a column loses, told as it is.
pub fn said_truly(losses: Vec<Loss>, columns: &[Zoned], before: &Catalog, after: &Catalog) -> Vec<Loss> {
    let truly = |mut loss: Loss| {
        let is_it = |column: &&Zoned| {
            let id = if loss.by == By::Down { &column.after } else { &column.before };
            loss.table == id.qualified() && loss.column.as_ref() == Some(&id.part) && column.zone.is_some()
        };
        let Some(column) = columns.iter().find(is_it) else { return Some(loss) };
        let type_of = |catalog: &Catalog, id: &Id| Some(catalog.column(id, &id.part)?.data_type.clone());
        let (old, new) = (type_of(before, &column.before)?, type_of(after, &column.after)?);
        let (from, to) = if loss.by == By::Down { (new, old) } else { (old, new) };
        let is_local = from.ends_with("with time zone");
        // What is lost but for the time zone.
        let rest = emit::loses(&from.replace("with time zone", "without time zone"), &to, before, after);
        let zone = column.zone.as_deref().unwrap_or_default();
        let twice = (is_local && !column.is_even())
            .then(|| format!("which of two instants a time of {zone} was, in the hour when clocks are put back"));
        let what: Vec<String> = rest.into_iter().chain(twice).collect();
        let way = match loss.by {
            By::Down => "the way back does not keep it",
            By::Up => "the migration has not kept it",
        };
        loss.why = format!("{}: {way}", what.join(" and "));
        (!what.is_empty()).then_some(loss)
    };
    losses.into_iter().filter_map(truly).collect()
}

/// The changes of columns' types that a migration says: table, column, and the time zone.
#[derive(Default)]
struct Said {
    changes: Vec<(Name, Ident, Option<String>)>,
}

impl Visitor for Said {
    fn stmt(&mut self, stmt: &Stmt) -> bool {
        if let StmtKind::AlterTable(it) = &stmt.kind {
            for action in &it.actions {
                if let TableActionKind::AlterColumn { name, change: AlterColumn::Type { using, .. } } = &action.kind {
                    let zone = using.as_ref().and_then(|using| zone(using, name));
                    self.changes.push((it.name.clone(), name.clone(), zone));
                }
            }
        }
        true
    }
}

/// The time zone of `column at time zone 'ZONE'`.
fn zone(using: &Expr, column: &Ident) -> Option<String> {
    let is_column = |expr: &Expr| expr.as_column().and_then(<[Ident]>::last).is_some_and(|it| it.value == column.value);
    let (value, zone) = match &using.kind {
        ExprKind::Binary { op, left, right } if op == "at time zone" => (&**left, &**right),
        ExprKind::Call { name, args, .. } if name.object() == "timezone" => match args.as_slice() {
            [zone, value] => (value, zone),
            _ => return None,
        },
        _ => return None,
    };
    match &zone.kind {
        ExprKind::Literal(LiteralKind::String(zone)) if is_column(value) => Some(zone.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::inverse::losses;
    use crate::diff::rename::tests::table;
    use crate::diff::{Options, plan};

    fn way(old: &str, new: &str, text: &str) -> (String, Vec<String>) {
        let (mut before, mut after) = (Catalog::default(), Catalog::default());
        table(&mut before, "a", &[("t", old), ("u", old)]);
        table(&mut after, "a", &[("t", new), ("u", new)]);
        let none = Names::default();
        let columns = zoned(text, &before, &after, &none);
        let plan = turned_back(&plan(&after, &before, Options::default()), &columns, &before);
        let lost = said_truly(losses(&before, &after, &none), &columns, &before, &after);
        let of_down = lost.into_iter().filter(|it| it.by == By::Down);
        let said = of_down.map(|it| format!("{}: {}", it.column.unwrap_or_default(), it.why));
        let is_lost = |step: &crate::diff::Step| step.sql.contains("using") && step.loses_data();
        assert!(!new.starts_with(TZ) || old != TS || !plan.steps.iter().any(is_lost), "{:#?}", plan.steps);
        (plan.steps.into_iter().map(|it| it.sql).collect::<Vec<_>>().join(";"), said.collect())
    }

    const TS: &str = "timestamp without time zone";
    const TZ: &str = "timestamp with time zone";

    #[test]
    fn the_zone_that_a_migration_says_turns_its_values_back() {
        let text = "alter table a alter column t type timestamptz using t at time zone 'UTC', \
                    alter u type timestamptz using timezone('Europe/Vienna', u);";
        let (sql, lost) = way(TS, TZ, text);
        assert_eq!(
            sql,
            "alter table public.a\n    alter column t type timestamp without time zone using t at time zone 'UTC',\n    \
             alter column u type timestamp without time zone using u at time zone 'Europe/Vienna'"
        );
        assert_eq!(
            lost,
            [
                "u: which of two instants a time of Europe/Vienna was, in the hour when clocks are put back: the way back \
              does not keep it"
            ]
        );
        let (sql, lost) = way(
            TZ,
            TS,
            "alter table a alter t type timestamp using t at time zone 'UTC', alter u type \
                                       timestamp using u at time zone 'UTC'",
        );
        assert!(sql.contains("type timestamp with time zone using t at time zone 'UTC'"), "{sql}");
        assert!(lost.is_empty(), "{lost:?}");
    }

    #[test]
    fn where_no_zone_is_said_or_two_changes_follow_each_other_it_is_left_to_the_session() {
        for text in [
            "alter table a alter t type timestamptz, alter u type timestamptz",
            "alter table a alter t type timestamptz using t + interval '1 hour' at time zone 'UTC'",
            "alter table a alter t type timestamptz using u at time zone 'UTC'",
            "alter table a alter t type timestamptz using t at time zone 'UTC'; alter table a alter t type text; \
             alter table a alter t type timestamptz using t::timestamptz",
        ] {
            let (sql, lost) = way(TS, TZ, text);
            assert!(!sql.contains("using"), "{sql}");
            assert_eq!(lost.len(), 2, "{lost:?}");
            assert!(
                lost[0].starts_with("t: the instants that times stand for (the session's TimeZone decides"),
                "{lost:?}"
            );
        }
    }

    #[test]
    fn digits_that_the_type_before_does_not_have_are_lost_all_the_same() {
        let text = "alter table a alter t type timestamptz using t at time zone 'UTC', \
                    alter u type timestamptz using u at time zone 'UTC';";
        let (sql, lost) = way("timestamp(3) without time zone", TZ, text);
        assert!(sql.contains("type timestamp(3) without time zone using t at time zone 'UTC'"), "{sql}");
        assert_eq!(lost[0], "t: fractions of seconds: the way back does not keep it");
    }
}

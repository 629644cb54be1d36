//! What only a trial has shown, as reasons of the risk: what a function does, say.

use super::trace::{covers, same};
use crate::report::{Plan, PlanReason, PlanStatement, PlanTrace, PlanWrites};
use crate::risk::{Danger, Level, LockMode, Reversible};
use crate::text::count;

/// What takes rows away, as approvals are called.
const TAKES: [&str; 6] = ["delete", "delete-all", "merge", "truncate", "refresh", "drop-table"];

/// What changes values of rows, as approvals are called. Rows that come in may meet those that are there.
const CHANGES: [&str; 5] = ["update", "update-all", "merge", "refresh", "insert"];

/// Adds the reasons that only a trial has shown, and says how far it can be taken back where that is less far.
pub fn learn(plan: &mut Plan) {
    for step in &mut plan.steps {
        let mut reasons = Vec::new();
        for statement in &mut step.statements {
            let Some(trace) = statement.trace.clone().filter(|trace| trace.failed.is_none()) else { continue };
            let mut shown = Shown { statement, reasons: Vec::new() };
            shown.work(&trace);
            shown.losses(&trace);
            trace.writes.iter().for_each(|it| shown.writes(it, &trace));
            reasons.append(&mut shown.reasons);
        }
        step.risk.level = reasons.iter().map(|it| it.level).fold(step.risk.level, Level::max);
        step.risk.reasons.extend(reasons);
        step.risk.reasons.sort_by(|a, b| b.level.cmp(&a.level).then(a.statement.cmp(&b.statement)));
    }
}

/// A statement, and what its trial has shown.
struct Shown<'a> {
    statement: &'a mut PlanStatement,
    reasons: Vec<PlanReason>,
}

impl Shown<'_> {
    fn add(&mut self, danger: Danger, approval: String, text: String) {
        let level = danger.level();
        let statement = &mut *self.statement;
        statement.risk = statement.risk.max(level);
        if !statement.approvals.contains(&approval) {
            statement.approvals.push(approval.clone());
        }
        let (number, line) = (statement.number, statement.line);
        self.reasons.push(PlanReason { level, statement: number, line, text, approval, approved_by: None });
    }

    fn returns(&mut self, ok: Reversible, why: String) {
        let known = &mut self.statement.reversible;
        if ok > known.ok {
            (known.ok, known.why) = (ok, why);
        }
    }

    /// Whether the statement's own words say that it does one of these things to a relation, or to what it is a partition of.
    fn says(&self, verbs: &[&str], relation: &str, trace: &PlanTrace) -> bool {
        let said = self.statement.approvals.iter().filter_map(|it| it.split_once(':'));
        said.filter(|(verb, _)| verbs.contains(verb)).any(|(_, of)| covers(of, relation, trace))
    }

    /// Tables that are written anew or read whole.
    fn work(&mut self, trace: &PlanTrace) {
        let statement = &self.statement;
        let unknown = |known: &[String], it: &str| !known.iter().any(|known| covers(known, it, trace));
        let rewrites: Vec<&String> = trace.rewrites.iter().filter(|it| unknown(&statement.rewrites, it)).collect();
        let blocks = |relation: &str| {
            trace.locks.iter().any(|it| it.relation == relation && it.mode == LockMode::AccessExclusive)
        };
        let is_read = |it: &&String| {
            unknown(&statement.scans, it) && unknown(&statement.rewrites, it) && !trace.rewrites.contains(it)
        };
        let scans: Vec<&String> = trace.scans.iter().filter(is_read).filter(|it| blocks(it)).collect();
        for relation in rewrites {
            let text = format!("its trial rewrote {relation}: reads and writes wait meanwhile");
            self.add(Danger::BlocksAllRewriting, format!("rewrite:{relation}"), text);
        }
        for relation in scans {
            let text = format!("its trial read the whole of {relation} while reads and writes waited");
            self.add(Danger::BlocksAllReading, format!("scan:{relation}"), text);
        }
    }

    /// Tables and columns that went with what they held, and tables that were emptied.
    fn losses(&mut self, trace: &PlanTrace) {
        // Where its own words say that what somebody has stored is gone, what goes with it is no news.
        let is_known = self.statement.risk == Level::Critical;
        for it in trace.lost.iter().filter(|_| !is_known) {
            let (kind, rest) = if it.kind == "table" { ("table", "rows") } else { ("column", "values") };
            let name = &it.name;
            self.add(
                Danger::LosesData,
                format!("drop-{kind}:{name}"),
                format!("its trial dropped the {kind} {name} with its {rest}"),
            );
            self.returns(Reversible::DataLost, format!("the {rest} of {name} are gone"));
        }
        for name in &trace.emptied {
            if !self.says(&["truncate", "delete-all"], name, trace) {
                self.add(Danger::LosesData, format!("truncate:{name}"), format!("its trial emptied {name}"));
                self.returns(Reversible::DataLost, format!("the rows of {name} are gone"));
            }
        }
    }

    /// Rows that were changed, or would have been if there had been any.
    fn writes(&mut self, it: &PlanWrites, trace: &PlanTrace) {
        let name = &it.relation;
        let rows = |number: i64| count(usize::try_from(number).unwrap_or_default(), "row");
        if it.deleted > 0 && !self.says(&TAKES, name, trace) {
            let text = format!("its trial deleted {} of {name}", rows(it.deleted));
            self.add(Danger::DeletesRows, format!("delete:{name}"), text);
            self.returns(Reversible::DataLost, format!("the rows that it deletes from {name} are gone"));
        }
        if it.updated > 0 && !self.says(&CHANGES, name, trace) {
            let text = format!("its trial changed {} of {name}; what they were is not kept", rows(it.updated));
            self.add(Danger::Overwrites, format!("update:{name}"), text);
            self.returns(Reversible::No, format!("what the rows of {name} were before is not kept"));
        }
        let is_said = self.statement.locks.iter().any(|lock| {
            lock.mode >= LockMode::RowExclusive
                && (same(&lock.relation, name) || trace.partitions.get(name).is_some_and(|it| same(&lock.relation, it)))
        });
        if is_said {
            return;
        }
        let why = format!("which rows of {name} it changes, and how, is not kept");
        if it.inserted > 0 {
            if !self.says(&CHANGES, name, trace) {
                let text = format!("its trial added {} to {name}", rows(it.inserted));
                self.add(Danger::Touches, format!("insert:{name}"), text);
                self.returns(Reversible::No, why);
            }
        } else if it.updated + it.deleted == 0 {
            // It may have looked for rows to delete: of the worst that it can do nothing is known.
            let text = format!(
                "its trial was about to change rows of {name} and found none: what it does to those of the target, up to deleting \
                 them all, is not proved"
            );
            self.add(Danger::DeletesRows, format!("write:{name}"), text);
            self.returns(Reversible::No, why);
        }
    }
}

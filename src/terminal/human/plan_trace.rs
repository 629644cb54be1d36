//! What a plan costs, in sentences for people: as it was seen on a shadow database, or as the static table says, with what the
//! target's statistics add.

use super::line;
use super::plan::runs;
use crate::plan::trace::same;
use crate::report::{
    Plan, PlanChange, PlanEstimate, PlanFate, PlanLock, PlanSession, PlanStatement, PlanStep, PlanTrace,
    TransactionMode,
};
use crate::risk::LockMode;
use crate::terminal::style::{Role, clean};
use crate::text::{count, human_bytes, human_number};

/// How many things of one kind are named.
const NAMED: usize = 4;
/// How many relations are described.
const DESCRIBED: usize = 20;
/// A day.
const SECONDS_OF_A_DAY: f64 = 86_400.0;

/// A migration as it was seen: where the trial and the static table differ the trial counts, and where the table has nothing
/// to say, as of code, it adds to it.
pub(super) fn as_seen(step: &PlanStep) -> PlanStep {
    let mut step = step.clone();
    for statement in &mut step.statements {
        let Some(trace) = statement.trace.clone().filter(|trace| trace.failed.is_none()) else { continue };
        if !trace.disagrees.is_empty() {
            statement.locks.clear();
            statement.rewrites.clear();
            statement.scans.clear();
        }
        for lock in trace.locks {
            if !statement.locks.iter().any(|known| same(&known.relation, &lock.relation)) {
                statement.locks.push(lock);
            }
        }
        statement.locks.sort_by_key(|lock| std::cmp::Reverse(lock.mode));
        for (names, seen) in [(&mut statement.rewrites, trace.rewrites), (&mut statement.scans, trace.scans)] {
            let new: Vec<String> = seen.into_iter().filter(|it| !names.iter().any(|known| same(known, it))).collect();
            names.extend(new);
        }
    }
    step
}

/// What was seen of the statements, and what it means for tables of such sizes; nothing where neither is known.
pub(super) fn show(out: &mut String, step: &PlanStep, estimates: &[PlanEstimate]) {
    let mut said: Vec<(String, Vec<usize>)> = Vec::new();
    for statement in step.statements.iter().filter(|it| it.trace.is_some() || !estimates.is_empty()) {
        for sentence in sentences(step, statement, estimates) {
            match said.iter_mut().find(|(known, _)| *known == sentence) {
                Some((_, lines)) => lines.push(statement.line),
                None => said.push((sentence, vec![statement.line])),
            }
        }
    }
    if said.is_empty() {
        return;
    }
    out.push('\n');
    for (sentence, lines) in said {
        line(out, &format!("   {} {sentence}", Role::Dim.paint(&format!("{}:", runs(&lines)))));
    }
}

/// What a statement costs, a sentence each.
fn sentences(step: &PlanStep, statement: &PlanStatement, estimates: &[PlanEstimate]) -> Vec<String> {
    let seen = Seen::of(statement);
    let mut said: Vec<String> = Vec::new();
    if let Some(failed) = statement.trace.as_ref().and_then(|trace| trace.failed.as_ref()) {
        let code = failed.sqlstate.as_ref().map(|code| format!("{code}: ")).unwrap_or_default();
        said.push(format!("fails on a shadow database: {code}{}", failed.message));
    }
    for lock in seen.locks.iter().filter(|lock| lock.mode >= LockMode::Share) {
        let relation = &lock.relation;
        let size = size_of(relation, estimates);
        let work = seen.work(relation).map(|work| format!("{work}, ")).unwrap_or_default();
        let long = if work.is_empty() || lock.mode < LockMode::Share { "" } else { " for its whole length" };
        said.push(format!("{} on {relation}{size}: {work}{}{long}", lock.mode, lock.mode.blocks()));
    }
    let is_locked = |relation: &String| seen.locks.iter().filter(|lock| lock.mode >= LockMode::Share).any(|lock| same(&lock.relation, relation));
    let read = seen.scans.iter().filter(|it| !seen.rewrites.contains(it));
    for relation in seen.rewrites.iter().chain(read).filter(|it| !is_locked(it)) {
        let work = if seen.rewrites.contains(relation) { "rewrites" } else { "reads the whole of" };
        let size = size_of(relation, estimates);
        let under = earlier(step, statement, relation)
            .map(|(mode, line)| format!(" under the {mode} that line {line} took: {}", mode.blocks()))
            .unwrap_or_default();
        said.push(format!("{work} {relation}{size}{under}"));
    }
    if let Some(trace) = &statement.trace {
        more(statement, trace, &mut said);
    }
    said.iter().map(|it| clean(it)).collect()
}

/// What a trial has shown besides locks, rewrites and scans.
fn more(statement: &PlanStatement, trace: &PlanTrace, said: &mut Vec<String>) {
    if trace.rewrites.is_empty() && !trace.rebuilds.is_empty() {
        said.push(format!("builds anew {}", listed("index", "indexes", &trace.rebuilds)));
    }
    if !trace.invalid_indexes.is_empty() {
        said.push(format!("leaves invalid {}", listed("index", "indexes", &trace.invalid_indexes)));
    }
    for (what, word) in [(PlanFate::Dropped, "drops"), (PlanFate::Changed, "changes"), (PlanFate::Made, "makes")] {
        let besides = |it: &&PlanChange| it.what == what && !is_plain(it, statement);
        let names: Vec<String> =
            trace.changes.iter().filter(besides).map(|it| format!("{} {}", it.kind, it.name)).collect();
        if !names.is_empty() {
            said.push(format!("{word} {}", some(&names)));
        }
    }
    said.extend(trace.unseen.iter().map(|why| format!("not all of its locks were seen: {why}")));
    said.extend(trace.disagrees.iter().cloned());
}

/// Whether a change is what the statement's own words say.
fn is_plain(change: &PlanChange, statement: &PlanStatement) -> bool {
    // What code does is in nobody's words.
    if ["DO", "SELECT", "CALL"].contains(&statement.kind.as_str()) {
        return false;
    }
    if change.what != PlanFate::Dropped {
        return true;
    }
    let object = statement.object.as_deref().unwrap_or_default();
    let name = change.name.split('(').next().unwrap_or(&change.name);
    object.split(", ").flat_map(|it| it.split(" on ")).any(|object| {
        // A policy, trigger or constraint of the table, and a column of it.
        same(object, name)
            || name.split_once(" on ").is_some_and(|(part, _)| part == object)
            || change.kind.ends_with("column") && name.rsplit_once('.').is_some_and(|(table, _)| same(object, table))
            || change.kind == "table constraint"
                && name.split_once(" on ").is_some_and(|(_, table)| same(object, table))
    })
}

/// What a statement does to relations: as it was seen, or as it is said.
struct Seen<'a> {
    locks: &'a [PlanLock],
    rewrites: &'a [String],
    scans: &'a [String],
}

impl<'a> Seen<'a> {
    fn of(statement: &'a PlanStatement) -> Self {
        let tried = statement.trace.as_ref().filter(|trace| trace.failed.is_none());
        let locks = match tried {
            Some(trace) if trace.unseen.is_none() => &trace.locks,
            _ => &statement.locks,
        };
        match tried {
            Some(trace) => Self { locks, rewrites: &trace.rewrites, scans: &trace.scans },
            None => Self { locks, rewrites: &statement.rewrites, scans: &statement.scans },
        }
    }

    fn work(&self, relation: &str) -> Option<&'static str> {
        let has = |names: &[String]| names.iter().any(|it| same(it, relation) || same(relation, it));
        if has(self.rewrites) {
            Some("rewrites the table")
        } else if has(self.scans) {
            Some("reads the whole table")
        } else {
            None
        }
    }
}

/// The strongest lock on a relation that an earlier statement of the same transaction took, with its line.
fn earlier(step: &PlanStep, statement: &PlanStatement, relation: &str) -> Option<(LockMode, usize)> {
    if step.transaction != TransactionMode::Single {
        return None;
    }
    let before = step.statements.iter().take_while(|it| it.number < statement.number);
    let locks = before.flat_map(|it| Seen::of(it).locks.iter().map(move |lock| (lock, it.line)));
    let of_it = locks.filter(|(lock, _)| lock.mode >= LockMode::Share && same(&lock.relation, relation));
    of_it.map(|(lock, line)| (lock.mode, line)).max_by_key(|(mode, _)| *mode)
}

/// ` (41 GB, 312 M rows, 900 writes/s)`, or nothing where nothing is known.
fn size_of(relation: &str, estimates: &[PlanEstimate]) -> String {
    let Some(it) = estimates.iter().find(|it| same(relation, &it.relation)) else { return String::new() };
    let mut facts: Vec<String> = it.bytes.map(human_bytes).into_iter().collect();
    facts.extend(it.rows.map(|rows| format!("{} row{}", human_number(rows), if rows == 1 { "" } else { "s" })));
    facts.extend(rate(it.writes_per_second, "writes"));
    if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) }
}

/// `900 writes/s`; less than one in ten seconds is as good as none.
fn rate(value: Option<f64>, what: &str) -> Option<String> {
    let value = value.filter(|value| *value >= 0.1)?;
    let number = if value < 10.0 { format!("{value:.1}") } else { human_number(whole(value)) };
    Some(format!("{number} {what}/s"))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an average that is not negative")]
fn whole(value: f64) -> u64 {
    value.round() as u64
}

/// How a migration fared on a shadow database; nothing where it was not tried.
pub(super) fn trial(step: &PlanStep) -> Option<String> {
    let traces: Vec<&PlanTrace> = step.statements.iter().filter_map(|it| it.trace.as_ref()).collect();
    if traces.is_empty() {
        return None;
    }
    if let Some(failed) = traces.iter().find_map(|trace| trace.failed.as_ref()) {
        return Some(Role::Error.paint(&format!("fails on a shadow database at line {}", failed.line)));
    }
    let ms: f64 = traces.iter().map(|trace| trace.ms).sum();
    Some(format!("on a shadow database without the target's rows, in {ms:.0} ms"))
}

/// Whether a migration failed on a shadow database.
pub(super) fn fails(step: &PlanStep) -> bool {
    step.statements.iter().filter_map(|it| it.trace.as_ref()).any(|trace| trace.failed.is_some())
}

/// What holds on the target for the relations that the plan touches.
pub(super) fn estimates(out: &mut String, plan: &Plan) {
    if plan.estimates.is_empty() {
        return;
    }
    out.push('\n');
    line(out, &format!("On `{}` at this moment:", plan.target.name));
    for it in plan.estimates.iter().take(DESCRIBED) {
        line(out, &format!("   {} {}", clean(&it.relation), Role::Dim.paint(&facts(it))));
        for session in &it.waiting {
            line(out, &format!("      {}", Role::Warning.paint(&clean(&waiting(session)))));
        }
        for sentence in &it.replication {
            line(out, &format!("      {}", clean(sentence)));
        }
    }
    if plan.estimates.len() > DESCRIBED {
        line(out, &format!("   and {} more", plan.estimates.len() - DESCRIBED));
    }
    for sentence in &plan.replication {
        line(out, &format!("   {}", clean(sentence)));
    }
}

/// Everything that is known of a relation, in a line.
fn facts(it: &PlanEstimate) -> String {
    let size = match it.bytes {
        Some(bytes) => human_bytes(bytes),
        None => "size not read, as another session locks it".to_owned(),
    };
    let rows = match it.rows {
        Some(1) => "about 1 row".to_owned(),
        Some(rows) => format!("about {} rows", human_number(rows)),
        None => "never analysed".to_owned(),
    };
    let indexes = if it.indexes == 1 { "1 index".to_owned() } else { format!("{} indexes", it.indexes) };
    let mut facts = vec![size, rows, indexes];
    if it.partitions > 0 {
        facts.push(count(it.partitions, "partition"));
    }
    let rates: Vec<String> =
        rate(it.writes_per_second, "writes").into_iter().chain(rate(it.reads_per_second, "scans")).collect();
    if let (false, Some(seconds)) = (rates.is_empty(), it.over_seconds) {
        facts.push(format!("{} on average over {}", rates.join(" and "), age(seconds)));
    }
    facts.join(", ")
}

/// `process 123 (psql as `app`, idle in transaction) holds ROW EXCLUSIVE for 3.2 days: the lock waits for it …`
fn waiting(it: &PlanSession) -> String {
    let who = format!("process {} ({}, {})", it.pid, it.who, it.state);
    match &it.mode {
        Some(mode) => {
            format!("{who} holds {mode} for {}: the lock waits for it, and all others behind the lock", age(it.seconds))
        }
        None => {
            format!("{who} has a transaction open for {}: what is built concurrently waits for it", age(it.seconds))
        }
    }
}

/// A length of time in its largest unit.
fn age(seconds: f64) -> String {
    let units = [(SECONDS_OF_A_DAY, "days"), (3_600.0, "hours"), (60.0, "minutes")];
    match units.into_iter().find(|(unit, _)| seconds >= 2.0 * unit) {
        Some((unit, name)) => format!("{:.0} {name}", seconds / unit),
        None => format!("{seconds:.0} s"),
    }
}

fn listed(one: &str, more: &str, names: &[String]) -> String {
    format!("{} {}", if names.len() == 1 { one } else { more }, some(names))
}

/// The first of them, and how many more there are.
fn some(names: &[String]) -> String {
    let first = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > NAMED { format!("{first} and {} more", names.len() - NAMED) } else { first }
}

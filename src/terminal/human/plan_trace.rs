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
/// How many sentences a migration gets.
const SENTENCES: usize = 24;
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
        for lock in &trace.locks {
            if !statement.locks.iter().any(|known| same(&known.relation, &lock.relation)) {
                statement.locks.push(lock.clone());
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
    let mut said: Vec<(Sentence, Vec<usize>)> = Vec::new();
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
    // Of many, those that weigh most, and still in the order of the file.
    let mut order: Vec<usize> = (0..said.len()).collect();
    order.sort_by_key(|at| said[*at].0.weight);
    order.truncate(SENTENCES);
    order.sort_unstable();
    let shown: Vec<_> = order.iter().map(|at| &said[*at]).collect();
    for (sentence, lines) in &shown {
        let text = match sentence.weight {
            Weight::Wrong => Role::Error.paint(&sentence.text),
            Weight::Work | Weight::Fact => sentence.text.clone(),
        };
        line(out, &format!("   {} {text}", Role::Dim.paint(&format!("{}:", runs(lines)))));
    }
    if said.len() > shown.len() {
        line(out, &format!("   and {} more: `--format json` has all", said.len() - shown.len()));
    }
}

/// A sentence about a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sentence {
    weight: Weight,
    text: String,
}

/// What a sentence weighs, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Something is wrong: the statement fails, or dbctl errs.
    Wrong,
    /// A table is read or written as a whole.
    Work,
    /// Anything else.
    Fact,
}

/// What a statement costs, a sentence each; what the table of statements says already is left out.
fn sentences(step: &PlanStep, statement: &PlanStatement, estimates: &[PlanEstimate]) -> Vec<Sentence> {
    let seen = Seen::of(statement);
    let mut said: Vec<(Weight, String)> = Vec::new();
    if let Some(failed) = statement.trace.as_ref().and_then(|trace| trace.failed.as_ref()) {
        let code = failed.sqlstate.as_ref().map(|code| format!("{code}: ")).unwrap_or_default();
        said.push((Weight::Wrong, format!("fails on a shadow database: {code}{}", failed.message)));
    }
    let strong = |lock: &&PlanLock| lock.mode >= LockMode::Share;
    let is_of_root = |lock: &&PlanLock| seen.trace.is_some_and(|trace| trace.is_of_root(lock));
    for lock in seen.locks.iter().filter(strong).filter(|lock| !is_of_root(lock)) {
        let relation = &lock.relation;
        let size = size_of(relation, estimates);
        let (mode, blocks) = (lock.mode, lock.mode.blocks());
        match seen.work(relation, estimates) {
            Some(work) => {
                let text = format!("{mode} on {relation}{size}: {work}, {blocks} for its whole length");
                said.push((Weight::Work, text));
            }
            None if size.is_empty() => {}
            None => said.push((Weight::Fact, format!("{mode} on {relation}{size}: {blocks}"))),
        }
    }
    let is_locked = |relation: &str| seen.locks.iter().filter(strong).any(|lock| same(&lock.relation, relation));
    let read = seen.scans.iter().filter(|it| !seen.rewrites.contains(it));
    for relation in seen.rewrites.iter().chain(read).filter(|it| !is_locked(it)) {
        let work = if seen.rewrites.contains(relation) { "rewrites" } else { "reads the whole of" };
        let size = size_of(relation, estimates);
        let under = earlier(step, statement, relation)
            .map(|(mode, line)| format!(" under the {mode} that line {line} took: {}", mode.blocks()))
            .unwrap_or_default();
        said.push((Weight::Work, format!("{work} {relation}{size}{under}")));
    }
    if let Some(trace) = &statement.trace {
        more(statement, trace, &mut said);
    }
    said.into_iter().map(|(weight, text)| Sentence { weight, text: clean(&text) }).collect()
}

/// What a trial has shown besides locks, rewrites and scans.
fn more(statement: &PlanStatement, trace: &PlanTrace, said: &mut Vec<(Weight, String)>) {
    if trace.rewrites.is_empty() && !trace.rebuilds.is_empty() {
        said.push((Weight::Work, format!("builds anew {}", listed("index", "indexes", &trace.rebuilds))));
    }
    if !trace.invalid_indexes.is_empty() {
        said.push((Weight::Fact, format!("leaves invalid {}", listed("index", "indexes", &trace.invalid_indexes))));
    }
    for (what, word) in [(PlanFate::Dropped, "drops"), (PlanFate::Changed, "changes"), (PlanFate::Made, "makes")] {
        let besides = |it: &&PlanChange| it.what == what && !is_plain(it, statement);
        let names: Vec<String> =
            trace.changes.iter().filter(besides).map(|it| format!("{} {}", it.kind, it.name)).collect();
        if !names.is_empty() {
            said.push((Weight::Fact, format!("{word} {}", some(&names))));
        }
    }
    said.extend(trace.unseen.iter().map(|why| (Weight::Fact, format!("not all of its locks were seen: {why}"))));
    said.extend(trace.disagrees.iter().map(|it| (Weight::Wrong, it.clone())));
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
    /// What a trial has shown.
    trace: Option<&'a PlanTrace>,
}

impl<'a> Seen<'a> {
    fn of(statement: &'a PlanStatement) -> Self {
        let tried = statement.trace.as_ref().filter(|trace| trace.failed.is_none());
        let locks = match tried {
            Some(trace) if trace.unseen.is_none() => &trace.locks,
            _ => &statement.locks,
        };
        match tried {
            Some(trace) => Self { locks, rewrites: &trace.rewrites, scans: &trace.scans, trace: tried },
            None => Self { locks, rewrites: &statement.rewrites, scans: &statement.scans, trace: None },
        }
    }

    /// What it does with all rows of a relation, or with those of its partitions.
    fn work(&self, relation: &str, estimates: &[PlanEstimate]) -> Option<String> {
        let has = |names: &[String]| names.iter().any(|it| same(it, relation) || same(relation, it));
        let parts = |names: &[String]| -> Vec<String> {
            let of =
                |name: &&String| self.trace.is_some_and(|it| it.partitions.get(*name).is_some_and(|it| it == relation));
            names.iter().filter(of).map(|name| format!("{name}{}", size_of(name, estimates))).collect()
        };
        let partitions = |names: &[String]| listed("its partition", "its partitions", names);
        let (rewritten, read) = (parts(self.rewrites), parts(self.scans));
        if has(self.rewrites) {
            Some("rewrites the table".to_owned())
        } else if !rewritten.is_empty() {
            Some(format!("rewrites {}", partitions(&rewritten)))
        } else if has(self.scans) {
            Some("reads the whole table".to_owned())
        } else if !read.is_empty() {
            Some(format!("reads the whole of {}", partitions(&read)))
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
        let how = if it.is_measured { "measured just now for" } else { "on average over" };
        facts.push(format!("{} {how} {}", rates.join(" and "), age(seconds)));
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

#[cfg(test)]
mod tests {
    use super::super::Human;
    use super::super::fixtures::plain;
    use super::super::plan::tests::{plan, statement, step};
    use super::*;
    use crate::report::PlanFailure;

    fn lock(relation: &str, mode: LockMode) -> PlanLock {
        PlanLock { relation: relation.to_owned(), mode, blocks: mode.waits() }
    }

    fn tried(line: usize, kind: &str, object: &str, trace: PlanTrace) -> PlanStatement {
        PlanStatement { trace: Some(trace), ..statement(line, kind, object, None) }
    }

    fn orders() -> PlanEstimate {
        PlanEstimate {
            relation: "public.orders".to_owned(),
            rows: Some(312_000_000),
            bytes: Some(44_023_414_784),
            indexes: 4,
            writes_per_second: Some(900.2),
            reads_per_second: Some(0.01),
            over_seconds: Some(1_036_800.0),
            waiting: vec![PlanSession {
                pid: 123,
                who: "psql as `app`".to_owned(),
                state: "idle in transaction".to_owned(),
                mode: Some("ROW EXCLUSIVE".to_owned()),
                seconds: 340.0,
            }],
            replication: vec!["publication `all` sends its rows".to_owned()],
            ..PlanEstimate::default()
        }
    }

    #[test]
    fn what_was_seen_is_said_with_what_it_means_for_the_target() {
        let rewrite = PlanTrace {
            ms: 3.0,
            locks: vec![lock("public.orders", LockMode::AccessExclusive)],
            rewrites: vec!["public.orders".to_owned()],
            disagrees: vec!["the static table does not say that it rewrites public.orders".to_owned()],
            ..PlanTrace::default()
        };
        let scan = PlanTrace { scans: vec!["public.orders".to_owned()], ..PlanTrace::default() };
        let gone = PlanChange { what: PlanFate::Dropped, kind: "view".to_owned(), name: "public.totals".to_owned() };
        let code = PlanTrace { changes: vec![gone.clone()], ..PlanTrace::default() };
        let plainly = PlanTrace { changes: vec![gone], ..PlanTrace::default() };
        let steps = vec![step(
            "1",
            TransactionMode::Single,
            vec![
                tried(1, "ALTER TABLE", "orders", rewrite),
                tried(2, "CREATE INDEX", "orders_total on orders", scan),
                tried(3, "DO", "", code),
                tried(4, "DROP VIEW", "totals", plainly),
            ],
        )];
        let text = plain(&Plan { estimates: vec![orders()], ..plan(steps) }.human(None));
        for line in [
            "line 1: ACCESS EXCLUSIVE on public.orders (41 GB, 312 M rows, 900 writes/s): rewrites the table, blocks every \
             read and write for its whole length",
            "line 1: the static table does not say that it rewrites public.orders",
            "line 2: reads the whole of public.orders (41 GB, 312 M rows, 900 writes/s) under the ACCESS EXCLUSIVE that \
             line 1 took: blocks every read and write",
            "line 3: drops view public.totals",
            "on a shadow database without the target's rows, in 3 ms",
            "public.orders 41 GB, about 312 M rows, 4 indexes, 900 writes/s on average over 12 days",
            "process 123 (psql as `app`, idle in transaction) holds ROW EXCLUSIVE for 6 minutes: the lock waits for it",
            "publication `all` sends its rows",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains("line 4: drops"), "{text}");
    }

    #[test]
    fn a_statement_that_fails_ends_the_plan() {
        let failed = PlanFailure { line: 7, column: 1, sqlstate: Some("42P01".to_owned()), message: "no".to_owned() };
        let trace = PlanTrace { failed: Some(failed), ..PlanTrace::default() };
        let steps = vec![step("1", TransactionMode::Single, vec![tried(7, "ALTER TABLE", "t", trace)])];
        let text = plain(&plan(steps).human(None));
        assert!(text.contains("line 7: fails on a shadow database: 42P01: no"), "{text}");
        assert!(text.contains("`migrate` would fail: `1_create_users` fails on a shadow database."), "{text}");
    }

    #[test]
    fn of_many_sentences_the_heavy_ones_are_shown() {
        let light = |line: usize| {
            let trace = PlanTrace { invalid_indexes: vec![format!("i{line}")], ..PlanTrace::default() };
            tried(line, "CREATE INDEX", "i", trace)
        };
        let mut statements: Vec<PlanStatement> = (1..=30).map(light).collect();
        let heavy = PlanTrace { rewrites: vec!["public.t".to_owned()], ..PlanTrace::default() };
        statements.push(tried(31, "ALTER TABLE", "t", heavy));
        let text = plain(&plan(vec![step("1", TransactionMode::Single, statements)]).human(None));
        assert!(text.contains("line 31: rewrites public.t") && text.contains("and 7 more"), "{text}");
    }
}

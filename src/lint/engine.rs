//! The engine: files in, findings out.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::composed;
use super::config::Config;
use super::context::{At, ChainCx, EventCx, FileCx, Options};
use super::event::Origin;
use super::file::{Input, LintFile};
use super::finding::{Finding, Findings};
use super::former::Renames;
use super::ignore;
use super::overtaken;
use super::rule::{Check, Rule};
use super::rules::RULES;
use super::schema::{Column, FileId, Place, Schema, Table};
use crate::diagnostic::Level;
use crate::sql::ast::TypeName;

/// What a run of lint has found.
#[derive(Debug)]
pub struct Report {
    /// The findings in the selected files, by file and place.
    pub findings: Vec<Finding>,
    /// Those that comments have silenced.
    pub silenced: Vec<Finding>,
    /// The state at the end of the chain.
    pub schema: Schema,
}

/// The stack of a thread that parses, in bytes; only what is touched is ever taken.
const STACK: usize = 64 * 1024 * 1024;

/// Parses all files, on every core.
pub fn parse_all(inputs: Vec<Input>) -> Vec<LintFile> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(inputs.len() / 16 + 1);
    if threads <= 1 {
        return inputs.into_iter().enumerate().map(|(id, input)| LintFile::new(id, input)).collect();
    }
    let count = inputs.len();
    let inputs: Vec<Mutex<Option<Input>>> = inputs.into_iter().map(|input| Mutex::new(Some(input))).collect();
    let next = AtomicUsize::new(0);
    let mut files: Vec<LintFile> = std::thread::scope(|scope| {
        let work = || {
            let mut done = Vec::with_capacity(count / threads + 1);
            loop {
                let id = next.fetch_add(1, Ordering::Relaxed);
                let Some(slot) = inputs.get(id) else { return done };
                if let Some(input) = slot.lock().unwrap_or_else(PoisonError::into_inner).take() {
                    done.push(LintFile::new(id, input));
                }
            }
        };
        // The parser recurses: a condition of thousands of terms is a tree as deep.
        let spawn = |_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let workers: Vec<_> = (0..threads).filter_map(|number| spawn(number).ok()).collect();
        if workers.is_empty() {
            return work();
        }
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    files.sort_unstable_by_key(|file| file.id);
    files
}

/// The same, but what was parsed before and has not changed is taken over. Answers also how many of the first files are
/// what and where they were.
pub fn parse_changed(inputs: Vec<Input>, parsed: Vec<LintFile>) -> (Vec<LintFile>, usize) {
    let pairs = inputs.iter().zip(&parsed);
    let unchanged = pairs.take_while(|(input, file)| file.path() == input.path && file.is_same(input)).count();
    let mut parsed: BTreeMap<String, LintFile> =
        parsed.into_iter().map(|file| (file.path().to_owned(), file)).collect();
    let mut files = Vec::with_capacity(inputs.len());
    let (mut ids, mut changed) = (Vec::new(), Vec::new());
    for (id, input) in inputs.into_iter().enumerate() {
        if let Some(file) = parsed.remove(&input.path).filter(|file| file.is_parsed_of(&input)) {
            files.push(file.taken_over(id, input));
        } else {
            ids.push(id);
            changed.push(input);
        }
    }
    for mut file in parse_all(changed) {
        file.id = ids[file.id];
        files.push(file);
    }
    files.sort_unstable_by_key(|file| file.id);
    (files, unchanged)
}

/// A rule that is on in a file.
struct Active {
    rule: &'static Rule,
    level: Level,
}

/// From how many statements on it pays to share the rules out to threads, each of which builds the state for itself.
const SHARED: usize = 500;

/// The state before the first selected file, kept from one run to the next: an editor lints after every letter.
#[derive(Debug)]
pub struct Kept {
    /// How many files stand before it.
    files: usize,
    schema: Schema,
    config: Config,
}

/// Lints a chain.
pub fn lint(files: &[LintFile], config: &Config) -> Report {
    lint_again(files, config, 0, &mut None)
}

/// Lints a chain of which the first files are those of the last run; what they leave is taken from there.
pub fn lint_again(files: &[LintFile], config: &Config, unchanged: usize, kept: &mut Option<Kept>) -> Report {
    let first = files.iter().position(|file| file.selected).unwrap_or(files.len());
    if kept.as_ref().is_some_and(|kept| kept.files > first.min(unchanged) || kept.config != *config) {
        *kept = None;
    }
    if first > 0 && kept.as_ref().is_none_or(|kept| kept.files < first) {
        let (from, mut schema) = start(kept.as_ref(), config);
        files[from..first].iter().for_each(|file| play(&mut schema, file));
        *kept = Some(Kept { files: first, schema, config: config.clone() });
    }
    let kept = kept.as_ref();
    let statements: usize = files.iter().map(|file| file.events.len()).sum();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let shares = if statements < SHARED { 1 } else { cores.min(4) };
    let (schema, mut findings) = std::thread::scope(|scope| {
        let share = |number: usize| {
            let rules: Vec<&Rule> = RULES.iter().copied().skip(number).step_by(shares).collect();
            look(files, config, kept, &rules)
        };
        let spawn = |number| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || share(number));
        let others: Vec<_> = (1..shares).map(|number| spawn(number).map_err(|_| number)).collect();
        let (schema, mut findings) = share(0);
        for other in others {
            let (_, mut more) = match other {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(number) => share(number),
            };
            findings.append(&mut more);
        }
        (schema, findings)
    });
    let silenced = ignore::silence(files, config, &mut findings);
    forget_what_others_say(&mut findings);
    composed::forget_fixes(files, &mut findings);
    findings.sort_by(|a, b| {
        (a.place.file, a.place.span.start, a.place.span.end, a.rule.id).cmp(&(
            b.place.file,
            b.place.span.start,
            b.place.span.end,
            b.rule.id,
        ))
    });
    Report { findings, silenced, schema }
}

/// The state to begin with, and how many files are in it.
fn start(kept: Option<&Kept>, config: &Config) -> (usize, Schema) {
    kept.map_or_else(|| (0, Schema::new(config)), |kept| (kept.files, kept.schema.clone()))
}

/// Takes a file of which nothing is wanted into the state.
pub(super) fn play(schema: &mut Schema, file: &LintFile) {
    schema.begin_file(file);
    file.events.iter().for_each(|event| schema.apply(file, event));
    schema.end_file(file);
}

/// What some of the rules find, and the state at the end.
fn look(files: &[LintFile], config: &Config, kept: Option<&Kept>, rules: &[&'static Rule]) -> (Schema, Vec<Finding>) {
    let (from, mut schema) = start(kept, config);
    let mut found = Findings::default();
    let mut findings = Vec::new();
    for file in &files[from..] {
        if !file.selected {
            play(&mut schema, file);
            continue;
        }
        schema.begin_file(file);
        let active = active(config, rules, file.path());
        let steps = OnceCell::new();
        for rule in &active {
            let options = Options { config, rule: rule.rule, path: file.path() };
            let cx = FileCx { rule: rule.rule, file, files, schema: &schema, config, options, steps: &steps };
            for check in rule.rule.checks {
                if let Check::File(check) = check {
                    check(&cx, &mut found);
                }
            }
            keep(&mut found, rule, &mut findings);
        }
        let is_of_statements = |check: &Check| matches!(check, Check::Statement(_) | Check::Anywhere(_));
        let looking: Vec<&Active> =
            active.iter().filter(|rule| rule.rule.checks.iter().any(is_of_statements)).collect();
        for (index, event) in file.events.iter().enumerate() {
            for &rule in &looking {
                for check in rule.rule.checks {
                    let check = match check {
                        Check::Anywhere(check) => check,
                        Check::Statement(check) if event.origin != Origin::Routine => check,
                        _ => continue,
                    };
                    let options = Options { config, rule: rule.rule, path: file.path() };
                    check(
                        &EventCx { rule: rule.rule, options, at: At { file, index, event, schema: &schema, config } },
                        &mut found,
                    );
                }
                keep(&mut found, rule, &mut findings);
            }
            schema.apply(file, event);
        }
        schema.end_file(file);
    }
    forget_changed_types(&schema, &mut findings);
    // Rules about the end of the chain write names as they are there.
    overtaken::forget(files, &mut findings);
    at_the_end(files, &schema, config, rules, &mut findings);
    (schema, findings)
}

/// Takes out what was said of the types of columns that the chain drops or gives another type later.
fn forget_changed_types(schema: &Schema, findings: &mut Vec<Finding>) {
    if findings.iter().all(|finding| finding.typed.is_none()) {
        return;
    }
    // What `like` and partitions copy has the same place.
    let mut columns: BTreeMap<_, Vec<(&Table, &Column)>> = BTreeMap::new();
    for table in schema.tables.values() {
        for column in &table.columns {
            columns.entry(key(&column.created)).or_default().push((table, column));
        }
    }
    findings.retain(|finding| {
        let Some((place, wanted)) = &finding.typed else { return true };
        let is_so =
            |left: Option<&TypeName>| wanted.as_ref().is_none_or(|ty| left.is_some_and(|left| is_same_type(left, ty)));
        let holds = |table: &Table, column: &Column| finding.holds.is_none_or(|holds| holds(schema, table, column));
        columns.get(&key(place)).is_some_and(|left| {
            left.iter().any(|(table, column)| is_so(column.type_name.as_ref()) && holds(table, column))
        })
    });
}

fn key(place: &Place) -> (Option<FileId>, usize, usize) {
    (place.file, place.span.start, place.span.end)
}

/// Takes out what another rule says better about the same place, or about the same column.
fn forget_what_others_say(findings: &mut Vec<Finding>) {
    if findings.iter().all(|finding| finding.yields.is_empty()) {
        return;
    }
    let said: BTreeSet<_> = findings.iter().map(|finding| (key(&finding.place), finding.rule.id)).collect();
    findings.retain(|finding| {
        let column = finding.typed.as_ref().map(|(place, _)| place);
        let places = || std::iter::once(&finding.place).chain(column);
        !finding.yields.iter().any(|rule| places().any(|place| said.contains(&(key(place), *rule))))
    });
}

fn is_same_type(one: &TypeName, other: &TypeName) -> bool {
    // In the state `serial` is the `integer` that it makes.
    let plain = |name: &str| match name {
        "serial" => "integer".to_owned(),
        "bigserial" => "bigint".to_owned(),
        "smallserial" => "smallint".to_owned(),
        _ => name.to_owned(),
    };
    plain(&one.name) == plain(&other.name)
        && (&one.schema, &one.modifiers, one.dimensions) == (&other.schema, &other.modifiers, other.dimensions)
}

/// The rules that look at the state that is left; each finding counts in the file it stands in.
fn at_the_end(
    files: &[LintFile],
    schema: &Schema,
    config: &Config,
    rules: &[&'static Rule],
    findings: &mut Vec<Finding>,
) {
    let mut found = Findings::default();
    let policies = OnceCell::new();
    let renames = Renames::new(schema);
    for &rule in rules {
        if config.overrides.is_empty() && config.level(rule, "").is_none() {
            continue;
        }
        for check in rule.checks {
            if let Check::Chain(check) = check {
                check(&ChainCx { rule, files, schema, config, policies: &policies }, &mut found);
            }
        }
        for mut finding in found.take() {
            let Some(file) = finding.place.file.and_then(|file| files.get(file)) else { continue };
            let wanted = file.selected || finding.touched.iter().any(|&id| files.get(id).is_some_and(|it| it.selected));
            let Some(level) = wanted.then(|| config.level(rule, file.path())).flatten() else { continue };
            finding.level = lowered(&finding, level);
            renames.as_it_was(&mut finding);
            findings.push(finding);
        }
    }
}

fn active(config: &Config, rules: &[&'static Rule], path: &str) -> Vec<Active> {
    rules.iter().filter_map(|&rule| config.level(rule, path).map(|level| Active { rule, level })).collect()
}

fn keep(found: &mut Findings, rule: &Active, findings: &mut Vec<Finding>) {
    if found.is_empty() {
        return;
    }
    for mut finding in found.take() {
        finding.level = lowered(&finding, rule.level);
        findings.push(finding);
    }
}

/// The level that is set for the rule, but lower where the rule itself was less sure.
pub(super) fn lowered(finding: &Finding, level: Level) -> Level {
    if finding.level < finding.rule.level { finding.level.min(level) } else { level }
}

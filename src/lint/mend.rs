//! Mending: what can be mended is, round by round, until nothing more is found to mend; what does harm is undone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::baseline::{self, Baseline};
use super::config::Config;
use super::engine::{lint, parse_all};
use super::file::{Input, LintFile};
use super::finding::{Finding, Fix, NewMigration};
use super::fix;
use crate::diagnostic::Level;

/// Fixes may uncover what others can mend; more rounds than this would be fixes that undo each other.
const ROUNDS: usize = 60;

/// A chain with all fixes applied.
#[derive(Debug)]
pub struct Mended {
    /// The chain.
    pub inputs: Vec<Input>,
    /// The migrations that are added.
    pub added: Vec<NewMigration>,
    /// How many fixes there were.
    pub fixed: usize,
    /// The files that stay as they are because they have run.
    pub left_alone: BTreeSet<usize>,
}

/// Why a fix is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// It would change a file that has run.
    Ran,
    /// It would change a file that is not selected: what a selected file touches may be made elsewhere.
    Unselected,
}

/// Whether a fix would change a file that is to stay as it is. A migration that is added is in nobody's way.
pub fn withheld(files: &[LintFile], config: &Config, finding: &Finding, fix: &Fix) -> Option<Withheld> {
    let file = finding.place.file.and_then(|file| files.get(file)).filter(|_| !fix.edits.is_empty())?;
    if !file.selected {
        return Some(Withheld::Unselected);
    }
    config.applied.contains(file.path()).then_some(Withheld::Ran)
}

/// A file and a rule.
type Key = (usize, &'static str);

/// What a round found before it changed anything.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<Key, usize>,
    errors: BTreeMap<Key, usize>,
    broken: BTreeMap<usize, usize>,
}

/// What a round has changed in a file.
struct Change {
    text: Arc<str>,
    no_transaction: bool,
    tried: Vec<(&'static str, String)>,
}

/// What a round has tried, to be undone where it was in vain or did harm.
struct Round {
    before: Tally,
    changes: BTreeMap<usize, Change>,
    added: usize,
}

/// What is not to be tried again.
#[derive(Default)]
struct Lessons {
    /// Rules whose fix did not remove what it was for.
    idle: BTreeSet<Key>,
    /// Findings whose fix did harm.
    harmful: BTreeSet<(usize, &'static str, String)>,
    /// Files whose fixes did harm together: they are tried one by one.
    singly: BTreeSet<usize>,
}

impl Lessons {
    fn allows(&self, file: usize, finding: &Finding) -> bool {
        let rule = finding.rule.id;
        !self.idle.contains(&(file, rule)) && !self.harmful.contains(&(file, rule, finding.message.clone()))
    }

    /// The files of a round that are to be undone, now that its outcome is known.
    fn learn(&mut self, round: &Round, now: &Tally) -> BTreeSet<usize> {
        let more = |key: &usize, count: usize| count > round.before.broken.get(key).copied().unwrap_or_default();
        let mut harmed: BTreeSet<usize> =
            now.broken.iter().filter(|(file, count)| more(file, **count)).map(|(file, _)| *file).collect();
        let worse = now.errors.iter().filter(|(key, count)| round.before.errors.get(key).is_none_or(|it| it < count));
        harmed.extend(worse.map(|((file, _), _)| *file));
        let elsewhere = harmed.iter().any(|file| !round.changes.contains_key(file));
        let mut undone = BTreeSet::new();
        for (&file, change) in &round.changes {
            if elsewhere || harmed.contains(&file) {
                undone.insert(file);
                match &change.tried[..] {
                    [(rule, message)] => _ = self.harmful.insert((file, *rule, message.clone())),
                    _ => _ = self.singly.insert(file),
                }
                continue;
            }
            let counts = |tally: &Tally, rule| tally.counts.get(&(file, rule)).copied().unwrap_or_default();
            let is_idle = |rule| counts(now, rule) >= counts(&round.before, rule);
            let idle: Vec<Key> =
                change.tried.iter().filter(|(rule, _)| is_idle(*rule)).map(|(rule, _)| (file, *rule)).collect();
            if !idle.is_empty() {
                undone.insert(file);
                self.idle.extend(idle);
            }
        }
        undone
    }
}

/// The chain with all fixes applied but for what is frozen.
pub fn mended(mut inputs: Vec<Input>, config: &Config, frozen: Option<&Baseline>, unsafely: bool) -> Mended {
    let mut added: Vec<(usize, NewMigration)> = Vec::new();
    let mut fixed: BTreeMap<usize, usize> = BTreeMap::new();
    let mut left_alone = BTreeSet::new();
    let mut lessons = Lessons::default();
    let mut last: Option<Round> = None;
    for number in 0..=ROUNDS {
        let mut all = inputs.clone();
        all.extend(added.iter().map(|(_, new)| as_input(new)));
        let files = parse_all(all);
        let mut findings = lint(&files, config).findings;
        let mut before = tally(&files, &findings);
        if let Some(frozen) = frozen {
            findings = baseline::apply(frozen, &files, config, findings).findings;
        }
        findings.retain(|finding| finding.place.file.is_some_and(|file| file < inputs.len()));
        for finding in &findings {
            let file = finding.place.file.unwrap_or_default();
            *before.counts.entry((file, finding.rule.id)).or_default() += 1;
        }
        if let Some(round) = last.take() {
            let undone = lessons.learn(&round, &before);
            if !undone.is_empty() {
                for (file, change) in round.changes.into_iter().filter(|(file, _)| undone.contains(file)) {
                    if let (Some(input), Some(fixed)) = (inputs.get_mut(file), fixed.get_mut(&file)) {
                        (input.text, input.no_transaction) = (change.text, change.no_transaction);
                        *fixed -= change.tried.len();
                    }
                }
                let mut index = 0..;
                added.retain(|(file, _)| index.next() < Some(round.added) || !undone.contains(file));
                continue;
            }
        }
        if number == ROUNDS {
            break;
        }
        let mut by_file: BTreeMap<usize, Vec<(&Finding, &Fix)>> = BTreeMap::new();
        for finding in &findings {
            let Some(file) = finding.place.file else { continue };
            let Some(fix) = finding.fix.as_ref().filter(|fix| unsafely || !fix.is_unsafe) else { continue };
            if !lessons.allows(file, finding) {
                continue;
            }
            match withheld(&files, config, finding, fix) {
                Some(Withheld::Ran) => {
                    left_alone.insert(file);
                    continue;
                }
                Some(Withheld::Unselected) => continue,
                None => {}
            }
            by_file.entry(file).or_default().push((finding, fix));
        }
        let mut round = Round { before, changes: BTreeMap::new(), added: added.len() };
        for (file, mut fixes) in by_file {
            let Some(input) = inputs.get_mut(file) else { continue };
            if lessons.singly.contains(&file) {
                fixes.truncate(1);
            }
            let edits: Vec<&Fix> = fixes.iter().map(|(_, fix)| *fix).collect();
            let result = fix::apply(&input.text, &edits);
            if result.applied.is_empty() {
                continue;
            }
            let mut change =
                Change { text: input.text.clone(), no_transaction: input.no_transaction, tried: Vec::new() };
            for (finding, fix) in result.applied.iter().filter_map(|&index| fixes.get(index)) {
                change.tried.push((finding.rule.id, finding.message.clone()));
                for new in &fix.adds {
                    if !added.iter().any(|(_, known)| known.slug == new.slug) {
                        added.push((file, new.clone()));
                    }
                }
            }
            *fixed.entry(file).or_default() += change.tried.len();
            input.text = result.text.into();
            input.no_transaction |= input.text.contains("-- dbctl: no-transaction");
            round.changes.insert(file, change);
        }
        if round.changes.is_empty() {
            break;
        }
        last = Some(round);
    }
    let added = added.into_iter().map(|(_, new)| new).collect();
    Mended { inputs, added, fixed: fixed.values().sum(), left_alone }
}

/// What must not become more: what does not parse, and what errors are told of.
fn tally(files: &[LintFile], findings: &[Finding]) -> Tally {
    let mut tally = Tally::default();
    for file in files.iter().filter(|file| !file.errors.is_empty()) {
        tally.broken.insert(file.id, file.errors.len());
    }
    for finding in findings.iter().filter(|finding| finding.level == Level::Error) {
        if let Some(file) = finding.place.file {
            *tally.errors.entry((file, finding.rule.id)).or_default() += 1;
        }
    }
    tally
}

/// A migration that is still to be written counts in the next round.
fn as_input(new: &NewMigration) -> Input {
    Input {
        path: format!("{}.sql", new.slug),
        text: new.sql.as_str().into(),
        version: None,
        name: new.slug.clone(),
        down: None,
        has_downs: false,
        no_transaction: new.sql.contains("-- dbctl: no-transaction"),
        selected: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::example;

    fn safely(chain: &str) -> (String, Vec<NewMigration>) {
        let done = mended(example::inputs(chain), &Config::default(), None, false);
        let text = done.inputs.last().map(|input| input.text.to_string()).unwrap_or_default();
        (text, done.added)
    }

    #[test]
    fn two_fixes_of_one_statement_do_not_nest() {
        let table = "create table public.b (id uuid primary key, x int);\n-- then\n";
        let (text, added) = safely(&format!("{table}alter table public.b add constraint b_x_key unique (x);\n"));
        assert!(text.contains("create unique index concurrently b_x_key on public.b (x);"), "{text}");
        assert!(!text.contains("do $$"), "{text}");
        assert!(added.iter().any(|new| new.sql.contains("unique using index b_x_key")), "{added:?}");
        let whole = "begin;\nalter table public.b add constraint b_x_key unique (x);\ncommit;\n";
        let (text, added) = safely(&format!("{table}{whole}"));
        assert!(!text.contains("concurrently") && added.is_empty(), "{text}");
    }

    #[test]
    fn what_is_mended_parses_and_has_no_new_errors() {
        let chain = "create table public.b (id uuid primary key, x int, at timestamp);\n-- then\n\
                     do $$ begin execute format('create table public.%I (id uuid, j json)', 'q'); end $$;\n\
                     create index b_x_idx on public.b (x);\ndrop table public.b;\n";
        let mut inputs = example::inputs(chain);
        let config = Config::default();
        let before = tally(&parse_all(inputs.clone()), &lint(&parse_all(inputs.clone()), &config).findings);
        inputs = mended(inputs, &config, None, true).inputs;
        let after = tally(&parse_all(inputs.clone()), &lint(&parse_all(inputs), &config).findings);
        assert!(after.broken.is_empty());
        assert!(after.errors.iter().all(|(key, count)| before.errors.get(key).is_some_and(|it| it >= count)));
    }
}

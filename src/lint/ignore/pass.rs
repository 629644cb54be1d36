//! The last pass of a run: findings that comments silence go, and comments that silence nothing are found.

use super::read::{Reach, Tool};
use super::{ALL, Ignore, Meaning, ignores, read, squawk};
use crate::diagnostic::Level;
use crate::lint::engine::lowered;
use crate::lint::rules::{RULES, find, hygiene};
use crate::lint::schema::Place;
use crate::lint::{Config, Edit, Finding, Fix, LintFile, Rule};
use crate::text::{Span, did_you_mean};

/// Takes the findings out that comments silence, and adds those about the comments themselves. Answers what was silenced.
pub(in crate::lint) fn silence(files: &[LintFile], config: &Config, findings: &mut Vec<Finding>) -> Vec<Finding> {
    let mut wanted: Vec<bool> = files.iter().map(|file| file.selected).collect();
    for file in findings.iter().filter_map(|finding| finding.place.file) {
        if let Some(wanted) = wanted.get_mut(file) {
            *wanted = true;
        }
    }
    let mut by_file: Vec<Vec<Ignore>> =
        files.iter().map(|file| if wanted[file.id] { ignores(file) } else { Vec::new() }).collect();
    if by_file.iter().all(Vec::is_empty) {
        return Vec::new();
    }
    for file in files.iter().filter(|file| file.selected) {
        for ignore in &by_file[file.id] {
            let raiser = Raiser { file, config, ignore };
            raiser.unknown(findings);
            raiser.reasonless(findings);
        }
    }
    let mut silenced = take(&mut by_file, findings);
    let mut unused = Vec::new();
    for file in files.iter().filter(|file| file.selected) {
        for ignore in &by_file[file.id] {
            Raiser { file, config, ignore }.unused(&mut unused);
        }
    }
    silenced.extend(take(&mut by_file, &mut unused));
    findings.append(&mut unused);
    silenced
}

/// Takes out what is silenced.
fn take(by_file: &mut [Vec<Ignore>], findings: &mut Vec<Finding>) -> Vec<Finding> {
    let is_silenced = |finding: &mut Finding| {
        let Some(ignores) = finding.place.file.and_then(|file| by_file.get_mut(file)) else { return false };
        // All that cover it are asked: each of them has been of use.
        let at = finding.place.span.start;
        let mut is_silenced = false;
        for ignore in ignores {
            is_silenced |= ignore.silences(finding.rule.id, at);
        }
        is_silenced
    };
    findings.extract_if(.., is_silenced).collect()
}

struct Raiser<'a> {
    file: &'a LintFile,
    config: &'a Config,
    ignore: &'a Ignore,
}

impl Raiser<'_> {
    /// Adds a finding, where its rule is on.
    fn raise(&self, finding: Finding, findings: &mut Vec<Finding>) {
        if let Some(level) = self.config.level(finding.rule, self.file.path()) {
            let level = lowered(&finding, level);
            findings.push(finding.at_level(level));
        }
    }

    fn finding(&self, rule: &'static Rule, span: Span, message: impl Into<String>) -> Finding {
        Finding::new(rule, Place::new(self.file.id, span), message)
    }

    /// Names that no rule has.
    fn unknown(&self, findings: &mut Vec<Finding>) {
        let ignore = self.ignore;
        let rule = &hygiene::unknown_ignore_rule::RULE;
        if ignore.reach == Reach::Unknown {
            let written = ignore.word.of(self.file.text());
            let finding = self.finding(rule, ignore.word, format!("`{written}` is no way to ignore a rule"));
            let finding = match read::nearest(&written.to_ascii_lowercase()) {
                Some(near) => finding
                    .help(format!("did you mean `dbctl:{near}`?"))
                    .fix(Fix::unchecked(format!("write `{near}`"), vec![Edit::replace(ignore.word, near)])),
                None => {
                    finding.help("write `ignore`, `ignore-file`, `ignore-start` or `ignore-end`").fix(self.removal(&[]))
                }
            };
            self.raise(finding, findings);
            return;
        }
        if ignore.targets.is_empty() && ignore.reach != Reach::End {
            let finding = self.finding(rule, ignore.span, "the comment names no rule, so it silences nothing");
            let finding = finding.help(format!("name the rules, or write `{ALL}` for every rule"));
            self.raise(finding.fix(self.removal(&[])), findings);
        }
        for (index, target) in ignore.targets.iter().enumerate() {
            if target.meaning != Meaning::Unknown {
                continue;
            }
            let name = &target.named.name;
            let own = RULES.iter().map(|rule| rule.id).chain([ALL]);
            let near = match ignore.tool {
                Tool::Dbctl => did_you_mean(name, own),
                Tool::Squawk => did_you_mean(name, squawk::names()),
            };
            let finding = self.finding(rule, target.named.span, format!("no rule is called `{name}`"));
            let finding = match near {
                Some(near) => {
                    let edit = Edit::replace(target.named.span, near);
                    finding
                        .help(format!("did you mean `{near}`?"))
                        .fix(Fix::unchecked(format!("write `{near}`"), vec![edit]))
                }
                None => finding.help("`dbctl rules` lists them all").fix(self.removal(&[index])),
            };
            // A newer squawk may know it.
            let finding = if ignore.tool == Tool::Squawk { finding.at_level(Level::Note) } else { finding };
            self.raise(finding, findings);
        }
    }

    /// Comments that do not say why.
    fn reasonless(&self, findings: &mut Vec<Finding>) {
        let ignore = self.ignore;
        if ignore.has_reason || ignore.tool == Tool::Squawk || matches!(ignore.reach, Reach::End | Reach::Unknown) {
            return;
        }
        let names: Vec<&str> = ignore.targets.iter().map(|target| target.named.name.as_str()).collect();
        if names.is_empty() {
            return;
        }
        let word = ignore.word.of(self.file.text());
        let rule = &hygiene::ignore_without_reason::RULE;
        let names = names.join(", ");
        let message = if ignore.lacks_colon {
            format!("a colon is wanted behind `{names}`: without it the comment gives no reason and silences nothing")
        } else {
            "the comment gives no reason, so it silences nothing".to_owned()
        };
        let finding = self.finding(rule, ignore.span, message).help(format!(
            "write rules with commas between, and the reason behind a colon: `-- dbctl:{word} {names}: the reason`"
        ));
        let finding = match self.with_colon() {
            Some(fix) => finding.fix(fix),
            None if ignore.lacks_colon => finding,
            None => finding.fix(Fix { is_unsafe: true, ..self.removal(&[]) }),
        };
        self.raise(finding, findings);
    }

    /// Puts the colon behind the names; not where one stands further on, and nobody knows what is before it.
    fn with_colon(&self) -> Option<Fix> {
        let last = self.ignore.targets.last().filter(|_| self.ignore.lacks_colon)?.named.span.end;
        let rest = self.file.text().get(last..self.ignore.span.end)?;
        (!rest.contains(':')).then(|| Fix::unchecked("write the colon", vec![Edit::insert(last, ":")]))
    }

    /// Comments, and names in them, that have silenced nothing. squawk's are left alone: they may serve squawk.
    fn unused(&self, findings: &mut Vec<Finding>) {
        let ignore = self.ignore;
        let rule = &hygiene::unused_ignore::RULE;
        if ignore.tool == Tool::Squawk {
            return;
        }
        if ignore.reach == Reach::End && ignore.partner.is_none() {
            let finding = self.finding(rule, ignore.span, "the comment ends nothing: no `ignore-start` is open here");
            self.raise(finding.help("remove the comment").fix(self.removal(&[])), findings);
        }
        if ignore.reach == Reach::Start && ignore.partner.is_none() {
            let message = "no `ignore-end` ends this: it silences everything to the end of the file";
            let help =
                "write `-- dbctl:ignore-end` where it should end, or `ignore-file` where the whole file is meant";
            self.raise(self.finding(rule, ignore.word, message).help(help), findings);
        }
        if !ignore.is_in_force() {
            return;
        }
        let is_idle = |meaning: &Meaning| match meaning {
            // Where only some rules ran, nobody knows what the others would have found.
            Meaning::All => self.config.only.is_empty() && self.config.exclude.is_empty(),
            // A comment about this rule is never called unused: that would be a riddle.
            Meaning::Rules(ids) => ids.iter().all(|id| *id != rule.id && self.is_on(id)),
            Meaning::Unknown => false,
        };
        let idle: Vec<usize> = (0..ignore.targets.len())
            .filter(|&at| !ignore.targets[at].used && is_idle(&ignore.targets[at].meaning))
            .collect();
        let Some(&first) = idle.first() else { return };
        let names: Vec<String> = idle.iter().map(|&at| format!("`{}`", ignore.targets[at].named.name)).collect();
        let message = match names.as_slice() {
            [name] => format!("ignoring {name} silences nothing here"),
            names => format!("ignoring {} silences nothing here", names.join(", ")),
        };
        let is_whole = idle.len() == ignore.targets.len();
        let mut fix = self.removal(if is_whole { &[] } else { &idle });
        if let (true, Some(end)) = (is_whole, ignore.partner) {
            fix.edits.push(Edit::delete(around(self.file.text(), end)));
        }
        let span = if is_whole { ignore.span } else { ignore.targets[first].named.span };
        let help = if is_whole { "remove the comment" } else { "remove the name from the comment" };
        self.raise(self.finding(rule, span, message).help(help).fix(fix), findings);
    }

    fn is_on(&self, id: &str) -> bool {
        find(id).is_some_and(|rule| self.config.level(rule, self.file.path()).is_some())
    }

    /// Removes some of the names, or the comment where none is given or none would be left.
    fn removal(&self, names: &[usize]) -> Fix {
        let (text, ignore) = (self.file.text(), self.ignore);
        if names.is_empty() || names.len() == ignore.targets.len() {
            return Fix::safe("remove the comment", vec![Edit::delete(around(text, ignore.span))]);
        }
        let span = |at: usize| ignore.targets[at].named.span;
        // A name goes with the comma before it; the first ones with the comma behind.
        let kept = (0..ignore.targets.len()).find(|at| !names.contains(at)).unwrap_or_default();
        let edits = names.iter().map(|&at| {
            let (start, end) =
                if at < kept { (span(at).start, span(at + 1).start) } else { (span(at - 1).end, span(at).end) };
            Edit::delete(Span::new(start, end))
        });
        Fix::safe("remove the name", edits.collect())
    }
}

/// A comment with the blanks before it, and with its line where it stands alone on it.
fn around(text: &str, comment: Span) -> Span {
    let before = text[..comment.start].trim_end_matches([' ', '\t']);
    let behind = text[comment.end..].trim_start_matches([' ', '\t', '\r']);
    let is_first = before.is_empty() || before.ends_with('\n');
    match behind.strip_prefix('\n') {
        Some(rest) if is_first => Span::new(before.len(), text.len() - rest.len()),
        Some(_) => Span::new(before.len(), comment.end),
        None if behind.is_empty() => Span::new(before.len(), comment.end),
        None if is_first => Span::new(comment.start, text.len() - behind.len()),
        // Two words must not become one.
        None => comment,
    }
}

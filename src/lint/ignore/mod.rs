//! Comments that silence findings: `-- dbctl:ignore RULE[, RULE]: REASON` and its kin, and squawk's.
//!
//! | comment | silences |
//! |---|---|
//! | `ignore`, alone before a statement | what is found in the statement |
//! | `ignore`, alone inside a statement | what is found on the next line of code, or in the statement of a body that begins there |
//! | `ignore`, behind code | what is found on its line |
//! | `ignore-file` | what is found in the file |
//! | `ignore-start` … `ignore-end` | what is found between the two; without an end, to the end of the file |
//!
//! `all` stands for every rule. Without a reason nothing is silenced; squawk's comments need none.

mod comment;
mod pass;
mod read;
mod squawk;
#[cfg(test)]
mod tests;
mod write;

pub(super) use pass::silence;
pub use write::ignoring;

use self::comment::Comment;
use self::read::{Named, Reach, Tool};
use crate::lint::LintFile;
use crate::lint::rules::{self, hygiene};
use crate::text::Span;

/// The word for every rule.
const ALL: &str = "all";

/// What a name in a comment stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    /// Every rule.
    All,
    /// These rules.
    Rules(Vec<&'static str>),
    /// Nothing that is known.
    Unknown,
}

/// A name in a comment, and whether it has silenced anything.
#[derive(Debug)]
struct Target {
    named: Named,
    meaning: Meaning,
    used: bool,
}

/// A comment that ignores.
#[derive(Debug)]
struct Ignore {
    /// The comment.
    span: Span,
    tool: Tool,
    reach: Reach,
    /// The word that says how far it reaches.
    word: Span,
    targets: Vec<Target>,
    has_reason: bool,
    /// Whether something stands behind the rules without a colon between.
    lacks_colon: bool,
    /// Where it silences; both ends belong to it.
    areas: Vec<Span>,
    /// Of an `ignore-start`: the comment that ends it. Of an `ignore-end`: the one that began it.
    partner: Option<Span>,
}

impl Ignore {
    /// Whether it silences anything at all.
    fn is_in_force(&self) -> bool {
        (self.has_reason || self.tool == Tool::Squawk) && !matches!(self.reach, Reach::End | Reach::Unknown)
    }

    fn covers(&self, at: usize) -> bool {
        self.areas.iter().any(|area| area.start <= at && at <= area.end)
    }

    /// Whether it silences a rule at a place; what does is marked as used.
    fn silences(&mut self, rule: &str, at: usize) -> bool {
        // What is found about the comment itself is not its to silence: an unused `all` would never be told.
        let is_own = [hygiene::unused_ignore::RULE.id, hygiene::unknown_ignore_rule::RULE.id].contains(&rule)
            && (self.span.start..self.span.end).contains(&at);
        if !self.is_in_force() || !self.covers(at) || is_own {
            return false;
        }
        let mut silenced = false;
        for target in &mut self.targets {
            let named = match &target.meaning {
                Meaning::All => true,
                Meaning::Rules(ids) => ids.contains(&rule),
                Meaning::Unknown => false,
            };
            target.used |= named;
            silenced |= named;
        }
        silenced
    }
}

/// The comments of a file that ignore, in order.
fn ignores(file: &LintFile) -> Vec<Ignore> {
    if !read::may_ignore(file.text()) {
        return Vec::new();
    }
    let mut inner: Vec<Span> = file.events.iter().map(|event| event.stmt.span).collect();
    inner.sort_unstable_by_key(|span| (span.start, span.end));
    all_in(file.text(), &file.statements, &inner)
}

/// The same of a text with its statements, and those with the statements inside them, sorted.
fn all_in(text: &str, statements: &[Span], inner: &[Span]) -> Vec<Ignore> {
    let mut found: Vec<Ignore> = Vec::new();
    for comment in comment::comments(text) {
        let Some(said) = read::read(text, comment.span) else { continue };
        let mut areas = match said.reach {
            Reach::Here => here(text, &comment, statements, inner),
            Reach::File => vec![Span::new(0, text.len())],
            Reach::Start => vec![Span::new(comment.span.end, text.len())],
            Reach::End | Reach::Unknown => Vec::new(),
        };
        if said.tool == Tool::Squawk && comment.trailing {
            areas.extend(comment.next.map(|next| line_of(text, next)));
        }
        let mut targets: Vec<Target> = said.rules.into_iter().map(|named| target(said.tool, named)).collect();
        if said.tool == Tool::Squawk && targets.is_empty() {
            let named = Named { span: said.word, name: ALL.to_owned() };
            targets.push(Target { named, meaning: Meaning::All, used: false });
        }
        let mut ignore = Ignore {
            span: comment.span,
            tool: said.tool,
            reach: said.reach,
            word: said.word,
            targets,
            has_reason: said.has_reason,
            lacks_colon: said.lacks_colon,
            areas,
            partner: None,
        };
        if ignore.reach == Reach::End {
            end(&mut found, &mut ignore);
        }
        found.push(ignore);
    }
    found
}

/// Ends the last `ignore-start` that is open; one that names rules ends the last that names the same.
fn end(found: &mut [Ignore], closing: &mut Ignore) {
    let names = |ignore: &Ignore| {
        let mut names: Vec<String> = ignore.targets.iter().map(|target| target.named.name.clone()).collect();
        names.sort();
        names
    };
    let wanted = names(closing);
    let open = found.iter_mut().rev().find(|ignore| {
        ignore.reach == Reach::Start && ignore.partner.is_none() && (wanted.is_empty() || names(ignore) == wanted)
    });
    if let Some(open) = open {
        open.partner = Some(closing.span);
        open.areas = vec![Span::new(open.span.end, closing.span.start)];
        closing.partner = Some(open.span);
    }
}

/// Where a comment silences that is about what stands next to it.
fn here(text: &str, comment: &Comment, statements: &[Span], inner: &[Span]) -> Vec<Span> {
    if comment.trailing {
        return vec![line_of(text, comment.span.start)];
    }
    let Some(next) = comment.next else { return Vec::new() };
    let after = statements.partition_point(|span| span.start <= comment.span.start);
    let is_inside = after.checked_sub(1).is_some_and(|before| comment.span.start < statements[before].end);
    if !is_inside {
        return statements.get(after).copied().into_iter().collect();
    }
    let line = Span::new(next, line_of(text, next).end);
    let first = inner.partition_point(|span| span.start < next);
    let begins_here = inner[first..].iter().take_while(|span| span.start == next).last().copied();
    std::iter::once(line).chain(begins_here).collect()
}

/// The line that a byte stands in.
fn line_of(text: &str, at: usize) -> Span {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    Span::new(start, end)
}

fn target(tool: Tool, named: Named) -> Target {
    let own = || rules::find(&named.name).map(|rule| Meaning::Rules(vec![rule.id]));
    let meaning = match tool {
        _ if named.name == ALL => Some(Meaning::All),
        Tool::Dbctl => own(),
        Tool::Squawk => squawk::counterparts(&named.name).map(Meaning::Rules).or_else(own),
    };
    Target { meaning: meaning.unwrap_or(Meaning::Unknown), named, used: false }
}

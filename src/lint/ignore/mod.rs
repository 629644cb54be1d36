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

pub(super) use pass::silence;

use self::comment::Comment;
use self::read::{Named, Reach, Tool};
use crate::lint::LintFile;
use crate::lint::rules;
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
        if !self.is_in_force() || !self.covers(at) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::split;

    /// What of the text is silenced, with the places between `[` and `]`.
    fn areas(text: &str) -> Vec<Vec<&str>> {
        let statements: Vec<Span> = split(text).unwrap().iter().map(|statement| statement.span).collect();
        let inner: Vec<Span> =
            text.match_indices("alter ").map(|(at, _)| Span::new(at, at + text[at..].find(';').unwrap())).collect();
        all_in(text, &statements, &inner).iter().map(|it| it.areas.iter().map(|area| area.of(text)).collect()).collect()
    }

    #[test]
    fn stands_for_the_next_statement_when_it_stands_between_two() {
        let text = "select 0;\n-- dbctl:ignore all: x\n\n-- more\nselect\n  1;\nselect 2;\n/* dbctl:ignore all: x */ select 3;\n\
                    -- dbctl:ignore all: last\n";
        assert_eq!(areas(text), [vec!["select\n  1"], vec!["select 3"], vec![]]);
    }

    #[test]
    fn stands_for_a_line_when_it_stands_in_a_statement() {
        let text = "create table t ( -- dbctl:ignore all: x\n  a int,\n  -- dbctl:ignore all: x\n  -- dbctl:ignore all: y\n  b int,\n\
                    c int\n);";
        let first = "create table t ( -- dbctl:ignore all: x";
        assert_eq!(areas(text), [vec![first], vec!["b int,"], vec!["b int,"]]);
    }

    #[test]
    fn stands_for_the_statement_of_a_body_that_begins_on_the_next_line() {
        let text = "do $$\nbegin\n  -- dbctl:ignore all: x\n  alter table t\n    drop column c;\n  perform 1; -- dbctl:ignore all: y\nend $$;";
        assert_eq!(
            areas(text),
            [vec!["alter table t", "alter table t\n    drop column c"], vec!["  perform 1; -- dbctl:ignore all: y"]]
        );
    }

    #[test]
    fn stands_for_what_is_between_start_and_end() {
        let text = "-- dbctl:ignore-start all: x\n1;\n-- dbctl:ignore-start unused-ignore: y\n2;\n-- dbctl:ignore-end all\n3;\n\
                    -- dbctl:ignore-end\n-- dbctl:ignore-end\n-- dbctl:ignore-file all: z";
        let found = all_in(text, &[], &[]);
        let has = |at: usize| found.iter().map(|ignore| ignore.covers(at)).collect::<Vec<_>>();
        assert_eq!(has(text.find("1;").unwrap()), [true, false, false, false, false, true]);
        assert_eq!(has(text.find("2;").unwrap()), [true, true, false, false, false, true]);
        assert_eq!(has(text.find("3;").unwrap()), [false, true, false, false, false, true]);
        assert_eq!(
            found.iter().map(|it| it.partner.is_some()).collect::<Vec<_>>(),
            [true, true, true, true, false, false]
        );
    }

    #[test]
    fn reaches_the_line_behind_as_squawk_does() {
        let text = "alter table t -- squawk-ignore ban-drop-column\n  drop column c;";
        assert_eq!(areas(text), [vec!["alter table t -- squawk-ignore ban-drop-column", "  drop column c;"]]);
    }
}

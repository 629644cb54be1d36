//! A comment that ignores: whose it is, how far it reaches, which rules it names and why.

use crate::text::{Span, did_you_mean};

/// Whose comment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    /// dbctl's.
    Dbctl,
    /// squawk's, which may serve squawk as well.
    Squawk,
}

/// How far it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The next statement, or the line of a clause.
    Here,
    /// The file.
    File,
    /// From here on.
    Start,
    /// As far as here.
    End,
    /// The word is none of ours: `ignore-flie`.
    Unknown,
}

/// The words for the reaches.
pub(super) const REACHES: [(&str, Reach); 4] =
    [("ignore", Reach::Here), ("ignore-file", Reach::File), ("ignore-start", Reach::Start), ("ignore-end", Reach::End)];

/// A rule as it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Where.
    pub(super) span: Span,
    /// In lower case.
    pub(super) name: String,
}

/// What a comment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// Whose it is.
    pub(super) tool: Tool,
    /// How far it reaches.
    pub(super) reach: Reach,
    /// The word that says so.
    pub(super) word: Span,
    /// The rules that it names.
    pub(super) rules: Vec<Named>,
    /// Whether it says why.
    pub(super) has_reason: bool,
    /// Whether something stands behind the rules without a colon between.
    pub(super) lacks_colon: bool,
}

/// The word that another one was meant to be.
pub(super) fn nearest(word: &str) -> Option<&'static str> {
    did_you_mean(word, REACHES.map(|(word, _)| word))
}

/// Whether a text may have comments that ignore: a quick look that spares most files the reading of their tokens.
pub(super) fn may_ignore(text: &str) -> bool {
    let ends_in_dbctl =
        |before: &str| before.len() >= 5 && before.as_bytes()[before.len() - 5..].eq_ignore_ascii_case(b"dbctl");
    let mut colons = text.match_indices(':').map(|(at, _)| at);
    colons.any(|at| ends_in_dbctl(&text[..at])) || text.contains("squawk-ignore")
}

/// Reads a comment; `None` where it is not about ignoring.
pub(super) fn read(text: &str, comment: Span) -> Option<Said> {
    let written = comment.of(text);
    let (inside, end) = match written.strip_prefix("--") {
        Some(_) => (comment.start + 2, comment.end),
        None => (comment.start + 2, if written.ends_with("*/") { comment.end - 2 } else { comment.end }),
    };
    let mut cursor = Cursor { text: text.get(..end)?, at: inside };
    cursor.blanks();
    let tool = if cursor.take("dbctl:") {
        cursor.blanks();
        Tool::Dbctl
    } else if cursor.take("squawk-") {
        Tool::Squawk
    } else {
        return None;
    };
    let word = cursor.word();
    let said = word.of(text).to_ascii_lowercase();
    let reach = match REACHES.iter().find(|(name, _)| *name == said) {
        Some(&(_, reach @ (Reach::Here | Reach::File))) => reach,
        Some(&(_, reach)) if tool == Tool::Dbctl => reach,
        None if tool == Tool::Dbctl && (said.starts_with("ignore-") || nearest(&said).is_some()) => Reach::Unknown,
        _ => return None,
    };
    let mut rules = Vec::new();
    loop {
        cursor.blanks();
        let span = cursor.word();
        if span.start == span.end {
            break;
        }
        rules.push(Named { span, name: span.of(text).to_ascii_lowercase() });
        cursor.blanks();
        if !cursor.take(",") {
            break;
        }
    }
    let has_colon = cursor.take(":");
    let goes_on = cursor.rest().contains(char::is_alphanumeric);
    Some(Said { tool, reach, word, rules, has_reason: has_colon && goes_on, lacks_colon: !has_colon && goes_on })
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Goes past a prefix, in any case.
    fn take(&mut self, prefix: &str) -> bool {
        let here = self.rest().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        self.at += if here { prefix.len() } else { 0 };
        here
    }

    /// Goes past letters, digits and hyphens.
    fn word(&mut self) -> Span {
        let start = self.at;
        let is_end = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '*'));
        self.at += self.rest().find(is_end).unwrap_or(self.rest().len());
        Span::new(start, self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<(Tool, Reach, String, bool)> {
        let said = read(text, Span::new(0, text.len()))?;
        let rules: Vec<_> = said.rules.iter().map(|rule| rule.name.as_str()).collect();
        Some((said.tool, said.reach, rules.join(" "), said.has_reason))
    }

    #[test]
    fn reads_every_way_to_write_it() {
        let expect = |tool, reach, rules: &str, reason| Some((tool, reach, rules.to_owned(), reason));
        for (text, expected) in [
            ("-- dbctl:ignore a-b: why", expect(Tool::Dbctl, Reach::Here, "a-b", true)),
            ("--DBCTL: Ignore a , B:why: so", expect(Tool::Dbctl, Reach::Here, "a b", true)),
            ("/* dbctl:ignore-file all: generated */", expect(Tool::Dbctl, Reach::File, "all", true)),
            ("/*dbctl:ignore a:*/", expect(Tool::Dbctl, Reach::Here, "a", false)),
            ("-- dbctl:ignore a because", expect(Tool::Dbctl, Reach::Here, "a", false)),
            ("-- dbctl:ignore: why", expect(Tool::Dbctl, Reach::Here, "", true)),
            ("-- dbctl:ignore-start a: why", expect(Tool::Dbctl, Reach::Start, "a", true)),
            ("-- dbctl:ignore-end", expect(Tool::Dbctl, Reach::End, "", false)),
            ("-- dbctl:ignore-next-line a: why", expect(Tool::Dbctl, Reach::Unknown, "a", true)),
            ("-- squawk-ignore a,b -- c", expect(Tool::Squawk, Reach::Here, "a b", false)),
            ("-- squawk-ignore-file", expect(Tool::Squawk, Reach::File, "", false)),
            ("-- squawk-ignored", None),
            ("-- squawk-ignore-start a", None),
            ("-- dbctl: ignored", expect(Tool::Dbctl, Reach::Unknown, "", false)),
            ("-- dbctl:ignor a: why", expect(Tool::Dbctl, Reach::Unknown, "a", true)),
            ("-- dbctl:ignore_file a: why", expect(Tool::Dbctl, Reach::Unknown, "a", true)),
            ("-- dbctl: no-transaction", None),
            ("-- we dbctl:ignore a", None),
            ("--", None),
            ("/*", None),
        ] {
            assert_eq!(said(text), expected, "{text}");
            assert!(expected.is_none() || may_ignore(text), "{text}");
        }
    }
}

//! Texts that fit a pattern: regular expressions as far as checks use them, and `like`.

use std::iter::Peekable;
use std::str::Chars;

/// How long a part may become that a pattern repeats.
const LONGEST: usize = 4096;

/// A part of a regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// One of these characters.
    One(Vec<char>),
    /// One after another.
    All(Vec<Self>),
    /// One of these.
    Either(Vec<Self>),
    /// Again and again: at least, at most.
    Repeat(Box<Self>, usize, Option<usize>),
}

/// A regular expression that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Part);

impl Pattern {
    /// Reads a regular expression; nothing where it is no such.
    /// <https://www.postgresql.org/docs/18/functions-matching.html#FUNCTIONS-POSIX-REGEXP>
    pub fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix("(?i)").unwrap_or(text);
        let mut reader = Reader { rest: text.chars().peekable(), depth: 0 };
        let part = reader.either()?;
        reader.rest.peek().is_none().then_some(Self(part))
    }

    /// The text of a number; what may be repeated is, so often where that is allowed.
    pub fn text(&self, number: u64, length: usize) -> String {
        let mut text = String::new();
        let mut rest = number;
        write(&self.0, &mut rest, length, &mut text);
        text
    }
}

fn write(part: &Part, number: &mut u64, length: usize, text: &mut String) {
    let mut choose = |count: usize| {
        let count = u64::try_from(count.max(1)).unwrap_or(1);
        let chosen = *number % count;
        *number /= count;
        usize::try_from(chosen).unwrap_or(0)
    };
    match part {
        Part::One(characters) => {
            let chosen = choose(characters.len());
            text.extend(characters.get(chosen));
        }
        Part::All(parts) => parts.iter().for_each(|it| write(it, number, length, text)),
        Part::Either(parts) => {
            let chosen = choose(parts.len());
            if let Some(part) = parts.get(chosen) {
                write(part, number, length, text);
            }
        }
        Part::Repeat(part, least, most) => {
            // What is more than a character is repeated less.
            let length = if matches!(**part, Part::One(_)) { length } else { length.min(2) };
            let times = length.max(*least).min(most.unwrap_or(usize::MAX)).min(LONGEST);
            for _ in 0..times {
                write(part, number, length, text);
            }
        }
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    depth: usize,
}

impl Reader<'_> {
    fn either(&mut self) -> Option<Part> {
        self.depth += 1;
        if self.depth > 50 {
            return None;
        }
        let mut branches = vec![self.all()?];
        while self.rest.next_if_eq(&'|').is_some() {
            branches.push(self.all()?);
        }
        self.depth -= 1;
        Some(if branches.len() == 1 { branches.remove(0) } else { Part::Either(branches) })
    }

    fn all(&mut self) -> Option<Part> {
        let mut parts = Vec::new();
        while let Some(next) = self.rest.peek().copied() {
            if matches!(next, '|' | ')') {
                break;
            }
            self.rest.next();
            let part = match next {
                '^' | '$' => continue,
                '(' => self.group()?,
                '[' => self.class()?,
                '.' => Part::One(letters()),
                '\\' => match escaped(self.rest.next()?) {
                    Some(characters) => Part::One(characters),
                    None => continue,
                },
                other => Part::One(vec![other]),
            };
            parts.push(self.repeated(part)?);
        }
        Some(Part::All(parts))
    }

    /// What stands in parentheses: no text where it only looks ahead or back.
    fn group(&mut self) -> Option<Part> {
        let mut is_look = false;
        if self.rest.next_if_eq(&'?').is_some() {
            match self.rest.next()? {
                ':' => {}
                '=' | '!' => is_look = true,
                '<' => {
                    self.rest.next();
                    is_look = true;
                }
                _ => return None,
            }
        }
        let part = self.either()?;
        self.rest.next_if_eq(&')')?;
        Some(if is_look { Part::All(Vec::new()) } else { part })
    }

    fn repeated(&mut self, part: Part) -> Option<Part> {
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.rest.next();
                let inside: String = std::iter::from_fn(|| self.rest.next_if(|it| *it != '}')).collect();
                let (least, most) = inside.split_once(',').map_or((&*inside, Some(&*inside)), |(least, most)| {
                    (least, Some(most).filter(|it| !it.is_empty()))
                });
                let most = match most {
                    Some(most) => Some(most.trim().parse().ok()?),
                    None => None,
                };
                (least.trim().parse().ok()?, most)
            }
            _ => return Some(part),
        };
        self.rest.next();
        self.rest.next_if_eq(&'?');
        Some(Part::Repeat(Box::new(part), least, most))
    }

    /// What stands in brackets.
    fn class(&mut self) -> Option<Part> {
        let is_not = self.rest.next_if_eq(&'^').is_some();
        let mut members: Vec<char> = Vec::new();
        let mut is_first = true;
        loop {
            let next = self.rest.next()?;
            match next {
                ']' if !is_first => break,
                '[' if self.rest.peek() == Some(&':') => {
                    self.rest.next();
                    let name: String = std::iter::from_fn(|| self.rest.next_if(|it| *it != ':')).collect();
                    self.rest.next();
                    self.rest.next_if_eq(&']')?;
                    members.extend(named(&name)?);
                }
                '\\' => members.extend(escaped(self.rest.next()?)?),
                '-' if !is_first && self.rest.peek() != Some(&']') => {
                    let to = match self.rest.next()? {
                        '\\' => self.rest.next()?,
                        other => other,
                    };
                    let from = *members.last()?;
                    members.extend((from..=to).skip(1).take(200));
                }
                other => members.push(other),
            }
            is_first = false;
        }
        if is_not {
            let kept: Vec<char> =
                letters().into_iter().chain(" -_.".chars()).filter(|it| !members.contains(it)).collect();
            return Some(Part::One(kept));
        }
        // Letters of few surprises first, so that short texts are words.
        let (plain, other): (Vec<char>, Vec<char>) = members.into_iter().partition(char::is_ascii_alphanumeric);
        Some(Part::One(plain.into_iter().chain(other).collect()))
    }
}

fn letters() -> Vec<char> {
    ('a'..='z').chain('0'..='9').chain('A'..='Z').collect()
}

/// What an escape stands for: characters, or nothing where it is a place.
fn escaped(character: char) -> Option<Vec<char>> {
    Some(match character {
        'd' => ('0'..='9').collect(),
        'w' => letters().into_iter().chain(['_']).collect(),
        's' => vec![' '],
        'D' => ('a'..='z').collect(),
        'S' => letters(),
        'W' => vec!['-', '.'],
        'm' | 'M' | 'y' | 'Y' | 'A' | 'Z' | 'b' | 'B' => return None,
        'n' => vec!['\n'],
        't' => vec!['\t'],
        other => vec![other],
    })
}

fn named(name: &str) -> Option<Vec<char>> {
    Some(match name {
        "alpha" => ('a'..='z').chain('A'..='Z').collect(),
        "lower" => ('a'..='z').collect(),
        "upper" => ('A'..='Z').collect(),
        "digit" => ('0'..='9').collect(),
        "alnum" | "graph" | "print" => letters(),
        "xdigit" => ('a'..='f').chain('0'..='9').collect(),
        "space" | "blank" => vec![' '],
        "punct" => vec!['-', '.', '_'],
        _ => return None,
    })
}

/// A text that `like` takes for a number.
pub fn like(pattern: &str, number: u64) -> String {
    let mut text = String::new();
    let mut is_given = false;
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' if !is_given => {
                text.push('a');
                text += &(number + 1).to_string();
                is_given = true;
            }
            '%' => {}
            '_' => text.push('a'),
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn text(pattern: &str, number: u64, length: usize) -> String {
        Pattern::read(pattern).unwrap().text(number, length)
    }

    #[test]
    fn texts_fit_their_pattern() {
        assert_eq!(text("^[a-z0-9_]+$", 0, 3), "aaa");
        assert_eq!(text("^#[0-9a-fA-F]{6}$", 1, 1), "#100000");
        assert_eq!(text(r"^\d{3}-\d{4}$", 0, 9), "000-0000");
        assert_eq!(text("^(a|b)?c{2,3}$", 1, 1), "bcc");
        assert_eq!(text(r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$", 0, 2), "AA@AA.AA");
        assert_eq!(text("^(?=.*x)[^a-z]$", 0, 1), "0");
        assert_eq!(text("[[:upper:]]{2}", 1, 1), "BA");
        assert_eq!(like("https://%.example/_", 4), "https://a5.example/a");
        assert_eq!(Pattern::read("(a"), None);
        assert_eq!(Pattern::read("a)"), None);
    }

    #[test]
    fn numbers_give_different_texts() {
        let pattern = Pattern::read("^[a-z]+(-[a-z]+)*$").unwrap();
        let texts: BTreeSet<String> = (0..500).map(|number| pattern.text(number, 3)).collect();
        assert_eq!(texts.len(), 500);
    }
}

//! The values that are worth trying for a column, as SQL, the likeliest first.

use super::check::Hint;
use super::pattern::{Pattern, like};
use super::value::quoted;
use super::{Column, Place, Shape};
use crate::text::quote_literal;

/// How long a text is made because a number stands in a check.
const LONGEST: usize = 4096;

/// Texts of kinds that functions look for, `{}` for a number.
pub const TEXTS: &[&str] = &[
    "a{}",
    "1.0.{}",
    "{}",
    "name{}@example.com",
    "https://example.com/{}",
    "A{}",
    "a-{}",
    "00000000-0000-4000-8000-00000000000{}",
    "#00000{}",
    "2024-01-0{}",
    "10.0.0.{}",
    "+1555000000{}",
    "example{}.com",
    "/a{}",
    "{\"n\": {}}",
    "a{}.b",
    "en",
    "USD",
    "UTC",
    "",
];

/// Makes values for a column.
pub struct Maker<'a> {
    /// The column.
    pub column: &'a Column,
    /// Its place.
    pub place: Place<'a>,
    /// The number of the first value.
    pub start: u64,
    /// How many values are wanted.
    pub count: usize,
}

impl Maker<'_> {
    /// The values without any check, different ones.
    pub fn plain(&self) -> Vec<String> {
        let mut values = Vec::new();
        if let (Shape::Text(_), Some(default)) = (self.column.shape.base(), self.constant_default()) {
            // A text with a default is a word out of a few more often than not.
            values.push(format!("({default})::{}", self.column.base));
        }
        values.extend(self.numbered());
        values
    }

    /// The values where checks speak of the column, from what they say.
    pub fn hinted(&self, hints: &[Hint]) -> Vec<String> {
        let mut lists = vec![self.numbered()];
        for hint in hints {
            lists.push(self.of_hint(hint, self.column.shape.base(), hints));
        }
        let mut values: Vec<String> = Vec::new();
        // The first of each, then the second of each: the few that may be asked about are of all sorts.
        lists.push(self.objects(hints));
        let longest = lists.iter().map(Vec::len).max().unwrap_or_default();
        let null = (!self.column.not_null).then(|| "null".to_owned());
        let last = self.last_resort();
        let default = self.constant_default().map(|it| format!("({it})::{}", self.column.base));
        for at in 0..longest {
            values.extend(lists.iter().filter_map(|list| list.get(at).cloned()));
            if at == 0 {
                values.extend(default.clone());
                values.extend(null.clone());
            }
        }
        values.extend(last);
        let mut seen = std::collections::HashSet::new();
        values.retain(|it| seen.insert(it.clone()));
        values
    }

    /// A default that is a constant.
    fn constant_default(&self) -> Option<&str> {
        let default = self.column.default.as_deref()?;
        let is_constant = !default.contains('(') && !default.to_ascii_lowercase().starts_with("current_");
        (is_constant && !default.starts_with("NULL") && !default.starts_with("''")).then_some(default)
    }

    fn numbered(&self) -> Vec<String> {
        let few = self.column.shape.count().map_or(u64::MAX, |it| it.max(1));
        let count = u64::try_from(self.count).unwrap_or(u64::MAX).min(few);
        let numbers = self.start..self.start.saturating_add(count);
        let values = numbers.filter_map(|number| self.column.shape.text(number, self.place));
        values.map(|it| quote_literal(&it)).collect()
    }

    fn numbers(&self) -> std::ops::Range<u64> {
        self.start..self.start + u64::try_from(self.count).unwrap_or(0)
    }

    fn of_hint(&self, hint: &Hint, shape: &Shape, all: &[Hint]) -> Vec<String> {
        match shape {
            Shape::Text(most) => self.texts(hint, *most, all).iter().map(|it| quote_literal(it)).collect(),
            Shape::Integer(_) | Shape::Numeric(..) | Shape::Float => self.near(hint, shape),
            Shape::Date | Shape::Timestamp => match hint {
                Hint::Word(word) if is_date(word) => self.moments(word, shape),
                _ => Vec::new(),
            },
            Shape::Enum(labels) => match hint {
                Hint::Word(word) if labels.contains(word) => vec![quote_literal(word)],
                _ => Vec::new(),
            },
            Shape::Array(element) => self.arrays(hint, element, all),
            Shape::Json => match hint {
                Hint::Word(word) => {
                    let key = word.replace('\\', "\\\\").replace('"', "\\\"");
                    let forms = [
                        format!("{{\"{key}\": \"a\"}}"),
                        format!("{{\"{key}\": 1}}"),
                        format!("[\"{key}\"]"),
                        format!("\"{key}\""),
                    ];
                    forms.iter().map(|it| quote_literal(it)).collect()
                }
                _ => Vec::new(),
            },
            Shape::Bytes => match hint {
                Hint::Number(number) => lengths(number)
                    .into_iter()
                    .flat_map(|length| self.numbers().map(move |number| bytes(number, length)))
                    .collect(),
                _ => Vec::new(),
            },
            Shape::Byte => match hint {
                Hint::Word(word) if word.len() == 1 => vec![quote_literal(word)],
                _ => Vec::new(),
            },
            Shape::Interval | Shape::Address | Shape::Uuid | Shape::Word | Shape::Range(_) | Shape::Time => {
                match hint {
                    Hint::Word(word)
                        if word.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '[')
                            && fits(word, shape) =>
                    {
                        vec![quote_literal(word)]
                    }
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    /// JSON objects with all words of checks as keys: what is asked for is there, and a number too.
    fn objects(&self, hints: &[Hint]) -> Vec<String> {
        let words: Vec<&String> =
            hints.iter().filter_map(|it| if let Hint::Word(it) = it { Some(it) } else { None }).collect();
        if words.is_empty() || !matches!(self.column.shape.base(), Shape::Json) {
            return Vec::new();
        }
        let object = |number: u64| {
            let pairs: Vec<String> = words.iter().map(|it| format!("{}: \"{}\"", quoted(it), number + 1)).collect();
            quote_literal(&format!("{{{}}}", pairs.join(", ")))
        };
        self.numbers().map(object).collect()
    }

    fn texts(&self, hint: &Hint, most: Option<usize>, all: &[Hint]) -> Vec<String> {
        let mut texts = Vec::new();
        match hint {
            Hint::Word(word) => texts.push(word.clone()),
            Hint::Like(pattern) => texts.extend(self.numbers().map(|number| like(pattern, number))),
            Hint::Pattern(pattern) => {
                let Some(pattern) = Pattern::read(pattern) else { return Vec::new() };
                let mut wanted = vec![6, 1, 3, 12];
                for hint in all {
                    if let Hint::Number(number) = hint {
                        wanted.extend(lengths(number));
                    }
                }
                for number in self.numbers() {
                    texts.extend(wanted.iter().map(|length| pattern.text(number, *length)));
                }
            }
            Hint::Number(number) => {
                for length in lengths(number) {
                    texts.extend(self.numbers().map(|number| padded(number, length)));
                }
                texts.push(number.clone());
            }
        }
        texts.retain(|it| most.is_none_or(|most| it.chars().count() <= most));
        texts
    }

    /// Numbers at a bound, above it and below it.
    fn near(&self, hint: &Hint, shape: &Shape) -> Vec<String> {
        let (Hint::Number(text) | Hint::Word(text)) = hint else { return Vec::new() };
        let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
        let Ok(whole) = whole.parse::<i64>() else { return Vec::new() };
        let most = match shape {
            Shape::Integer(most) => *most,
            Shape::Numeric(before, _) => 10_i64.saturating_pow((*before).min(18)) - 1,
            _ => i64::MAX,
        };
        let mut values = Vec::new();
        if fraction.is_some() && !matches!(shape, Shape::Integer(_)) {
            values.push(quote_literal(text));
        }
        let start = i64::try_from(self.start).unwrap_or(0);
        for step in 0..i64::try_from(self.count).unwrap_or(0) {
            for value in [whole.saturating_add(step), whole.saturating_sub(step), whole.saturating_add(start + step)] {
                if (-most..=most).contains(&value) {
                    values.push(quote_literal(&value.to_string()));
                }
            }
        }
        if !matches!(shape, Shape::Integer(_) | Shape::Numeric(_, 0)) {
            values.insert(0, quote_literal(&format!("{whole}.5")));
            values.extend((1..=9).map(|digit| quote_literal(&format!("{whole}.{digit}"))));
        }
        values
    }

    fn moments(&self, word: &str, shape: &Shape) -> Vec<String> {
        let word = quote_literal(word);
        let step = |number: i64| match shape {
            Shape::Date => format!("((date {word} + {number})::{})", self.column.base),
            _ => format!("((timestamptz {word} + interval '{number} hours')::{})", self.column.base),
        };
        let count = i64::try_from(self.count).unwrap_or(0);
        (0..count).map(step).chain([step(-1), step(-24)]).collect()
    }

    fn arrays(&self, hint: &Hint, element: &Shape, all: &[Hint]) -> Vec<String> {
        let array = |elements: Vec<String>| {
            quote_literal(&format!("{{{}}}", elements.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(",")))
        };
        let nth = |number: u64| element.text(number, self.place).unwrap_or_default();
        match hint {
            Hint::Word(word)
                if matches!(element.base(), Shape::Text(_))
                    || matches!(element.base(), Shape::Enum(labels) if labels.contains(word)) =>
            {
                vec![array(vec![word.clone()])]
            }
            Hint::Number(number) => lengths(number)
                .into_iter()
                .filter(|length| *length < 100)
                .map(|length| array((0..length as u64).map(nth).collect()))
                .collect(),
            Hint::Pattern(_) | Hint::Like(_) if matches!(element.base(), Shape::Text(_)) => {
                self.texts(hint, None, all).into_iter().map(|it| array(vec![it])).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What may fit where nothing else does.
    fn last_resort(&self) -> Vec<String> {
        let texts: Vec<String> = match self.column.shape.base() {
            Shape::Text(most) => {
                let texts = TEXTS.iter().map(|it| it.replace("{}", &(self.start % 9 + 1).to_string()));
                texts.filter(|it| most.is_none_or(|most| it.len() <= most)).collect()
            }
            Shape::Integer(_) | Shape::Float | Shape::Numeric(..) => ["0", "1", "-1"].map(str::to_owned).to_vec(),
            Shape::Json => ["{}", "[]", "[{}]", "\"a\"", "1", "true", "[\"a\"]", "null"].map(str::to_owned).to_vec(),
            Shape::Date | Shape::Timestamp => {
                let days = self.numbers().map(|it| it % 28 + 1);
                days.flat_map(|day| [format!("2099-01-{day:02}"), format!("2001-01-{day:02}")]).collect()
            }
            Shape::Array(_) => vec!["{}".to_owned()],
            Shape::Interval => ["1 hour", "1 minute", "0"].map(str::to_owned).to_vec(),
            _ => Vec::new(),
        };
        texts.iter().map(|it| quote_literal(it)).collect()
    }
}

/// The lengths that a number in a check may mean.
fn lengths(number: &str) -> Vec<usize> {
    let Ok(length) = number.parse::<usize>() else { return Vec::new() };
    [length, length + 1, length.saturating_sub(1)].into_iter().filter(|it| *it <= LONGEST).collect()
}

/// A text of a length.
fn padded(number: u64, length: usize) -> String {
    let number = (number + 1).to_string();
    let head: String = format!("a{number}").chars().take(length).collect();
    format!("{head}{}", "a".repeat(length - head.len()))
}

fn bytes(number: u64, length: usize) -> String {
    let text = format!("{:0width$x}", number + 1, width = length * 2);
    quote_literal(&format!("\\x{}", &text[text.len() - length * 2..]))
}

fn is_date(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[..4].iter().all(u8::is_ascii_digit)
}

/// Whether a word of a check can be read as a value of the type, as far as its looks go.
fn fits(word: &str, shape: &Shape) -> bool {
    let has = |characters: &str| word.chars().all(|it| it.is_ascii_alphanumeric() || characters.contains(it));
    match shape {
        Shape::Uuid => word.len() == 36 && word.chars().all(|it| it.is_ascii_hexdigit() || it == '-'),
        Shape::Address => word.starts_with(|it: char| it.is_ascii_digit()) && has("./:"),
        Shape::Interval => word.starts_with(|it: char| it.is_ascii_digit()) && has(" :."),
        Shape::Time => word.starts_with(|it: char| it.is_ascii_digit()) && word.contains(':') && has(":.+-"),
        Shape::Range(_) => word.starts_with('[') || word == "empty",
        Shape::Word => has("_."),
        _ => false,
    }
}

//! The version of a migration: as its file name says it, and as a number that the history can keep.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::text::did_you_mean;

/// What is taken from a twenty-digit version (`20150100000001000000`: date, time and microseconds) to fit 64 bits.
///
/// The difference keeps the order and can be added again; it holds for the years 1970 to 2892.
const TWENTY_DIGITS_OFFSET: i128 = 19_700_000_000_000_000_000;

/// The digits to which a version that is ordered as text is filled up.
const TEXT_DIGITS: usize = 18;

/// The length up to which versions that differ in zeros at the end alone cannot be told apart; none is so short.
const SHORT_TEXT: usize = 9;

/// The digits of a version that is a part of a name.
const NAME_DIGITS: usize = 14;

/// How many migrations can share a number where their whole names tell them apart.
const SHARED: i64 = 1_000;

/// A version; two are equal and ordered by their keys, within one layout.
#[derive(Debug, Clone)]
pub struct Version {
    text: String,
    key: i64,
}

/// By what a tool orders its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As numbers: `9` before `10`.
    Number,
    /// As whole names, as Prisma does: `20240528214728_a` and `20240528214728_b` are two versions.
    Name,
    /// As text without `-`, as diesel does: `2026-06-26-100902-0000` lies behind `20260626100901`.
    Text,
}

/// Why a text is no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// It has other characters than digits (and, where versions are text, `-`).
    #[error("a version has only digits")]
    NotDigits,
    /// It does not fit into 64 bits.
    #[error("the version has more digits than the history can keep")]
    TooLong,
}

impl Version {
    /// Reads the version of a file name.
    ///
    /// As a number the key is the number itself; only a number that does not fit 64 bits is lowered by
    /// 19 700 000 000 000 000 000. As a name it is the digits, filled up with nines on the right to fourteen (`_`
    /// stands behind the digits), a thousand times, with room for those that share them (see [`Version::shared`]). As
    /// text the key is the digits, filled up with zeros on the right to eighteen, and behind them one digit for the
    /// length, as `20260527120000` stands before `202605271200000000`.
    pub fn parse(text: &str, order: Order) -> Result<Self, VersionError> {
        let digits = match order {
            Order::Number | Order::Name => text.to_owned(),
            Order::Text => text.replace('-', ""),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(VersionError::NotDigits);
        }
        let key = match order {
            Order::Number => {
                let number: i128 = digits.parse().map_err(|_| VersionError::TooLong)?;
                i64::try_from(number).or_else(|_| i64::try_from(number - TWENTY_DIGITS_OFFSET))
            }
            Order::Name if digits.len() > NAME_DIGITS => return Err(VersionError::TooLong),
            Order::Name => {
                let number: i128 = format!("{digits:9<NAME_DIGITS$}").parse().map_err(|_| VersionError::TooLong)?;
                i64::try_from(number.saturating_mul(SHARED.into()))
            }
            Order::Text if digits.len() > TEXT_DIGITS => return Err(VersionError::TooLong),
            Order::Text => {
                let length = digits.len().saturating_sub(SHORT_TEXT);
                let number: i128 =
                    format!("{digits:0<TEXT_DIGITS$}{length}").parse().map_err(|_| VersionError::TooLong)?;
                i64::try_from(number)
            }
        };
        let key = key.ok().filter(|key| *key >= 0).ok_or(VersionError::TooLong)?;
        Ok(Self { text: text.to_owned(), key })
    }

    /// The version of the migration that is the `rank`th (from 0, by name) of those that share a number.
    ///
    /// Its text is the whole name then. A migration that gets the number of applied ones later, and a name that
    /// stands before theirs, would take over their keys; the names in the history show it.
    #[must_use]
    pub fn shared(&self, rank: usize, whole_name: &str) -> Option<Self> {
        let rank = i64::try_from(rank).ok().filter(|rank| *rank < SHARED)?;
        Some(Self { text: whole_name.to_owned(), key: self.key.checked_add(rank)? })
    }

    /// `VERSION_name`; the version itself where it holds the name.
    #[must_use]
    pub fn with_name(&self, name: &str) -> String {
        if self.text.contains('_') { self.text.clone() } else { format!("{}_{name}", self.text) }
    }

    /// A version of which only the key is known: the history has it, the folder does not.
    #[must_use]
    pub fn from_key(key: i64) -> Self {
        Self { text: key.to_string(), key }
    }

    /// As the file name says it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number that the history keeps.
    #[must_use]
    pub fn key(&self) -> i64 {
        self.key
    }

    /// Finds the version that a person means among `known` ones (with their names).
    ///
    /// Understood are the version, `VERSION_name`, the name, a path to the file, and any beginning that only one has.
    pub fn parse_user<'a>(
        input: &str,
        known: impl IntoIterator<Item = (&'a Self, &'a str)>,
    ) -> Result<Self, UnknownVersion> {
        let wanted = stem(input);
        let known: Vec<Known<'a>> =
            known.into_iter().map(|(version, name)| Known { version, name, full: version.with_name(name) }).collect();
        let exact = known.iter().find(|known| {
            known.version.text == wanted
                || known.full == wanted
                || wanted.parse().is_ok_and(|number: i64| number == known.version.key)
        });
        if let Some(known) = exact {
            return Ok(known.version.clone());
        }
        let plain = wanted.replace('-', "");
        let matching: Vec<&Known<'a>> = known
            .iter()
            .filter(|known| {
                !plain.is_empty()
                    && (known.full.starts_with(wanted)
                        || known.name == wanted
                        || known.version.text.replace('-', "").starts_with(&plain))
            })
            .collect();
        match matching[..] {
            [known] => Ok(known.version.clone()),
            [] => Err(UnknownVersion::Unknown { input: input.to_owned(), similar: similar(wanted, &known) }),
            _ => Err(UnknownVersion::Ambiguous {
                input: input.to_owned(),
                candidates: matching.iter().map(|known| known.full.clone()).collect(),
            }),
        }
    }
}

/// The part of a path or file name that names the migration.
fn stem(input: &str) -> &str {
    let path = input.trim().trim_end_matches('/');
    let path = ["/up.sql", "/down.sql", "/migration.sql"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.strip_suffix(".sql").unwrap_or(name);
    [".up", ".down"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
}

/// A version among which a person's is looked for.
struct Known<'a> {
    version: &'a Version,
    name: &'a str,
    full: String,
}

impl Known<'_> {
    fn names(&self) -> [&str; 3] {
        [self.version.text(), &self.full, self.name]
    }
}

fn similar(wanted: &str, known: &[Known<'_>]) -> Option<String> {
    let near = did_you_mean(wanted, known.iter().flat_map(Known::names))?;
    known.iter().find(|known| known.names().contains(&near)).map(|known| known.full.clone())
}

/// Why what a person typed is no known version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownVersion {
    /// Nothing begins so.
    #[error("there is no migration `{input}`{}", .similar.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
    Unknown {
        /// As typed.
        input: String,
        /// The most similar migration, if one is.
        similar: Option<String>,
    },
    /// Several begin so.
    #[error("`{input}` can mean {} migrations: {}", .candidates.len(), super::error::listed(.candidates, 5))]
    Ambiguous {
        /// As typed.
        input: String,
        /// All that it can mean, as `VERSION_name`.
        candidates: Vec<String>,
    },
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Version {
        Version::parse(text, Order::Number).unwrap()
    }

    #[test]
    fn keeps_numbers_as_they_are_and_lowers_twenty_digits() {
        assert_eq!(number("20240131093000").key(), 20_240_131_093_000);
        assert_eq!(number("0007").key(), 7);
        assert_eq!(number("20150100000001000000").key(), 450_100_000_001_000_000);
        for text in ["", "-1", "1.2", "a", "２"] {
            assert_eq!(Version::parse(text, Order::Number), Err(VersionError::NotDigits), "{text}");
        }
        for text in ["12345678901234567890", "99999999999999999999", "202401310930000000001"] {
            assert_eq!(Version::parse(text, Order::Number), Err(VersionError::TooLong), "{text}");
        }
    }

    #[test]
    fn orders_diesels_versions_as_diesel_does() {
        let texts = [
            "00000000000000",
            "20161115111853",
            "2019-03-22-170700",
            "2026-05-27-120000",
            "2026-05-27-120000-0000",
            "2026-05-27-120001",
        ];
        let keys: Vec<i64> = texts.iter().map(|text| Version::parse(text, Order::Text).unwrap().key()).collect();
        assert!(keys.is_sorted());
        assert_eq!(keys[2], 2_019_032_217_070_000_005);
        assert_eq!(Version::parse("2026-06-26-100902-00001", Order::Text), Err(VersionError::TooLong));
    }

    proptest::proptest! {
        #[test]
        fn text_order_is_key_order(a in "[0-8][01]{12}[0-9]0{0,4}", b in "[0-8][01]{12}[0-9]([01]{4})?") {
            let key = |text: &str| Version::parse(text, Order::Text).unwrap().key();
            assert_eq!(key(&a).cmp(&key(&b)), a.cmp(&b));
        }
    }

    #[test]
    fn finds_what_a_person_means() {
        let known = [("20240131093000", "create_users"), ("20240202000000", "add_teams"), ("20240202000001", "x")]
            .map(|(version, name)| (number(version), name));
        let find = |input: &str| {
            Version::parse_user(input, known.iter().map(|(version, name)| (version, *name)))
                .map(|version| version.text().to_owned())
                .map_err(|error| error.to_string())
        };
        for input in [
            "20240131093000",
            "20240131093000_create_users",
            "202401",
            "create_users",
            "supabase/migrations/20240131093000_create_users.down.sql",
            "m/20240131093000_create_users/up.sql",
            "2024-01-31",
        ] {
            assert_eq!(find(input).as_deref(), Ok("20240131093000"), "{input}");
        }
        assert_eq!(
            find("20240131093001").unwrap_err(),
            "there is no migration `20240131093001`; did you mean `20240131093000_create_users`?"
        );
        assert_eq!(find("").unwrap_err(), "there is no migration ``");
        assert_eq!(
            find("202402").unwrap_err(),
            "`202402` can mean 2 migrations: `20240202000000_add_teams` and `20240202000001_x`"
        );
    }
}

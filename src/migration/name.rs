//! Names that dbctl makes: of new files, of new versions, and the name by which refinery knows a migration.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use super::version::{Order, Version};

/// The longest slug; with the version it stays far from the 255 bytes of a file name and of refinery's column.
const SLUG_LENGTH: usize = 100;

/// Letters that have a usual ASCII spelling.
const LATIN: &[(&str, &str)] = &[
    ("àáâãåāăą", "a"),
    ("äæ", "ae"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįı", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņň", "n"),
    ("òóôõøōŏő", "o"),
    ("öœ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ß", "ss"),
    ("ţťŧț", "t"),
    ("þ", "th"),
    ("ùúûũūŭůűų", "u"),
    ("ü", "ue"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
];

/// What a person calls a migration, made safe for a file name: lower-case ASCII letters, digits and `_`, never empty.
#[must_use]
pub fn slug(human: &str) -> String {
    let mut slug = String::new();
    for letter in human.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if let Some((_, spelling)) = LATIN.iter().find(|(letters, _)| letters.contains(letter)) {
            slug.push_str(spelling);
        } else if !matches!(letter, '\'' | '’') && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    slug.truncate(SLUG_LENGTH);
    let slug = slug.trim_matches('_');
    if slug.is_empty() { "migration".to_owned() } else { slug.to_owned() }
}

/// The file name of a new migration without its ending: `20240131093000_create_users`.
#[must_use]
pub fn file_name(version: &Version, human: &str) -> String {
    version.with_name(&slug(human))
}

/// The version of a new migration, always above `newest`, in the same form as it.
///
/// Without a newest one it is the UTC time `now`, in fourteen digits or as diesel writes it. Two calls in one second
/// give two versions, as the second is moved on until it lies behind the newest. A folder that counts is counted on.
#[must_use]
pub fn next_version(now: DateTime, newest: Option<&Version>, order: Order) -> Version {
    let like = newest.map_or("", Version::text);
    let like = like.split('_').next().unwrap_or(like);
    let digits = like.replace('-', "");
    if order == Order::Number && newest.is_some() && (digits.len() < 8 || digits.len() == 10) {
        let at_least = if digits.len() == 10 { epoch_seconds(now) } else { 0 };
        return number(&format!("{:0width$}", at_least.max(successor(&digits)), width = digits.len()));
    }
    let mut at = now.max(lenient(&digits).unwrap_or(now));
    loop {
        let candidate = match order {
            Order::Name => Version::parse(&stamp(at), order).unwrap_or_else(|_| Version::from_key(0)),
            Order::Number => number(&format!("{:0<width$}", stamp(at), width = digits.len())),
            Order::Text => dashed(at, like),
        };
        if newest.is_none_or(|newest| candidate > *newest) {
            return candidate;
        }
        match at.checked_add(1.second()) {
            Ok(later) => at = later,
            Err(_) => return number(&successor(&digits).to_string()),
        }
    }
}

fn successor(digits: &str) -> i64 {
    digits.parse::<i64>().unwrap_or(0) + 1
}

fn number(text: &str) -> Version {
    Version::parse(text, Order::Number).unwrap_or_else(|_| Version::from_key(0))
}

/// `YYYYMMDDHHMMSS`.
fn stamp(at: DateTime) -> String {
    at.strftime("%Y%m%d%H%M%S").to_string()
}

/// `YYYY-MM-DD-HHMMSS`, with diesel's `-0000` where `like` has it.
fn dashed(at: DateTime, like: &str) -> Version {
    let end = if like.matches('-').count() > 3 { "-0000" } else { "" };
    let text = format!("{}{end}", at.strftime("%Y-%m-%d-%H%M%S"));
    Version::parse(&text, Order::Text).unwrap_or_else(|_| Version::from_key(0))
}

fn epoch_seconds(at: DateTime) -> i64 {
    at.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |at| at.timestamp().as_second())
}

/// Reads `YYYYMMDDHHMMSS…`; what no calendar has (second 60, month 13) becomes the last moment before it.
fn lenient(digits: &str) -> Option<DateTime> {
    let part = |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<i8>().ok());
    let year = digits.get(..4)?.parse().ok()?;
    let month = part(4, 6)?.clamp(1, 12);
    let first = Date::new(year, month, 1).ok()?;
    let date = Date::new(year, month, part(6, 8)?.clamp(1, first.days_in_month())).ok()?;
    let time = Time::new(part(8, 10)?.min(23), part(10, 12)?.min(59), part(12, 14)?.min(59), 0).ok()?;
    Some(date.to_datetime(time))
}

/// The name that refinery wants: `V<key>__<name>` with `_` for whatever ends a name to it.
///
/// refinery reads `^([U|V])(\d+(?:\.\d+)?)__(\w+)` and cuts the rest off silently.
#[must_use]
pub fn refinery_name(version: &Version, name: &str) -> String {
    let is_word = |c: char| c == '_' || c.is_ascii_digit() || c.is_alphabetic();
    let name: String = name.chars().map(|c| if is_word(c) { c } else { '_' }).collect();
    let name = if name.is_empty() { "migration" } else { &name };
    format!("V{}__{name}", version.key())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime = DateTime::constant(2024, 1, 31, 9, 30, 0, 5);

    fn after(newest: &str, order: Order) -> String {
        let newest = Version::parse(newest, order).unwrap();
        let next = next_version(NOW, Some(&newest), order);
        assert!(next > newest, "{next} {newest}");
        next.text().to_owned()
    }

    #[test]
    fn makes_safe_file_names() {
        for (human, expected) in [
            ("create users", "create_users"),
            ("../../etc/passwd", "etc_passwd"),
            ("Don't \"drop\" table.sql", "dont_drop_table_sql"),
            ("Größe für Straße", "groesse_fuer_strasse"),
            ("ÉTÉ à l’œuvre", "ete_a_loeuvre"),
            ("  ", "migration"),
            ("日本", "migration"),
            ("con:\0nul", "con_nul"),
        ] {
            assert_eq!(slug(human), expected);
        }
        assert_eq!(slug(&"x".repeat(300)).len(), 100);
        assert_eq!(file_name(&Version::from_key(7), "a b"), "7_a_b");
    }

    #[test]
    fn gives_a_new_version_each_time() {
        assert_eq!(next_version(NOW, None, Order::Number).text(), "20240131093000");
        assert_eq!(after("20231231000000", Order::Number), "20240131093000");
        assert_eq!(after("20240131093000", Order::Number), "20240131093001");
        assert_eq!(after("20240131235959", Order::Number), "20240201000000");
        assert_eq!(after("20250416155760", Order::Number), "20250416155800");
        assert_eq!(after("20251399000000", Order::Number), "20260101000000");
    }

    #[test]
    fn follows_the_form_of_the_folder() {
        assert_eq!(after("0009", Order::Number), "0010");
        assert_eq!(after("9", Order::Number), "10");
        assert_eq!(after("1510262030", Order::Number), "1706693400");
        assert_eq!(after("20150100000001000000", Order::Number), "20240131093000000000");
        assert_eq!(after("0", Order::Name), "20240131093000");
        assert_eq!(after("20240131093000", Order::Name), "20240131093001");
        let shared = Version::parse("20240131093000", Order::Name).unwrap().shared(7, "20240131093000_x").unwrap();
        assert_eq!(next_version(NOW, Some(&shared), Order::Name).text(), "20240131093001");
        assert_eq!(next_version(NOW, None, Order::Text).text(), "2024-01-31-093000");
        assert_eq!(after("20161115111853", Order::Text), "2024-01-31-093000");
        assert_eq!(after("20240131093000", Order::Text), "2024-01-31-093001");
        assert_eq!(after("99999999999999", Order::Number), "100000000000000");
        assert_eq!(after("2019-03-22-170700", Order::Text), "2024-01-31-093000");
        assert_eq!(after("2026-06-26-100902-0000", Order::Text), "2026-06-26-100903-0000");
    }

    #[test]
    fn refinery_takes_the_whole_name() {
        let version = Version::from_key(20_240_131_093_000);
        for name in ["create-users", "a.sql", "²", "größe", "", "a b|c", "1"] {
            let name = refinery_name(&version, name);
            let migration = refinery_core::Migration::unapplied(&name, "select 1").unwrap();
            assert_eq!(format!("V20240131093000__{}", migration.name()), name);
            assert_eq!(migration.version(), 20_240_131_093_000);
        }
    }
}

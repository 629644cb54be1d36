//! What becomes of the values of PostgreSQL's own types in each other: which way leads there, what is lost on it, and
//! whether a value can be refused. `pg_cast` has most ways, but says nothing of what they cost.

/// The way from one type to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// An assignment.
    Assign,
    /// A cast in words.
    Cast,
    /// A cast to a third type first.
    Through(&'static str),
    /// Through their text, where there is no cast.
    Text,
    /// Whether it is another number than 0.
    NotZero,
    /// The seconds since 1970.
    Epoch,
    /// The time so many seconds after 1970.
    FromEpoch,
}

/// A way and its cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    /// The way.
    pub way: Way,
    /// Whether PostgreSQL refuses some values.
    pub fails: bool,
    /// What is lost where it does not; empty where nothing is.
    pub loses: &'static str,
}

pub(super) const NUMBERS: [&str; 6] = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];
/// The types that every other can be assigned to.
pub(super) const TEXTS: [&str; 4] = ["text", "character varying", "character", "bpchar"];
const MOMENTS: [&str; 3] = ["timestamp with time zone", "timestamp without time zone", "date"];

const TZ: &str = "timestamp with time zone";
const TS: &str = "timestamp without time zone";
const TIME: &str = "time without time zone";
const TIMETZ: &str = "time with time zone";
const FLOATS: &[&str] = &["real", "double precision"];
const INTEGERS: &[&str] = &["smallint", "integer", "bigint"];
const RANGES: [(&str, &str); 6] = [
    ("int4range", "int4multirange"),
    ("int8range", "int8multirange"),
    ("numrange", "nummultirange"),
    ("tsrange", "tsmultirange"),
    ("tstzrange", "tstzmultirange"),
    ("daterange", "datemultirange"),
];

const FORM: &str = "repeated keys, the order of keys and spaces between them";
const LONG: &str = "what is beyond 63 bytes";
const CENTS: &str = "digits that lc_monetary does not show";
const BYTE: &str = "all characters but the first";
const OFFSETS: &str = "offsets from UTC";
/// What a time without a time zone does not say.
pub const INSTANTS: &str =
    "the instants that times stand for (the session's TimeZone decides which local times they become)";

use Way::{Assign, Cast, Text, Through};

type Row = (&'static [&'static str], &'static [&'static str], Way, bool, &'static str);

/// From these to those: the first row that has both counts. Dates so far off that no other type holds them do not count
/// as refused.
const PAIRS: &[Row] = &[
    // Numbers: `real` has 24 bits and gives 6 digits, `double precision` 53 and 15.
    (&["smallint"], &["integer", "bigint", "numeric", "real", "double precision"], Assign, false, ""),
    (&["integer"], &["bigint", "numeric", "double precision"], Assign, false, ""),
    (&["bigint"], &["numeric"], Assign, false, ""),
    (&["real"], &["double precision"], Assign, false, ""),
    (&["integer", "bigint"], &["smallint", "integer"], Assign, true, ""),
    (&["integer", "bigint"], FLOATS, Assign, false, "digits"),
    (FLOATS, &["numeric"], Assign, false, "digits"),
    (&["numeric", "double precision"], FLOATS, Assign, true, "digits"),
    (&["numeric", "real", "double precision"], INTEGERS, Assign, true, "fractions"),
    (&["integer"], &["money"], Assign, false, ""),
    (&["bigint"], &["money"], Assign, true, ""),
    (&["numeric"], &["money"], Assign, true, CENTS),
    (&["smallint"], &["money"], Through("numeric"), false, ""),
    (FLOATS, &["money"], Through("numeric"), true, CENTS),
    (&["money"], &["numeric"], Assign, false, ""),
    (&["money"], INTEGERS, Through("numeric"), true, "fractions"),
    (&["money"], FLOATS, Through("numeric"), false, "digits"),
    (&["integer"], &["boolean"], Cast, false, "numbers other than 0 and 1"),
    (&NUMBERS, &["boolean"], Way::NotZero, false, "numbers other than 0 and 1"),
    (&["boolean"], &["integer"], Cast, false, ""),
    (&["boolean"], &NUMBERS, Through("integer"), false, ""),
    (&["smallint", "integer"], &["oid"], Assign, false, ""),
    (&["bigint"], &["oid"], Assign, true, ""),
    (&["oid"], &["integer", "bigint"], Assign, false, ""),
    (&["oid"], &["smallint"], Through("bigint"), true, ""),
    (&["oid"], &["numeric", "double precision"], Through("bigint"), false, ""),
    (&["oid"], &["real"], Through("bigint"), false, "digits"),
    (&["numeric", "real", "double precision"], &["oid"], Through("bigint"), true, "fractions"),
    (&["xid8"], &["xid"], Cast, false, "how often transactions were counted around"),
    // Times.
    (&["date"], &[TS, TZ], Assign, false, ""),
    (&[TS], &[TZ], Assign, false, ""),
    (&[TZ], &[TS], Assign, false, INSTANTS),
    (&[TS, TZ], &["date"], Assign, false, "times of day"),
    (&[TS, TZ], &[TIME], Assign, false, "dates"),
    (&[TZ], &[TIMETZ], Assign, false, "dates"),
    (&[TS], &[TIMETZ], Through(TZ), false, "dates"),
    (&[TIME], &[TIMETZ, "interval"], Assign, false, ""),
    (&[TIMETZ], &[TIME], Assign, false, OFFSETS),
    (&[TIMETZ], &["interval"], Through(TIME), false, OFFSETS),
    (&["interval"], &[TIME], Assign, false, "years, months and days"),
    (&["date"], INTEGERS, Way::Epoch, true, ""),
    (&MOMENTS, INTEGERS, Way::Epoch, true, "fractions of seconds"),
    (&MOMENTS, &["real"], Way::Epoch, false, "digits"),
    (&MOMENTS, &["numeric", "double precision"], Way::Epoch, false, ""),
    (&["smallint", "integer"], &[TS, TZ], Way::FromEpoch, false, ""),
    (&["smallint", "integer"], &["date"], Way::FromEpoch, false, "times of day"),
    (&NUMBERS, &[TS, TZ], Way::FromEpoch, true, ""),
    (&NUMBERS, &["date"], Way::FromEpoch, true, "times of day"),
    // JSON.
    (&["json"], &["jsonb"], Assign, true, FORM),
    (&["jsonb"], &["json"], Assign, false, ""),
    (&["jsonb"], INTEGERS, Cast, true, "fractions"),
    (&["jsonb"], FLOATS, Cast, true, "digits"),
    (&["jsonb"], &["numeric", "boolean"], Cast, true, ""),
    // Addresses and bits.
    (&["cidr"], &["inet"], Assign, false, ""),
    (&["inet"], &["cidr"], Assign, false, "bits to the right of the netmask"),
    (&["macaddr"], &["macaddr8"], Assign, false, ""),
    (&["macaddr8"], &["macaddr"], Assign, true, ""),
    (&["bit", "bit varying"], &["bit", "bit varying"], Assign, false, ""),
    (&["integer", "bigint"], &["bit"], Cast, false, ""),
    (&["smallint"], &["bit"], Through("integer"), false, ""),
    (&["bit"], &["integer", "bigint"], Cast, true, ""),
    (&["bit"], &["smallint"], Through("integer"), true, ""),
    (&["bit"], &["numeric"], Through("bigint"), true, ""),
    (&["bit"], FLOATS, Through("bigint"), true, "digits"),
    (&["bit varying"], &NUMBERS, Text, true, "leading zeros"),
    // Shapes.
    (&["box"], &["polygon"], Assign, false, ""),
    (&["box"], &["lseg"], Cast, false, ""),
    (&["box", "circle", "polygon"], &["point", "circle", "box"], Cast, false, "sizes and shapes"),
    (&["circle"], &["polygon"], Cast, false, "exact shapes"),
    (&["lseg"], &["point"], Cast, false, "ends"),
    (&["path"], &["polygon"], Assign, true, ""),
    (&["polygon"], &["path"], Assign, false, ""),
    (&["point"], &["box"], Assign, false, ""),
    // Texts. What is read from a text is below.
    (&["\"char\""], &["integer"], Cast, false, ""),
    (&["\"char\""], &["name"], Assign, false, ""),
    (&["integer"], &["\"char\""], Cast, true, ""),
    (&TEXTS, &["\"char\""], Assign, false, BYTE),
    (&["boolean"], &["\"char\""], Text, false, ""),
];

/// The types whose texts a `name` holds.
const SHORT: [&str; 21] = [
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "real",
    "double precision",
    "money",
    "uuid",
    "oid",
    "date",
    TS,
    TZ,
    TIME,
    TIMETZ,
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "xid",
    "xid8",
    "pg_lsn",
];

/// What becomes of values of a type in another; none where nothing is known of one of them.
pub(super) fn pair(source: &str, target: &str) -> Option<Pair> {
    let of = |way, fails, loses| Some(Pair { way, fails, loses });
    // `regclass` and its like are numbers of objects.
    let is_object = |it: &str| it.starts_with("reg") && !it.contains('.');
    let number = |it: &'_ str| if is_object(it) { "oid".to_owned() } else { it.to_owned() };
    let is_row = |(from, to, ..): &&Row| {
        let (source, target) = match (is_object(source), is_object(target)) {
            (true, true) => return false,
            _ => (number(source), number(target)),
        };
        from.contains(&source.as_str()) && to.contains(&target.as_str())
    };
    if source == target || is_object(source) && target == "oid" || source == "oid" && is_object(target) {
        return of(Assign, false, "");
    }
    if let Some((_, _, way, fails, loses)) = PAIRS.iter().find(is_row) {
        return of(*way, *fails, loses);
    }
    if RANGES.contains(&(source, target)) {
        return of(Cast, false, "");
    }
    if TEXTS.contains(&target) {
        return of(Assign, false, "");
    }
    match target {
        "name" => of(Assign, false, if SHORT.contains(&source) { "" } else { LONG }),
        "\"char\"" => of(Text, false, BYTE),
        _ if TEXTS.contains(&source) || source == "name" => of(Cast, true, read_from_text(target)),
        _ => None,
    }
}

/// What is lost of a text that is read as a value of a type, and not refused.
pub(super) fn read_from_text(target: &str) -> &'static str {
    match target {
        "real" | "double precision" => "digits",
        "money" => CENTS,
        "date" | "daterange" | "datemultirange" => "times of day",
        TIME => "dates and offsets from UTC",
        TIMETZ => "dates",
        TS | "tsrange" | "tsmultirange" => OFFSETS,
        "jsonb" => FORM,
        "tsvector" => "the order and repetition of words",
        "xid" | "xid8" => "characters that are no digits",
        "name" => LONG,
        "\"char\"" => BYTE,
        _ => "",
    }
}

/// Whether what comes out depends on the session's `TimeZone`.
pub(super) fn is_zoned(source: &str, target: &str) -> bool {
    let plain = |it: &str| it == TS || it == "date" || it == TIME || it.starts_with("tsr") || it.starts_with("tsm");
    let zoned = |it: &str| it == TZ || it.starts_with("tstz");
    let is_number = NUMBERS.contains(&source);
    source != target
        && match target {
            TIMETZ => true,
            TIME => source == TZ,
            _ if zoned(target) => !is_number,
            _ => plain(target) && (zoned(source) || is_number),
        }
}

/// Whether a type is a time of a day of a year, with a time zone or without one.
pub fn moment(data_type: &str) -> Option<bool> {
    match bare(data_type).as_str() {
        TZ => Some(true),
        TS => Some(false),
        _ => None,
    }
}

/// What the modifiers of a type cost: whether a value can be refused, and what is lost.
pub(super) fn fit(before: &str, now: &str) -> (bool, Vec<String>) {
    let (source, target) = (bare(before), bare(now));
    let (had, has) = (modifiers(before), modifiers(now));
    let digits = |is_lost: bool| if is_lost { vec!["digits".to_owned()] } else { Vec::new() };
    match (target.as_str(), has.first()) {
        ("numeric", Some(precision)) => {
            let scale = has.get(1).copied().unwrap_or(0);
            let known = number(&source, &had);
            let is_lost = known.is_none_or(|(_, had)| had > scale);
            (is_lost || known.is_none_or(|(whole, _)| whole > precision - scale), digits(is_lost))
        }
        ("bit", Some(length)) if matches!(source.as_str(), "smallint" | "integer" | "bigint") => {
            let bits = if source == "bigint" { 64 } else { 32 };
            (false, if *length < bits { vec!["the higher bits".to_owned()] } else { Vec::new() })
        }
        ("bit", Some(length)) => (source != "bit" || had.first() != Some(length), Vec::new()),
        ("character varying" | "character" | "bpchar" | "bit varying", Some(length)) => {
            (text_length(&source, &had).is_none_or(|it| it > *length), Vec::new())
        }
        (target, precision) if target.starts_with("time") || target == "interval" => {
            let mut lost = Vec::new();
            let (had_part, part) = (smallest_part(before), smallest_part(now));
            if had_part > part {
                lost.push(format!("parts smaller than a {}", PARTS[part]));
            }
            let exact = match source.as_str() {
                "date" | "smallint" | "integer" | "bigint" => 0,
                it if it.starts_with("time") || it == "interval" => had.first().copied().unwrap_or(6),
                _ => 6,
            };
            if precision.is_some_and(|it| *it < exact) {
                lost.push("fractions of seconds".to_owned());
            }
            (false, lost)
        }
        // Without a modifier: what the modifiers of the other say.
        (target, None) if source == "numeric" && !had.is_empty() => {
            let (whole, scale) = number(&source, &had).unwrap_or_default();
            let exact = match target {
                "double precision" => 15,
                "real" => 6,
                _ => return (false, Vec::new()),
            };
            (false, digits(whole + scale > exact))
        }
        _ => (false, Vec::new()),
    }
}

/// How many digits stand before and behind the point.
pub(super) fn number(source: &str, had: &[i64]) -> Option<(i64, i64)> {
    match source {
        "boolean" => Some((1, 0)),
        "smallint" => Some((5, 0)),
        "integer" | "oid" => Some((10, 0)),
        "bigint" | "bit" => Some((19, 0)),
        "numeric" => had.first().map(|it| (it - had.get(1).unwrap_or(&0), *had.get(1).unwrap_or(&0))),
        _ => None,
    }
}

/// How long a value's text can be.
fn text_length(source: &str, had: &[i64]) -> Option<i64> {
    match source {
        "character varying" | "character" | "bpchar" | "bit" | "bit varying" => had.first().copied(),
        "\"char\"" => Some(4),
        "boolean" => Some(5),
        "smallint" => Some(6),
        "oid" => Some(10),
        "integer" => Some(11),
        "bigint" => Some(20),
        "uuid" => Some(36),
        "macaddr" => Some(17),
        "macaddr8" => Some(23),
        "name" => Some(63),
        "date" | TIME | "real" => Some(16),
        TIMETZ | "double precision" => Some(25),
        TS | TZ => Some(40),
        _ => None,
    }
}

/// A type without its modifiers: `numeric(10,2)` is a `numeric`.
pub(super) fn bare(name: &str) -> String {
    let (Some(open), Some(close)) = (name.find('('), name.rfind(')')) else { return fieldless(name) };
    fieldless(&format!("{}{}", &name[..open], &name[close + 1..]))
}

/// `interval day to second` is an `interval`.
fn fieldless(name: &str) -> String {
    let array = if name.ends_with("[]") { "[]" } else { "" };
    if name.starts_with("interval ") { format!("interval{array}") } else { name.to_owned() }
}

/// The parts of an interval.
const PARTS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];

/// The last part that an interval keeps; those before it are there whatever its fields.
fn smallest_part(name: &str) -> usize {
    let fields = name.strip_prefix("interval ").unwrap_or_default();
    let last = fields.split('(').next().and_then(|it| it.trim_end_matches("[]").split(' ').next_back());
    PARTS.iter().position(|part| last == Some(*part)).unwrap_or(PARTS.len() - 1)
}

/// The numbers among a type's modifiers.
pub(super) fn modifiers(name: &str) -> Vec<i64> {
    let (Some(open), Some(close)) = (name.find('('), name.rfind(')')) else { return Vec::new() };
    name[open + 1..close].split(',').filter_map(|it| it.trim().parse().ok()).collect()
}

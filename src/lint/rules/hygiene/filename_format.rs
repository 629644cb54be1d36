//! `filename-format`: a migration whose file name is not a version and a name, or whose version is no moment.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use crate::lint::LintFile;
use crate::migration::slug;
use crate::text::Span;
use jiff::civil::{Date, Time};

pub(super) static RULE: Rule = Rule {
    id: "filename-format",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a migration whose file name is not a version and a name, or whose version is no moment",
    effect: "tools order migrations by these names: one without a version is never run, and one with month 13 stands where nobody looks for it",
    remedy: "name it `YYYYMMDDHHMMSS_what_it_does.sql`, in small letters, digits and `_`; `dbctl new` makes the name",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://supabase.com/docs/guides/deployment/database-migrations"],
    bad: &[
        "-- file: 20241301000000_orders.sql\ncreate table public.orders (id bigint primary key);\n",
        "-- file: 20240101000000_Create-Orders.sql\ncreate table public.orders (id bigint primary key);\n",
        "-- file: orders.sql\ncreate table public.orders (id bigint primary key);\n-- down\ndrop table public.orders;\n",
    ],
    good: &[
        "-- file: 20240229235959_orders.sql\ncreate table public.orders (id bigint primary key);\n",
        "-- file: 0001_orders.sql\ncreate table public.orders (id bigint primary key);\n",
        "-- file: 2026-06-26-100902-0000_orders/up.sql\ncreate table public.orders (id bigint primary key);\n",
    ],
    checks: &[Check::File(check)],
};

/// The digits of `YYYYMMDDHHMMSS`.
const DIGITS: usize = 14;

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let Some(message) = fault(cx) else { return };
    let file = named(cx.file);
    out.push(
        cx.finding(Span::new(0, 0), format!("`{file}` {message}"))
            .about(file)
            .help(format!("name it like `{}`; `dbctl new` makes such names", better(cx.file, file))),
    );
}

/// What people would rename: the file, or its folder where all files are called alike.
fn named(file: &LintFile) -> &str {
    let path = file.path();
    match path.rsplit_once('/') {
        Some((folder, "up.sql" | "migration.sql")) => folder.rsplit('/').next().unwrap_or(folder),
        _ => file.file_name(),
    }
}

/// A name of the same kind that is right: with the version it has, where that is none of the faults.
fn better(file: &LintFile, named: &str) -> String {
    let slug = slug(&file.name);
    let version = file.version.as_deref().filter(|version| named.starts_with(version) && has_moment(version));
    let version = version.unwrap_or("20260131093000");
    let rest = [".up.sql", ".sql"].into_iter().find(|end| named.ends_with(end)).unwrap_or_default();
    format!("{version}_{slug}{rest}")
}

/// What is wrong with the name.
fn fault(cx: &FileCx<'_>) -> Option<String> {
    let file = cx.file;
    let Some(version) = file.version.as_deref() else {
        // A file that was named for linting, and is no migration, may be called anything.
        return (file.has_downs && file.path().rsplit_once('.').is_some_and(|(_, end)| end == "sql"))
            .then(|| "has no version, so it is never run".to_owned());
    };
    let version = version.split('_').next().unwrap_or(version);
    let digits: String = version.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == DIGITS && !is_moment(&digits) {
        return Some(format!("has a version that is no moment: `{version}`"));
    }
    let counts = |other: &LintFile| other.version.as_ref().is_some_and(|other| other.len() == DIGITS);
    // Where the others have moments, a number stands at the wrong end of the line.
    let mut neighbours = cx.files.iter().rev().take(20).filter(|other| other.id != file.id).peekable();
    if version.len() != DIGITS && version == digits && neighbours.peek().is_some() && neighbours.all(counts) {
        return Some(format!("has a version of {} digits where the others have {DIGITS}", version.len()));
    }
    let name = file.name.as_str();
    if name.is_empty() && !file.path().ends_with("/migration.sql") {
        return Some("does not say what it does".to_owned());
    }
    // Folders and suffixes are other tools' ways; their names only have to be safe.
    let is_own = digits.len() == DIGITS && version == digits && file.file_name() == format!("{version}_{name}.sql");
    let fits = |byte: u8| match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'_' => true,
        b'A'..=b'Z' | b'-' | b'.' => !is_own,
        _ => false,
    };
    (!name.bytes().all(fits)).then(|| "has more than small letters, digits and `_` in its name".to_owned())
}

/// Whether a version has the digits of a moment.
fn has_moment(version: &str) -> bool {
    let digits: String = version.chars().filter(char::is_ascii_digit).collect();
    digits.len() == DIGITS && is_moment(&digits)
}

/// Whether fourteen digits are a moment; diesel's first migration is the year 0.
fn is_moment(digits: &str) -> bool {
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<i8>().ok()).unwrap_or(-1);
    let year = digits.get(..4).and_then(|year| year.parse::<i16>().ok()).unwrap_or(-1);
    digits.bytes().all(|byte| byte == b'0')
        || (Date::new(year, part(4, 6), part(6, 8)).is_ok()
            && Time::new(part(8, 10), part(10, 12), part(12, 14), 0).is_ok())
}

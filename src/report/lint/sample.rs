//! Findings made by hand, for the tests of the forms.

use super::{LintView, Seen};
use crate::diagnostic::Level;
use crate::lint::schema::{Place, QName};
use crate::lint::{Edit, Finding, Fix, Fixable, Group, Input, LintFile, Profile, Rule, parse_all};
use crate::risk::LockMode;
use crate::text::Span;

static INDEX: Rule = Rule {
    id: "index-build",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "an index is built without `concurrently`",
    effect: "writes wait",
    remedy: "build it `concurrently`",
    lock: Some(LockMode::Share),
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createindex.html"],
    bad: &["create index on t (a);"],
    good: &["create index concurrently on t (a);"],
    checks: &[],
};

static CHECK: Rule = Rule {
    id: "check-scan",
    level: Level::Warning,
    condition: "a constraint is checked at once",
    effect: "the table is read whole",
    remedy: "add it `not valid`",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::Unsafe,
    sources: &[],
    bad: &["alter table t add check (a > 0);"],
    good: &["alter table t add check (a > 0) not valid;"],
    ..INDEX
};

static NAME: Rule = Rule {
    id: "odd-name",
    group: Group::Hygiene,
    level: Level::Note,
    lock: None,
    fix: Fixable::No,
    opt_in: true,
    ..CHECK
};

const FIRST: &str = "create table public.\"größe\" (a int);\n";
const SECOND: &str =
    "-- größer\ncreate index on public.\"größe\" (a);\nalter table public.\"größe\"\n  add check (a > 0);\n";

fn file(path: &str, text: &str) -> Input {
    Input {
        path: path.to_owned(),
        text: text.into(),
        version: None,
        name: String::new(),
        down: None,
        has_downs: false,
        no_transaction: false,
        selected: true,
    }
}

/// Three files; nothing is found in the third.
pub(super) fn files() -> Vec<LintFile> {
    parse_all(vec![file("db/1_größe, neu.sql", FIRST), file("db/2.sql", SECOND), file("db/3.sql", "select 1;\n")])
}

fn span(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap();
    Span::new(start, start + part.len())
}

/// An error with a safe fix, a warning over two lines with a fix that adds a file, and a note about a file.
pub(super) fn findings() -> Vec<Finding> {
    let size = QName::new("public", "größe");
    let index = span(SECOND, "index");
    let table = Place::new(0, span(FIRST, "public.\"größe\""));
    vec![
        Finding::new(&NAME, Place::new(0, Span::new(0, 0)), "odd <name>: 100 %, | a@b 'x' \u{1b}[2J"),
        Finding::new(&INDEX, Place::new(1, index), "index build blocks writes to `public.\"größe\"`")
            .object(&size)
            .label("takes SHARE")
            .see(table, "created here")
            .see(Place::PLATFORM, "the platform has one, too")
            .help("create index concurrently on public.\"größe\" (a)")
            .fix(Fix::safe("add `concurrently`", vec![Edit::insert(index.end, " concurrently")])),
        Finding::new(
            &CHECK,
            Place::new(1, span(SECOND, "alter table public.\"größe\"\n  add check (a > 0)")),
            "the check reads all rows",
        )
        .object(&size)
        .note("first fact")
        .help("add it not valid\nand validate it later")
        .fix(
            Fix::unchecked("split it", vec![Edit::insert(SECOND.len() - 2, " not valid")])
                .adding("validate", "select 1;"),
        ),
    ]
}

/// What the forms are given.
pub(super) fn view() -> LintView {
    LintView::new(&Seen { files: &files(), findings: &findings(), ignored: 2, frozen: 40 })
}

/// What they are given when nothing is found.
pub(super) fn clean() -> LintView {
    LintView::new(&Seen { files: &files(), findings: &[], ignored: 0, frozen: 0 })
}

//! `extra-statement-limits`: a migration that does too much at once.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::{InsertSource, QueryBody, StmtKind};
use crate::text::Span;

/// A text ten times.
macro_rules! ten {
    ($text:literal) => {
        concat!($text, $text, $text, $text, $text, $text, $text, $text, $text, $text)
    };
}

pub(super) static RULE: Rule = Rule {
    id: "extra-statement-limits",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: true,
    condition: "a migration with more statements, more text or more inserted rows than the limits say",
    effect: "what nobody reads to the end nobody reviews, and a long transaction keeps its locks and its snapshot",
    remedy: "split the migration; load data by `copy` or outside migrations",
    lock: None,
    fix: Fixable::No,
    options: &[
        RuleOption { name: "statements", preset: Preset::Number(50), help: "the most statements a file may have" },
        RuleOption { name: "kilobytes", preset: Preset::Number(500), help: "the most text a file may have" },
        RuleOption {
            name: "rows",
            preset: Preset::Number(1000),
            help: "the most rows that one `insert` may write out",
        },
    ],
    sources: &["https://www.postgresql.org/docs/18/populate.html"],
    bad: &[MANY],
    good: &["create table public.states (id bigint primary key);\ninsert into public.states values (1), (2);"],
    checks: &[Check::File(check)],
};

/// 51 statements.
const MANY: &str = concat!(
    ten!("select 1; "),
    ten!("select 2; "),
    ten!("select 3; "),
    ten!("select 4; "),
    ten!("select 5; "),
    "select 6;"
);

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let limit = |name: &str| usize::try_from(cx.options.number(name)).ok().filter(|limit| *limit > 0);
    if let Some(limit) = limit("statements")
        && let Some(next) = cx.file.statements.get(limit)
    {
        let count = cx.file.statements.len();
        out.push(
            cx.finding(*next, format!("{count} statements in one migration, {limit} is the limit"))
                .label("the first one too many")
                .help("split the migration"),
        );
    }
    let size = cx.file.text().len();
    if let Some(limit) = limit("kilobytes")
        && size > limit * 1000
    {
        let end = cx.file.text().find('\n').unwrap_or(size);
        out.push(
            cx.finding(Span::new(0, end), format!("{} kB of text in one migration, {limit} is the limit", size / 1000))
                .help("split the migration"),
        );
    }
    let Some(limit) = limit("rows") else { return };
    for event in &cx.file.events {
        if let StmtKind::Insert(insert) = &event.stmt.kind
            && let InsertSource::Query(query) = &insert.source
            && let QueryBody::Values(rows) = &query.body
            && rows.len() > limit
        {
            out.push(
                cx.finding(insert.table.span, format!("{} rows in one `insert`, {limit} is the limit", rows.len()))
                    .help("load them by `copy`, or outside migrations"),
            );
        }
    }
}

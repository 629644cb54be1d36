//! `version-out-of-order`: a new migration stands before one that the base branch has or that is applied.

use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};

use crate::lint::LintFile;
use crate::lint::schema::Place;
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "version-out-of-order",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a new migration stands before one that the base branch has or that is applied",
    effect: "where the newer one is applied already, this one comes too late: tools refuse it, skip it, or run it in another order than everywhere else",
    remedy: "give it a version behind the newest one",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://atlasgo.io/lint/analyzers#non-linear-changes"],
    bad: &[
        "-- file: 20240101000009_on_main.sql\ncreate table public.orders (id bigint primary key);\n-- then\n-- file: 20240101000005_late.sql\ncreate table public.users (id bigint primary key);\n",
    ],
    good: &[
        "-- file: 20240101000009_on_main.sql\ncreate table public.orders (id bigint primary key);\n-- then\n-- file: 20240101000010_next.sql\ncreate table public.users (id bigint primary key);\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    if cx.config.base.is_empty() {
        return;
    }
    let known = |file: &&LintFile| cx.config.base.contains(file.path());
    let Some(newest) =
        cx.files.iter().filter(known).filter(|file| file.version.is_some()).max_by_key(|file| order(file))
    else {
        return;
    };
    for file in cx.files.iter().filter(|file| file.version.is_some() && !known(file)) {
        if order(file) < order(newest) {
            out.push(
                cx.finding(
                    Place::new(file.id, Span::new(0, 0)),
                    format!("stands before `{}`, which is there already", newest.path()),
                )
                .about(file.path())
                .help("give it a new version behind that one: `dbctl new` says which comes next"),
            );
        }
    }
}

/// Versions in their order: as numbers, also those with `-` in them.
fn order(file: &LintFile) -> (usize, String) {
    let digits: String = file.version.iter().flat_map(|version| version.chars()).filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0').to_owned();
    (digits.len(), digits)
}

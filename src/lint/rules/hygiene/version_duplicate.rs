//! `version-duplicate`: two migrations have the same version.

use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};

use crate::lint::LintFile;
use crate::lint::schema::Place;
use crate::text::Span;
use std::collections::HashMap;

pub(super) static RULE: Rule = Rule {
    id: "version-duplicate",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "two migrations have the same version",
    effect: "the history keeps one entry for a version: one of the two is never run, and which one depends on the machine",
    remedy: "give the later one a new version",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[],
    bad: &[
        "-- file: 20240101000000_orders.sql\ncreate table public.orders (id bigint primary key);\n-- then\n-- file: 20240101000000_users.sql\ncreate table public.users (id bigint primary key);\n",
    ],
    good: &[
        "-- file: 20240101000000_orders.sql\ncreate table public.orders (id bigint primary key);\n-- then\n-- file: 20240101000001_users.sql\ncreate table public.users (id bigint primary key);\n",
        "-- file: 20240101000000_a/migration.sql\ncreate table public.orders (id bigint primary key);\n-- then\n-- file: 20240101000000_b/migration.sql\ncreate table public.users (id bigint primary key);\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let mut seen: HashMap<&str, &LintFile> = HashMap::new();
    for file in cx.files {
        // Prisma knows a migration by its whole name.
        let Some(version) = file.version.as_deref().filter(|_| !file.path().ends_with("/migration.sql")) else {
            continue;
        };
        let number = version.trim_start_matches('0');
        if let Some(first) = seen.get(number) {
            out.push(
                cx.finding(
                    Place::new(file.id, Span::new(0, 0)),
                    format!("version {version} is that of `{}` too", first.path()),
                )
                .about(version)
                .touched(Some(first.id))
                .help("give this one a new version: `dbctl new` says which comes next"),
            );
        } else {
            seen.insert(number, file);
        }
    }
}

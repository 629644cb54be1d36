//! `rollback-present`: a migration has no way back and does not say why.

use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};

use super::comment::irreversible;
use crate::lint::schema::Place;
use crate::lint::{Preset, RuleOption};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "rollback-present",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a migration has no way back and does not say why",
    effect: "when the release fails there is no prepared way to the state before; what is written then is written in a hurry",
    remedy: "write a down migration (`dbctl new` makes its file), or say `-- irreversible: REASON` in the migration",
    lock: None,
    fix: Fixable::No,
    options: &[RuleOption {
        name: "everywhere",
        preset: Preset::Flag(false),
        help: "each migration needs a way back, although none of the project has one so far",
    }],
    sources: &[],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- down\ndrop table public.orders;\n-- then\nalter table public.orders add column note text;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\n-- down\ndrop table public.orders;\n",
        "create table public.orders (id bigint primary key);\n-- down\ndrop table public.orders;\n-- then\n-- irreversible: the rows that go are nowhere else\nupdate public.orders set id = id;\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    // One way back, and all have to have theirs; as long as there is none, the project has not decided.
    let has_any = cx.files.iter().any(|file| file.down.is_some());
    for file in cx.files.iter().filter(|file| file.has_downs && file.down.is_none()) {
        if irreversible(file.text()).is_some() || file.statements.is_empty() {
            continue;
        }
        let place = Place::new(file.id, Span::new(0, 0));
        if has_any || cx.options(file.id).flag("everywhere") {
            let name = file.file_name();
            out.push(
                cx.finding(place, format!("`{name}` has no way back"))
                    .about(name)
                    .help("write its down migration, or say why there is none: `-- irreversible: REASON`"),
            );
        } else {
            out.push(
                cx.finding(place, "no migration here has a way back")
                    .at_level(Level::Warning)
                    .note("told once, at the first migration: from the first down migration on, each one needs its own")
                    .help("write down migrations, or set `lint.rules.rollback-present.level = \"off\"`"),
            );
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::diagnostic::Level;
    use crate::lint::{Config, example, lint, parse_all};

    #[test]
    fn a_project_without_ways_back_hears_it_once() {
        let mut inputs = example::inputs("select 1;\n-- then\nselect 2;\n-- then\nselect 3;\n");
        for input in &mut inputs {
            (input.has_downs, input.selected) = (true, true);
        }
        let config = Config { only: [RULE.id.to_owned()].into(), ..Config::default() };
        let findings = lint(&parse_all(inputs), &config).findings;
        let seen: Vec<_> = findings.iter().map(|finding| (finding.place.file, finding.level)).collect();
        assert_eq!(seen, [(Some(0), Level::Warning)]);
    }
}

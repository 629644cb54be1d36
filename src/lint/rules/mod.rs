//! The rules, a file each, in a folder for each group.

#[cfg(test)]
mod advice;
mod convention;
mod correctness;
mod destructive;
pub(super) mod hygiene;
mod idempotency;
mod locking;
#[cfg(test)]
mod promises;
mod security;
pub(super) mod suggest;

pub(super) use security::{Live, live};

use std::sync::LazyLock;

use super::Rule;

/// Every rule, sorted by id.
pub static RULES: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let groups = [
        locking::RULES,
        destructive::RULES,
        correctness::RULES,
        idempotency::RULES,
        convention::RULES,
        security::RULES,
        hygiene::RULES,
    ];
    let mut rules: Vec<&'static Rule> = groups.concat();
    rules.sort_by_key(|rule| rule.id);
    rules
});

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.binary_search_by(|rule| rule.id.cmp(id)).ok().map(|at| RULES[at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Config, Finding, Fixable, Input, NewMigration, RuleConfig, example, fix, lint, parse_all};

    /// Rules that say more about what another rule finds anyhow: the examples of the first also show the others.
    const TOGETHER: &[(&str, &[&str])] = &[
        ("index-under-exclusive-lock", &["concurrent-index-create", "statement-after-exclusive"]),
        ("multi-fk-one-transaction", &["constraint-never-validated"]),
    ];

    fn is_expected(rule: &Rule, found: &str) -> bool {
        rule.id == found || TOGETHER.iter().any(|(id, others)| *id == rule.id && others.contains(&found))
    }

    /// The rule itself and the rules of its group that are on by default.
    fn config(rule: &Rule) -> Config {
        // Only the rules about timeouts are for runners that set none.
        let timeouts_set = !rule.id.contains("timeout");
        let mut config = Config { pg_version: 18, timeouts_set, ..Config::default() };
        config.only = RULES
            .iter()
            .filter(|other| other.id == rule.id || (other.group == rule.group && !other.opt_in))
            .map(|other| other.id.to_owned())
            .collect();
        // What a command knows of the world around the chain.
        config.today = Some("20240601000000".to_owned());
        config.base = ["20240101000009_on_main.sql".to_owned()].into();
        config.edited = ["20240101000000_edited.sql".to_owned()].into();
        config.rules.insert(rule.id.to_owned(), RuleConfig { level: Some(Some(rule.level)), ..RuleConfig::default() });
        config
    }

    fn findings(rule: &Rule, inputs: Vec<Input>) -> Vec<Finding> {
        lint(&parse_all(inputs), &config(rule)).findings
    }

    /// A migration that a fix adds, as the newest of the chain.
    fn added(index: usize, add: &NewMigration) -> Input {
        Input {
            path: format!("2024010100001{index}_{}.sql", add.slug),
            text: add.sql.as_str().into(),
            version: Some(format!("2024010100001{index}")),
            name: add.slug.clone(),
            down: None,
            has_downs: true,
            no_transaction: false,
            selected: true,
        }
    }

    #[test]
    fn ids_are_unique_and_kebab_case() {
        for pair in RULES.windows(2) {
            assert!(pair[0].id < pair[1].id, "{} is there twice", pair[0].id);
        }
        for rule in RULES.iter() {
            assert!(
                rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{}",
                rule.id
            );
            assert!(!rule.bad.is_empty() && !rule.good.is_empty(), "{} has no examples", rule.id);
        }
    }

    #[test]
    fn bad_examples_fire_exactly_their_rule() {
        let mut wrong = Vec::new();
        for rule in RULES.iter() {
            for example in rule.bad {
                let found: Vec<_> =
                    findings(rule, example::inputs(example)).iter().map(|finding| finding.rule.id).collect();
                if !found.contains(&rule.id) || found.iter().any(|id| !is_expected(rule, id)) {
                    wrong.push(format!("{}: {found:?} in\n{example}", rule.id));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }

    #[test]
    fn good_examples_fire_nothing() {
        let mut wrong = Vec::new();
        for rule in RULES.iter() {
            for example in rule.good {
                let found: Vec<_> = findings(rule, example::inputs(example))
                    .iter()
                    .filter(|it| it.rule.id == rule.id)
                    .map(|it| it.message.clone())
                    .collect();
                if !found.is_empty() {
                    wrong.push(format!("{}: {found:?} in\n{example}", rule.id));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }

    #[test]
    fn examples_parse_unless_the_rule_is_about_that() {
        for rule in
            RULES.iter().filter(|rule| !matches!(rule.id, "syntax-error" | "plpgsql-body-error" | "psql-meta-command"))
        {
            for example in rule.bad.iter().chain(rule.good) {
                for file in parse_all(example::inputs(example)) {
                    assert!(file.errors.is_empty(), "{}: {:?} in\n{example}", rule.id, file.errors);
                }
            }
        }
    }

    #[test]
    fn fixes_remove_the_finding_and_add_none() {
        let mut wrong = Vec::new();
        for rule in RULES.iter() {
            let mut fixed_any = false;
            for example in rule.bad {
                let mut inputs = example::inputs(example);
                let shown = inputs.len() - 1;
                let found = findings(rule, inputs.clone());
                if !found.iter().any(|it| it.rule.id == rule.id && it.fix.is_some()) {
                    continue;
                }
                fixed_any = true;
                for _ in 0..10 {
                    let found = findings(rule, inputs.clone());
                    let fixes: Vec<_> = found
                        .iter()
                        .filter(|it| it.place.file.is_none_or(|file| file <= shown))
                        .filter_map(|it| it.fix.as_ref())
                        .collect();
                    let Some(last) = inputs.get_mut(shown) else { break };
                    let done = fix::apply(&last.text, &fixes);
                    if done.applied.is_empty() {
                        break;
                    }
                    last.text = done.text.into();
                    last.no_transaction = last.text.contains("-- dbctl: no-transaction");
                    let adds: Vec<_> = done.applied.iter().flat_map(|&at| fixes[at].adds.clone()).collect();
                    for add in adds {
                        inputs.push(added(inputs.len(), &add));
                    }
                }
                let left = findings(rule, inputs.clone());
                let errors: Vec<_> = parse_all(inputs.clone()).into_iter().flat_map(|file| file.errors).collect();
                if !left.is_empty() || !errors.is_empty() {
                    let left: Vec<_> = left.iter().map(|it| (it.rule.id, &it.message)).collect();
                    let text = inputs.last().map(|input| input.text.to_string()).unwrap_or_default();
                    wrong.push(format!("{}: left {left:?} {errors:?} in\n{text}", rule.id));
                }
            }
            if fixed_any != (rule.fix != Fixable::No) {
                wrong.push(format!(
                    "{}: says {:?}, but its examples got {} fix",
                    rule.id,
                    rule.fix,
                    if fixed_any { "a" } else { "no" }
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }
}

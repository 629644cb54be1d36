//! Which of our rules find what a peer's rule finds: one table, over all peers.

mod eugene;
mod pgls;
mod pgrubic;
mod reviewers;
mod runners;
mod splinter;
mod squawk;

use std::collections::BTreeSet;

use dbctl::lint::{Config, Idempotency, OptionValue, RuleConfig, rules};

/// A peer's rule, written as [`normal`] writes it, and ours: a finding of any of them counts.
type Row = (&'static str, &'static [&'static str]);

/// The peers with the tables that hold their rules.
const PEERS: &[(&str, &[&[Row]])] = &[
    ("squawk", &[squawk::SQUAWK]),
    ("eugene", &[eugene::EUGENE]),
    ("pgls", &[pgls::PGLS, squawk::SQUAWK, splinter::SPLINTER]),
    ("pgrubic", &[pgrubic::PGRUBIC]),
    ("splinter", &[splinter::SPLINTER]),
    ("strong-migrations", &[runners::STRONG_MIGRATIONS]),
    ("atlas", &[runners::ATLAS]),
    ("django-migration-linter", &[runners::DJANGO]),
    ("pgfence", &[reviewers::PGFENCE]),
    ("bytebase", &[reviewers::BYTEBASE]),
    ("safe-migrate", &[reviewers::SAFE_MIGRATE]),
    ("dblinter", &[reviewers::DBLINTER]),
    ("pglinter", &[reviewers::DBLINTER]),
];

/// Our rules for a peer's rule.
pub(super) fn ours(peer: &str, rule: &str) -> Option<&'static [&'static str]> {
    let (peer, rule) = (normal(peer), normal(rule));
    let (_, tables) = PEERS.iter().find(|(name, _)| *name == peer)?;
    tables.iter().flat_map(|rows| rows.iter()).find(|(name, _)| *name == rule).map(|(_, ours)| *ours)
}

/// The configuration that a peer's rule takes for granted: only our rules for it, and its idea of how files are run.
pub(super) fn config(peer: &str, ours: &[&str], in_transaction: Option<bool>) -> Config {
    let is_squawk = normal(peer) == "squawk";
    // squawk takes each statement for a transaction of its own unless it is told; the others' files are run whole.
    let in_transaction = in_transaction.unwrap_or(!is_squawk);
    let mut config = Config {
        only: ours.iter().filter(|id| rules::find(id).is_some()).map(|&id| id.to_owned()).collect(),
        // dbctl's runner sets timeouts, others' do not.
        timeouts_set: !ours.iter().any(|id| id.contains("timeout")),
        // For squawk a statement in a transaction is as good as one that can run twice.
        idempotency: if is_squawk { Idempotency::Atomic } else { Idempotency::Rerun },
        in_transaction,
        ..Config::default()
    };
    for rule in ours.iter().filter_map(|id| rules::find(id)) {
        let mut set = RuleConfig::default();
        if rule.preset("assume_transaction").is_some() {
            set.options.insert("assume_transaction".to_owned(), OptionValue::Flag(in_transaction));
        }
        // Peers look at every column, ours at those that number rows.
        if rule.preset("all_columns").is_some() {
            set.options.insert("all_columns".to_owned(), OptionValue::Flag(true));
        }
        config.rules.insert(rule.id.to_owned(), set);
    }
    config
}

/// `safety/addingRequiredField`, `0003_auth_rls_initplan` and `NOT_NULL` as `adding-required-field`, `auth-rls-initplan`
/// and `not-null`.
fn normal(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    let name = name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
    let is_shouted = !name.bytes().any(|byte| byte.is_ascii_lowercase());
    let mut normal = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !is_shouted && !normal.is_empty() && !normal.ends_with('-') {
            normal.push('-');
        }
        normal.push(if matches!(letter, '_' | '.' | ' ') { '-' } else { letter.to_ascii_lowercase() });
    }
    normal
}

#[test]
fn the_table_names_rules_that_exist_and_each_peers_rule_once() {
    let mut unknown: BTreeSet<&str> = BTreeSet::new();
    for (peer, tables) in PEERS {
        for rows in *tables {
            let names: BTreeSet<_> = rows.iter().map(|(name, _)| name).collect();
            assert_eq!(names.len(), rows.len(), "{peer} has a rule twice");
            unknown.extend(rows.iter().flat_map(|(_, ours)| *ours).copied().filter(|id| rules::find(id).is_none()));
        }
    }
    assert!(unknown.is_empty(), "no rule has these ids: {unknown:?}");
}

#[test]
fn names_are_compared_in_one_spelling() {
    for (name, expected) in [
        ("addingRequiredField", "adding-required-field"),
        ("safety/preferBigInt", "prefer-big-int"),
        ("0003_auth_rls_initplan", "auth-rls-initplan"),
        ("NOT_NULL", "not-null"),
        ("DS103", "ds103"),
        ("table.require-pk", "table-require-pk"),
    ] {
        assert_eq!(normal(name), expected);
    }
}

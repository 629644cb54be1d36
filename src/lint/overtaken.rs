//! Fixes that put SQL behind the newest migration: not offered where something on the way changes what that SQL is about.

use std::collections::BTreeMap;

use super::ask::effect::{Deed, effects};
use super::{Finding, Fix, LintFile, Origin};
use crate::sql::ast::StmtKind;
use crate::sql::{Kind, significant};
use crate::text::Span;

/// A statement that changes what a name stands for.
struct Change {
    file: usize,
    span: Span,
    /// Whether the name stays: only what is moved as it was written minds, not what is made for the new place.
    alters: bool,
}

/// Takes the fixes away whose new migration would come too late: a later statement drops, renames or alters what it names.
pub(super) fn forget(files: &[LintFile], findings: &mut [Finding]) {
    let is_adding = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| !fix.adds.is_empty());
    if !findings.iter().any(is_adding) {
        return;
    }
    let changes = changes(files);
    for finding in findings.iter_mut().filter(|finding| is_adding(finding)) {
        let Some(file) = finding.place.file else { continue };
        if finding.fix.as_ref().is_some_and(|fix| is_overtaken(&changes, file, finding.place.span, fix)) {
            finding.fix = None;
        }
    }
}

fn is_overtaken(changes: &BTreeMap<String, Vec<Change>>, file: usize, place: Span, fix: &Fix) -> bool {
    // A statement that is deleted here and added there.
    let moves = fix.is_unsafe;
    let goes_along =
        |span: Span| fix.edits.iter().any(|edit| edit.span.start <= span.start && span.end <= edit.span.end);
    let is_later = |change: &Change| {
        change.file > file || (change.file == file && change.span.start >= place.end && !goes_along(change.span))
    };
    let minds = |change: &Change| (moves || !change.alters) && is_later(change);
    fix.adds.iter().flat_map(|add| names(&add.sql)).any(|name| {
        let of = changes.get(&name);
        of.is_some_and(|of| of.iter().rev().take_while(|change| change.file >= file).any(minds))
    })
}

/// The identifiers of a text.
fn names(sql: &str) -> Vec<String> {
    let name = |kind: Kind, text: &str| match kind {
        Kind::Word => Some(text.to_lowercase()),
        Kind::Quoted => Some(text.trim_matches('"').replace("\"\"", "\"")),
        _ => None,
    };
    significant(sql).into_iter().filter_map(|token| name(token.kind, token.span.of(sql))).collect()
}

/// What is dropped, renamed and altered, by its name and by that of what it belongs to, in the order of the chain.
fn changes(files: &[LintFile]) -> BTreeMap<String, Vec<Change>> {
    let mut changes: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for file in files {
        for event in file.events.iter().filter(|event| event.origin != Origin::Routine) {
            let mut add = |name: &str, alters| {
                changes.entry(name.to_owned()).or_default().push(Change {
                    file: file.id,
                    span: event.stmt.span,
                    alters,
                });
            };
            for effect in effects(&event.stmt, file.text()) {
                if effect.deed != Deed::Makes {
                    add(&effect.thing.name.name, false);
                    if let Some(on) = &effect.thing.on {
                        add(&on.name, false);
                    }
                }
            }
            if let StmtKind::AlterTable(alter) = &event.stmt.kind {
                add(alter.name.object(), true);
            }
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use crate::lint::{Config, Input, lint, parse_all};

    const TABLE: &str = "create type public.state as enum ('new');\n\
        create table public.orders (id bigint primary key, total int, state public.state);\n";

    /// Whether the first finding of a rule in the second file can be mended, `later` files after it.
    fn is_offered(rule: &str, sql: &str, later: &[&str]) -> bool {
        let texts = [TABLE, sql].into_iter().chain(later.iter().copied()).enumerate();
        let input = |(at, text): (usize, &str)| Input {
            path: format!("{at}_x.sql"),
            text: text.into(),
            version: Some(at.to_string()),
            name: "x".to_owned(),
            down: None,
            has_downs: false,
            no_transaction: false,
            selected: true,
        };
        let files = parse_all(texts.map(input).collect());
        let findings = lint(&files, &Config::default()).findings;
        let finding = findings.iter().find(|it| it.rule.id == rule && it.place.file == Some(1)).unwrap();
        finding.fix.is_some()
    }

    #[test]
    fn a_statement_does_not_move_past_what_changes_its_names() {
        let index =
            "create table public.a (id bigint primary key);\ncreate index orders_total_idx on public.orders (total);\n";
        let offered = |later: &[&str]| is_offered("concurrent-index-create", index, later);
        assert!(offered(&[]));
        assert!(offered(&["alter table public.a add column b int;"]));
        for later in [
            "alter table public.orders rename column total to amount;",
            "alter table public.orders alter column total type bigint;",
            "alter table public.orders rename to sales;",
            "drop table public.orders;",
            "drop index public.orders_total_idx;",
        ] {
            assert!(!offered(&["select 1;", later]), "{later}");
            assert!(!is_offered("concurrent-index-create", &format!("{index}{later}"), &[]), "{later}");
        }
    }

    #[test]
    fn a_validation_comes_too_late_only_where_its_names_are_gone() {
        let check = "alter table public.orders add constraint positive check (total > 0);\n";
        let offered = |later: &str| is_offered("check-not-valid", check, &[later]);
        assert!(offered("alter table public.orders add column note text;"));
        assert!(!offered("alter table public.orders rename to sales;"));
        assert!(!offered("alter table public.orders drop constraint positive;"));
    }

    #[test]
    fn a_use_of_a_new_enum_value_is_moved_out_of_the_newest_migration_only() {
        let used =
            "alter type public.state add value 'paid';\nupdate public.orders set state = 'paid' where total > 0;\n";
        assert!(is_offered("enum-value-used-same-tx", used, &[]));
        assert!(!is_offered(
            "enum-value-used-same-tx",
            used,
            &["alter table public.orders rename column total to amount;"]
        ));
        assert!(!is_offered("enum-value-used-same-tx", used, &["create table public.b (id bigint primary key);"]));
    }
}

//! Which statements of a migration do something once more when it runs again, though none of them fails, and in which form
//! they would not.

use std::collections::BTreeMap;

use super::event::{Event, Origin};
use super::file::LintFile;
use super::finding::{Finding, Fix};
use super::fix;
use super::rewritten::rewritten;
use crate::sql::ast::{AlterColumn, ExprKind, Name, StmtKind, TableActionKind, Update};
use crate::text::Span;

/// A statement that is at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// The statement, of the top level.
    pub span: Span,
    /// What it does again, and in words what mends it.
    pub why: String,
    /// It in a form that can run again, where there is one.
    pub guarded: Option<String>,
}

/// The statements behind what a second run has changed: objects as a difference names them (`index public.a_n_idx1`), and
/// tables with other rows. `findings` are those of the rules of idempotency in the file.
pub fn again(file: &LintFile, findings: &[&Finding], objects: &[&str], tables: &[&str]) -> Vec<Again> {
    let mut found: BTreeMap<usize, String> = BTreeMap::new();
    let objects = objects.iter().map(|object| of_object(file, findings, object));
    for (top, why) in objects.chain(tables.iter().map(|table| of_rows(file, findings, table))).flatten() {
        found.entry(top).or_insert(why);
    }
    if let (true, [_]) = (found.is_empty(), file.statements.as_slice()) {
        found.insert(0, ANY.to_owned());
    }
    let at = |(top, why)| {
        let span = *file.statements.get(top)?;
        // Nothing conflicted, or the second run had failed.
        let fixes = findings.iter().filter(|it| inside(span, it.place.span)).filter_map(|it| it.fix.as_ref());
        let fixes: Vec<&Fix> = fixes.filter(|fix| !fix.title.contains("on conflict")).collect();
        Some(Again { span, why, guarded: guarded(file, span, &fixes) })
    };
    found.into_iter().filter_map(at).collect()
}

/// What is said where nothing more is known.
const ANY: &str = "what it does is done again: let it ask first whether that is there";

/// A statement with fixes applied, or in another form where there are none.
pub fn guarded(file: &LintFile, span: Span, fixes: &[&Fix]) -> Option<String> {
    let touching = |fix: &&&Fix| !fix.edits.is_empty() && fix.edits.iter().all(|edit| inside(span, edit.span));
    let fixes: Vec<&Fix> = fixes.iter().filter(touching).copied().collect();
    if fixes.is_empty() {
        return rewritten(file, span);
    }
    let text = file.text();
    let whole = fix::apply(text, &fixes).text;
    // What stands behind the statement is as long as before.
    let behind = text.len() - span.end;
    whole.get(span.start..whole.len() - behind).map(|sql| sql.trim().to_owned())
}

fn inside(outer: Span, span: Span) -> bool {
    outer.start <= span.start && span.end <= outer.end
}

/// The statements that run, with their places among those of the top level.
fn events(file: &LintFile) -> impl Iterator<Item = &Event> {
    file.events.iter().filter(|event| event.origin != Origin::Routine)
}

/// The numbers of statements that something is found in.
fn tops<'a>(file: &'a LintFile, finding: &'a Finding) -> impl Iterator<Item = (usize, String)> {
    let at = file.statements.iter().position(|span| inside(*span, finding.place.span));
    at.map(|top| (top, finding.message.clone())).into_iter()
}

/// The statements that made, changed or took away an object.
fn of_object(file: &LintFile, findings: &[&Finding], object: &str) -> Vec<(usize, String)> {
    // `constraint orders_total_check1 on public.orders`, `column public.orders.total`
    let (own, on) = object.split_once(" on ").unwrap_or((object, ""));
    let own = names(own);
    let Some(name) = own.last().copied() else { return Vec::new() };
    let table = names(on).last().copied().or_else(|| own.len().checked_sub(2).map(|at| own[at]));
    // PostgreSQL numbers the names that it makes up.
    let series = |name: &str| name.trim_end_matches(|it: char| it.is_ascii_digit()).to_owned();
    let is_one_of = |finding: &&&Finding| {
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.text.as_str());
        let texts = edits.chain(finding.helps.iter().map(String::as_str));
        finding.label == "no name" && texts.flat_map(names).any(|it| series(it) == series(name))
    };
    let unnamed: Vec<_> = findings.iter().filter(is_one_of).flat_map(|it| tops(file, it)).collect();
    if !unnamed.is_empty() {
        return unnamed;
    }
    let by_name = mentions(file, name);
    if by_name.is_empty() { table.map(|it| mentions(file, it)).unwrap_or_default() } else { by_name }
}

/// The statements that wrote rows of a table.
fn of_rows(file: &LintFile, findings: &[&Finding], table: &str) -> Vec<(usize, String)> {
    let Some(table) = names(table).last().copied() else { return Vec::new() };
    let is_it = |name: &Name| name.object() == table;
    let mut certain = Vec::new();
    let mut likely = Vec::new();
    for event in events(file) {
        match &event.stmt.kind {
            StmtKind::Insert(insert) if is_it(&insert.table) => {
                let of_it = findings.iter().find(|it| inside(event.stmt.span, it.place.span));
                match of_it {
                    Some(_) => certain.push((event.top, INSERTS.to_owned())),
                    None => likely.push((event.top, INSERTS.to_owned())),
                }
            }
            StmtKind::Update(update) if is_it(&update.table) => match of_update(file, update) {
                Some(why) => certain.push((event.top, why)),
                None => likely.push((event.top, UPDATES.to_owned())),
            },
            StmtKind::Delete(delete) if is_it(&delete.table) => likely.push((event.top, DELETES.to_owned())),
            StmtKind::Merge(merge) if is_it(&merge.table) => likely.push((event.top, UPDATES.to_owned())),
            StmtKind::Copy(copy) if copy.from && copy.table.as_ref().is_some_and(is_it) => {
                certain.push((event.top, COPIES.to_owned()));
            }
            StmtKind::AlterTable(alter) if is_it(&alter.name) => {
                let converts = alter.actions.iter().any(|action| {
                    let TableActionKind::AlterColumn { change, .. } = &action.kind else { return false };
                    matches!(change, AlterColumn::Type { using: Some(_), .. })
                });
                certain.extend(converts.then(|| (event.top, CONVERTS.to_owned())));
            }
            _ => {}
        }
    }
    let found = [certain, likely, mentions(file, table)].into_iter().find(|it| !it.is_empty());
    // A trigger has written them, or a function.
    found
        .unwrap_or_else(|| events(file).filter(|it| runs_others(it)).map(|it| (it.top, ELSEWHERE.to_owned())).collect())
}

const INSERTS: &str =
    "inserts its rows again: insert `where not exists (…)`, or make a unique key and write `on conflict do nothing`";
const UPDATES: &str = "changes rows again: add a `where` that is untrue once it has run";
const DELETES: &str = "deletes other rows in each run: name those that are meant by their values";
const COPIES: &str =
    "copies its rows in again: copy into a temporary table, and insert from there `where not exists (…)`";
const CONVERTS: &str = "`using` converts what the first run has converted already: put it into a DO block that asks first, or write the \
                        result into a new column";
const ELSEWHERE: &str = "lets a trigger or a function write again: add a `where` that is untrue once it has run";

/// Why an update gives other values in each run, where its own words say so.
fn of_update(file: &LintFile, update: &Update) -> Option<String> {
    let is_set = |name: &str| update.set.iter().any(|it| it.column.value == name);
    update.set.iter().find_map(|set| {
        let written = set.span.of(file.text());
        let parts = set.value.as_ref()?.all();
        if parts.iter().any(|it| it.as_column().and_then(<[_]>::last).is_some_and(|it| is_set(&it.value))) {
            return Some(format!(
                "`{written}` starts from what the first run has left: write the value itself, or add a `where` that is \
                 untrue once it has run"
            ));
        }
        let is_new = |kind: &ExprKind| matches!(kind, ExprKind::Call { name, .. } if NEW.contains(&name.object()));
        parts.iter().any(|it| is_new(&it.kind)).then(|| {
            format!(
                "`{written}` is another value in each run: add a `where` that is untrue once it has run, such as `where {} is null`",
                set.column.value
            )
        })
    })
}

/// Functions that answer something else each time.
const NEW: &[&str] = &[
    "random",
    "gen_random_uuid",
    "uuid_generate_v4",
    "clock_timestamp",
    "nextval",
    "gen_random_bytes",
    "gen_salt",
    "txid_current",
    "pg_current_xact_id",
];

/// Whether a statement may let others write.
fn runs_others(event: &Event) -> bool {
    matches!(
        event.stmt.kind,
        StmtKind::Insert(_)
            | StmtKind::Update(_)
            | StmtKind::Delete(_)
            | StmtKind::Merge(_)
            | StmtKind::Copy(_)
            | StmtKind::Select(_)
            | StmtKind::Do { .. }
    )
}

/// The statements that have a name in them.
fn mentions(file: &LintFile, name: &str) -> Vec<(usize, String)> {
    let has = |span: &&Span| names(span.of(file.text())).contains(&name);
    let found = file.statements.iter().enumerate().filter(|(_, span)| has(span));
    found.map(|(top, _)| (top, ANY.to_owned())).collect()
}

/// The words of a text that may be names.
fn names(text: &str) -> Vec<&str> {
    let is_end = |it: char| !it.is_alphanumeric() && it != '_' && it != '$';
    text.split(is_end).filter(|it| !it.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Config, Group, example, lint, parse_all, rules};

    /// The statements at fault in the last part of a chain: their first words, what is said, and the guarded form.
    fn found(chain: &str, objects: &[&str], tables: &[&str]) -> Vec<(String, String, String)> {
        let mut config = Config::default();
        let rules = rules::RULES.iter().filter(|rule| rule.group == Group::Idempotency);
        config.only.extend(rules.map(|rule| rule.id.to_owned()));
        let files = parse_all(example::inputs(chain));
        let findings = lint(&files, &config).findings;
        let file = files.last().unwrap();
        let own: Vec<&Finding> = findings.iter().filter(|it| it.place.file == Some(file.id)).collect();
        let text = |it: Again| (it.span.of(file.text()).to_owned(), it.why, it.guarded.unwrap_or_default());
        again(file, &own, objects, tables).into_iter().map(text).collect()
    }

    const BASE: &str = "create table a (id int, n int, t_id int, constraint a_n_check check (n > 0));\n\
                        create table t (id int primary key);\n-- then\n";

    #[test]
    fn what_has_no_name_is_guarded_under_the_one_that_it_got() {
        let chain = format!(
            "{BASE}create index on a (n);\nalter table a add check (n > 1), add column q int;\nalter table a add foreign key (t_id) references t (id);\nalter table a add unique (id);"
        );
        let objects = [
            "index public.a_n_idx1",
            "constraint a_n_check2 on public.a",
            "constraint a_t_id_fkey1 on public.a",
            "constraint a_id_key1 on public.a",
        ];
        let forms: Vec<String> = found(&chain, &objects, &[]).into_iter().map(|it| it.2).collect();
        assert_eq!(
            forms,
            [
                "create index if not exists a_n_idx on a (n)",
                "alter table a drop constraint if exists a_n_check1;\nalter table a add constraint a_n_check1 check (n > 1), add column if not exists q int",
                "alter table a drop constraint if exists a_t_id_fkey;\nalter table a add constraint a_t_id_fkey foreign key (t_id) references t (id)",
                "do $$ begin if not exists (select from pg_constraint where conrelid = to_regclass('a') and conname = 'a_id_key') then\n  alter table a add constraint a_id_key unique (id);\nend if;\nend $$",
            ]
        );
    }

    #[test]
    fn rows_are_inserted_where_they_are_not_there() {
        let chain = format!(
            "{BASE}insert into t values (1) on conflict do nothing;\ninsert into a (id, n) values (1, null), (2, 7);"
        );
        let found = found(&chain, &[], &["public.a"]);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].2,
            "insert into a (id, n) select 1, null where not exists (select from a where id = 1 and n is null);\n\
             insert into a (id, n) select 2, 7 where not exists (select from a where id = 2 and n = 7)"
        );
    }

    #[test]
    fn an_update_that_counts_is_named_in_words() {
        let chain = format!("{BASE}update a set id = 5;\nupdate a set n = n + 1;");
        let found = found(&chain, &[], &["public.a"]);
        assert_eq!((found.len(), found[0].0.as_str(), found[0].2.as_str()), (1, "update a set n = n + 1", ""));
        assert!(found[0].1.starts_with("`n = n + 1` starts from what the first run has left"), "{}", found[0].1);
    }

    #[test]
    fn what_a_trigger_writes_is_done_by_a_statement_that_changes_rows() {
        let found = found(&format!("{BASE}comment on table a is 'x';\nupdate a set id = 5;"), &[], &["public.audit"]);
        assert_eq!(found.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["update a set id = 5"]);
    }
}

//! The seeded rows: where each stands, what is in it, and whose it is.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Id};
use crate::db::fill::{Filled, FilledTable};
use crate::db::{Error, Session};
use crate::rls::{Person, Row, Subject, Subjects, primary_key};
use crate::text::quote_ident;

/// How many groups there are: two tenants, and an administrator with what is his.
pub(super) const GROUPS: usize = 3;

/// Reads the rows of all tables.
pub(super) async fn read(
    session: &Session,
    catalog: &Catalog,
    subjects: &Subjects,
    filled: &Filled,
) -> Result<BTreeMap<Id, Vec<Row>>, Error> {
    let mut all = BTreeMap::new();
    for subject in subjects.all() {
        let columns: Vec<String> = catalog.columns(&subject.table).iter().map(|(id, ..)| id.part.clone()).collect();
        let known = known(catalog, subjects, filled, subject);
        let group = known.map_or_else(|| "null".to_owned(), |table| group_of(table));
        let texts: Vec<String> = columns.iter().map(|column| format!("{}::text", quote_ident(column))).collect();
        let sql = format!(
            "select tableoid::text, ctid::text, xmin::text, {group}{}{} from {} order by 4, 2",
            if texts.is_empty() { "" } else { ", " },
            texts.join(", "),
            subject.table.qualified()
        );
        let found = session.rows(&sql).await?;
        let rows = found.iter().map(|row| {
            let text = |at: usize| row.get(at).unwrap_or_default().to_owned();
            Row {
                group: row.get(3).and_then(|it| it.parse().ok()),
                place: (text(0), text(1), text(2)),
                values: columns
                    .iter()
                    .enumerate()
                    .map(|(at, name)| (name.clone(), row.get(at + 4).map(str::to_owned)))
                    .collect(),
            }
        });
        all.insert(subject.table.clone(), rows.collect());
    }
    let people = people(catalog, subjects, &all);
    for subject in subjects.all() {
        let rows = all.get_mut(&subject.table).into_iter().flatten();
        for row in rows.filter(|row| row.group.is_none()) {
            row.group = by_owner(subject, row, &people);
        }
    }
    Ok(all)
}

/// What was filled of a table, or of the one that it is a part of.
fn known<'a>(catalog: &Catalog, subjects: &Subjects, filled: &'a Filled, subject: &Subject) -> Option<&'a FilledTable> {
    let mut table = subject.table.clone();
    loop {
        if let Some(found) = filled.tables.iter().find(|it| it.table == table) {
            return Some(found);
        }
        table =
            catalog.parents(&table).first().map(|(_, it)| it.parent_id()).filter(|it| subjects.get(it).is_some())?;
    }
}

/// An expression for the group of a row, by its key.
fn group_of(table: &FilledTable) -> String {
    let mut cases = String::new();
    let groups = table.groups.iter().enumerate().flat_map(|(group, count)| std::iter::repeat_n(group, *count));
    for (key, group) in table.keys.iter().zip(groups) {
        let parts: Vec<String> = key
            .iter()
            .map(|(column, literal)| format!("{}::text is not distinct from ({literal})::text", quote_ident(column)))
            .collect();
        if !parts.is_empty() {
            cases += &format!(" when {} then {group}", parts.join(" and "));
        }
    }
    if cases.is_empty() { "null".to_owned() } else { format!("case{cases} end") }
}

/// The group of a row that something else has made, such as a trigger.
fn by_owner(subject: &Subject, row: &Row, people: &[Person]) -> Option<usize> {
    let is_his = |column: &String, of: &Option<String>| of.is_some() && row.value(column) == of.as_deref();
    people.iter().position(|person| {
        subject.tenant.iter().any(|column| is_his(column, &person.tenant))
            || subject.users.iter().any(|column| is_his(column, &person.user))
    })
}

/// The user and the tenant of each group.
pub(super) fn people(catalog: &Catalog, subjects: &Subjects, rows: &BTreeMap<Id, Vec<Row>>) -> Vec<Person> {
    let key = |table: &Id, group: usize| {
        let column = primary_key(catalog, table).filter(|key| key.len() == 1)?.pop()?;
        let row = rows.get(table)?.iter().find(|row| row.group == Some(group))?;
        row.value(&column).map(str::to_owned)
    };
    // Where there is no such table, what the tables name is what there is.
    let named = |group: usize, of: &dyn Fn(&Subject) -> Option<String>| {
        subjects.all().find_map(|subject| {
            let column = of(subject)?;
            rows.get(&subject.table)?.iter().find(|row| row.group == Some(group))?.value(&column).map(str::to_owned)
        })
    };
    let person = |group: usize| Person {
        user: subjects
            .users
            .as_ref()
            .and_then(|table| key(table, group))
            .or_else(|| named(group, &|it| it.users.first().cloned())),
        tenant: subjects
            .tenants
            .as_ref()
            .and_then(|table| key(table, group))
            .or_else(|| named(group, &|it| it.tenant.clone())),
    };
    (0..GROUPS).map(person).collect()
}

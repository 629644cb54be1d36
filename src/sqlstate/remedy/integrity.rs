//! Rows that break a constraint: how to find them, how to let the migration pass.

use super::failure::Failure;

pub(super) fn remedy(failure: &Failure<'_>) -> Vec<String> {
    match failure.sqlstate() {
        "23502" => not_null(failure),
        "23503" => foreign_key(failure),
        "23505" => unique(failure),
        "23514" => check(failure),
        _ => exclusion(failure),
    }
}

fn not_null(failure: &Failure<'_>) -> Vec<String> {
    let table = failure.table_or_word();
    let Some(column) = failure.column() else {
        return vec!["give the column a value or a default".to_owned()];
    };
    if failure.has("set not null") || failure.has("primary key") {
        return vec![
            format!("fill the rows first: `update {table} set {column} = … where {column} is null;`"),
            format!("see them with `select * from {table} where {column} is null;`"),
        ];
    }
    if failure.is("alter table") {
        return vec![
            format!(
                "give the rows that are there a value: `alter table {table} add column {column} TYPE not null default …;`"
            ),
            format!(
                "or in three steps: add the column nullable, fill it, then `alter table {table} alter column {column} \
                 set not null;`"
            ),
        ];
    }
    vec![
        format!("give {column} a value in the statement"),
        format!("or a default: `alter table {table} alter column {column} set default …;`"),
    ]
}

fn foreign_key(failure: &Failure<'_>) -> Vec<String> {
    let table = failure.table_or_word();
    let key = failure.key().unwrap_or("COLUMN");
    // The detail names the other table last: `… is not present in table "t".`
    let detail = failure.error.detail.as_deref().unwrap_or_default();
    let other = detail.rsplit('"').nth(1).map_or_else(|| "the other table".to_owned(), crate::text::quote_ident);
    let constraint = failure.constraint().unwrap_or_else(|| "CONSTRAINT".to_owned());
    if failure.is("alter table") || failure.is("create table") {
        return vec![
            format!("find the rows of {table} whose ({key}) is missing in {other}, and delete or mend them before"),
            format!(
                "or check new rows only, and the old ones later: `alter table {table} add constraint {constraint} \
                 foreign key ({key}) references … not valid;`, then `alter table {table} validate constraint {constraint};`"
            ),
        ];
    }
    if detail.contains("still referenced") {
        return vec![
            format!("delete or change the rows of {table} that refer to it first"),
            format!("or let them follow: give {constraint} `on delete cascade` or `on delete set null`"),
        ];
    }
    vec![
        format!("insert the row into {other} first, in an earlier statement"),
        format!("or let the check wait for the end: `set constraints {constraint} deferred;` when it is `deferrable`"),
    ]
}

fn unique(failure: &Failure<'_>) -> Vec<String> {
    let table = failure.table_or_word();
    let key = failure.key().unwrap_or("COLUMNS");
    if !failure.is("insert") && !failure.is("update") && failure.error.detail.as_deref().is_some_and(is_duplicated) {
        return vec![
            format!("find the duplicates: `select {key}, count(*) from {table} group by {key} having count(*) > 1;`"),
            "delete or merge them in an earlier statement".to_owned(),
        ];
    }
    if failure.is("update") {
        return vec![format!("choose values that are not there: `select * from {table} where ({key}) = (…);`")];
    }
    let mut hints = vec![
        format!("let a row that is there stay: `insert into {table} … on conflict ({key}) do nothing;`"),
        format!("or overwrite it: `… on conflict ({key}) do update set COLUMN = excluded.COLUMN;`"),
    ];
    if !key.contains([',', '(']) && failure.error.constraint.as_deref().is_some_and(|name| name.ends_with("_pkey")) {
        let column = key.trim_matches('"').replace('\'', "''");
        let relation = table.replace('\'', "''");
        hints.push(format!(
            "after rows that bring their own {key}, set its sequence: `select setval(pg_get_serial_sequence('{relation}', \
             '{column}'), max({key})) from {table};`"
        ));
    }
    hints
}

fn is_duplicated(detail: &str) -> bool {
    detail.trim_end_matches('.').ends_with("is duplicated")
}

fn check(failure: &Failure<'_>) -> Vec<String> {
    let table = failure.table_or_word();
    let Some(constraint) = failure.constraint() else {
        return vec![
            format!("create the partition for the value: `create table … partition of {table} for values …;`"),
            format!("or one for all others: `create table … partition of {table} default;`"),
        ];
    };
    if failure.is("alter table") {
        return vec![
            format!("mend the rows of {table} that break {constraint} in an earlier statement"),
            format!(
                "or check new rows only, and the old ones later: `alter table {table} add constraint {constraint} check \
                 (…) not valid;`, then `alter table {table} validate constraint {constraint};`"
            ),
        ];
    }
    let name = crate::text::quote_literal(failure.error.constraint.as_deref().unwrap_or_default());
    vec![
        format!("see what it wants: `select pg_get_constraintdef(oid) from pg_constraint where conname = {name};`"),
        "write rows that keep to it".to_owned(),
    ]
}

fn exclusion(failure: &Failure<'_>) -> Vec<String> {
    let table = failure.table_or_word();
    let key = failure.key().unwrap_or("COLUMNS");
    vec![
        format!("change the rows of {table} that overlap in ({key}); the detail shows two of them"),
        "or narrow the constraint with `where (…)`".to_owned(),
    ]
}

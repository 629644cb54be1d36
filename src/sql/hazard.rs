//! What a statement destroys, as far as its own words tell.

use super::cursor::Cursor;
use super::token::Kind;

/// The loss that the statement brings, as a phrase behind "this statement".
pub(super) fn hazard(mut cursor: Cursor<'_>) -> Option<&'static str> {
    if cursor.take("explain") {
        let options = cursor.skip_parens();
        let is_run = options.is_some_and(|options| options.has(&["analyze", "analyse"]))
            || cursor.take_any(&["analyze", "analyse"]);
        cursor.take("verbose");
        return hazard(cursor).filter(|_| is_run);
    }
    if let Some(loss) = carried(cursor) {
        return Some(loss);
    }
    if cursor.is("with") && !cursor.seek(&["delete", "select", "insert", "update", "merge"]) {
        return None;
    }
    if cursor.take("drop") {
        return dropped(cursor);
    }
    if cursor.take("truncate") {
        return Some("deletes all rows");
    }
    if cursor.take("delete") {
        return (!cursor.has(&["where"])).then_some("deletes all rows");
    }
    if cursor.take_phrase("alter type") && cursor.has(&["drop"]) {
        return cursor.has(&["attribute"]).then_some("drops an attribute with its values");
    }
    if cursor.take_phrase("alter table") || cursor.take_phrase("alter foreign table") {
        return cursor.items().into_iter().find_map(altered);
    }
    None
}

/// What a `delete` in the `with` of a statement brings, or in the parentheses of `copy`.
fn carried(mut cursor: Cursor<'_>) -> Option<&'static str> {
    if !cursor.is_any(&["with", "insert", "copy"]) && !cursor.take_phrase("create table") {
        return None;
    }
    while !cursor.is_at_end() {
        match cursor.skip_parens() {
            Some(inner) => {
                // A column may be called `delete`.
                let (mut ahead, is_with) = (inner, inner.is("with"));
                if let Some(loss) = hazard(inner).filter(|_| is_with || ahead.take_phrase("delete from")) {
                    return Some(loss);
                }
            }
            None => cursor.advance(),
        }
    }
    None
}

fn dropped(mut cursor: Cursor<'_>) -> Option<&'static str> {
    for (phrase, loss) in [
        ("table", "drops a table with its rows"),
        ("materialized view", "drops a materialized view with its rows"),
        ("schema", "drops a schema"),
        ("database", "drops a database"),
        ("sequence", "drops a sequence with its state"),
        ("owned", "drops all that a role owns"),
    ] {
        if cursor.take_phrase(phrase) {
            return Some(loss);
        }
    }
    let cascades = matches!(cursor.peek().to_ascii_lowercase().as_str(), "type" | "domain" | "extension" | "view")
        && cursor.has(&["cascade"]);
    cascades.then_some("drops all that depends on the object")
}

/// One action of an ALTER TABLE; the first has the table's name before it.
fn altered(mut cursor: Cursor<'_>) -> Option<&'static str> {
    while cursor.seek(&["drop", "alter"]) {
        if cursor.take("drop") {
            // DROP CONSTRAINT c, DROP DEFAULT, DROP NOT NULL, DROP EXPRESSION, DROP IDENTITY lose no rows.
            let other = cursor.is_any(&["constraint", "default", "not", "expression", "identity"]);
            let named = matches!(cursor.kind(), Some(Kind::Word | Kind::Quoted));
            return (named && !other).then_some("drops a column with its values");
        }
        cursor.advance();
        cursor.take("column");
        cursor.name();
        if cursor.is("type") || cursor.take_phrase("set data type") {
            return Some("changes a column's type, which can rewrite or lose its values");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::split;

    fn hazard(sql: &str) -> Option<&'static str> {
        split(sql).unwrap()[0].hazard()
    }

    #[test]
    fn sees_what_destroys_rows() {
        for sql in [
            "drop table t",
            "truncate t",
            "delete from t",
            "with x as (select 1 where true) delete from t",
            "alter table t add a int, drop column b",
            "alter table t drop b",
            "alter table t alter a type text using (a::text)",
            "alter table t alter column a set data type text",
            "drop type mood cascade",
            "with d as (delete from t returning 1) select 1",
            "with d as (delete from t returning *) insert into u select * from d",
            "create table u as with d as (delete from t returning *) select * from d",
            "copy (delete from t returning *) to '/dev/null'",
            "explain analyze delete from t",
            "explain (analyze, buffers) truncate t",
            "alter type ty drop attribute b cascade",
        ] {
            assert!(hazard(sql).is_some(), "{sql}");
        }
    }

    #[test]
    fn leaves_the_rest_alone() {
        for sql in [
            "drop index i",
            "delete from t where a = 1",
            "alter table t drop constraint c",
            "alter table t alter a drop default, alter b set not null",
            "alter table \"drop\" add a int",
            "create table t (a int references b on delete cascade)",
            "select 'drop table t'",
            "with d as (delete from t where a = 1 returning 1) select 1",
            "create table t (a int references b (delete) on delete cascade)",
            "explain delete from t",
            "alter type ty add attribute b int cascade",
        ] {
            assert_eq!(hazard(sql), None, "{sql}");
        }
    }
}

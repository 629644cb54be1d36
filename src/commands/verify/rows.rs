//! What is in tables, without its order: whether a second run, or the way there and back, leaves the same rows.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::types::Type;

use crate::catalog::{Id, Kind};
use crate::db::watch::TouchedTable;
use crate::db::{Error, Session};
use crate::error::Failure;
use crate::report::verify::RowsDiffer;
use crate::sql::{self, TxControl};
use crate::text::{Source, count, quote_ident};

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    rows: i64,
    all: String,
    /// Without the columns that hold times, which a run may write anew.
    timeless: String,
}

/// What tables hold, by their names.
pub type Digests = BTreeMap<String, Digest>;

/// The columns of tables that count, by the table's name: all of them, and those that hold no time.
pub type Columns = BTreeMap<String, (Vec<String>, Vec<String>)>;

/// The columns of tables, in the order of their names: that of the table's is no matter of rows.
const COLUMNS: &str = "select w.name, n.nspname::text, c.relname::text, a.attname::text, \
    a.atttypid in (1082, 1083, 1114, 1184, 1266) \
    from unnest($1::text[]) w(name) join pg_catalog.pg_class c on c.oid = to_regclass(w.name) \
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
    where c.relkind in ('r', 'm') order by 1, a.attname collate \"C\"";

/// Reads the columns of tables; where some of a table are said, only these.
pub async fn columns(
    session: &Session,
    names: &BTreeSet<String>,
    only: &BTreeMap<Id, BTreeSet<String>>,
) -> Result<Columns, Error> {
    let mut found = Columns::new();
    if names.is_empty() {
        return Ok(found);
    }
    let names: Vec<&String> = names.iter().collect();
    for row in session.query(COLUMNS, &[(&names, Type::TEXT_ARRAY)]).await? {
        let (schema, table): (&str, &str) = (row.get(1), row.get(2));
        let (all, timeless) = found.entry(row.get(0)).or_default();
        let Some(column) = row.get::<_, Option<&str>>(3) else { continue };
        if only.get(&Id::new(Kind::Table, schema, table)).is_some_and(|only| !only.contains(column)) {
            continue;
        }
        all.push(quote_ident(column));
        if !row.get::<_, bool>(4) {
            timeless.push(quote_ident(column));
        }
    }
    Ok(found)
}

/// Reads what tables hold; one that is not there is left out.
pub async fn digests(session: &Session, names: &BTreeSet<String>) -> Result<Digests, Error> {
    of_columns(session, &columns(session, names, &BTreeMap::new()).await?).await
}

/// Reads what columns of tables hold; a table or a column that is not there is left out.
pub async fn of_columns(session: &Session, columns: &Columns) -> Result<Digests, Error> {
    let mut found = Digests::new();
    let there = self::columns(session, &columns.keys().cloned().collect(), &BTreeMap::new()).await?;
    for (name, (all, timeless)) in columns {
        let Some((now, _)) = there.get(name) else { continue };
        let list = |wanted: &[String]| {
            wanted.iter().filter(|it| now.contains(it)).map(String::as_str).collect::<Vec<_>>().join(", ")
        };
        let sql = format!(
            "select count(*), md5(coalesce(string_agg(a, '' order by a), '')), md5(coalesce(string_agg(b, '' order by b), '')) \
             from (select md5(row({})::text) as a, md5(row({})::text) as b from only {name}) rows",
            list(all),
            list(timeless)
        );
        let rows = session.query(&sql, &[]).await?;
        let Some(row) = rows.first() else { continue };
        found.insert(name.clone(), Digest { rows: row.get(0), all: row.get(1), timeless: row.get(2) });
    }
    Ok(found)
}

/// The name of a table, quoted.
pub fn name(table: &TouchedTable) -> String {
    qualified(&table.schema, &table.name)
}

/// The name of a table, quoted.
pub fn qualified(schema: &str, table: &str) -> String {
    Id::new(Kind::Table, schema, table).qualified()
}

/// Takes the rows of all tables of the user away.
pub async fn truncate(session: &Session) -> Result<(), Error> {
    let sql = "select string_agg(format('%I.%I', n.nspname, c.relname), ', ') \
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
        where c.relkind = 'r' and c.oid >= 16384 and n.nspname not in ('information_schema', 'dbctl') and n.nspname !~ '^pg_' \
          and not exists (select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype = 'e')";
    let rows = session.rows(sql).await?;
    match rows.first().and_then(|row| row.get(0)) {
        Some(names) => session.batch(&format!("truncate {names} cascade")).await,
        None => Ok(()),
    }
}

/// Loads a seed file, all of it or nothing; gives why it could not be.
pub async fn load(session: &Session, seed: &Source) -> Result<Option<String>, Failure> {
    let statements = match sql::split(seed.text()) {
        Ok(statements) => statements,
        Err(error) => return Ok(Some(error.to_string())),
    };
    session.batch("begin").await?;
    for statement in &statements {
        let text = statement.span.of(seed.text());
        if matches!(statement.transaction_control(), Some(TxControl::Begin { .. } | TxControl::Commit { .. })) {
            continue;
        }
        let sent = match statement.copy_data {
            Some(data) => session.copy_in(text, data.of(seed.text())).await.map(drop),
            None => session.batch(text).await,
        };
        if let Err(error) = sent {
            if error.connection_is_lost() {
                return Err(error.into());
            }
            session.batch(&format!("rollback; {}", session.reset())).await?;
            let line = seed.position(statement.span.start).line;
            return Ok(Some(format!(
                "line {line}: {}",
                error.server().map_or_else(|| error.to_string(), |it| it.message.clone())
            )));
        }
    }
    let ended = session.batch(&format!("commit; {}", session.reset())).await;
    if let Err(error) = ended {
        session.batch(&format!("rollback; {}", session.reset())).await?;
        return Ok(Some(error.to_string()));
    }
    Ok(None)
}

/// Those of these relations that are tables with rows, by name.
pub async fn with_rows(session: &Session, relations: &[u32]) -> Result<BTreeSet<String>, Error> {
    if relations.is_empty() {
        return Ok(BTreeSet::new());
    }
    let sql = "select c.nspname, c.relname from unnest($1::oid[]) k(oid) cross join lateral ( \
          select n.nspname::text, c.relname::text from pg_catalog.pg_class c \
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
          where c.oid = k.oid and c.relkind = 'r' and c.oid >= 16384 and pg_catalog.pg_relation_size(c.oid) > 0 offset 0 \
        ) as c";
    let rows = session.ask(sql, &[(&relations, Type::OID_ARRAY)]).await?;
    Ok(rows.iter().map(|row| qualified(row.get(0), row.get(1))).collect())
}

/// Reads what all tables of the user hold.
pub async fn all(session: &Session) -> Result<Digests, Error> {
    let sql = "select n.nspname::text, c.relname::text from pg_catalog.pg_class c \
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
        where c.relkind = 'r' and c.oid >= 16384 and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'";
    let rows = session.query(sql, &[]).await?;
    digests(session, &rows.iter().map(|row| qualified(row.get(0), row.get(1))).collect()).await
}

/// Whether columns that hold times count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// They may hold the time of the run.
    MayDiffer,
    /// They count like all others.
    Count,
}

/// How tables differ from what they held before; times that a run writes anew are no difference of a second run.
pub fn differing(before: &Digests, after: &Digests, times: Times) -> Vec<RowsDiffer> {
    let mut found = Vec::new();
    let rows = |n: i64| count(usize::try_from(n).unwrap_or_default(), "row");
    for (table, was) in before {
        let how = match after.get(table) {
            None => continue,
            Some(is)
                if is == was || times == Times::MayDiffer && is.rows == was.rows && is.timeless == was.timeless =>
            {
                continue;
            }
            Some(is) if is.rows > was.rows => format!("{} more than before", rows(is.rows - was.rows)),
            Some(is) if is.rows < was.rows => format!("{} fewer than before", rows(was.rows - is.rows)),
            Some(_) => "as many rows as before, with other values".to_owned(),
        };
        found.push(RowsDiffer { table: table.clone(), how });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests(rows: i64, all: &str, timeless: &str) -> Digests {
        let digest = Digest { rows, all: all.to_owned(), timeless: timeless.to_owned() };
        Digests::from([("public.t".to_owned(), digest)])
    }

    #[test]
    fn a_time_that_is_written_anew_is_no_difference() {
        assert!(differing(&digests(1, "a", "x"), &digests(1, "b", "x"), Times::MayDiffer).is_empty());
        assert_eq!(
            differing(&digests(1, "a", "x"), &digests(1, "b", "y"), Times::MayDiffer)[0].how,
            "as many rows as before, with other values"
        );
        assert_eq!(
            differing(&digests(1, "a", "x"), &digests(3, "b", "y"), Times::Count)[0].how,
            "2 rows more than before"
        );
    }
}

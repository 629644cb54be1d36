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

/// What tables hold, by their oid.
pub type Digests = BTreeMap<u32, (String, Digest)>;

/// The columns of tables that count, by the table's oid: its name, all of them, and those that hold no time.
pub type Columns = BTreeMap<u32, (String, Vec<String>, Vec<String>)>;

/// The columns of tables, in the order of their names: that of the table's is no matter of rows.
const COLUMNS: &str = "select c.oid, format('%I.%I', n.nspname, c.relname), n.nspname::text, c.relname::text, a.attname::text, \
    a.atttypid in (1082, 1083, 1114, 1184, 1266) \
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
    where c.oid = any($1) and c.relkind in ('r', 'm') order by 1, a.attname collate \"C\"";

/// Reads the columns of tables; where some of a table are said, only these.
pub async fn columns(
    session: &Session,
    oids: &[u32],
    only: &BTreeMap<Id, BTreeSet<String>>,
) -> Result<Columns, Error> {
    let mut found = Columns::new();
    if oids.is_empty() {
        return Ok(found);
    }
    for row in session.query(COLUMNS, &[(&oids, Type::OID_ARRAY)]).await? {
        let (schema, table): (&str, &str) = (row.get(2), row.get(3));
        let (_, all, timeless) = found.entry(row.get(0)).or_insert_with(|| (row.get(1), Vec::new(), Vec::new()));
        let Some(column) = row.get::<_, Option<&str>>(4) else { continue };
        if only.get(&Id::new(Kind::Table, schema, table)).is_some_and(|only| !only.contains(column)) {
            continue;
        }
        all.push(quote_ident(column));
        if !row.get::<_, bool>(5) {
            timeless.push(quote_ident(column));
        }
    }
    Ok(found)
}

/// Reads what tables hold; one that is not there is left out.
pub async fn digests(session: &Session, oids: &[u32]) -> Result<Digests, Error> {
    of_columns(session, &columns(session, oids, &BTreeMap::new()).await?).await
}

/// Reads what columns of tables hold; a table or a column that is not there is left out.
pub async fn of_columns(session: &Session, columns: &Columns) -> Result<Digests, Error> {
    let mut found = Digests::new();
    let there = self::columns(session, &columns.keys().copied().collect::<Vec<_>>(), &BTreeMap::new()).await?;
    for (oid, (_, all, timeless)) in columns {
        let Some((name, now, _)) = there.get(oid) else { continue };
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
        found.insert(*oid, (name.clone(), Digest { rows: row.get(0), all: row.get(1), timeless: row.get(2) }));
    }
    Ok(found)
}

/// The oids of tables by their names; of a partitioned table those of its partitions.
pub async fn named<'a>(session: &Session, tables: impl Iterator<Item = &'a Id>) -> Result<BTreeMap<u32, Id>, Error> {
    let ids: Vec<&Id> = tables.collect();
    let names: Vec<String> = ids.iter().map(|id| format!("{}.{}", quote_ident(&id.schema), quote_ident(&id.name))).collect();
    let sql = "select c.oid, w.at from unnest($1::text[]) with ordinality w(name, at) \
        join pg_catalog.pg_class c on c.oid = to_regclass(w.name) where c.relkind = 'r'";
    let rows = session.query(sql, &[(&names, Type::TEXT_ARRAY)]).await?;
    let of = |at: i64| usize::try_from(at - 1).ok().and_then(|at| ids.get(at)).map(|id| (*id).clone());
    Ok(rows.iter().filter_map(|row| Some((row.get(0), of(row.get(1))?))).collect())
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
            return Ok(Some(format!("line {line}: {}", error.server().map_or_else(|| error.to_string(), |it| it.message.clone()))));
        }
    }
    let ended = session.batch(&format!("commit; {}", session.reset())).await;
    if let Err(error) = ended {
        session.batch(&format!("rollback; {}", session.reset())).await?;
        return Ok(Some(error.to_string()));
    }
    Ok(None)
}

/// Reads what all tables of the user hold.
pub async fn all(session: &Session) -> Result<Digests, Error> {
    let sql = "select array_agg(c.oid) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
        where c.relkind = 'r' and c.oid >= 16384 and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'";
    let rows = session.query(sql, &[]).await?;
    let oids: Option<Vec<u32>> = rows.first().and_then(|row| row.get(0));
    digests(session, &oids.unwrap_or_default()).await
}

/// The oids of touched tables.
pub fn oids(touched: &[TouchedTable]) -> Vec<u32> {
    touched.iter().map(|table| table.oid).collect()
}

/// How tables differ from what they held before; times of the run are no difference.
pub fn differing(before: &Digests, after: &Digests) -> Vec<RowsDiffer> {
    differing_by_oid(before, after).into_iter().map(|(_, differ)| differ).collect()
}

/// The same, with the oid of each.
pub fn differing_by_oid(before: &Digests, after: &Digests) -> Vec<(u32, RowsDiffer)> {
    let mut found = Vec::new();
    let rows = |n: i64| count(usize::try_from(n).unwrap_or_default(), "row");
    for (oid, (table, was)) in before {
        let how = match after.get(oid).map(|(_, digest)| digest) {
            None => continue,
            Some(is) if is == was || is.rows == was.rows && is.timeless == was.timeless => continue,
            Some(is) if is.rows > was.rows => format!("{} more than before", rows(is.rows - was.rows)),
            Some(is) if is.rows < was.rows => format!("{} fewer than before", rows(was.rows - is.rows)),
            Some(_) => "as many rows as before, with other values".to_owned(),
        };
        found.push((*oid, RowsDiffer { table: table.clone(), how }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests(rows: i64, all: &str, timeless: &str) -> Digests {
        let digest = Digest { rows, all: all.to_owned(), timeless: timeless.to_owned() };
        Digests::from([(1, ("public.t".to_owned(), digest))])
    }

    #[test]
    fn a_time_that_is_written_anew_is_no_difference() {
        assert!(differing(&digests(1, "a", "x"), &digests(1, "b", "x")).is_empty());
        assert_eq!(differing(&digests(1, "a", "x"), &digests(1, "b", "y"))[0].how, "as many rows as before, with other values");
        assert_eq!(differing(&digests(1, "a", "x"), &digests(3, "b", "y"))[0].how, "2 rows more than before");
    }
}

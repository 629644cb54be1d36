//! What is in tables, without its order: whether a second run, or the way there and back, leaves the same rows.

use std::collections::BTreeMap;

use tokio_postgres::types::Type;

use crate::db::watch::TouchedTable;
use crate::db::{Error, Session};
use crate::report::verify::RowsDiffer;
use crate::text::count;

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

/// The columns of a table, in their order of name, those without a time apart: that of its columns is no matter of rows.
const COLUMNS: &str = "select c.oid, format('%I.%I', n.nspname, c.relname), \
    string_agg(quote_ident(a.attname), ', ' order by a.attname), \
    string_agg(quote_ident(a.attname), ', ' order by a.attname) \
      filter (where a.atttypid not in (1082, 1083, 1114, 1184, 1266)) \
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
    where c.oid = any($1) and c.relkind in ('r', 'm') group by 1, 2";

/// Reads what tables hold; one that is not there is left out.
pub async fn digests(session: &Session, oids: &[u32]) -> Result<Digests, Error> {
    let mut found = Digests::new();
    if oids.is_empty() {
        return Ok(found);
    }
    for table in session.query(COLUMNS, &[(&oids, Type::OID_ARRAY)]).await? {
        let (name, all): (String, String) = (table.get(1), table.get(2));
        let timeless: Option<String> = table.get(3);
        let sql = format!(
            "select count(*), md5(coalesce(string_agg(a, '' order by a), '')), md5(coalesce(string_agg(b, '' order by b), '')) \
             from (select md5(row({all})::text) as a, md5(row({})::text) as b from only {name}) rows",
            timeless.unwrap_or_default()
        );
        let rows = session.query(&sql, &[]).await?;
        let Some(row) = rows.first() else { continue };
        found.insert(table.get(0), (name, Digest { rows: row.get(0), all: row.get(1), timeless: row.get(2) }));
    }
    Ok(found)
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
    let mut found = Vec::new();
    for (oid, (table, was)) in before {
        let how = match after.get(oid).map(|(_, digest)| digest) {
            None => continue,
            Some(is) if is == was || is.timeless == was.timeless => continue,
            Some(is) if is.rows > was.rows => {
                format!("{} more than before", count(usize::try_from(is.rows - was.rows).unwrap_or_default(), "row"))
            }
            Some(is) if is.rows < was.rows => {
                format!("{} fewer than before", count(usize::try_from(was.rows - is.rows).unwrap_or_default(), "row"))
            }
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
        Digests::from([(1, ("public.t".to_owned(), digest))])
    }

    #[test]
    fn a_time_that_is_written_anew_is_no_difference() {
        assert!(differing(&digests(1, "a", "x"), &digests(1, "b", "x")).is_empty());
        assert_eq!(differing(&digests(1, "a", "x"), &digests(1, "b", "y"))[0].how, "as many rows as before, with other values");
        assert_eq!(differing(&digests(1, "a", "x"), &digests(3, "b", "y"))[0].how, "2 rows more than before");
    }
}

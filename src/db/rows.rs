//! What rows a table has, as a digest: two tables with the same rows have the same.

use super::{Error, Session};
use crate::catalog::Id;
use crate::text::{quote_ident, quote_literal};

/// A digest of all rows of a table, whatever their order and that of the table's columns; `columns` says which count, in
/// the order of that list. The settings of both sessions have to be the same where two databases are compared.
pub async fn digest(session: &Session, table: &Id, columns: Option<&[String]>) -> Result<String, Error> {
    let name = format!("{}.{}", quote_ident(&table.schema), quote_ident(&table.name));
    let facts = format!(
        "select c.relkind = 'p', a.attname from pg_catalog.pg_class c \
         left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
         where c.oid = {}::regclass order by a.attname collate \"C\"",
        quote_literal(&name)
    );
    let facts = session.rows(&facts).await?;
    let partitioned = facts.first().and_then(|row| row.get(0)) == Some("t");
    let all: Vec<String> = facts.iter().filter_map(|row| row.get(1).map(str::to_owned)).collect();
    let texts: Vec<String> = columns.unwrap_or(&all).iter().map(|it| format!("{}::text", quote_ident(it))).collect();
    let only = if partitioned { "" } else { "only " };
    let sql = format!(
        "select count(*) || ':' || pg_catalog.md5(coalesce(pg_catalog.string_agg(h, '' order by h), '')) \
         from (select pg_catalog.md5(array[{}]::text[]::text) collate \"C\" as h from {only}{name}) as r",
        texts.join(", ")
    );
    let rows = session.rows(&sql).await?;
    Ok(rows.first().and_then(|row| row.get(0)).unwrap_or_default().to_owned())
}

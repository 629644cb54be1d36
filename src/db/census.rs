//! Reading what the system catalogs hold without the model: the server is asked what its catalogs are made of.

use minijinja::{Environment, context};

use super::{Error, Session};
use crate::catalog::{Census, Id, Kind};

const CENSUS: &str = include_str!("../../sql/census.sql");
const SECRET: &str = include_str!("../../sql/catalog/secret.sql");

/// Reads the rows inside the transaction that is open; `is_inside` says which objects are wanted.
pub async fn gather(session: &Session, version: u32, is_inside: impl Fn(&Id) -> bool) -> Result<Census, Error> {
    let text = Environment::new()
        .render_str(CENSUS, context! { secret => SECRET })
        .map_err(|source| Error::Template { source })?;
    let mut census = Census::new(version);
    let (mut before, mut branches) = (String::new(), Vec::new());
    for row in session.query(&text, &[]).await? {
        let (name, columns, query): (String, Vec<String>, String) = (row.get(0), row.get(1), row.get(2));
        if name.is_empty() {
            before = query;
        } else {
            census.catalog(name, columns);
            branches.push(query);
        }
    }
    let query = format!("{before} {}", branches.join("\nunion all "));
    for row in session.query(&query, &[]).await? {
        let (schema, name): (String, String) = (row.get(2), row.get(3));
        let id = match row.get::<_, &str>(1) {
            "pg_namespace" => Id::new(Kind::Schema, "", name),
            "pg_trigger" => Id::new(Kind::Trigger, schema, name),
            "pg_policy" => Id::new(Kind::Policy, schema, name),
            _ => Id::new(Kind::Table, schema, name),
        };
        if is_inside(&id) {
            census.row(row.get(0), row.get(4), row.get(5));
        }
    }
    census.settle();
    Ok(census)
}

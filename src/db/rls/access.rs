//! What roles may do, as the server says it.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Id, Kind};
use crate::db::{Error, Session};
use crate::rls::{Access, ServerRole, Subjects};
use crate::text::quote_literal;

/// The roles of the server.
pub(super) async fn roles(session: &Session) -> Result<Vec<ServerRole>, Error> {
    let rows = session
        .rows(
            "select rolname, rolsuper or rolbypassrls from pg_catalog.pg_roles where rolname !~ '^pg_' order by rolname",
        )
        .await?;
    let role = |row: &tokio_postgres::SimpleQueryRow| {
        Some(ServerRole { name: row.get(0)?.to_owned(), bypasses: row.get(1) == Some("t") })
    };
    Ok(rows.iter().filter_map(role).collect())
}

/// What each role may do with each relation of the schemas, also with views.
pub(super) async fn read(
    session: &Session,
    roles: &[String],
    subjects: &Subjects,
) -> Result<BTreeMap<(String, Id), Access>, Error> {
    let schemas: BTreeSet<&str> = subjects.all().map(|it| it.table.schema.as_str()).collect();
    let schemas: Vec<String> = schemas.into_iter().map(quote_literal).collect();
    let mut all: BTreeMap<(String, Id), Access> = BTreeMap::new();
    if schemas.is_empty() {
        return Ok(all);
    }
    for role in roles.iter().collect::<BTreeSet<_>>() {
        let name = quote_literal(role);
        let rows = session
            .rows(&format!(
                "select n.nspname, c.relname, c.relkind::text, a.attname, \
                 has_schema_privilege({name}, n.oid, 'usage'), \
                 has_column_privilege({name}, c.oid, a.attnum, 'select'), \
                 has_column_privilege({name}, c.oid, a.attnum, 'insert'), \
                 has_column_privilege({name}, c.oid, a.attnum, 'update'), \
                 has_table_privilege({name}, c.oid, 'delete') \
                 from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
                 join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
                 where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ({})",
                schemas.join(", ")
            ))
            .await?;
        for row in &rows {
            let text = |at: usize| row.get(at).unwrap_or_default();
            let kind = match text(2) {
                "v" => Kind::View,
                "m" => Kind::MaterializedView,
                _ => Kind::Table,
            };
            let access = all.entry((role.clone(), Id::new(kind, text(0), text(1)))).or_default();
            access.usage = text(4) == "t";
            access.delete = text(8) == "t";
            for (at, columns) in [(5, &mut access.select), (6, &mut access.insert), (7, &mut access.update)] {
                if text(at) == "t" {
                    columns.insert(text(3).to_owned());
                }
            }
        }
    }
    Ok(all)
}

/// The roles that each role has the rights of.
pub(super) async fn memberships(
    session: &Session,
    roles: &[String],
) -> Result<BTreeMap<String, BTreeSet<String>>, Error> {
    let mut all = BTreeMap::new();
    for role in roles.iter().collect::<BTreeSet<_>>() {
        let sql =
            format!("select rolname from pg_catalog.pg_roles where pg_has_role({}, oid, 'usage')", quote_literal(role));
        let rows = session.rows(&sql).await?;
        all.insert(role.clone(), rows.iter().filter_map(|row| row.get(0)).map(str::to_owned).collect());
    }
    Ok(all)
}

//! Reading a database's schema: one query a kind of object, all in one snapshot.

use futures_util::future::try_join_all;
use minijinja::{Environment, context};

use super::{Error, Session, census};
use crate::catalog::{Catalog, Census, Dependency, Id, Kind, Raw, RawObject, assemble};

/// A query: the kind it gives, the system catalog its oids are of, and its text.
struct Query {
    kind: Kind,
    class: &'static str,
    sql: &'static str,
}

macro_rules! queries {
    ($($kind:ident $class:literal $file:literal),* $(,)?) => {
        &[$(Query {
            kind: Kind::$kind,
            class: $class,
            sql: include_str!(concat!("../../sql/catalog/", $file, ".sql")),
        }),*]
    };
}

const QUERIES: &[Query] = queries![
    Schema "pg_namespace" "schema",
    Sequence "pg_class" "sequence",
    Table "pg_class" "table",
    ForeignTable "pg_class" "foreign_table",
    Column "pg_class" "column",
    Default "pg_attrdef" "default",
    Index "pg_class" "index",
    Constraint "pg_constraint" "constraint",
    View "pg_class" "view",
    MaterializedView "pg_class" "materialized_view",
    Rule "pg_rewrite" "rule",
    Language "pg_language" "language",
    Transform "pg_transform" "transform",
    Function "pg_proc" "function",
    Procedure "pg_proc" "procedure",
    Aggregate "pg_proc" "aggregate",
    Trigger "pg_trigger" "trigger",
    EventTrigger "pg_event_trigger" "event_trigger",
    ForeignDataWrapper "pg_foreign_data_wrapper" "foreign_data_wrapper",
    Server "pg_foreign_server" "server",
    UserMapping "pg_user_mapping" "user_mapping",
    TextSearchParser "pg_ts_parser" "text_search_parser",
    TextSearchTemplate "pg_ts_template" "text_search_template",
    TextSearchDictionary "pg_ts_dict" "text_search_dictionary",
    TextSearchConfiguration "pg_ts_config" "text_search_configuration",
    Operator "pg_operator" "operator",
    OperatorFamily "pg_opfamily" "operator_family",
    OperatorClass "pg_opclass" "operator_class",
    Cast "pg_cast" "cast",
    Conversion "pg_conversion" "conversion",
    AccessMethod "pg_am" "access_method",
    Inheritance "pg_inherits" "inheritance",
    Statistics "pg_statistic_ext" "statistics",
    Enum "pg_type" "enum_type",
    Composite "pg_type" "composite",
    Domain "pg_type" "domain",
    Range "pg_type" "range",
    BaseType "pg_type" "base_type",
    Collation "pg_collation" "collation",
    Policy "pg_policy" "policy",
    DefaultPrivileges "pg_default_acl" "default_privileges",
    Publication "pg_publication" "publication",
    PublicationTable "pg_publication_rel" "publication_table",
    PublicationSchema "pg_publication_namespace" "publication_schema",
    Subscription "pg_subscription" "subscription",
    Extension "pg_extension" "extension",
];

const DEPEND: &str = include_str!("../../sql/catalog/depend.sql");
const DESCRIPTION: &str = include_str!("../../sql/catalog/description.sql");
const LABEL: &str = include_str!("../../sql/catalog/label.sql");
const UNKNOWN: &str = include_str!("../../sql/catalog/unknown.sql");

const SECRET: &str = include_str!("../../sql/catalog/secret.sql");

/// Names are written with their schemas where nothing is on the path, as `pg_dump` has it.
const BEGIN: &str = "begin isolation level repeatable read read only; set local search_path = ''; \
    set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres'; set local extra_float_digits = 3; \
    set local quote_all_identifiers = off; set local xmloption = content; \
    set local jit = off";

/// Reads the schema; `is_inside` says which objects are wanted.
pub async fn read(session: &Session, is_inside: impl Fn(&Id) -> bool) -> Result<Catalog, Error> {
    session.batch(BEGIN).await?;
    let read = gather(session).await;
    session.batch("rollback").await?;
    assemble(&read?, is_inside).map_err(|source| Error::Catalog { source })
}

/// Reads the schema, and in the same snapshot what the system catalogs hold; where that fails, the schema stands.
pub async fn read_with_census(
    session: &Session,
    is_inside: impl Fn(&Id) -> bool,
) -> Result<(Catalog, Result<Census, Error>), Error> {
    session.batch(BEGIN).await?;
    let both = async {
        let raw = gather(session).await?;
        let census = census::gather(session, raw.version, &is_inside).await;
        Ok::<_, Error>((raw, census))
    };
    let both = both.await;
    session.batch("rollback").await?;
    let (raw, census) = both?;
    let catalog = assemble(&raw, is_inside).map_err(|source| Error::Catalog { source })?;
    Ok((catalog, census))
}

async fn gather(session: &Session) -> Result<Raw, Error> {
    let facts = session.query("select current_setting('server_version_num')::int4, current_user::text", &[]).await?;
    let number: i32 = facts.first().map_or(0, |row| row.get(0));
    let user = facts.first().map_or_else(String::new, |row| row.get(1));
    let version = u32::try_from(number / 10_000).unwrap_or_default();
    let environment = Environment::new();
    let texts = QUERIES
        .iter()
        .map(|query| environment.render_str(query.sql, context! { version, secret => SECRET }))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|source| Error::Template { source })?;
    let objects = try_join_all(texts.iter().map(|text| session.query(text, &[])));
    let unknown = environment
        .render_str(UNKNOWN, context! { version, secret => SECRET })
        .map_err(|source| Error::Template { source })?;
    let rest = try_join_all([DEPEND, DESCRIPTION, LABEL, &unknown].map(|text| session.query(text, &[])));
    let (objects, rest) = futures_util::future::try_join(objects, rest).await?;
    let mut raw = Raw { version, user, ..Raw::default() };
    for (query, rows) in QUERIES.iter().zip(objects) {
        raw.objects.extend(rows.iter().map(|row| RawObject {
            kind: query.kind,
            class: query.class,
            oid: row.get(0),
            part_number: row.get(1),
            schema: row.get(2),
            name: row.get(3),
            part: row.get(4),
            owner: row.get(5),
            acl: row.get(6),
            object: row.get(7),
        }));
    }
    let [depend, description, label, unknown] = rest.as_slice() else { return Ok(raw) };
    raw.dependencies = depend
        .iter()
        .map(|row| Dependency {
            class: row.get(0),
            oid: row.get(1),
            part: row.get(2),
            needs_class: row.get(3),
            needs_oid: row.get(4),
            needs_part: row.get(5),
            how: char::from(u8::try_from(row.get::<_, i8>(6)).unwrap_or_default()),
        })
        .collect();
    raw.comments = description.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect();
    raw.labels = label.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4))).collect();
    raw.unknown = unknown.iter().map(|row| row.get(0)).collect();
    Ok(raw)
}

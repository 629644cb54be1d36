//! Reading a database's schema: one query a kind of object, all in one snapshot.

use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt;
use futures_util::future::{try_join, try_join_all};
use minijinja::{Environment, context};
use tokio_postgres::Row;

use super::{Error, Session, census};
use crate::catalog::{Catalog, Census, Dependency, Id, Kind, Object, Raw, RawObject, assemble};

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

pub(super) const DEPEND: &str = include_str!("../../sql/catalog/depend.sql");
const DESCRIPTION: &str = include_str!("../../sql/catalog/description.sql");
const LABEL: &str = include_str!("../../sql/catalog/label.sql");
const UNKNOWN: &str = include_str!("../../sql/catalog/unknown.sql");
const SECRET: &str = include_str!("../../sql/catalog/secret.sql");
/// The server's version, and who asks and may see what.
const FACTS: &str = "select current_setting('server_version_num')::int4, current_user::text, \
    has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'select')";
/// The system catalogs, which others name by their oids.
const CLASSES: &str =
    "select relname::text, oid from pg_class where relkind = 'r' and relnamespace = 'pg_catalog'::regnamespace";

/// Names are written with their schemas where nothing is on the path, as `pg_dump` has it. The queries are short, and what
/// others do on the server goes first: they are not compiled, take no workers, and sort without a file.
pub(super) const BEGIN: &str = "begin isolation level repeatable read read only; set local search_path = ''; \
    set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres'; set local extra_float_digits = 3; \
    set local quote_all_identifiers = off; \
    set local jit = off; set local max_parallel_workers_per_gather = 0; set local work_mem = '32MB'";

/// Reads the schema; `is_inside` says which objects are wanted.
pub async fn read(session: &Session, is_inside: impl Fn(&Id) -> bool) -> Result<Catalog, Error> {
    session.batch(BEGIN).await?;
    let read = gather(session).await;
    session.batch("rollback").await?;
    Ok(assemble(read?, is_inside))
}

/// Reads the schema, and in the same snapshot what the system catalogs hold; where that fails, the schema stands.
pub async fn read_with_census(
    session: &Session,
    is_inside: impl Fn(&Id) -> bool,
) -> Result<(Catalog, Result<Census, Error>), Error> {
    session.batch(BEGIN).await?;
    let both = async {
        let raw = gather(session).await?;
        let left_out = raw.left_out(&is_inside);
        let names: HashSet<(&str, &str)> = left_out.iter().map(|id| (&*id.schema, &*id.name)).collect();
        let is_counted = |id: &Id| is_inside(id) && !names.contains(&(&*id.schema, &*id.name));
        let mut census = census::gather(session, raw.version, is_counted).await;
        if let Ok(census) = &mut census {
            for id in &left_out {
                census.forget_index(id);
            }
        }
        Ok::<_, Error>((raw, census))
    };
    let both = both.await;
    session.batch("rollback").await?;
    let (raw, census) = both?;
    Ok((assemble(raw, is_inside), census))
}

/// The queries as they are for a server, and what they need to know of it.
pub(super) struct Queries {
    /// The server's major version.
    version: u32,
    /// The role that asks.
    user: String,
    /// The oids of the system catalogs by their names.
    pub(super) classes: HashMap<String, u32>,
    /// The text of each kind's query.
    texts: Vec<String>,
    /// The same for some objects only, by their numbers.
    some: Vec<String>,
    /// What no kind stands for.
    pub(super) unknown: String,
}

impl Queries {
    /// Writes the queries for the server of a session.
    pub(super) async fn of(session: &Session) -> Result<Self, Error> {
        let facts = session.query(FACTS, &[]).await?;
        let number: i32 = facts.first().map_or(0, |row| row.get(0));
        let user = facts.first().map_or_else(String::new, |row| row.get(1));
        let reads_connections: bool = facts.first().is_some_and(|row| row.get(2));
        let version = u32::try_from(number / 10_000).unwrap_or_default();
        let environment = Environment::new();
        let render = |sql| {
            let context = context! { version, reads_connections, secret => SECRET };
            environment.render_str(sql, context).map_err(|source| Error::Template { source })
        };
        let texts = QUERIES.iter().map(|query| render(query.sql)).collect::<Result<Vec<_>, _>>()?;
        let some = texts.iter().map(|text| format!("select * from ({text}) as q where q.oid = any($1)")).collect();
        let unknown = render(UNKNOWN)?;
        let classes = session.query(CLASSES, &[]).await?;
        let classes = classes.iter().map(|row| (row.get(0), row.get(1))).collect();
        Ok(Self { version, user, classes, texts, some, unknown })
    }

    /// Nothing but what is known of the server.
    pub(super) fn raw(&self) -> Raw {
        let Self { version, user, classes, .. } = self;
        Raw { version: *version, user: user.clone(), classes: classes.clone(), ..Raw::default() }
    }

    /// The query of a kind that gives the objects of some numbers.
    pub(super) fn of_some(&self, kind: Kind) -> &str {
        let at = QUERIES.iter().position(|query| query.kind == kind);
        at.and_then(|at| self.some.get(at)).map_or("", String::as_str)
    }

    /// What all queries give, in the transaction that is open.
    pub(super) async fn gather(&self, session: &Session) -> Result<Raw, Error> {
        let read = QUERIES.iter().zip(&self.texts).map(|(query, text)| {
            let class = self.classes.get(query.class).copied().unwrap_or_default();
            rows(session, text, move |row| object(query.kind, class, row))
        });
        let rest = async {
            tokio::try_join!(
                rows(session, DEPEND, |row| Ok(dependency(row))),
                rows(session, DESCRIPTION, |row| Ok((row.get(0), row.get(1), row.get(2), row.get(3)))),
                rows(session, LABEL, |row| Ok((row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)))),
                rows(session, &self.unknown, |row| Ok(row.get(0))),
            )
        };
        let (objects, (dependencies, comments, labels, unknown)) = try_join(try_join_all(read), rest).await?;
        Ok(Raw { objects, dependencies, comments, labels, unknown: unknown.into_iter().collect(), ..self.raw() })
    }
}

/// The kinds whose numbers are of a system catalog.
pub(super) fn kinds_of(class: &str) -> impl Iterator<Item = Kind> {
    QUERIES.iter().filter(move |query| query.class == class).map(|query| query.kind)
}

/// The system catalog that a kind's numbers are of.
pub(super) fn class_of(kind: Kind) -> &'static str {
    QUERIES.iter().find(|query| query.kind == kind).map_or("", |query| query.class)
}

async fn gather(session: &Session) -> Result<Raw, Error> {
    Queries::of(session).await?.gather(session).await
}

/// An object of a row that a kind's query has given.
pub(super) fn object(kind: Kind, class: u32, row: &Row) -> Result<RawObject, Error> {
    let id = Id::part(kind, row.get::<_, &str>(2), row.get::<_, &str>(3), row.get::<_, &str>(4));
    Ok(RawObject {
        class,
        oid: row.get(0),
        part_number: row.get(1),
        object: Object::parse(kind, row.get(7)).map_err(|source| Error::Catalog { object: id.to_string(), source })?,
        id,
        owner: row.get(5),
        acl: row.get(6),
    })
}

/// What needs what, of a row of `pg_depend`.
pub(super) fn dependency(row: &Row) -> Dependency {
    Dependency {
        class: row.get(0),
        oid: row.get(1),
        part: row.get(2),
        needs_class: row.get(3),
        needs_oid: row.get(4),
        needs_part: row.get(5),
        how: char::from(u8::try_from(row.get::<_, i8>(6)).unwrap_or_default()),
    }
}

/// What a query gives, made of each row as it comes: a large schema's rows are never there all at once.
pub(super) async fn rows<T>(
    session: &Session,
    sql: &str,
    make: impl Fn(&Row) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut stream = std::pin::pin!(session.stream(sql).await?);
    let mut found = Vec::new();
    while let Some(row) = stream.try_next().await? {
        found.push(make(&row)?);
    }
    Ok(found)
}

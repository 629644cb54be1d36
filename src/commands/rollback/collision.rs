//! Why a kept table or column does not come back: the rows that collide, and what mends it.

use super::kept::InTrash;
use crate::db::{Error, Session};
use crate::diagnostic::Diagnostic;
use crate::diff::inverse::TRASH;
use crate::report::{Target, target_flag};
use crate::sqlstate::ServerError;
use crate::text::{bare_ident, quote_literal};

/// How many pairs of rows are shown.
const SHOWN: usize = 3;

/// How much of a value is shown.
const LONGEST: usize = 60;

/// What stands in the way of something kept, inside the transaction that tries; a savepoint `one` is open.
pub(super) async fn told(
    session: &Session,
    kept: &InTrash,
    server: &ServerError,
    target: &Target,
) -> Result<Diagnostic, Error> {
    let held = format!("{TRASH}.{}", bare_ident(&kept.held));
    let again = format!("dbctl rollback{} --restore", target_flag(&target.name));
    let title = format!("{} could not be brought back: {}", kept.what(), server.message);
    let mut diagnostic = Diagnostic::error("rollback/not-restored", title);
    let unchanged = format!("all of it is still in {held}, and what is there now was not changed");
    let unique = if server.sqlstate == "23505" { Unique::read(session, server).await? } else { None };
    let rows = match &unique {
        Some(unique) => match unique.rows(session, &held).await {
            Ok(rows) => rows,
            Err(error) if error.server().is_some() => {
                session.batch("rollback to one").await?;
                Vec::new()
            }
            Err(error) => return Err(error),
        },
        None => Vec::new(),
    };
    let Some(unique) = unique.filter(|_| !rows.is_empty()) else {
        diagnostic = server.detail.iter().fold(diagnostic, |it, said| it.note(said.clone()));
        let mend = match server.sqlstate.as_str() {
            "23503" => format!("bring back first what its rows refer to, then run `{again}` again"),
            "23505" => format!("delete the row that is not wanted, there or in {held}, then run `{again}` again"),
            _ => format!(
                "make its rows fit, there or in {held}, then run `{again}` again; `{again} --plan` has the statements"
            ),
        };
        return Ok(diagnostic.note(unchanged).help(mend));
    };
    for pair in rows.iter().take(SHOWN) {
        diagnostic = diagnostic
            .note(format!("kept:  {}", unique.row(&pair.kept)))
            .note(format!("there: {}", unique.row(&pair.there)));
    }
    if rows.len() > SHOWN {
        diagnostic = diagnostic.note(format!("and more rows with the same {}", unique.names()));
    }
    let table = &unique.table;
    let (to_take, to_leave) = match rows.as_slice() {
        [pair] => (
            format!("delete from {table} where {}", unique.is(&pair.there)),
            format!("delete from {held} where {}", unique.is(&pair.kept)),
        ),
        _ => (
            format!("delete from {table} as it using {held} as held where {}", unique.joined()),
            format!("delete from {held} as held using {table} as it where {}", unique.joined()),
        ),
    };
    Ok(diagnostic
        .note(unchanged)
        .help(format!("to take what is kept: `{to_take}`, then run `{again}` again"))
        .help(format!("to leave what is there: `{to_leave}`, then run `{again}` again")))
}

/// A unique key that rows collide on.
struct Unique {
    /// The table, as SQL names it.
    table: String,
    /// Its columns.
    columns: Vec<String>,
    /// Those of the table's primary key.
    key: Vec<String>,
}

/// Two rows of the same unique key: the values of what is shown.
struct Pair {
    kept: Vec<Option<String>>,
    there: Vec<Option<String>>,
}

impl Unique {
    /// The key of an error; none where it is about expressions.
    async fn read(session: &Session, server: &ServerError) -> Result<Option<Self>, Error> {
        let (Some(schema), Some(table), Some(name)) = (&server.schema, &server.table, &server.constraint) else {
            return Ok(None);
        };
        let qualified = format!("{}.{}", bare_ident(schema), bare_ident(table));
        let list = |which: String| {
            format!(
                "(select pg_catalog.array_to_json(pg_catalog.array_agg(a.attname order by k.n)) from pg_catalog.pg_index i \
                 join pg_catalog.pg_class c on c.oid = i.indexrelid \
                 cross join pg_catalog.unnest(i.indkey::int2[]) with ordinality k (attnum, n) \
                 join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum \
                 where i.indrelid = pg_catalog.to_regclass({}) and {which} and k.n <= i.indnkeyatts \
                 and i.indexprs is null)",
                quote_literal(&qualified)
            )
        };
        let sql = format!(
            "select {}, {}",
            list(format!("c.relname = {}", quote_literal(name))),
            list("i.indisprimary".to_owned())
        );
        let rows = session.rows(&sql).await?;
        let names = |at: usize| -> Vec<String> {
            let json = rows.first().and_then(|row| row.get(at));
            json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
        };
        let (columns, key) = (names(0), names(1));
        Ok((!columns.is_empty()).then_some(Self { table: qualified, columns, key }))
    }

    /// What is shown of a row: its primary key, and what it collides on.
    fn shown(&self) -> Vec<&String> {
        let more = self.columns.iter().filter(|name| !self.key.contains(name));
        self.key.iter().chain(more).collect()
    }

    /// The rows that collide, and are not the same by the primary key.
    async fn rows(&self, session: &Session, held: &str) -> Result<Vec<Pair>, Error> {
        let shown = self.shown();
        let of = |alias: &str| {
            shown.iter().map(|name| format!("{alias}.{}::text", bare_ident(name))).collect::<Vec<_>>().join(", ")
        };
        let sql = format!(
            "select {}, {} from {} as it join {held} as held on {} limit {}",
            of("held"),
            of("it"),
            self.table,
            self.joined(),
            SHOWN + 1
        );
        let rows = session.rows(&sql).await?;
        let values = |row: &tokio_postgres::SimpleQueryRow, from: usize| {
            (from..from + shown.len()).map(|at| row.get(at).map(str::to_owned)).collect()
        };
        Ok(rows.iter().map(|row| Pair { kept: values(row, 0), there: values(row, shown.len()) }).collect())
    }

    /// What holds of two rows, `it` and `held`, that collide.
    fn joined(&self) -> String {
        let text = |alias: &str, name: &String| format!("{alias}.{}::text", bare_ident(name));
        let mut all: Vec<String> =
            self.columns.iter().map(|name| format!("{} = {}", text("it", name), text("held", name))).collect();
        if self.key != self.columns && !self.key.is_empty() {
            let row = |alias: &str| self.key.iter().map(|name| text(alias, name)).collect::<Vec<_>>().join(", ");
            all.push(format!("({}) is distinct from ({})", row("it"), row("held")));
        }
        all.join(" and ")
    }

    fn names(&self) -> String {
        self.columns.join(", ")
    }

    /// A row as people read it.
    fn row(&self, values: &[Option<String>]) -> String {
        let one = |(name, value): (&&String, &Option<String>)| {
            let value = value.as_deref().map_or_else(
                || "null".to_owned(),
                |value| {
                    let end = value.char_indices().nth(LONGEST).map(|(at, _)| at);
                    end.map_or_else(|| quote_literal(value), |end| format!("{}…", quote_literal(&value[..end])))
                },
            );
            format!("{name} = {value}")
        };
        self.shown().iter().zip(values).map(one).collect::<Vec<_>>().join(", ")
    }

    /// The condition that a row is this one.
    fn is(&self, values: &[Option<String>]) -> String {
        let one = |(name, value): (&&String, &Option<String>)| match value {
            Some(value) => format!("{} = {}", bare_ident(name), quote_literal(value)),
            None => format!("{} is null", bare_ident(name)),
        };
        let many = if self.key.is_empty() { values.len() } else { self.key.len() };
        self.shown().iter().zip(values).take(many).map(one).collect::<Vec<_>>().join(" and ")
    }
}

//! Filling a database with made-up rows: the pure part knows what is worth trying, the server says what it takes.

mod after;
mod insert;
mod parents;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::SimpleQueryRow;

use super::{Error, Session, catalog};
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::seed::{Table, Turn, Wanted, order, root};
use crate::sqlstate::ServerError;
use crate::text::{bare_ident, quote_literal};

/// Values are read and written in one form, whatever the session's settings.
const BEGIN: &str = "begin; set local client_min_messages = error; set local datestyle = 'ISO, MDY'; \
    set local intervalstyle = 'postgres'; set local extra_float_digits = 1; set local bytea_output = 'hex'; \
    set local timezone = 'UTC'; savepoint dbctl_all";

/// How many tables are filled in a transaction where none has to wait for others: locks are a server's, and not many.
const MOST_AT_ONCE: usize = 300;

/// What was filled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// In the order of filling.
    pub tables: Vec<FilledTable>,
}

/// A table that was to be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledTable {
    /// The table; partitions are filled through the table at their top.
    pub table: Id,
    /// How many rows are there by this.
    pub rows: usize,
    /// How many of each group.
    pub groups: Vec<usize>,
    /// Why it could not be filled, or not wholly.
    pub why: Option<String>,
    /// The key of each row, those of the first group first: columns with SQL literals (`null` too); the primary key, else all columns that can be compared.
    pub keys: Vec<Vec<(String, String)>>,
}

/// A row that is there by this.
#[derive(Debug, Clone)]
struct Made {
    group: usize,
    values: BTreeMap<String, Option<String>>,
}

/// What is known while tables are filled.
struct Filler<'a> {
    session: &'a Session,
    wanted: &'a Wanted,
    tables: &'a BTreeMap<Id, Table>,
    /// The given values as literals.
    fixed: BTreeMap<(&'a Id, &'a str), Vec<String>>,
    /// How many rows each table had before.
    before: BTreeMap<Id, u64>,
    /// Tables that are only referred to, and have rows that will do.
    lent: BTreeSet<Id>,
    /// Whether rows may come from triggers and rules.
    has_triggers: bool,
    /// Tables all of whose rows are referred to, as a check at the end wants it.
    spread: BTreeSet<Id>,
    made: BTreeMap<Id, Vec<Made>>,
}

/// Fills tables with made-up rows, in a transaction of its own. What cannot be filled stays as it is, and the answer says
/// why; rows that are there stay too.
pub async fn fill(session: &Session, catalog: &Catalog, wanted: &Wanted) -> Result<Filled, Error> {
    let named: BTreeSet<Id> = match &wanted.tables {
        Some(tables) => tables.iter().map(|it| root(catalog, it)).collect(),
        None => catalog.entries.keys().filter(|id| is_filled(catalog, id)).cloned().collect(),
    };
    let mut tables = with_needed(catalog, &named);
    if leads_outside(catalog, &tables) {
        // What is a platform's is left out of a project's catalog, and is referred to none the less.
        let wide = catalog::read(session, |_| true).await?;
        tables = with_needed(&wide, &named);
    }
    let has_triggers = catalog.entries.keys().any(|id| matches!(id.kind, Kind::Trigger | Kind::Rule))
        || tables.keys().any(|id| !catalog.entries.contains_key(id));
    let turns = order(&tables);
    session.batch(BEGIN).await?;
    let filled = run(session, wanted, &tables, &named, &turns, has_triggers).await;
    let end = if filled.is_ok() { "commit" } else { "rollback" };
    match (filled, session.batch(end).await) {
        (Ok(filled), Ok(())) => Ok(filled),
        (Err(error), _) | (Ok(_), Err(error)) => Err(error),
    }
}

/// Whether a table is one to fill: partitions are not, nor what a table outside leads to.
fn is_filled(catalog: &Catalog, id: &Id) -> bool {
    id.kind == Kind::Table && !catalog.is_partition(id)
}

/// Tables and all that they refer to.
fn with_needed(catalog: &Catalog, named: &BTreeSet<Id>) -> BTreeMap<Id, Table> {
    let mut tables: BTreeMap<Id, Table> = BTreeMap::new();
    let mut open: Vec<Id> = named.iter().cloned().collect();
    while let Some(id) = open.pop() {
        if !tables.contains_key(&id)
            && let Some(table) = Table::read(catalog, &id)
        {
            open.extend(table.foreign.iter().map(|it| it.to.clone()));
            tables.insert(id, table);
        }
    }
    tables
}

/// Whether a table refers to one that the catalog has not, or uses a type that it has not.
fn leads_outside(catalog: &Catalog, tables: &BTreeMap<Id, Table>) -> bool {
    let is_there = |id: &Id| matches!(catalog.get(id).map(|it| &it.object), Some(Object::Table(_)));
    tables.values().any(|table| {
        table.foreign.iter().any(|it| !is_there(&it.to))
            || table.columns.iter().any(|it| it.shape == crate::seed::Shape::Unknown && it.data_type.contains('.'))
    })
}

/// Fills all, again without a table that a check at the end refuses.
async fn run(
    session: &Session,
    wanted: &Wanted,
    tables: &BTreeMap<Id, Table>,
    named: &BTreeSet<Id>,
    turns: &[Turn],
    has_triggers: bool,
) -> Result<Filled, Error> {
    let mut refused: BTreeMap<Id, String> = BTreeMap::new();
    let mut filler = Filler::new(session, wanted, tables, named, has_triggers).await?;
    loop {
        filler.made.clear();
        let answer = filler.all(turns, &refused).await?;
        let Err(error) = session.batch("set constraints all immediate").await else { return Ok(answer) };
        let Some(server) = error.server() else { return Err(error) };
        let suspects = suspects(tables, server, &refused);
        let before = filler.spread.len();
        filler.spread.extend(suspects.iter().cloned());
        if filler.spread.len() == before {
            let why = format!("a check at the end of the transaction refuses its rows: {}", server.message);
            refused.extend(suspects.into_iter().map(|id| (id, why.clone())));
        }
        session.batch("rollback to savepoint dbctl_all").await?;
    }
}

/// The tables without which all may be well: the one that the server names, those whose triggers fired, or all that have
/// such triggers; in the end every table.
fn suspects(tables: &BTreeMap<Id, Table>, error: &ServerError, refused: &BTreeMap<Id, String>) -> Vec<Id> {
    let said = error.where_.as_deref().unwrap_or_default();
    let is_named =
        |table: &Table| error.table.as_ref() == Some(&table.id.name) && error.schema.as_ref() == Some(&table.id.schema);
    let has_fired = |table: &Table| {
        let call = |it: &String| it.rsplit_once(" EXECUTE ").map(|(_, it)| it.to_owned()).unwrap_or_default();
        let name =
            |it: &String| call(it).split('(').next().and_then(|it| it.rsplit([' ', '.']).next().map(str::to_owned));
        table.late.iter().filter_map(name).any(|it| said.contains(&format!("{it}(")))
    };
    let has_any = |table: &Table| !table.late.is_empty();
    let tests: [&dyn Fn(&Table) -> bool; 4] = [&is_named, &has_fired, &has_any, &|_| true];
    let found = tests.iter().map(|test| {
        let fitting = tables.values().filter(|it| !refused.contains_key(&it.id) && test(it));
        fitting.map(|it| it.id.clone()).collect::<Vec<_>>()
    });
    found.into_iter().find(|it| !it.is_empty()).unwrap_or_default()
}

impl<'a> Filler<'a> {
    /// Asks what is there already.
    async fn new(
        session: &'a Session,
        wanted: &'a Wanted,
        tables: &'a BTreeMap<Id, Table>,
        named: &BTreeSet<Id>,
        has_triggers: bool,
    ) -> Result<Self, Error> {
        let mut before = BTreeMap::new();
        let ids: Vec<&Id> = tables.keys().collect();
        for part in ids.chunks(200) {
            let count = |(at, id): (usize, &&Id)| format!("select {at}, (select count(*) from {})", from(&tables[*id]));
            let counts: Vec<String> = part.iter().enumerate().map(count).collect();
            let answers = match session.rows(&guard(&counts.join(" union all "))).await {
                Ok(rows) => rows,
                Err(error) if error.server().is_none() || error.connection_is_lost() => return Err(error),
                Err(_) => one_by_one(session, &counts).await?,
            };
            for row in answers {
                let number = |at| row.get(at).and_then(|it: &str| it.parse::<u64>().ok()).unwrap_or_default();
                if let Some(id) = usize::try_from(number(0)).ok().and_then(|at| part.get(at)) {
                    before.insert((*id).clone(), number(1));
                }
            }
        }
        let has_rows = |id: &Id| before.get(id).is_some_and(|it| *it > 0);
        let is_given = |id: &Id| wanted.fixed.keys().any(|(table, _)| table == id);
        let lent = tables
            .keys()
            .filter(|id| wanted.groups <= 1 && !named.contains(id) && has_rows(id) && !is_given(id))
            .cloned()
            .collect();
        let made = BTreeMap::new();
        let mut filler = Self {
            session,
            wanted,
            tables,
            fixed: BTreeMap::new(),
            before,
            lent,
            has_triggers,
            spread: BTreeSet::new(),
            made,
        };
        filler.fixed = filler.literals().await?;
        Ok(filler)
    }

    /// The given values, as the server reads them.
    async fn literals(&self) -> Result<BTreeMap<(&'a Id, &'a str), Vec<String>>, Error> {
        let mut literals = BTreeMap::new();
        for ((id, name), expressions) in &self.wanted.fixed {
            let Some(column) = self.tables.get(id).and_then(|it| it.column(name)) else { continue };
            let casts: Vec<String> =
                expressions.iter().map(|it| format!("(({it})::{})::text", column.data_type)).collect();
            let rows = self.session.rows(&format!("select {}", casts.join(", "))).await?;
            let value = |at| rows.first().and_then(|row| row.get(at)).map_or_else(|| "null".to_owned(), quote_literal);
            literals.insert((id, name.as_str()), (0..expressions.len()).map(value).collect());
        }
        Ok(literals)
    }

    /// Fills every table in turn, then what had to wait.
    async fn all(&mut self, turns: &[Turn], refused: &BTreeMap<Id, String>) -> Result<Filled, Error> {
        let mut whys: BTreeMap<&Id, Option<String>> = BTreeMap::new();
        let is_checked_late = self.tables.values().any(|it| !it.late.is_empty());
        let waits = turns.iter().any(|it| !it.postponed.is_empty());
        for (number, turn) in turns.iter().enumerate() {
            if number % MOST_AT_ONCE == MOST_AT_ONCE - 1 && !is_checked_late && !waits {
                self.session.batch(&format!("commit; {BEGIN}")).await?;
            }
            if self.lent.contains(&turn.table) {
                continue;
            }
            let why = match refused.get(&turn.table) {
                Some(why) => Some(why.clone()),
                None => self.table(turn).await?,
            };
            whys.insert(&turn.table, why);
        }
        for turn in turns.iter().filter(|it| !it.postponed.is_empty()) {
            if let Some(why) = self.postponed(turn).await? {
                whys.insert(&turn.table, Some(why));
            }
        }
        self.sequences().await?;
        let tables = whys.into_iter().map(|(id, why)| (id.clone(), self.answer(id, why)));
        let mut tables: BTreeMap<Id, FilledTable> = tables.collect();
        Ok(Filled { tables: turns.iter().filter_map(|it| tables.remove(&it.table)).collect() })
    }

    fn answer(&self, id: &Id, why: Option<String>) -> FilledTable {
        let mut rows: Vec<&Made> = self.made.get(id).into_iter().flatten().collect();
        rows.sort_by_key(|it| it.group);
        let groups = (0..self.wanted.groups).map(|group| rows.iter().filter(|it| it.group == group).count()).collect();
        let identity = self.tables.get(id).map(|it| it.identity.as_slice()).unwrap_or_default();
        let key = |row: &&Made| {
            let literal = |name: &String| row.values.get(name).map(|it| (name.clone(), literal(it.as_deref())));
            identity.iter().filter_map(literal).collect()
        };
        FilledTable { table: id.clone(), rows: rows.len(), groups, why, keys: rows.iter().map(key).collect() }
    }
}

/// Statements behind a savepoint.
fn guard(sql: &str) -> String {
    format!("savepoint dbctl_fill; {sql}; release savepoint dbctl_fill")
}

/// The answers of queries some of which fail: a partition that is a foreign table cannot always be read.
async fn one_by_one(session: &Session, queries: &[String]) -> Result<Vec<SimpleQueryRow>, Error> {
    let undo = "rollback to savepoint dbctl_fill; release savepoint dbctl_fill";
    session.batch(undo).await?;
    let mut rows = Vec::new();
    for query in queries {
        match session.rows(&guard(query)).await {
            Ok(answer) => rows.extend(answer),
            Err(error) if error.server().is_none() || error.connection_is_lost() => return Err(error),
            Err(_) => session.batch(undo).await?,
        }
    }
    Ok(rows)
}

/// A value as SQL.
fn literal(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), quote_literal)
}

/// The rows that are a table's own.
fn from(table: &Table) -> String {
    if table.partitioned { table.sql() } else { format!("only {}", table.sql()) }
}

/// A name as messages show it.
fn shown(name: &str) -> String {
    format!("`{}`", bare_ident(name))
}

//! How far sequences have counted: a second run that sets one anew hands out numbers which are taken.

use std::collections::BTreeMap;

use tokio_postgres::types::{ToSql, Type};

use crate::catalog::{Id, Kind};
use crate::db::{Error, Session};
use crate::plan::step::Step;
use crate::report::verify::RowsDiffer;
use crate::text::quote_literal;

/// How far a sequence has counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    last: i64,
    /// Whether that was handed out.
    is_called: bool,
    increment: i64,
    /// The table whose column it numbers.
    table: Option<String>,
}

impl Count {
    fn next(&self) -> i64 {
        if self.is_called { self.last.saturating_add(self.increment) } else { self.last }
    }

    /// Whether another one hands out what this one has handed out.
    fn is_ahead_of(&self, other: &Self) -> bool {
        if self.increment > 0 { other.next() < self.next() } else { other.next() > self.next() }
    }
}

/// Sequences, by their names: a run may make one anew.
pub type Counts = BTreeMap<Id, Count>;

/// One that begins again at its end may be anywhere.
const SEQUENCES: &str = "select n.nspname::text, c.relname::text, s.seqincrement, \
    (select t.relname::text from pg_catalog.pg_depend d join pg_catalog.pg_class t on t.oid = d.refobjid \
     where d.classid = 1259 and d.objid = c.oid and d.refclassid = 1259 and d.deptype in ('a', 'i') limit 1) \
    from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid \
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace where not s.seqcycle and ";

/// Those with these numbers.
pub async fn of(session: &Session, oids: &[u32]) -> Result<Counts, Error> {
    if oids.is_empty() {
        return Ok(Counts::new());
    }
    read(session, "c.oid = any ($1)", &[(&oids, Type::OID_ARRAY)]).await
}

/// Those that are known, as they are now.
pub async fn again(session: &Session, known: &Counts) -> Result<Counts, Error> {
    if known.is_empty() {
        return Ok(Counts::new());
    }
    let names: Vec<String> = known.keys().map(Id::qualified).collect();
    read(session, "c.oid in (select to_regclass(x)::oid from unnest($1) x)", &[(&names, Type::TEXT_ARRAY)]).await
}

/// All of the user's.
pub async fn all(session: &Session) -> Result<Counts, Error> {
    read(session, "c.oid >= 16384 and n.nspname !~ '^pg_'", &[]).await
}

async fn read(session: &Session, which: &str, values: &[(&(dyn ToSql + Sync), Type)]) -> Result<Counts, Error> {
    let mut counts = Counts::new();
    let mut selects = Vec::new();
    for row in session.query(&format!("{SEQUENCES}{which}"), values).await? {
        let id = Id::new(Kind::Sequence, row.get::<_, &str>(0), row.get::<_, &str>(1));
        let name = id.qualified();
        selects.push(format!("select {}, last_value, is_called from {name}", quote_literal(&name)));
        counts.insert(id, Count { last: 0, is_called: false, increment: row.get(2), table: row.get(3) });
    }
    if selects.is_empty() {
        return Ok(counts);
    }
    let rows = session.query(&selects.join(" union all "), &[]).await?;
    for (id, count) in &mut counts {
        let name = id.qualified();
        if let Some(row) = rows.iter().find(|row| row.get::<_, &str>(0) == name) {
            (count.last, count.is_called) = (row.get(1), row.get(2));
        }
    }
    Ok(counts)
}

/// Sets them as they were: the server takes back nothing of what a sequence has counted.
pub async fn restore(session: &Session, counts: &Counts) -> Result<(), Error> {
    let set = |(id, count): (&Id, &Count)| {
        let (name, Count { last, is_called, .. }) = (quote_literal(&id.qualified()), count);
        format!("select pg_catalog.setval({name}, {last}, {is_called});")
    };
    session.batch(&counts.iter().map(set).collect::<String>()).await
}

/// Those that were set otherwise. Numbers that were handed out and not used are no difference: `on conflict do nothing`
/// leaves some.
pub fn differing(up: &Step, before: &Counts, after: &Counts) -> Vec<RowsDiffer> {
    let mut found = Vec::new();
    for (id, was) in before {
        let Some(is) = after.get(id).filter(|is| is.next() != was.next()) else { continue };
        if was.is_ahead_of(is) || is_set(up, id, was) {
            let how = format!("another value: {} comes next, and not {}", is.next(), was.next());
            found.push(RowsDiffer { table: id.to_string(), how });
        }
    }
    found
}

/// Whether a statement sets a sequence by its name, or by that of its table.
fn is_set(up: &Step, id: &Id, count: &Count) -> bool {
    let names = [Some(&id.name), count.table.as_ref()];
    let says = |text: &str| {
        let sets = ["setval", "restart"].into_iter().any(|word| text.to_ascii_lowercase().contains(word));
        sets && names.iter().flatten().any(|name| text.contains(name.as_str()))
    };
    up.statements.iter().any(|statement| says(up.text(statement)))
}

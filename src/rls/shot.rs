//! What is tried, as statements: each with what is made ready before it and what tells afterwards whether it reached rows.

use std::collections::BTreeSet;

use super::actor::{Actor, ActorKind, Person};
use super::subject::{Relation, Subject, foreign_keys};
use super::values::literal_of;
use super::verdict::{Act, Hit, Refusal};
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::text::quote_ident;

/// How a row is reached that nobody has to see for it.
const BLIND: &str = "by a statement that reads no column, for which policies of select do not count";

/// A seeded row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Whose it is; none where nobody knows.
    pub group: Option<usize>,
    /// Where it stands: table oid, ctid and xmin.
    pub place: (String, String, String),
    /// Its columns, as texts.
    pub values: Vec<(String, Option<String>)>,
}

impl Row {
    /// The value of a column.
    pub fn value(&self, column: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == column)?.1.as_deref()
    }

    /// A condition that holds as long as the row is as it was.
    pub fn unchanged(&self) -> String {
        let (table, ctid, xmin) = &self.place;
        format!("(tableoid = {table} and ctid = '{ctid}' and xmin::text = '{xmin}')")
    }
}

/// What a role may do with a table, by columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Whether the schema may be used.
    pub usage: bool,
    /// Columns that may be read.
    pub select: BTreeSet<String>,
    /// Columns that may be put in.
    pub insert: BTreeSet<String>,
    /// Columns that may be changed.
    pub update: BTreeSet<String>,
    /// Whether rows may be taken away.
    pub delete: bool,
}

/// Whose rows are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// One's own.
    Own,
    /// Others'.
    Other,
}

/// One try.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shot {
    /// What is made ready, with all rights.
    pub prep: String,
    /// What is tried.
    pub sql: String,
    /// A query, asked with all rights, whose number is above zero where rows were reached; none where the try itself gives
    /// the number.
    pub after: Option<String>,
    /// How it was tried, in words.
    pub how: &'static str,
}

/// A table to be tried on.
pub struct Table<'a> {
    /// The schema.
    pub catalog: &'a Catalog,
    /// The table.
    pub subject: &'a Subject,
    /// Its rows.
    pub rows: &'a [Row],
    /// Its primary key; empty where it has none.
    pub key: Vec<String>,
    /// The users.
    pub people: &'a [Person],
}

/// Rows are taken away without anything that follows from it.
pub(super) fn aside(table: &str, rows: &[&Row]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let places: Vec<String> = rows.iter().map(|row| row.unchanged()).collect();
    format!(
        "set local session_replication_role = replica; delete from {table} where {}; \
         set local session_replication_role = origin; ",
        places.join(" or ")
    )
}

impl Table<'_> {
    pub(super) fn name(&self) -> String {
        self.subject.table.qualified()
    }

    fn type_of(&self, column: &str) -> String {
        match self.catalog.get(&self.subject.table.beside(Kind::Column, column)).map(|entry| &entry.object) {
            Some(Object::Column(it)) => it.data_type.clone(),
            _ => "text".to_owned(),
        }
    }

    pub(super) fn literal(&self, column: &str, value: Option<&str>) -> String {
        value.map_or_else(|| "null".to_owned(), |value| literal_of(value, &self.type_of(column)))
    }

    /// The rows of a side.
    pub fn of(&self, actor: &Actor, side: Side) -> Vec<&Row> {
        let is_own = |row: &&Row| row.group.is_some() && row.group == actor.group;
        match side {
            Side::Own => self.rows.iter().filter(is_own).collect(),
            Side::Other => self.rows.iter().filter(|row| row.group.is_some() && !is_own(row)).collect(),
        }
    }

    /// A condition that finds rows, and the columns that it reads.
    fn finds(&self, rows: &[&Row]) -> (String, Vec<String>) {
        if self.key.is_empty() {
            let places = rows.iter().map(|row| format!("ctid = '{}'", row.place.1)).collect::<Vec<_>>();
            return (format!("({})", places.join(" or ")), Vec::new());
        }
        let one = |row: &&Row| {
            let parts = self
                .key
                .iter()
                .map(|column| format!("{} = {}", quote_ident(column), self.literal(column, row.value(column))));
            format!("({})", parts.collect::<Vec<_>>().join(" and "))
        };
        (format!("({})", rows.iter().map(one).collect::<Vec<_>>().join(" or ")), self.key.clone())
    }

    /// How many of the rows are no longer as they were.
    fn changed(&self, rows: &[&Row]) -> String {
        let places: Vec<String> = rows.iter().map(|row| row.unchanged()).collect();
        format!("select {} - count(*) from {} where {}", rows.len(), self.name(), places.join(" or "))
    }

    /// The tries of an act on a side, the likeliest first: where one reaches rows, the act does.
    pub fn shots(&self, actor: &Actor, access: &Access, act: Act, side: Side) -> Result<Vec<Shot>, Hit> {
        let rows = self.of(actor, side);
        if rows.is_empty() {
            return Err(Hit::Untried("no rows of that side are there".to_owned()));
        }
        let is_granted = access.usage
            && match act {
                Act::Select => !access.select.is_empty(),
                Act::Insert => !access.insert.is_empty(),
                Act::Update | Act::Move => !access.update.is_empty(),
                Act::Delete => access.delete,
            };
        if !is_granted {
            return Err(Hit::Refused(Refusal::Grant));
        }
        match act {
            Act::Select => Ok(vec![self.select(actor, access, side, &rows)]),
            Act::Insert => self.insert(actor, access, side, &rows),
            Act::Update => Ok(self.update(actor, access, side, &rows)),
            Act::Move => self.moving(actor, access, &rows),
            Act::Delete => Ok(self.delete(actor, access, side, &rows)),
        }
    }

    fn select(&self, actor: &Actor, access: &Access, side: Side, rows: &[&Row]) -> Shot {
        let (condition, columns) = self.finds(rows);
        let table = self.name();
        if columns.iter().all(|column| access.select.contains(column)) {
            let sql = format!("select count(*) from {table} where {condition}");
            return Shot { sql, ..Shot::default() };
        }
        // Without the key's columns only the number of rows tells: those of the other side are put away.
        let others = match side {
            Side::Own => self.of(actor, Side::Other),
            Side::Other => self.of(actor, Side::Own),
        };
        Shot { prep: aside(&table, &others), sql: format!("select count(*) from {table}"), ..Shot::default() }
    }

    /// The columns that say whose a row is.
    pub(super) fn owners(&self) -> Vec<String> {
        let mut owners: Vec<String> = self.subject.tenant.iter().chain(&self.subject.users).cloned().collect();
        if owners.is_empty() {
            owners.extend(self.through().map(|(column, _)| column));
        }
        owners
    }

    /// The column through which the rows are somebody's, and the table that it refers to.
    fn through(&self) -> Option<(String, Id)> {
        let Relation::Through(to) = &self.subject.relation else { return None };
        let keys = foreign_keys(self.catalog);
        let key = keys.iter().find(|key| key.table == self.subject.table && key.to == *to)?;
        Some((key.columns.first()?.clone(), to.clone()))
    }

    fn insert(&self, actor: &Actor, access: &Access, side: Side, rows: &[&Row]) -> Result<Vec<Shot>, Hit> {
        let Some(row) = rows.first() else { return Ok(Vec::new()) };
        let mut shots = vec![self.put(access, row, &[])];
        let is_mixed = self.subject.tenant.is_some()
            && !self.subject.users.is_empty()
            && !matches!(self.subject.relation, Relation::Tenants | Relation::Users);
        let me = actor.group.and_then(|group| self.people.get(group)).and_then(|it| it.user.as_deref());
        if side == Side::Other
            && is_mixed
            && let Some(me) = me
        {
            let values: Vec<(&str, &str)> = self
                .subject
                .users
                .iter()
                .filter(|it| Some(*it) != self.subject.tenant.as_ref())
                .map(|it| (it.as_str(), me))
                .collect();
            let mut shot = self.put(access, row, &values);
            shot.how = "with its own user's id and the other tenant's";
            shots.push(shot);
        }
        if shots.iter().all(|shot| shot.sql.is_empty()) {
            return Err(Hit::Refused(Refusal::Grant));
        }
        Ok(shots)
    }

    /// Puts a row in again that has been put away, with some other values.
    fn put(&self, access: &Access, row: &Row, values: &[(&str, &str)]) -> Shot {
        let table = self.name();
        let is_writable = |column: &str| match self.catalog.get(&self.subject.table.beside(Kind::Column, column)) {
            Some(entry) => matches!(&entry.object, Object::Column(it) if it.generated.is_none()),
            None => false,
        };
        let columns: Vec<&(String, Option<String>)> =
            row.values.iter().filter(|(name, _)| is_writable(name) && access.insert.contains(name)).collect();
        let value = |name: &str, own: Option<&str>| {
            let other = values.iter().find(|(column, _)| *column == name).map(|(_, value)| *value);
            self.literal(name, other.or(own))
        };
        let names: Vec<String> = columns.iter().map(|(name, _)| quote_ident(name)).collect();
        let given: Vec<String> = columns.iter().map(|(name, it)| value(name, it.as_deref())).collect();
        let sql =
            format!("insert into {table} ({}) overriding system value values ({})", names.join(", "), given.join(", "));
        // What a trigger has made the caller's own is nobody else's row.
        let owners = self.owners();
        let told: Vec<&String> =
            self.key.iter().filter(|column| access.insert.contains(*column)).chain(&owners).collect();
        let conditions: Vec<String> = told
            .iter()
            .map(|column| format!("{} is not distinct from {}", quote_ident(column), value(column, row.value(column))))
            .chain(["true".to_owned()])
            .collect();
        let is_old: Vec<String> = self.rows.iter().map(Row::unchanged).collect();
        let after = format!(
            "select count(*) from {table} where {} and not ({})",
            conditions.join(" and "),
            is_old.join(" or ")
        );
        Shot { prep: aside(&table, &[row]), sql, after: Some(after), how: "" }
    }

    /// The column that is changed, so that as little as can be follows from it.
    fn spare(&self, access: &Access) -> Option<String> {
        let keys = foreign_keys(self.catalog);
        let owners = self.owners();
        let columns = self.catalog.columns(&self.subject.table);
        let can = |id: &&(&Id, &crate::catalog::Entry, &crate::catalog::Column)| {
            access.update.contains(&id.0.part)
                && id.2.generated.is_none()
                && id.2.identity.as_ref().is_none_or(|it| !it.always)
        };
        let is_unique = |name: &str| {
            self.catalog.parts(&self.subject.table, Kind::Constraint).any(|(_, entry)| {
                matches!(&entry.object, Object::Constraint(it) if it.what.has_index() && it.columns.iter().any(|c| c == name))
            })
        };
        let is_key = |name: &str| {
            keys.iter().any(|key| key.table == self.subject.table && key.columns.iter().any(|it| it == name))
        };
        let is_plain = |name: &str| {
            !is_unique(name) && !is_key(name) && !owners.iter().any(|it| it == name) && !super::is_shared_by_value(name)
        };
        let some: Vec<&str> = columns.iter().filter(can).map(|it| it.0.part.as_str()).collect();
        let first = some.iter().find(|name| is_plain(name)).or_else(|| some.first());
        first.map(|name| (*name).to_owned())
    }

    fn update(&self, actor: &Actor, access: &Access, side: Side, rows: &[&Row]) -> Vec<Shot> {
        let Some(column) = self.spare(access) else { return Vec::new() };
        let table = self.name();
        let (condition, columns) = self.finds(rows);
        let set = |value: &str| format!("update {table} set {} = {value}", quote_ident(&column));
        let after = Some(self.changed(rows));
        let mut shots = Vec::new();
        // The server asks for the privilege to read what a condition reads, and then for the policies of select too.
        let reads = columns.iter().chain([&column]).all(|it| access.select.contains(it));
        if reads {
            let sql = format!("{} where {condition}", set(&quote_ident(&column)));
            shots.push(Shot { sql, after: after.clone(), ..Shot::default() });
        }
        if side == Side::Other || !reads {
            let value = rows.first().and_then(|row| row.value(&column));
            let others = self.of(actor, if side == Side::Own { Side::Other } else { Side::Own });
            shots.push(Shot {
                prep: aside(&table, &others),
                sql: set(&self.literal(&column, value)),
                after: after.clone(),
                how: BLIND,
            });
        }
        if side == Side::Other {
            shots.extend(self.takeover(actor, access, (&condition, &columns), after));
            shots.extend(self.taking(actor, access, rows));
        }
        shots
    }

    /// Makes others' rows one's own, as a check of the new row alone lets through.
    fn takeover(
        &self,
        actor: &Actor,
        access: &Access,
        (condition, columns): (&str, &[String]),
        after: Option<String>,
    ) -> Option<Shot> {
        let own = self.rows.iter().find(|row| row.group.is_some() && row.group == actor.group)?;
        let owners: Vec<String> = self.owners().into_iter().filter(|it| access.update.contains(it)).collect();
        let is_told = columns.iter().all(|it| access.select.contains(it) && !owners.contains(it));
        if owners.is_empty() || !is_told {
            return None;
        }
        let set: Vec<String> =
            owners.iter().map(|it| format!("{} = {}", quote_ident(it), self.literal(it, own.value(it)))).collect();
        let sql = format!("update {} set {} where {condition}", self.name(), set.join(", "));
        Some(Shot { sql, after, how: "by making them its own", ..Shot::default() })
    }

    /// The column that says first whose a row is.
    fn owner(&self) -> Option<String> {
        let own = self.subject.tenant.as_ref().or(self.subject.users.first());
        own.cloned().or_else(|| self.through().map(|(column, _)| column))
    }

    /// Makes others' rows its own: what comes of that passes every condition that looks at the row as it is then.
    fn taking(&self, actor: &Actor, access: &Access, rows: &[&Row]) -> Option<Shot> {
        if matches!(self.subject.relation, Relation::Tenants | Relation::Users | Relation::Shared) {
            return None;
        }
        let column = self.owner().filter(|column| access.update.contains(column))?;
        let own = self.of(actor, Side::Own);
        let value = own.first()?.value(&column)?;
        let table = self.name();
        let sql = format!("update {table} set {} = {}", quote_ident(&column), self.literal(&column, Some(value)));
        let how = "made its own by an update that reads nothing";
        Some(Shot { prep: aside(&table, &own), sql, after: Some(self.changed(rows)), how })
    }

    fn moving(&self, actor: &Actor, access: &Access, rows: &[&Row]) -> Result<Vec<Shot>, Hit> {
        let nothing = |why: &str| Err(Hit::Untried(why.to_owned()));
        if matches!(self.subject.relation, Relation::Tenants | Relation::Users | Relation::Shared) {
            return nothing("its rows cannot be given away");
        }
        let Some(column) = self.owner() else { return nothing("no column says whose a row is") };
        if !access.update.contains(&column) {
            return Err(Hit::Refused(Refusal::Grant));
        }
        let to = usize::from(actor.group == Some(0));
        let other = self.rows.iter().find(|row| row.group == Some(to));
        let Some(value) = other.and_then(|row| row.value(&column)) else {
            return nothing("the other tenant has no row here");
        };
        let (condition, columns) = self.finds(rows);
        let table = self.name();
        let literal = self.literal(&column, Some(value));
        let name = quote_ident(&column);
        let set = format!("update {table} set {name} = {literal}");
        let mut shots = Vec::new();
        if columns.iter().all(|it| access.select.contains(it)) {
            // A row that nothing else tells from the other's may take its place.
            let in_place = self.key.contains(&column);
            let prep = if in_place { aside(&table, &other.into_iter().collect::<Vec<_>>()) } else { String::new() };
            let before = self.rows.iter().filter(|row| row.value(&column) == Some(value)).count();
            let before = if in_place { before.saturating_sub(1) } else { before };
            let after = format!("select count(*) - {before} from {table} where {name} = {literal}");
            shots.push(Shot { prep, sql: format!("{set} where {condition}"), after: Some(after), how: "" });
        }
        shots.push(Shot {
            prep: aside(&table, &self.of(actor, Side::Other)),
            sql: set,
            after: Some(format!("select count(*) from {table} where {name} = {literal}")),
            how: BLIND,
        });
        Ok(shots)
    }

    fn delete(&self, actor: &Actor, access: &Access, side: Side, rows: &[&Row]) -> Vec<Shot> {
        let table = self.name();
        let (condition, columns) = self.finds(rows);
        let after = Some(self.changed(rows));
        let mut shots = Vec::new();
        let reads = columns.iter().all(|it| access.select.contains(it)) && !access.select.is_empty();
        if reads {
            let sql = format!("delete from {table} where {condition}");
            shots.push(Shot { sql, after: after.clone(), ..Shot::default() });
        }
        if side == Side::Other || !reads {
            let others = self.of(actor, if side == Side::Own { Side::Other } else { Side::Own });
            shots.push(Shot { prep: aside(&table, &others), sql: format!("delete from {table}"), after, how: BLIND });
        }
        shots
    }

    /// Puts the rows of others away, as if they had never been.
    pub fn without_others(&self, actor: &Actor) -> String {
        aside(&self.name(), &self.of(actor, Side::Other))
    }

    /// Whether rows of others are no longer as they were: a query that gives their number.
    pub fn others_changed(&self, actor: &Actor) -> Option<String> {
        let rows = self.of(actor, Side::Other);
        (!rows.is_empty()).then(|| self.changed(&rows))
    }
}

/// Whether a try of this kind makes sense for somebody.
pub fn is_tried(actor: &Actor, subject: &Subject, act: Act, side: Side) -> bool {
    let has_own = actor.group.is_some();
    match (act, side) {
        (Act::Move, Side::Own) => has_own && subject.is_owned() && actor.kind != ActorKind::Anon,
        (Act::Move, Side::Other) => false,
        // A tenant that somebody founds is his own.
        (Act::Insert, Side::Other) => !(subject.relation == Relation::Tenants && has_own),
        (_, Side::Own) => has_own,
        (_, Side::Other) => true,
    }
}

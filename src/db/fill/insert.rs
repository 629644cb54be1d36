//! Inserting rows: all at once, and where the server refuses one, each by itself in other ways.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::SimpleQueryRow;

use super::{Error, Filler, Made, guard, shown};
use crate::catalog::{Id, Kind};
use crate::seed::{Chooser, Row, Shape, TEXTS, Table, Unit, advance};
use crate::sqlstate::ServerError;
use crate::text::{quote_ident, quote_literal};

/// How many ways are tried for a row.
const MOST_WAYS: usize = 30;
/// How many words of trigger functions are tried.
const MOST_WORDS: usize = 12;
/// The way from which on texts of other kinds are tried.
const FIRST_TEXT: usize = 6;
/// How many, when no way was found for the first.
const FEW_WAYS: usize = 3;

/// A row to insert.
pub(super) struct Planned {
    pub(super) group: usize,
    /// Its number in its group.
    pub(super) within: usize,
    /// Its number among all.
    pub(super) number: usize,
    /// Whether it is no plain one: nulls, and values that are there already.
    pub(super) is_odd: bool,
    pub(super) row: Row,
}

impl Filler<'_> {
    /// Runs statements behind a savepoint: their rows, or what the server says against them.
    pub(super) async fn guarded(&self, sql: &str) -> Result<Result<Vec<SimpleQueryRow>, ServerError>, Error> {
        match self.session.rows(&guard(sql)).await {
            Ok(rows) => Ok(Ok(rows)),
            Err(error) if error.connection_is_lost() => Err(error),
            Err(error) => {
                let Some(server) = error.server().cloned() else { return Err(error) };
                self.session.batch("rollback to savepoint dbctl_fill; release savepoint dbctl_fill").await?;
                Ok(Err(server))
            }
        }
    }

    /// Inserts all rows at once; nothing stays where one is refused.
    pub(super) async fn at_once(&self, table: &Table, planned: &[Planned]) -> Result<Option<Vec<Made>>, Error> {
        if planned.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let rows: Vec<&Row> = planned.iter().map(|it| &it.row).collect();
        let names = self.remembered(table);
        let Some(sql) = statement(table, &rows, &names) else { return Ok(None) };
        self.session.batch("savepoint dbctl_rows").await?;
        let answer = self.guarded(&sql).await?;
        // Where a rule or trigger keeps a row out, the others are not known by their place.
        let made = answer
            .ok()
            .filter(|it| it.len() == planned.len())
            .map(|answer| planned.iter().zip(&answer).map(|(it, row)| made(it.group, &names, row)).collect());
        let undo = if made.is_some() { "" } else { "rollback to savepoint dbctl_rows; " };
        self.session.batch(&format!("{undo}release savepoint dbctl_rows")).await?;
        Ok(made)
    }

    /// Statements that make a group's first user the one who asks, as Supabase's functions see it.
    fn claims(&self, group: usize) -> Option<String> {
        let users = self.made.get(&Id::new(Kind::Table, "auth", "users"))?;
        let id = users.iter().find(|it| it.group == group)?.values.get("id")?.clone()?;
        let claims = quote_literal(&format!("{{\"sub\": \"{id}\", \"role\": \"authenticated\"}}"));
        let sub = quote_literal(&id);
        Some(format!("set local request.jwt.claims = {claims}; set local request.jwt.claim.sub = {sub}"))
    }

    /// Inserts rows one by one, each in other ways until one is taken. Gives why some are missing.
    pub(super) async fn one_by_one(
        &self,
        table: &Table,
        planned: &[Planned],
        units: &[Option<Vec<Unit>>],
        mut chooser: Chooser<'_>,
        made_rows: &mut Vec<Made>,
    ) -> Result<Option<String>, Error> {
        let names = self.remembered(table);
        let mut why = None;
        let mut ways = MOST_WAYS;
        for plan in planned {
            let Some(Some(units)) = units.get(plan.group) else { continue };
            let mut attempt = Attempt { shifts: Vec::new(), way: 0, plain: BTreeSet::new(), is_odd: plan.is_odd };
            let mut refusal = None;
            for _ in 0..ways {
                let row = match chooser.choose(units, plan.within, plan.number, &mut attempt.shifts) {
                    Ok(row) => row,
                    Err(exhausted) => {
                        refusal.get_or_insert_with(|| no_more(&exhausted.key));
                        break;
                    }
                };
                let row = if attempt.is_odd { plan.row.clone() } else { attempt.vary(table, units, plan.number, row) };
                let Some(sql) = statement(table, &[&row], &names) else { break };
                let claims = if attempt.has_claims() { self.claims(plan.group) } else { None };
                let is_claimed = claims.is_some();
                let sql = claims.map_or(sql.clone(), |claims| format!("{claims}; {sql}; {NO_CLAIMS}"));
                if attempt.has_claims() && !is_claimed {
                    attempt.next(table, units, None);
                    continue;
                }
                match self.guarded(&sql).await? {
                    Ok(answer) if answer.is_empty() => {
                        refusal.get_or_insert_with(|| "a trigger or rule keeps its rows out".to_owned());
                        attempt.next(table, units, None);
                    }
                    Ok(answer) => {
                        refusal = None;
                        chooser.keep(&row);
                        made_rows.extend(answer.first().map(|it| made(plan.group, &names, it)));
                        break;
                    }
                    Err(error) => {
                        if error.sqlstate == "23505" {
                            self.sequences_of(table).await?;
                        }
                        // What the server says of the row as it was meant tells more than what it says of the ways tried.
                        refusal.get_or_insert_with(|| told(table, &error));
                        attempt.next(table, units, Some(&error));
                    }
                }
            }
            if refusal.is_some() {
                why = why.or(refusal);
                if made_rows.is_empty() {
                    ways = FEW_WAYS;
                }
            }
        }
        Ok(why)
    }
}

/// Nobody's claims.
const NO_CLAIMS: &str = "set local request.jwt.claims = ''; set local request.jwt.claim.sub = ''";

/// How a row is tried.
struct Attempt {
    shifts: Vec<usize>,
    way: usize,
    /// Columns that take their default.
    plain: BTreeSet<String>,
    is_odd: bool,
}

impl Attempt {
    /// Whether the row is inserted in a user's name.
    fn has_claims(&self) -> bool {
        matches!(self.way, 2 | 5)
    }

    /// The row in another way, where changing values did not help.
    fn vary(&self, table: &Table, units: &[Unit], number: usize, mut row: Row) -> Row {
        let is_free = |name: &str| units.iter().any(|it| it.is_free && it.columns.iter().any(|it| it == name));
        let nulls = matches!(self.way, 1 | 4 | 5);
        let defaults = matches!(self.way, 3 | 4);
        let words = table.words.values().map(Vec::len).max().unwrap_or_default().min(MOST_WORDS);
        let at = self.way.checked_sub(FIRST_TEXT);
        let word = at.filter(|it| *it < words);
        let text = at.and_then(|it| TEXTS.get(it.checked_sub(words)?));
        if let Some(at) = word {
            for (name, words) in &table.words {
                let is_text =
                    table.column(name).is_some_and(|it| matches!(it.shape.base(), Shape::Text(_) | Shape::Enum(_)));
                if let Some(word) = words.get(at).filter(|_| is_text && row.contains_key(name)) {
                    row.insert(name.clone(), quote_literal(word));
                }
            }
        }
        for column in &table.columns {
            let is_alone = |it: &&Unit| !it.of_group && it.columns == [column.name.clone()];
            if let (Some(text), Shape::Text(most), Some(_)) = (text, column.shape.base(), units.iter().find(is_alone)) {
                let text = text.replace("{}", &(number + 1).to_string());
                if most.is_none_or(|most| text.len() <= most) {
                    row.insert(column.name.clone(), quote_literal(&text));
                }
            }
            if !is_free(&column.name) {
                continue;
            }
            if defaults && column.default.is_some() {
                row.remove(&column.name);
            } else if nulls && !column.not_null {
                row.insert(column.name.clone(), "null".to_owned());
            }
        }
        for name in &self.plain {
            row.remove(name);
        }
        row
    }

    /// Goes on after a refusal.
    fn next(&mut self, table: &Table, units: &[Unit], error: Option<&ServerError>) {
        if std::mem::take(&mut self.is_odd) {
            return;
        }
        self.shifts.resize(units.len(), 0);
        let mut columns: BTreeSet<String> = BTreeSet::new();
        let mut first: BTreeSet<String> = BTreeSet::new();
        if let Some(error) = error
            && error.table.as_deref() == Some(table.id.name.as_str())
        {
            let name = error.constraint.as_deref().unwrap_or_default();
            columns.extend(table.checks.iter().filter(|it| it.name == name).flat_map(|it| it.columns.clone()));
            columns.extend(table.foreign.iter().filter(|it| it.name == name).flat_map(|it| it.columns.clone()));
            for key in table.keys.iter().filter(|it| it.name == name) {
                columns.extend(key.columns.iter().chain(&key.predicate).cloned());
                first.extend(key.predicate.iter().cloned());
            }
            if error.sqlstate == "23502"
                && let Some(name) = &error.column
            {
                // A domain or a trigger made it null: its own default may do better.
                if self.plain.insert(name.clone()) {
                    return;
                }
            }
        }
        if let Some(error) = error
            && columns.is_empty()
            && error.sqlstate == "23505"
            && let Some((key, _)) = error.detail.as_deref().and_then(|it| it.split_once(")=("))
        {
            // A partition's own index has refused.
            columns.extend(table.mentioned(key));
        }
        if advance(units, &first, &mut self.shifts) {
            return;
        }
        if columns.is_empty() || !advance(units, &columns, &mut self.shifts) {
            self.way += 1;
            // Rows of other values, as the last ways are for texts of other kinds.
            if self.way == FIRST_TEXT {
                let all = table.columns.iter().map(|it| it.name.clone()).collect();
                advance(units, &all, &mut self.shifts);
            }
        }
    }
}

/// `insert` for rows; columns that a row has not take their default.
fn statement(table: &Table, rows: &[&Row], names: &[String]) -> Option<String> {
    let columns: BTreeSet<&String> = rows.iter().flat_map(|it| it.keys()).collect();
    let returned: Vec<String> = names.iter().map(|it| format!("{}::text", quote_ident(it))).collect();
    let returned = if returned.is_empty() { "1".to_owned() } else { returned.join(", ") };
    if columns.is_empty() {
        return (rows.len() == 1).then(|| format!("insert into {} default values returning {returned}", table.sql()));
    }
    let list: Vec<String> = columns.iter().map(|it| quote_ident(it)).collect();
    let values: Vec<String> = rows
        .iter()
        .map(|row| {
            let value = |name: &&String| row.get(*name).map_or("default", String::as_str);
            format!("({})", columns.iter().map(value).collect::<Vec<_>>().join(", "))
        })
        .collect();
    Some(format!(
        "insert into {} ({}) overriding system value values {} returning {returned}",
        table.sql(),
        list.join(", "),
        values.join(", ")
    ))
}

fn made(group: usize, names: &[String], row: &SimpleQueryRow) -> Made {
    let values: BTreeMap<String, Option<String>> =
        names.iter().enumerate().map(|(at, name)| (name.clone(), row.get(at).map(str::to_owned))).collect();
    Made { group, values }
}

/// That a unique key leaves nothing.
pub(super) fn no_more(key: &str) -> String {
    format!("unique key {} leaves no more rows", shown(key))
}

/// What the server says, in words.
fn told(table: &Table, error: &ServerError) -> String {
    let is_here = error.table.as_deref() == Some(table.id.name.as_str());
    let name = error.constraint.as_deref().filter(|_| is_here);
    let check = name.and_then(|name| table.checks.iter().find(|it| it.name == name));
    match (error.sqlstate.as_str(), check, name) {
        ("23514", Some(check), _) => {
            format!("check {} refuses all values tried: `{}`", shown(&check.name), check.expression)
        }
        ("23505" | "23P01", _, Some(name)) => no_more(name),
        _ => {
            let function = error.where_.as_deref().and_then(|it| it.lines().next());
            match function {
                Some(function) if function.contains("function") => {
                    format!("{function} refuses all rows tried: {}", error.message)
                }
                _ => format!("all rows tried are refused: {}", error.message),
            }
        }
    }
}

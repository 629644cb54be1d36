//! Conditions that hang on what rows hold: rows of others are given values at which a policy lets somebody through.
//!
//! The server is asked for these values: the condition of each row of a table that has all of them, as whoever asks. Then
//! the row is changed so, and tried like any other.

use std::collections::BTreeSet;

use super::prober::{Answer, Prober};
use super::table::seen;
use crate::catalog::{Id, Object, Policy};
use crate::db::Error;
use crate::rls::{
    Act, Actor, Content, Finding, Row, Side, Subject, Through, Tried, Violation, breaks, cell, contents, is_disowned,
    is_tried,
};
use crate::text::{bare_ident, quote_ident};

/// How many sets of values are tried for a policy, a command and somebody.
const MOST: usize = 3;

/// Values of columns, as SQL.
type World = Vec<(String, String)>;

impl<'a> Prober<'a> {
    /// Tries what hangs on the content of rows, wherever nothing was reached without it.
    pub(super) async fn contents(&mut self) -> Result<(), Error> {
        let (subjects, actors) = (self.subjects, self.actors);
        for (at, actor) in actors.iter().enumerate().filter(|(_, it)| it.is_ordinary()) {
            for subject in &subjects.tables {
                let is_hidden = subject.is_owned() || actor.group.is_none();
                if !self.is_wanted(&subject.table) || !subject.row_security || !is_hidden {
                    continue;
                }
                for act in Act::ALL {
                    let is_read_by_all = act == Act::Select && subject.public.is_some();
                    if !is_read_by_all && !self.is_open(subject, actor, act) {
                        self.content(subject, (at, actor), act).await?;
                    }
                }
            }
        }
        self.mend_all();
        Ok(())
    }

    async fn content(&mut self, subject: &'a Subject, (at, actor): (usize, &Actor), act: Act) -> Result<(), Error> {
        let side = if act == Act::Move { Side::Own } else { Side::Other };
        if !is_tried(actor, subject, act, side) {
            return Ok(());
        }
        let mut worlds: BTreeSet<World> = BTreeSet::new();
        for (id, policy) in self.policies_for(&subject.table, act.command(), actor) {
            worlds.extend(self.worlds(subject, actor, act, (id, policy)).await?);
        }
        let mut worlds: Vec<World> = worlds.into_iter().collect();
        worlds.sort_by_key(Vec::len);
        for world in worlds {
            if self.in_world(subject, (at, actor), act, &world).await? {
                break;
            }
        }
        Ok(())
    }

    /// The values at which a policy lets others' rows through.
    async fn worlds(
        &mut self,
        subject: &'a Subject,
        actor: &Actor,
        act: Act,
        (id, policy): (&'a Id, &'a Policy),
    ) -> Result<Vec<World>, Error> {
        let others = self.restrictive(&subject.table, act.command(), actor);
        let ids: Vec<&Id> = std::iter::once(id).chain(others.iter().map(|(id, _)| *id)).collect();
        let varied = contents(self.catalog, self.facts, subject, &ids, act);
        let row = self.rows.get(&subject.table).into_iter().flatten();
        let row = row.filter(|it| it.group.is_some() && it.group != actor.group).min_by_key(|it| it.group);
        let Some(row) = row.filter(|_| !varied.is_empty()) else { return Ok(Vec::new()) };
        let text = |policy: &Policy| match act {
            Act::Insert | Act::Move => policy.check.clone().or(policy.using.clone()),
            _ => policy.using.clone(),
        };
        let all: Vec<String> =
            std::iter::once(policy).chain(others.iter().map(|(_, it)| *it)).filter_map(text).collect();
        let conditions: Vec<String> = all.iter().map(|it| format!("({it})")).collect();
        let table = subject.table.qualified();
        let role = quote_ident(&actor.role);
        let prep = format!(
            "alter table {table} disable row level security; grant usage on schema {} to {role}; \
             grant select on {table} to {role}; ",
            quote_ident(&subject.table.schema)
        );
        let sql = self.question(subject, row, &varied, &conditions);
        let Answer::Given(Some(found), _) = self.ask(actor, &prep, &sql, None).await? else { return Ok(Vec::new()) };
        let world = |line: &str| -> World {
            let numbers = line.split(',').map(|it| it.parse::<usize>().unwrap_or_default());
            let value = |(of, number): (&Content, usize)| {
                let value = of.values.get(number.checked_sub(1)?)?;
                Some((of.column.clone(), value.clone()))
            };
            varied.iter().zip(numbers).filter_map(value).collect()
        };
        Ok(found.split(';').map(world).filter(|it| !it.is_empty()).collect())
    }

    /// The query for the values with which a row passes conditions: fewest changes first.
    fn question(&self, subject: &Subject, row: &Row, varied: &[Content], conditions: &[String]) -> String {
        let columns = self.catalog.columns(&subject.table);
        let place = |name: &str| varied.iter().position(|it| it.column == name);
        let shown = columns.iter().map(|(id, ..)| {
            let name = quote_ident(&id.part);
            place(&id.part).map_or_else(|| format!("t.{name}"), |at| format!("v{at}.x as {name}"))
        });
        let numbers = (0..varied.len()).map(|at| format!("v{at}.i as dbctl_{at}"));
        let targets: Vec<String> = shown.chain(numbers).collect();
        let joins = varied.iter().enumerate().map(|(at, it)| {
            let first = format!("(0, t.{})", quote_ident(&it.column));
            let values = it.values.iter().enumerate().map(|(i, value)| format!("({}, {value})", i + 1));
            let values = std::iter::once(first).chain(values).collect::<Vec<_>>().join(", ");
            format!(" cross join lateral (values {values}) v{at}(i, x)")
        });
        let joins = joins.collect::<Vec<_>>().concat();
        let list = |join: &str, of: &dyn Fn(usize) -> String| (0..varied.len()).map(of).collect::<Vec<_>>().join(join);
        let world = format!("concat_ws(',', {})", list(", ", &|at| format!("dbctl_{at}")));
        let changes = list(" + ", &|at| format!("(dbctl_{at} > 0)::int"));
        let order = list(", ", &|at| format!("dbctl_{at}"));
        format!(
            "select string_agg(w, ';') from (select {world} as w from (select {} from (select * from {} where {}) t{joins}) as {} \
             where {} and {changes} > 0 order by {changes}, {order} limit {MOST}) s",
            targets.join(", "),
            subject.table.qualified(),
            row.unchanged(),
            quote_ident(&subject.table.name),
            conditions.join(" and ")
        )
    }

    /// The policies that hold rows back, for a command and somebody.
    fn restrictive(&self, table: &'a Id, command: &str, actor: &Actor) -> Vec<(&'a Id, &'a Policy)> {
        let catalog = self.catalog;
        let policies = catalog.parts(table, crate::catalog::Kind::Policy);
        let policies = policies.filter_map(|(id, entry)| match &entry.object {
            Object::Policy(it) if !it.permissive => Some((id, it)),
            _ => None,
        });
        policies.filter(|(_, it)| (it.command == "all" || it.command == command) && self.holds_for(it, actor)).collect()
    }

    /// Gives rows of both sides such values and tries it; whether that reached others' rows.
    async fn in_world(
        &mut self,
        subject: &'a Subject,
        (at, actor): (usize, &Actor),
        act: Act,
        world: &World,
    ) -> Result<bool, Error> {
        self.session.batch("savepoint dbctl_world; set local session_replication_role = replica").await?;
        let before = self.rows.get(&subject.table).cloned().unwrap_or_default();
        let changed = self.changed_rows(subject, actor, before.clone(), world).await?;
        self.session.batch("set local session_replication_role = origin").await?;
        let mut is_found = false;
        if let Some(rows) = changed {
            self.rows.insert(subject.table.clone(), rows);
            is_found = self.reached(subject, (at, actor), act, world).await?;
            self.rows.insert(subject.table.clone(), before);
        }
        self.session.batch("rollback to savepoint dbctl_world; release savepoint dbctl_world").await?;
        Ok(is_found)
    }

    /// The rows of a table with other values in one of another's, and in one of whoever asks; none where that cannot be.
    async fn changed_rows(
        &self,
        subject: &Subject,
        actor: &Actor,
        mut rows: Vec<Row>,
        world: &World,
    ) -> Result<Option<Vec<Row>>, Error> {
        let set: Vec<String> = world.iter().map(|(name, value)| format!("{} = {value}", quote_ident(name))).collect();
        let of = |is_own: bool| move |row: &Row| row.group.is_some() && (row.group == actor.group) == is_own;
        let other = rows.iter().position(of(false));
        let own = rows.iter().position(of(true));
        let mut is_changed = false;
        for at in other.into_iter().chain(own) {
            let names = rows[at].values.iter().map(|(name, _)| format!(", {}::text", quote_ident(name)));
            let sql = format!(
                "savepoint dbctl_row; update {} set {} where {} returning tableoid::text, ctid::text, xmin::text{}",
                subject.table.qualified(),
                set.join(", "),
                rows[at].unchanged(),
                names.collect::<String>()
            );
            match self.session.rows(&sql).await {
                Ok(found) => {
                    if let Some(found) = found.first() {
                        let text = |at: usize| found.get(at).unwrap_or_default().to_owned();
                        rows[at].place = (text(0), text(1), text(2));
                        for (number, (_, value)) in rows[at].values.iter_mut().enumerate() {
                            *value = found.get(number + 3).map(str::to_owned);
                        }
                        is_changed |= other == Some(at);
                    }
                    self.session.batch("release savepoint dbctl_row").await?;
                }
                Err(Error::Server(_)) => {
                    self.session.batch("rollback to savepoint dbctl_row; release savepoint dbctl_row").await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(is_changed.then_some(rows))
    }

    /// Tries an act on rows as they are now, and reports what it breaks.
    async fn reached(
        &mut self,
        subject: &'a Subject,
        (at, actor): (usize, &Actor),
        act: Act,
        world: &World,
    ) -> Result<bool, Error> {
        let access = self.access(actor, &subject.table);
        let side = if act == Act::Move { Side::Own } else { Side::Other };
        let Ok(shots) = self.table(subject).shots(actor, &access, act, side) else { return Ok(false) };
        let (hit, how) = self.fire_all(actor, &shots, "").await?;
        if !hit.is_through() {
            return Ok(false);
        }
        let nulls = world.iter().filter(|(_, value)| value.starts_with("null::")).map(|(name, _)| name.as_str());
        let at_values = words(world);
        if actor.group.is_some() && is_disowned(subject, nulls) {
            // A row of nobody is nobody's to keep.
            if act != Act::Select {
                let text = format!("rows where {at_values} belong to nobody: every user may {} them", act.word());
                let id = subject.table.clone();
                self.findings.push(Finding { kind: "shared-writable", id, text, mend: Vec::new() });
            }
            return Ok(act != Act::Select);
        }
        let tried = Tried { own: None, other: Some(hit) };
        let Some(rule) = breaks(subject, actor, act, &tried) else { return Ok(false) };
        let faults = self.faults(subject, actor, act, &shots).await?;
        let violation = Violation {
            rule,
            table: subject.table.clone(),
            actors: Vec::new(),
            acts: vec![act],
            through: Through::Table,
            seen: vec![format!("{}, where {at_values}", seen(rule, actor, act, tried.other.as_ref(), how))],
            faults,
            mend: Vec::new(),
            advice: Vec::new(),
        };
        self.report(violation, actor);
        if let Some(known) =
            self.cells.iter_mut().find(|it| it.table == subject.table && it.actor == at && it.act == act)
        {
            let own = known.tried.own.take();
            *known = cell(&subject.table, at, act, Tried { own, other: tried.other });
        }
        Ok(true)
    }
}

/// Values in words: `status = 'published' and owner_id is null`.
fn words(world: &World) -> String {
    let said = |(name, value): &(String, String)| {
        let name = bare_ident(name);
        let bare = value.rsplit_once("::").map_or(value.as_str(), |(value, _)| value);
        if bare == "null" { format!("{name} is null") } else { format!("{name} = {bare}") }
    };
    world.iter().map(said).collect::<Vec<_>>().join(" and ")
}

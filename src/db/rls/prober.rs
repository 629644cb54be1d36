//! A try: somebody's role and settings, a statement, what it has reached, and everything as it was before.

use std::collections::{BTreeMap, BTreeSet};

use super::Proof;
use crate::catalog::{Catalog, Id, Kind, Object, Policy};
use crate::db::{Error, Session};
use crate::rls::{
    Access, Actor, Cell, Facts, Finding, Hit, Person, Refusal, Row, Settings, Shot, Subject, Subjects, Table,
    Violation, mend, primary_key,
};
use crate::sqlstate::ServerError;
use crate::text::{quote_ident, quote_literal};

/// What all tries share.
pub(super) struct Prober<'a> {
    pub(super) session: &'a Session,
    pub(super) catalog: &'a Catalog,
    pub(super) facts: &'a Facts,
    pub(super) subjects: &'a Subjects,
    settings: &'a Settings,
    pub(super) actors: &'a [Actor],
    people: &'a [Person],
    pub(super) rows: BTreeMap<Id, Vec<Row>>,
    pub(super) access: BTreeMap<(String, Id), Access>,
    pub(super) member_of: BTreeMap<String, BTreeSet<String>>,
    pub(super) bypassing: BTreeSet<String>,
    /// The tables that were asked for; all where none was.
    pub(super) wanted: Option<Vec<Id>>,
    pub(super) cells: Vec<Cell>,
    pub(super) violations: Vec<Violation>,
    pub(super) findings: Vec<Finding>,
    pub(super) untried: Vec<(Id, String)>,
    pub(super) unproved: Vec<(Id, String)>,
    pub(super) tries: usize,
}

/// What a statement gave.
pub(super) enum Answer {
    /// The first value of the first row, and that of a query that was asked afterwards.
    Given(Option<String>, Option<String>),
    /// What the server said.
    Refused(Box<ServerError>),
    /// What kept it from being tried.
    Unready(String),
}

impl<'a> Prober<'a> {
    pub(super) fn new(
        session: &'a Session,
        (catalog, facts, subjects): (&'a Catalog, &'a Facts, &'a Subjects),
        settings: &'a Settings,
        actors: &'a [Actor],
        people: &'a [Person],
    ) -> Self {
        Self {
            session,
            catalog,
            facts,
            subjects,
            settings,
            actors,
            people,
            rows: BTreeMap::new(),
            access: BTreeMap::new(),
            member_of: BTreeMap::new(),
            bypassing: BTreeSet::new(),
            wanted: None,
            cells: Vec::new(),
            violations: Vec::new(),
            findings: Vec::new(),
            untried: Vec::new(),
            unproved: Vec::new(),
            tries: 0,
        }
    }

    pub(super) fn end(self) -> Proof {
        let rows = self.rows.iter().map(|(id, rows)| (id.clone(), rows.len())).collect();
        let Self { cells, violations, findings, untried, unproved, tries, .. } = self;
        Proof { cells, violations, findings, untried, unproved, tries, rows, ..Proof::default() }
    }

    /// Whether a table was asked for.
    pub(super) fn is_wanted(&self, table: &Id) -> bool {
        self.wanted.as_ref().is_none_or(|wanted| wanted.contains(table))
    }

    /// A table with its rows.
    pub(super) fn table(&self, subject: &'a Subject) -> Table<'_> {
        Table {
            catalog: self.catalog,
            subject,
            rows: self.rows.get(&subject.table).map_or(&[], Vec::as_slice),
            key: primary_key(self.catalog, &subject.table).unwrap_or_default(),
            people: self.people,
        }
    }

    /// What an actor may do with a relation.
    pub(super) fn access(&self, actor: &Actor, relation: &Id) -> Access {
        self.access.get(&(actor.role.clone(), relation.clone())).cloned().unwrap_or_default()
    }

    /// Runs a statement as somebody, after what is made ready, and takes everything back.
    pub(super) async fn ask(
        &mut self,
        actor: &Actor,
        prep: &str,
        sql: &str,
        after: Option<&str>,
    ) -> Result<Answer, Error> {
        self.tries += 1;
        let answer = self.answer(actor, prep, sql, after).await;
        self.session.batch("rollback to savepoint dbctl_try; release savepoint dbctl_try").await?;
        answer
    }

    async fn answer(&self, actor: &Actor, prep: &str, sql: &str, after: Option<&str>) -> Result<Answer, Error> {
        let ready = format!("savepoint dbctl_try; {prep}{}", becoming(actor));
        match self.session.batch(&ready).await {
            Err(Error::Server(error)) => return Ok(Answer::Unready(error.message.clone())),
            other => other?,
        }
        let first = match self.session.rows(sql).await {
            Err(Error::Server(error)) => return Ok(Answer::Refused(error)),
            other => other?.first().and_then(|row| row.get(0)).map(str::to_owned),
        };
        let Some(after) = after else { return Ok(Answer::Given(first, None)) };
        match self.session.rows(&format!("reset role; {after}")).await {
            Err(Error::Server(error)) => Ok(Answer::Unready(error.message.clone())),
            other => {
                let number = other?.first().and_then(|row| row.get(0)).map(str::to_owned);
                Ok(Answer::Given(first, number))
            }
        }
    }

    /// What a try has reached.
    pub(super) async fn fire(&mut self, actor: &Actor, shot: &Shot, extra: &str) -> Result<Hit, Error> {
        let prep = format!("{extra}{}", shot.prep);
        Ok(match self.ask(actor, &prep, &shot.sql, shot.after.as_deref()).await? {
            Answer::Unready(why) => Hit::Untried(why),
            Answer::Refused(error) => refused(&error),
            Answer::Given(first, after) => {
                let number = if shot.after.is_some() { after } else { first };
                let is_reached = number.and_then(|it| it.parse::<i64>().ok()).is_some_and(|it| it > 0);
                if is_reached { Hit::Done } else { Hit::Nothing }
            }
        })
    }

    /// The first of several tries that reaches rows, with what came of it; else what the likeliest gave.
    pub(super) async fn fire_all(
        &mut self,
        actor: &Actor,
        shots: &[Shot],
        extra: &str,
    ) -> Result<(Hit, &'static str), Error> {
        let mut first: Option<Hit> = None;
        for shot in shots {
            let hit = self.fire(actor, shot, extra).await?;
            if hit.is_through() {
                return Ok((hit, shot.how));
            }
            if first.as_ref().is_none_or(|it| !it.is_tried()) {
                first = Some(hit);
            }
        }
        Ok((first.unwrap_or_else(|| Hit::Untried("there is nothing to try".to_owned())), ""))
    }

    /// The policies of a table that count for a command and somebody.
    pub(super) fn policies_for(&self, table: &Id, command: &str, actor: &Actor) -> Vec<(&'a Id, &'a Policy)> {
        let catalog = self.catalog;
        let policy = |(id, entry): (&'a Id, &'a crate::catalog::Entry)| match &entry.object {
            Object::Policy(it) => Some((id, it)),
            _ => None,
        };
        let mut found = Vec::new();
        for (id, policy) in catalog.entries.range(table.beside(Kind::Policy, "")..).map_while(|(id, entry)| {
            let is_of = id.kind == Kind::Policy && id.schema == table.schema && id.name == table.name;
            is_of.then(|| policy((id, entry))).flatten()
        }) {
            let is_for = policy.command == "all" || policy.command == command;
            if policy.permissive && is_for && self.holds_for(policy, actor) {
                found.push((id, policy));
            }
        }
        found
    }

    /// Whether a policy is for somebody's role.
    pub(super) fn holds_for(&self, policy: &Policy, actor: &Actor) -> bool {
        let has = |role: &String| {
            role == "public" || self.member_of.get(&actor.role).is_some_and(|roles| roles.contains(role))
        };
        policy.roles.is_empty() || policy.roles.iter().any(has)
    }

    /// Keeps a violation, together with the same of others.
    pub(super) fn report(&mut self, mut violation: Violation, actor: &Actor) {
        let same = self.violations.iter_mut().find(|it| {
            (it.rule, &it.table, &it.through, &it.faults)
                == (violation.rule, &violation.table, &violation.through, &violation.faults)
        });
        if let Some(same) = same {
            for (act, seen) in violation.acts.into_iter().zip(violation.seen) {
                if !same.acts.contains(&act) {
                    same.acts.push(act);
                    same.seen.push(seen);
                }
            }
            if !same.actors.contains(&actor.name) {
                same.actors.push(actor.name.clone());
            }
            return;
        }
        violation.actors = vec![actor.name.clone()];
        self.violations.push(violation);
    }

    /// Says for each violation what mends it.
    pub(super) fn mend_all(&mut self) {
        let role = |kind| self.actors.iter().find(|it| it.kind == kind).map_or("authenticated", |it| it.role.as_str());
        let names = (role(crate::rls::ActorKind::User), role(crate::rls::ActorKind::Anon));
        let mut violations = std::mem::take(&mut self.violations);
        for violation in &mut violations {
            let Some(subject) = self.subjects.get(&violation.table) else { continue };
            let kind = self.actors.iter().find(|it| violation.actors.contains(&it.name)).map(|it| it.kind);
            let Some(kind) = kind else { continue };
            let about = (self.catalog, self.facts, self.subjects);
            let (sql, advice) = mend(about, self.settings, subject, kind, names, violation);
            violation.mend = sql;
            violation.advice = advice;
        }
        self.violations = violations;
    }
}

/// Statements that make the session somebody's until the savepoint is taken back.
pub(super) fn becoming(actor: &Actor) -> String {
    let settings = actor.settings.iter().map(|(name, value)| {
        format!("select pg_catalog.set_config({}, {}, true); ", quote_literal(name), quote_literal(value))
    });
    format!("{}set local role {}", settings.collect::<String>(), quote_ident(&actor.role))
}

/// What a refusal means: the server's own words are the same in every language but for this one.
pub(super) fn refused(error: &ServerError) -> Hit {
    let state = error.sqlstate.as_str();
    let is_raised = || Hit::Refused(Refusal::Raised(error.message.clone()));
    match state {
        // A row of a partitioned table that fits no partition comes before its policies.
        "23514" if error.constraint.is_none() && error.column.is_none() => Hit::Untried(error.message.clone()),
        _ if state.starts_with("23") => Hit::Passed(match (&error.constraint, &error.column) {
            (Some(name), _) => format!("constraint {}", quote_ident(name)),
            (None, Some(name)) => format!("`not null` of {}", quote_ident(name)),
            (None, None) => error.message.clone(),
        }),
        "42501" if error.message.contains("row-level security") => Hit::Refused(Refusal::Policy),
        "42501" | "42P17" | "42704" => is_raised(),
        "57014" => Hit::Untried("it took longer than 20 s".to_owned()),
        _ if ["42", "0A", "55", "53", "54", "58", "XX"].iter().any(|class| state.starts_with(class)) => {
            Hit::Untried(error.message.clone())
        }
        _ => is_raised(),
    }
}

//! Functions that run with their owner's rights: what they give may not depend on rows of others, and they may not change them.

use std::collections::BTreeSet;

use super::prober::{Answer, Prober};
use crate::catalog::{Argument, Body, Id, Object};
use crate::db::Error;
use crate::rls::{Act, Actor, Fault, Finding, Subject, Through, definers_called, reads_tables};
use crate::text::quote_literal;

/// A function to be called.
struct Callee<'a> {
    id: &'a Id,
    arguments: Vec<&'a Argument>,
    returns: &'a str,
    is_procedure: bool,
    /// Whether it makes statements of texts.
    is_dynamic: bool,
    /// What has its owner's rights: the function itself, or one that it calls.
    at_fault: Id,
}

impl<'a> Prober<'a> {
    /// Calls all functions of the exposed schemas that run with their owner's rights.
    pub(super) async fn functions(&mut self) -> Result<(), Error> {
        let (catalog, actors) = (self.catalog, self.actors);
        let schemas: BTreeSet<&str> = self.subjects.tables.iter().map(|it| it.table.schema.as_str()).collect();
        for (id, entry) in catalog.entries.iter().filter(|(id, _)| schemas.contains(id.schema.as_str())) {
            let (arguments, returns, is_procedure, body) = match &entry.object {
                Object::Function(it) if !is_trigger(&it.returns) => {
                    (&it.arguments, it.returns.as_str(), false, &it.body)
                }
                Object::Procedure(it) if it.security_definer => (&it.arguments, "void", true, &it.body),
                _ => continue,
            };
            let is_definer = !matches!(&entry.object, Object::Function(it) if !it.security_definer);
            // One that has the rights of whoever calls it reaches no more than he does, but by one that it calls.
            let at_fault = if is_definer { Some(id.clone()) } else { definers_called(catalog, id).into_iter().next() };
            let Some(at_fault) = at_fault else { continue };
            let arguments = arguments.iter().filter(|it| Argument::is_input(it)).collect();
            let is_dynamic = matches!(body, Body::Source(text) if text.to_lowercase().contains("execute"));
            let callee = Callee { id, arguments, returns, is_procedure, is_dynamic, at_fault };
            let (mut is_called, mut is_reached) = (false, false);
            for actor in actors.iter().filter(|it| it.is_ordinary()) {
                if self.may_call(id, actor).await? {
                    is_called = true;
                    is_reached |= self.call(&callee, actor).await?;
                }
            }
            // What policies ask was tried by these.
            let is_asked = self.facts.named.values().any(|named| named.contains(id)) && !tells(callee.returns, true);
            if is_called && !is_reached && !is_asked && reads_tables(catalog, id, 0) {
                let way = if callee.arguments.is_empty() { "no call of it" } else { "no argument that was tried" };
                self.unproved.push((id.clone(), format!("{way} reached a row")));
            }
        }
        self.mend_all();
        Ok(())
    }

    async fn may_call(&self, id: &Id, actor: &Actor) -> Result<bool, Error> {
        let (role, name) = (quote_literal(&actor.role), quote_literal(&id.address()));
        let sql = format!(
            "select has_function_privilege({role}, {name}::regprocedure, 'execute') \
             and has_schema_privilege({role}, {}, 'usage')",
            quote_literal(&id.schema)
        );
        match self.session.rows(&format!("savepoint dbctl_ask; {sql}")).await {
            Err(Error::Server(_)) => {
                self.session.batch("rollback to savepoint dbctl_ask; release savepoint dbctl_ask").await?;
                Ok(false)
            }
            other => {
                let may = other?.first().and_then(|row| row.get(0)) == Some("t");
                self.session.batch("release savepoint dbctl_ask").await?;
                Ok(may)
            }
        }
    }

    /// Calls a function in some ways, and looks at what it gives and leaves; whether one of them reached rows.
    async fn call(&mut self, callee: &Callee<'a>, actor: &Actor) -> Result<bool, Error> {
        let ways = self.ways(&callee.arguments, actor, callee.is_dynamic);
        let all: Vec<&'a Subject> = self.subjects.all().collect();
        let is_helper = self.facts.named.values().any(|named| named.contains(callee.id));
        let tells = !callee.is_procedure && tells(callee.returns, is_helper);
        // Yes or no about a row that nobody of another tenant should know of.
        let is_oracle = callee.returns == "boolean" && !is_helper;
        let after = self.changes(actor, &all);
        let whole = self.without(actor, &all);
        let fault = || Fault::Definer(callee.at_fault.clone());
        let mut is_reached = false;
        for given in &ways {
            let name = format!("{}({})", callee.id.qualified(), given.join(", "));
            let sql = statement(callee, &name);
            let through = Through::Function(callee.id.clone(), name.clone());
            let Answer::Given(seen, changed) = self.ask(actor, "", &sql, Some(&after)).await? else { continue };
            let at: Option<usize> = changed.and_then(|it| it.parse().ok());
            if let Some(at) = at
                && let Some(subject) = all.get(at / 2).copied()
            {
                let act = if at % 2 == 0 { Act::Update } else { Act::Insert };
                self.leak(subject, actor, act, through.clone(), fault(), "");
                is_reached = true;
            }
            if tells && !is_reached && self.seen_by(actor, &whole, &sql).await? != seen {
                for subject in self.showing(actor, ("", &sql), &all).await? {
                    self.leak(subject, actor, Act::Select, through.clone(), fault(), "");
                    is_reached = true;
                }
            }
            if is_oracle && !is_reached && self.seen_by(actor, &whole, &sql).await? != seen {
                let text = format!("its answer tells whether others have a row such as the one asked for: {name}");
                let id = callee.id.clone();
                if !self.findings.iter().any(|it| it.id == id) {
                    self.findings.push(Finding { kind: "tells-existence", id, text, mend: Vec::new() });
                }
                is_reached = true;
            }
            if is_reached {
                return Ok(true);
            }
        }
        // That nothing of others was reached says something only where something was reached at all.
        let none: String = all.iter().map(|it| self.table(it).without_rows()).collect();
        let stirred: Vec<String> = all.iter().map(|it| format!("({})", self.table(it).stirred())).collect();
        let stirred = format!("select {}", stirred.join(" + "));
        for given in ways.iter().rev() {
            let sql = statement(callee, &format!("{}({})", callee.id.qualified(), given.join(", ")));
            let Answer::Given(seen, number) = self.ask(actor, "", &sql, Some(&stirred)).await? else { continue };
            if number.is_some_and(|it| it != "0") || self.seen_by(actor, &none, &sql).await? != seen {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A query for the first table in which rows of others are not what they were (its number twice), or in which rows of
    /// others are that were not there (one more).
    pub(super) fn changes(&self, actor: &Actor, all: &[&'a Subject]) -> String {
        let mut queries = Vec::new();
        for (at, subject) in all.iter().enumerate() {
            // Rows of nobody are nobody's to keep.
            if !subject.is_owned() && actor.group.is_some() {
                continue;
            }
            let table = self.table(subject);
            if let Some(query) = table.others_changed(actor) {
                queries.push(format!("select {} as n where ({query}) > 0", 2 * at));
            }
            if let Some(query) = table.made_for_others(actor) {
                queries.push(format!("select {} as n where ({query}) > 0", 2 * at + 1));
            }
        }
        if queries.is_empty() {
            return "select null".to_owned();
        }
        format!("select min(n)::text from ({}) t", queries.join(" union all "))
    }
}

/// The call of a function: what it gives, in one value.
fn statement(callee: &Callee<'_>, name: &str) -> String {
    if callee.is_procedure {
        return format!("call {name}");
    }
    format!(
        "select count(*) || ' ' || md5(coalesce(string_agg(x, E'\\n' order by x), '')) from (select {name}::text as x) s"
    )
}

fn is_trigger(returns: &str) -> bool {
    matches!(returns, "trigger" | "event_trigger")
}

/// Whether what a function gives tells of rows: yes and no do not, nor does an id that policies ask for.
fn tells(returns: &str, is_helper: bool) -> bool {
    let bare = returns.trim_start_matches("SETOF ").trim_end_matches("[]");
    let is_id = matches!(bare, "uuid" | "bigint" | "integer" | "text");
    !(matches!(bare, "boolean" | "void") || is_helper && is_id)
}

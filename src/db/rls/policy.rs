//! Policies that are always true, never true, never used, or fail: each condition asked of every row, as everybody it is for.

use super::prober::{Answer, Prober};
use crate::catalog::{Id, Object, Policy};
use crate::db::Error;
use crate::rls::{Actor, ActorKind, Finding, Relation, Subject, foreign_keys, is_shared_by_value, primary_key};
use crate::sql::ast::{Expr, Stmt, StmtKind};
use crate::text::{bare_ident, quote_ident};

/// What a condition gave: for how many rows it was asked, and for how many it was true.
#[derive(Debug, Default)]
struct Count {
    asked: usize,
    held: usize,
    askers: usize,
    failed: Option<String>,
}

impl<'a> Prober<'a> {
    /// Looks at the policies of all tables.
    pub(super) async fn policies(&mut self) -> Result<(), Error> {
        let subjects = self.subjects;
        for subject in &subjects.tables {
            if !self.is_wanted(&subject.table) {
                continue;
            }
            let of = |(id, entry): (&'a Id, &'a crate::catalog::Entry)| match &entry.object {
                Object::Policy(policy) => Some((id, policy)),
                _ => None,
            };
            let policies: Vec<(&Id, &Policy)> =
                self.catalog.parts(&subject.table, crate::catalog::Kind::Policy).filter_map(of).collect();
            for (id, policy) in &policies {
                if let Some(finding) = self.unused(subject, id, policy, &policies) {
                    self.findings.push(finding);
                    continue;
                }
                self.asked(subject, id, policy).await?;
            }
        }
        Ok(())
    }

    /// Why a policy is never used.
    fn unused(&self, subject: &Subject, id: &Id, policy: &Policy, all: &[(&Id, &Policy)]) -> Option<Finding> {
        let drop = format!("drop policy {} on {};", bare_ident(&id.part), subject.table.qualified());
        let finding =
            |text: String, mend: String| Some(Finding { kind: "never-used", id: id.clone(), text, mend: vec![mend] });
        if !subject.row_security {
            let on = format!("alter table {} enable row level security;", subject.table.qualified());
            return finding("row-level security is off on its table".to_owned(), on);
        }
        let holders: Vec<&Actor> = self.actors.iter().filter(|it| self.holds_for(policy, it)).collect();
        let held: Vec<&&Actor> = holders.iter().filter(|it| !self.bypassing.contains(&it.role)).collect();
        if held.is_empty() {
            return match holders.first() {
                Some(actor) => finding(format!("`{}` passes row-level security anyway", actor.role), drop),
                // Roles that nobody here has are other people's.
                None => None,
            };
        }
        let commands: &[&str] = match policy.command.as_str() {
            "all" => &["select", "insert", "update", "delete"],
            "select" => &["select"],
            "insert" => &["insert"],
            "update" => &["update"],
            _ => &["delete"],
        };
        let may = |actor: &Actor| {
            let access = self.access(actor, &subject.table);
            access.usage
                && commands.iter().any(|command| match *command {
                    "select" => !access.select.is_empty(),
                    "insert" => !access.insert.is_empty(),
                    "update" => !access.update.is_empty(),
                    _ => access.delete,
                })
        };
        if !held.iter().any(|actor| may(actor)) {
            let mut roles: Vec<String> = held.iter().map(|it| format!("`{}`", it.role)).collect();
            roles.dedup();
            let text = format!("{} may not {} on the table anyway: no privilege", roles.join(", "), policy.command);
            let mend = format!("grant {} on {} to …;", policy.command, subject.table.qualified());
            return finding(text, mend);
        }
        if policy.permissive && !is_true(policy) {
            let covers = |other: &&(&Id, &Policy)| {
                let (other_id, it) = other;
                let same_roles = it.roles.is_empty()
                    || policy.roles.iter().all(|role| it.roles.contains(role)) && !policy.roles.is_empty();
                *other_id != id
                    && it.permissive
                    && (it.command == "all" || it.command == policy.command)
                    && same_roles
                    && is_true(it)
            };
            if let Some((other, _)) = all.iter().find(covers) {
                let text = format!("`{}` is always true and lets through whatever it would", bare_ident(&other.part));
                return finding(text, drop);
            }
        }
        None
    }

    /// Asks a policy's conditions of every row.
    async fn asked(&mut self, subject: &'a Subject, id: &Id, policy: &Policy) -> Result<(), Error> {
        let rows = self.rows.get(&subject.table).map_or(0, Vec::len);
        if rows == 0 {
            return Ok(());
        }
        let holders: Vec<Actor> = self
            .actors
            .iter()
            .filter(|it| self.holds_for(policy, it) && !self.bypassing.contains(&it.role))
            .cloned()
            .collect();
        for (word, text) in [("using", &policy.using), ("with check", &policy.check)] {
            let Some(text) = text else { continue };
            // A check that says what the other condition says tells nothing new.
            if word == "with check" && policy.using.as_ref() == Some(text) {
                continue;
            }
            let mut count = Count::default();
            for actor in &holders {
                self.count(subject, actor, text, &mut count).await?;
            }
            if let Some(finding) = self.judged(subject, id, policy, (word, text), &count) {
                self.findings.push(finding);
            }
        }
        Ok(())
    }

    async fn count(&mut self, subject: &Subject, actor: &Actor, text: &str, count: &mut Count) -> Result<(), Error> {
        let table = subject.table.qualified();
        let role = quote_ident(&actor.role);
        let prep = format!(
            "alter table {table} disable row level security; grant usage on schema {} to {role}; \
             grant select on {table} to {role}; ",
            quote_ident(&subject.table.schema)
        );
        let sql = format!("select count(*) || ' ' || count(*) filter (where {text}) from {table}");
        match self.ask(actor, &prep, &sql, None).await? {
            Answer::Given(Some(numbers), _) => {
                let mut numbers = numbers.split(' ').map(|it| it.parse::<usize>().unwrap_or_default());
                count.askers += 1;
                count.asked += numbers.next().unwrap_or_default();
                count.held += numbers.next().unwrap_or_default();
            }
            Answer::Refused(error) => count.failed = count.failed.take().or(Some(error.message.clone())),
            Answer::Given(None, _) | Answer::Unready(_) => {}
        }
        Ok(())
    }

    /// Whether a column says whose a row is, or which one it is.
    fn says_whose(&self, table: &Id, column: &str) -> bool {
        let is_owner = self
            .subjects
            .get(table)
            .is_some_and(|it| it.tenant.as_deref() == Some(column) || it.users.iter().any(|user| user == column));
        let is_key = primary_key(self.catalog, table).is_some_and(|key| key.iter().any(|it| it == column));
        let refers = foreign_keys(self.catalog)
            .iter()
            .any(|key| key.table == *table && key.columns.iter().any(|it| it == column));
        is_owner || is_key || refers
    }

    /// Whether a policy asks of a row whose it is, and nothing else. What asks for more, such as whether the row is deleted or
    /// how the caller has logged in, may hold back others than the rows and the callers that were made up.
    fn asks_whose(&self, subject: &Subject, id: &Id) -> bool {
        self.facts.columns.get(id).is_some_and(|columns| {
            columns.iter().any(|(table, _)| *table == subject.table)
                && columns.iter().all(|(table, column)| !is_shared_by_value(column) && self.says_whose(table, column))
        })
    }

    fn judged(
        &self,
        subject: &Subject,
        id: &Id,
        policy: &Policy,
        (word, text): (&str, &str),
        count: &Count,
    ) -> Option<Finding> {
        let finding = |kind: &'static str, text: String| Some(Finding { kind, id: id.clone(), text, mend: Vec::new() });
        if count.askers == 0 {
            let error = count.failed.as_ref()?;
            return finding("fails", format!("its `{word}` fails for everybody it is for: {error}"));
        }
        let of = format!("{} times that a role asked it of a row", count.asked);
        let always = count.held == count.asked && count.asked > 0 && count.askers > 1 && count.failed.is_none();
        if is_constant(text) || always && (policy.permissive || self.asks_whose(subject, id)) {
            let is_stated = subject.public.is_some() && policy.command == "select";
            // What belongs to nobody is read by all who are known, and everybody may found a tenant.
            let has_anon = self.actors.iter().any(|it| it.kind == ActorKind::Anon && self.holds_for(policy, it));
            let is_lookup = !subject.is_owned() && policy.command == "select" && !has_anon;
            let is_founding = subject.relation == Relation::Tenants && policy.command == "insert";
            let is_stated = is_stated || (is_lookup || is_founding) && policy.permissive;
            let is_all = !policy.permissive;
            if is_stated {
                return None;
            }
            let what = if is_all { ", so that it holds nothing back" } else { "" };
            return finding("always-true", format!("its `{word}` is true for all of the {of}{what}"));
        }
        // What hangs on other columns may be true of other rows than those that were made up.
        let has_others = self.facts.columns.get(id).is_some_and(|columns| {
            columns.iter().any(|(table, column)| is_shared_by_value(column) || !self.says_whose(table, column))
        });
        let is_for_absent = self.facts.admin_of.get(id).is_some_and(|ways| !ways.is_empty())
            && !self.actors.iter().any(|it| matches!(it.kind, ActorKind::Admin));
        if count.held == 0 && !has_others && !is_for_absent && policy.permissive {
            return finding("never-true", format!("its `{word}` is true for none of the {of}"));
        }
        None
    }
}

/// Whether a policy lets every row through.
fn is_true(policy: &Policy) -> bool {
    match (&policy.using, &policy.check) {
        (Some(using), None) => is_constant(using),
        (None, Some(check)) => is_constant(check),
        (Some(using), Some(check)) => is_constant(using) && is_constant(check),
        (None, None) => false,
    }
}

/// Whether a condition is true whatever the row.
fn is_constant(text: &str) -> bool {
    let script = crate::sql::parse::parse(&format!("select 1 where {text}"));
    let [Stmt { kind: StmtKind::Select(query), .. }] = script.statements.as_slice() else { return false };
    match &query.body {
        crate::sql::ast::QueryBody::Select(select) => select.filter.as_ref().is_some_and(Expr::is_always_true),
        _ => false,
    }
}

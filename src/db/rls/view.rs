//! Views: what somebody sees through one may not depend on rows of others, and nothing may be written through it to them.

use std::collections::BTreeSet;

use super::prober::{Answer, Prober};
use crate::catalog::{Id, Kind, Object};
use crate::db::Error;
use crate::rls::{Act, Actor, Fault, Rule, Shot, Side, Subject, Through, Violation};
use crate::text::{quote_ident, quote_literal};

impl<'a> Prober<'a> {
    /// Tries all views of the exposed schemas.
    pub(super) async fn views(&mut self) -> Result<(), Error> {
        let (catalog, actors) = (self.catalog, self.actors);
        let schemas: BTreeSet<&str> = self.subjects.tables.iter().map(|it| it.table.schema.as_str()).collect();
        let is_view = |id: &&Id| matches!(id.kind, Kind::View | Kind::MaterializedView);
        for view in catalog.entries.keys().filter(is_view).filter(|id| schemas.contains(id.schema.as_str())) {
            let beneath = self.beneath(view);
            if !beneath.iter().any(|it| self.is_wanted(&it.table)) {
                continue;
            }
            for actor in actors.iter().filter(|it| it.is_ordinary()) {
                self.read_view(view, &beneath, actor).await?;
                if view.kind == Kind::View {
                    self.write_view(view, &beneath, actor).await?;
                }
            }
        }
        self.mend_all();
        Ok(())
    }

    /// The tables that something needs, through views too.
    fn beneath(&self, of: &Id) -> Vec<&'a Subject> {
        let mut seen: BTreeSet<Id> = BTreeSet::new();
        let mut left = vec![of.clone()];
        while let Some(id) = left.pop() {
            for needed in self.catalog.needs.get(&id).into_iter().flatten() {
                // A view needs the columns that it reads.
                let whole = if needed.kind == Kind::Column { self.relation_of(needed) } else { needed.clone() };
                let is_relation = matches!(whole.kind, Kind::Table | Kind::View | Kind::MaterializedView);
                if is_relation && whole != *of && seen.insert(whole.clone()) {
                    left.push(whole);
                }
            }
        }
        self.subjects.all().filter(|it| seen.contains(&it.table)).collect()
    }

    fn relation_of(&self, column: &Id) -> Id {
        let kinds = [Kind::Table, Kind::View, Kind::MaterializedView];
        let of = |kind| Id::new(kind, &column.schema, &column.name);
        kinds.map(of).into_iter().find(|id| self.catalog.get(id).is_some()).unwrap_or_else(|| column.clone())
    }

    /// Whether rows of a table are to be hidden from somebody.
    pub(super) fn is_hidden(subject: &Subject, actor: &Actor) -> bool {
        subject.public.is_none() && (subject.is_owned() || actor.group.is_none())
    }

    /// Puts away the rows of others in some tables.
    pub(super) fn without(&self, actor: &Actor, subjects: &[&'a Subject]) -> String {
        let hidden = subjects.iter().filter(|it| Self::is_hidden(it, actor));
        hidden.map(|subject| self.table(subject).without_others(actor)).collect()
    }

    /// What somebody sees by a query; none where he may not ask, or it fails.
    pub(super) async fn seen_by(&mut self, actor: &Actor, prep: &str, sql: &str) -> Result<Option<String>, Error> {
        Ok(match self.ask(actor, prep, sql, None).await? {
            Answer::Given(Some(seen), _) => Some(seen),
            _ => None,
        })
    }

    /// The tables whose rows of others show in what somebody sees.
    pub(super) async fn showing(
        &mut self,
        actor: &Actor,
        (fresh, sql): (&str, &str),
        among: &[&'a Subject],
    ) -> Result<Vec<&'a Subject>, Error> {
        let Some(seen) = self.seen_by(actor, fresh, sql).await? else { return Ok(Vec::new()) };
        // What is another at each time tells nothing.
        if self.seen_by(actor, fresh, sql).await?.as_ref() != Some(&seen) {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        let whole = format!("{}{fresh}", self.without(actor, among));
        // An error without the rows of others tells of them too, where there is none with them.
        if self.seen_by(actor, &whole, sql).await?.as_ref() == Some(&seen) {
            return Ok(found);
        }
        for subject in among.iter().copied().filter(|it| Self::is_hidden(it, actor)) {
            let prep = format!("{}{fresh}", self.without(actor, &[subject]));
            if self.seen_by(actor, &prep, sql).await?.as_ref() != Some(&seen) {
                found.push(subject);
            }
        }
        Ok(found)
    }

    /// Whether the same is reached at the table itself, so that the way to it is not what is at fault.
    pub(super) fn is_open(&self, subject: &Subject, actor: &Actor, act: Act) -> bool {
        self.violations.iter().any(|it| {
            it.table == subject.table
                && it.through == Through::Table
                && it.acts.contains(&act)
                && it.actors.contains(&actor.name)
        })
    }

    fn is_invoker(&self, view: &Id) -> bool {
        match self.catalog.get(view).map(|entry| &entry.object) {
            Some(Object::View(it)) => it.options.iter().any(|(name, value)| {
                name == "security_invoker" && matches!(value.as_str(), "true" | "on" | "1" | "yes")
            }),
            _ => false,
        }
    }

    fn fault_of(view: &Id) -> Fault {
        if view.kind == Kind::View { Fault::View(view.clone()) } else { Fault::MaterializedView(view.clone()) }
    }

    async fn read_view(&mut self, view: &Id, beneath: &[&'a Subject], actor: &Actor) -> Result<(), Error> {
        let access = self.access(actor, view);
        if !access.usage || access.select.is_empty() || self.is_invoker(view) {
            // With the rights of whoever asks it shows what the tables themselves show, which was tried.
            return Ok(());
        }
        let columns: Vec<String> = access.select.iter().map(|it| quote_ident(it)).collect();
        let name = view.qualified();
        let sql = format!(
            "select count(*) || ' ' || md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) \
             from (select {} from {name}) t",
            columns.join(", ")
        );
        let fresh = if view.kind == Kind::MaterializedView {
            format!("refresh materialized view {name}; ")
        } else {
            String::new()
        };
        for subject in self.showing(actor, (&fresh, &sql), beneath).await? {
            self.leak(subject, actor, Act::Select, Through::View(view.clone()), Self::fault_of(view), "");
        }
        Ok(())
    }

    /// Keeps that rows were reached on a way.
    pub(super) fn leak(
        &mut self,
        subject: &Subject,
        actor: &Actor,
        act: Act,
        through: Through,
        fault: Fault,
        how: &str,
    ) {
        let rule = if actor.group.is_none() { Rule::UnauthenticatedSeeNothing } else { Rule::TenantIsolation };
        let whose = if actor.group.is_none() { "" } else { " of the other tenant" };
        let table = subject.table.qualified();
        let seen = match act {
            Act::Select => format!("what is seen depends on rows{whose} in {table}{how}"),
            Act::Insert => format!("a row{whose} is put into {table}{how}"),
            Act::Update | Act::Move => format!("rows{whose} in {table} are changed{how}"),
            Act::Delete => format!("rows{whose} in {table} are deleted{how}"),
        };
        let violation = Violation {
            rule,
            table: subject.table.clone(),
            actors: Vec::new(),
            acts: vec![act],
            through,
            seen: vec![seen],
            faults: vec![fault],
            mend: Vec::new(),
            advice: Vec::new(),
        };
        self.report(violation, actor);
    }

    /// Changes and deletes what a view shows, and puts rows in through it.
    async fn write_view(&mut self, view: &Id, beneath: &[&'a Subject], actor: &Actor) -> Result<(), Error> {
        let access = self.access(actor, view);
        if let Some(function) = self.instead(view).filter(|_| access.usage && !access.insert.is_empty()) {
            self.put_instead(view, function, actor).await?;
        }
        if !access.usage || self.is_invoker(view) {
            return Ok(());
        }
        let updatable =
            format!("select pg_relation_is_updatable({}::regclass, true)", quote_literal(&view.qualified()));
        let bits = self.session.rows(&updatable).await?;
        let bits: u32 = bits.first().and_then(|row| row.get(0)).and_then(|it| it.parse().ok()).unwrap_or_default();
        let name = view.qualified();
        let mut tries: Vec<(Act, String)> = Vec::new();
        if bits & 4 != 0 {
            for column in access.update.intersection(&access.select).take(3) {
                let column = quote_ident(column);
                tries.push((Act::Update, format!("update {name} set {column} = {column}")));
            }
        }
        if bits & 16 != 0 && access.delete {
            tries.push((Act::Delete, format!("delete from {name}")));
        }
        for subject in beneath.iter().copied().filter(|it| Self::is_hidden(it, actor) || it.public.is_some()) {
            let Some(after) = self.table(subject).others_changed(actor) else { continue };
            for (act, sql) in &tries {
                let shot = Shot { sql: sql.clone(), after: Some(after.clone()), ..Shot::default() };
                if self.fire(actor, &shot, "").await?.is_through() {
                    self.leak(subject, actor, *act, Through::View(view.clone()), Self::fault_of(view), "");
                }
            }
            if bits & 8 != 0 && beneath.len() == 1 && !access.insert.is_empty() {
                self.put_through(view, subject, actor).await?;
            }
        }
        Ok(())
    }

    /// The function of a trigger that writes in a view's place, where it has its owner's rights.
    fn instead(&self, view: &Id) -> Option<Id> {
        self.catalog.parts(view, Kind::Trigger).find_map(|(_, entry)| {
            let Object::Trigger(it) = &entry.object else { return None };
            let (_, call) =
                it.definition.split_once(" EXECUTE FUNCTION ").filter(|(head, _)| head.contains(" INSTEAD OF "))?;
            let name = call.split('(').next()?;
            self.catalog.parts_of_kind(Kind::Function).find_map(|(id, entry)| match &entry.object {
                Object::Function(it) if it.security_definer && (id.qualified() == name || id.name == name) => {
                    Some(id.clone())
                }
                _ => None,
            })
        })
    }

    /// Puts rows of another tenant in through a view whose triggers write: these may have other rights than whoever asks.
    async fn put_instead(&mut self, view: &Id, function: Id, actor: &Actor) -> Result<(), Error> {
        let access = self.access(actor, view);
        let all: Vec<&'a Subject> = self.subjects.all().collect();
        let after = self.changes(actor, &all);
        let group = usize::from(actor.group == Some(0));
        for of in all.iter().copied().filter(|it| it.is_owned()) {
            for sql in self.puts(view, &access.insert, of, group) {
                let Answer::Given(_, Some(at)) = self.ask(actor, "", &sql, Some(&after)).await? else { continue };
                let at = at.parse::<usize>().ok();
                let Some(subject) = at.and_then(|at| all.get(at / 2)).copied() else { continue };
                if !self.is_open(subject, actor, Act::Insert) {
                    let how = " by a trigger that writes in its place";
                    let fault = Fault::Definer(function);
                    self.leak(subject, actor, Act::Insert, Through::View(view.clone()), fault, how);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Puts a row of another tenant in through a view that has the table's names for its columns.
    async fn put_through(&mut self, view: &Id, subject: &'a Subject, actor: &Actor) -> Result<(), Error> {
        let access = self.access(actor, view);
        if !crate::rls::is_tried(actor, subject, Act::Insert, Side::Other) {
            return Ok(());
        }
        let Ok(shots) = self.table(subject).shots(actor, &access, Act::Insert, Side::Other) else { return Ok(()) };
        let (into, through) =
            (format!("insert into {} ", subject.table.qualified()), format!("insert into {} ", view.qualified()));
        for shot in shots {
            // Another way than the one that the view goes would say nothing.
            let shot = Shot { sql: shot.sql.replacen(&into, &through, 1), ..shot };
            if self.fire(actor, &shot, "").await? == crate::rls::Hit::Done {
                self.leak(subject, actor, Act::Insert, Through::View(view.clone()), Self::fault_of(view), "");
                break;
            }
        }
        Ok(())
    }
}

//! Foreign keys that change rows: deleting a row that others' rows refer to takes these along, whatever their policies say.

use super::prober::{Answer, Prober, becoming};
use crate::catalog::{ConstraintType, Id, Kind, Object};
use crate::db::Error;
use crate::rls::{Act, ActorKind, Fault, Finding, Relation, Shot, Side, Subject, Through};
use crate::text::{bare_ident, quote_ident};

/// A foreign key that changes rows of its table.
struct Cascade<'a> {
    id: Id,
    child: &'a Subject,
    parent: &'a Subject,
    columns: Vec<String>,
    /// What it does on delete, and whether it follows a changed key.
    does: &'static str,
    follows: bool,
}

impl<'a> Prober<'a> {
    /// Tries all of them.
    pub(super) async fn cascades(&mut self) -> Result<(), Error> {
        let actors = self.actors;
        for cascade in self.found() {
            if !self.is_wanted(&cascade.child.table) || !cascade.child.is_owned() {
                continue;
            }
            for actor in actors.iter().filter(|it| it.is_ordinary()) {
                if !self.is_open(cascade.parent, actor, Act::Delete) {
                    self.through(&cascade, actor).await?;
                }
            }
            self.tie(&cascade).await?;
        }
        self.mend_all();
        Ok(())
    }

    fn found(&self) -> Vec<Cascade<'a>> {
        let mut found = Vec::new();
        for (id, entry) in &self.catalog.entries {
            let Object::Constraint(it) = &entry.object else { continue };
            let Some((schema, name)) = it.references.as_ref().filter(|_| it.what == ConstraintType::Foreign) else {
                continue;
            };
            let does = ["CASCADE", "SET NULL", "SET DEFAULT"]
                .into_iter()
                .find(|word| it.definition.contains(&format!("ON DELETE {word}")));
            let follows = it.definition.contains("ON UPDATE CASCADE");
            let child = self.subjects.get(&Id::new(Kind::Table, &id.schema, &id.name));
            let parent = self.subjects.get(&Id::new(Kind::Table, schema, name));
            if let (Some(child), Some(parent), true) = (child, parent, does.is_some() || follows) {
                let columns = it.columns.clone();
                let does = does.unwrap_or_default();
                found.push(Cascade { id: id.clone(), child, parent, columns, does, follows });
            }
        }
        found
    }

    /// Deletes rows of the table that is referred to, or changes their keys, and looks at others' rows.
    async fn through(&mut self, cascade: &Cascade<'a>, actor: &crate::rls::Actor) -> Result<(), Error> {
        let Some(after) = self.table(cascade.child).others_changed(actor) else { return Ok(()) };
        let access = self.access(actor, &cascade.parent.table);
        let through = Through::Cascade { constraint: cascade.id.clone(), parent: cascade.parent.table.clone() };
        let fault = Fault::Cascade(cascade.id.clone());
        if !cascade.does.is_empty() {
            let shots = self.table(cascade.parent).shots(actor, &access, Act::Delete, Side::Other).unwrap_or_default();
            for shot in shots.into_iter().filter(|shot| shot.prep.is_empty()) {
                let shot = Shot { after: Some(after.clone()), ..shot };
                if self.fire(actor, &shot, "").await? == crate::rls::Hit::Done {
                    let how = format!(" by deleting rows of {}", cascade.parent.table.qualified());
                    self.leak(cascade.child, actor, Act::Delete, through, fault, &how);
                    return Ok(());
                }
            }
        }
        if cascade.follows
            && let Some([key]) = crate::rls::primary_key(self.catalog, &cascade.parent.table).as_deref()
            && access.usage
            && access.update.contains(key)
            && access.select.contains(key)
            && self.is_text(&cascade.parent.table, key)
        {
            let (name, key) = (cascade.parent.table.qualified(), quote_ident(key));
            let sql = format!("update {name} set {key} = {key} || '-dbctl'");
            let shot = Shot { sql, after: Some(after), ..Shot::default() };
            if self.fire(actor, &shot, "").await? == crate::rls::Hit::Done {
                let how = format!(" by changing keys of {name}");
                self.leak(cascade.child, actor, Act::Update, through, fault, &how);
            }
        }
        Ok(())
    }

    fn is_text(&self, table: &Id, column: &str) -> bool {
        let entry = self.catalog.get(&table.beside(Kind::Column, column));
        entry.is_some_and(|entry| matches!(&entry.object, Object::Column(it) if it.data_type.starts_with("text") || it.data_type.starts_with("character")))
    }

    /// Whether tenant B can tie a row of his to one of tenant A's, so that A takes it along when he deletes his own.
    async fn tie(&mut self, cascade: &Cascade<'a>) -> Result<(), Error> {
        let is_tenant = matches!(cascade.parent.relation, Relation::Tenants | Relation::Users | Relation::Shared);
        let [column] = cascade.columns.as_slice() else { return Ok(()) };
        let is_owner = cascade.child.tenant.as_ref() == Some(column) || cascade.child.users.contains(column);
        // A comment on another user's post goes with the post; tenants have nothing in common.
        let is_through = cascade.child.tenant.is_none();
        if is_tenant
            || is_owner
            || is_through
            || cascade.does != "CASCADE"
            || cascade.child.table == cascade.parent.table
        {
            return Ok(());
        }
        let user = |group| self.actors.iter().find(|it| it.kind == ActorKind::User && it.group == Some(group));
        let (Some(a), Some(b)) = (user(0), user(1)) else { return Ok(()) };
        let row = |table: &Id, group| self.rows.get(table).into_iter().flatten().find(|row| row.group == Some(group));
        let (Some(parent), Some(child)) = (row(&cascade.parent.table, 0), row(&cascade.child.table, 1)) else {
            return Ok(());
        };
        let Some([key]) = crate::rls::primary_key(self.catalog, &cascade.parent.table)
            .as_deref()
            .map(<[String]>::to_vec)
            .map(TryInto::<[String; 1]>::try_into)
            .and_then(Result::ok)
        else {
            return Ok(());
        };
        let Some(child_key) = crate::rls::primary_key(self.catalog, &cascade.child.table) else { return Ok(()) };
        let literal = |table: &Id, column: &str, value: Option<&str>| {
            let data_type = match self.catalog.get(&table.beside(Kind::Column, column)).map(|entry| &entry.object) {
                Some(Object::Column(it)) => it.data_type.clone(),
                _ => "text".to_owned(),
            };
            value.map_or_else(|| "null".to_owned(), |value| crate::rls::literal_of(value, &data_type))
        };
        let mine: Vec<String> = child_key
            .iter()
            .map(|it| format!("{} = {}", quote_ident(it), literal(&cascade.child.table, it, child.value(it))))
            .collect();
        let to = literal(&cascade.parent.table, &key, parent.value(&key));
        let (child_name, parent_name) = (cascade.child.table.qualified(), cascade.parent.table.qualified());
        let tie = format!(
            "{}; update {child_name} set {} = {to} where {}; reset role; ",
            becoming(b),
            quote_ident(column),
            mine.join(" and ")
        );
        let gone = format!(
            "select count(*) from {child_name} where {} and {} = {to}",
            mine.join(" and "),
            quote_ident(column)
        );
        // First whether the tie holds, then what the other's delete does to it.
        let held = match self.ask(a, &tie, "select 1", Some(&gone)).await? {
            Answer::Given(_, Some(number)) => number == "1",
            _ => false,
        };
        if !held {
            return Ok(());
        }
        let delete = format!("delete from {parent_name} where {} = {to}", quote_ident(&key));
        let left = format!("select 1 - count(*) from {child_name} where {}", mine.join(" and "));
        if let Answer::Given(_, Some(number)) = self.ask(a, &tie, &delete, Some(&left)).await?
            && number == "1"
        {
            let text = format!(
                "a tenant can let `{}` of his rows refer to another tenant's {parent_name}, who then deletes them with his own",
                bare_ident(column)
            );
            let mend = cascade.child.tenant.as_ref().zip(cascade.parent.tenant.as_ref()).map(|(here, there)| {
                format!(
                    "alter table {parent_name} add unique ({there}, {key}); \
                     alter table {child_name} add foreign key ({here}, {column}) references {parent_name} ({there}, {key}) on delete cascade;",
                    here = bare_ident(here),
                    there = bare_ident(there),
                    key = bare_ident(&key),
                    column = bare_ident(column)
                )
            });
            let mend = mend.into_iter().collect();
            self.findings.push(Finding { kind: "tie", id: cascade.id.clone(), text, mend });
        }
        Ok(())
    }
}

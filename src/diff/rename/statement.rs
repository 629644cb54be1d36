//! The statements of a rename.

use super::{Rename, is_part, written};
use crate::catalog::{Catalog, Id, Kind};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::{bare_ident, quote_literal};

impl Rename {
    /// The statements: `taken` is what holds the names of the moment.
    pub fn steps(&self, taken: &Catalog) -> Vec<Step> {
        // A value has no statements of its own: it is its type that is changed.
        let is_value = self.to.kind == Kind::Enum && is_part(&self.to);
        let id = if is_value { self.to.beside(Kind::Enum, "") } else { self.to.clone() };
        let alter = |sql: String| Step::alter(&id, sql);
        let mut steps = if is_part(&self.from) {
            vec![alter(self.part())]
        } else {
            let word = self.from.kind.sql();
            let name = |id: &Id| format!("alter {word} {} rename to {}", id.address(), bare_ident(&self.to.name));
            let schema = |id: &Id| format!("alter {word} {} set schema {}", id.address(), bare_ident(&self.to.schema));
            let is_named = self.from.name != self.to.name;
            match (is_named, self.from.schema != self.to.schema) {
                (true, false) => vec![alter(name(&self.from))],
                (false, _) => vec![alter(schema(&self.from))],
                (true, true) => {
                    let moved = Id::part(self.from.kind, &self.to.schema, &self.from.name, &self.from.part);
                    let renamed = Id::part(self.from.kind, &self.from.schema, &self.to.name, &self.from.part);
                    if taken.entries.keys().any(|it| (&it.schema, &it.name) == (&moved.schema, &moved.name)) {
                        vec![alter(name(&self.from)), alter(schema(&renamed))]
                    } else {
                        vec![alter(schema(&self.from)), alter(name(&moved))]
                    }
                }
            }
        };
        if let Some(first) = steps.first_mut() {
            *first = self.cost(first.clone());
        }
        steps
    }

    /// The statement of a part of something.
    fn part(&self) -> String {
        let (kind, part) = (&self.from.kind, &self.from.part);
        let (relation, old, new) = (self.from.qualified(), bare_ident(part), bare_ident(&self.to.part));
        match (kind, self.of) {
            (Kind::Enum, _) => {
                let (old, new) = (quote_literal(part), quote_literal(&self.to.part));
                format!("alter type {relation} rename value {old} to {new}")
            }
            (Kind::Column, Some(Kind::Composite)) => format!("alter type {relation} rename attribute {old} to {new}"),
            (Kind::Column, of) => {
                format!("alter {} {relation} rename column {old} to {new}", of.unwrap_or(Kind::Table).sql())
            }
            (Kind::Constraint, Some(Kind::Domain)) => {
                format!("alter domain {relation} rename constraint {old} to {new}")
            }
            (Kind::Constraint, _) => format!("alter table {relation} rename constraint {old} to {new}"),
            _ => format!("alter {} {old} on {relation} rename to {new}", kind.sql()),
        }
    }

    /// What it costs: a lock for a moment, and whatever says the old name outside the database.
    fn cost(&self, step: Step) -> Step {
        let name = written(&self.from);
        let relation = self.from.qualified();
        let is_relation = matches!(
            self.from.kind,
            Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView | Kind::Sequence
        );
        let of_relation = is_part(&self.from)
            && matches!(self.of, Some(Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView));
        let step = if is_relation || of_relation { step.lock(LockMode::AccessExclusive, &relation) } else { step };
        match self.from.kind {
            Kind::Index | Kind::Constraint | Kind::Statistics | Kind::Trigger | Kind::Policy | Kind::Rule => step,
            _ => {
                step.hazard(HazardKind::Untracked, format!("queries and texts that still say {name} fail from then on"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{table, values};
    use super::*;

    fn sql(catalog: &Catalog, from: Id, to: Id) -> Vec<String> {
        let rename = Rename::new(catalog, from, to);
        rename.steps(catalog).into_iter().map(|step| step.sql).collect()
    }

    #[test]
    fn each_kind_has_its_statement() {
        let mut catalog = Catalog::default();
        table(&mut catalog, "users", &[("name", "text")]);
        values(&mut catalog, "status", &["it's"]);
        let part = |kind, of: &str, name: &str| Id::part(kind, "public", of, name);
        let one = |from: Id, to: Id| sql(&catalog, from, to).join("; ");
        assert_eq!(
            one(part(Kind::Column, "users", "name"), part(Kind::Column, "users", "Name")),
            "alter table public.users rename column name to \"Name\""
        );
        assert_eq!(
            one(part(Kind::Enum, "status", "it's"), part(Kind::Enum, "status", "b")),
            "alter type public.status rename value 'it''s' to 'b'"
        );
        assert_eq!(
            one(part(Kind::Policy, "users", "a"), part(Kind::Policy, "users", "b")),
            "alter policy a on public.users rename to b"
        );
        assert_eq!(
            one(part(Kind::Function, "f", "integer"), part(Kind::Function, "g", "integer")),
            "alter function public.f(integer) rename to g"
        );
        let moved = Id::new(Kind::Table, "app", "people");
        assert_eq!(
            sql(&catalog, Id::new(Kind::Table, "public", "users"), moved.clone()),
            ["alter table public.users set schema app", "alter table app.users rename to people"]
        );
        table(&mut catalog, "app.users", &[]);
        assert_eq!(
            sql(&catalog, Id::new(Kind::Table, "public", "users"), moved),
            ["alter table public.users rename to people", "alter table public.people set schema app"]
        );
    }
}

//! `-- dbctl: renamed-from OLD` in a declarative schema: above a statement or a column, or at the end of a column's line.

use super::ask::Written;
use super::order::Moves;
use super::{Known, has, is_part, noun, written};
use crate::catalog::{Catalog, Id, Kind};
use crate::sql::ast::{ArgMode, Name, Stmt, StmtKind, TypeDefinition};
use crate::sql::parse::parse;
use crate::sql::{Kind as Token, Tokens};
use crate::text::Span;

/// What begins such a comment, behind `-- dbctl:`.
const WORD: &str = "renamed-from";

/// A comment that says what something was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declares {
    /// Where the comment stands.
    pub span: Span,
    new: Target,
    old: Written,
}

/// What has the new name, as far as the text says it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    kinds: &'static [Kind],
    schema: Option<String>,
    name: String,
    /// A column, a value, a policy; how many arguments a routine takes.
    part: Option<String>,
    arguments: Option<usize>,
}

/// What is wrong with such a comment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Declared {
    /// It names nothing, or does not stand where something is made.
    #[error("{1}")]
    Misplaced(Span, &'static str),
    /// What it says was renamed is there by both names.
    #[error("`{old}` and `{new}` are both there: this cannot be one that was renamed")]
    Both {
        /// The comment, by its number among all.
        at: usize,
        /// The old name.
        old: String,
        /// The new name.
        new: String,
    },
}

/// Reads the comments of a file.
///
/// # Errors
/// Fails where one stands by nothing that has a name.
pub fn declared(text: &str) -> Result<Vec<Declares>, Declared> {
    if !text.contains(WORD) {
        return Ok(Vec::new());
    }
    let script = parse(text);
    let mut all = Vec::new();
    for token in Tokens::new(text).filter(|token| token.kind == Token::LineComment) {
        let said = token.span.of(text).trim_start_matches('-').trim();
        let Some(rest) = said.strip_prefix("dbctl:").and_then(|said| said.trim().strip_prefix(WORD)) else { continue };
        let wrong = |why| Declared::Misplaced(token.span, why);
        let old = Written::read(rest).filter(|old| rest.starts_with([' ', '\t']) && old.kind.is_empty());
        let old = old.ok_or(wrong("an old name follows: `-- dbctl: renamed-from OLD`"))?;
        let new = beside(text, token.span, &script.statements).ok_or(wrong(
            "it stands by nothing that can be renamed: put it above a `create`, or by a column or value",
        ))?;
        all.push(Declares { span: token.span, new, old });
    }
    Ok(all)
}

/// What a comment stands by.
fn beside(text: &str, comment: Span, statements: &[Stmt]) -> Option<Target> {
    let line = text[..comment.start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let is_alone = text[line..comment.start].trim_start_matches('\u{feff}').trim().is_empty();
    let within = statements.iter().find(|it| it.span.start < comment.start && comment.end <= it.span.end);
    let Some(statement) = within else {
        let mut before = statements.iter().rev();
        let mut after = statements.iter();
        return if is_alone {
            target(after.find(|it| it.span.start >= comment.end)?)
        } else {
            target(before.find(|it| it.span.end <= comment.start)?)
        };
    };
    let parts = parts(statement);
    if is_alone {
        return parts.into_iter().find(|(span, _)| span.start >= comment.end).and_then(|(_, target)| target);
    }
    match parts.into_iter().rfind(|(span, _)| span.start < comment.start) {
        Some((_, target)) => target,
        // `create table people ( -- dbctl: renamed-from users`
        None => target(statement),
    }
}

fn named(kinds: &'static [Kind], name: &Name) -> Target {
    Target {
        kinds,
        schema: name.schema().map(str::to_owned),
        name: name.object().to_owned(),
        part: None,
        arguments: None,
    }
}

/// What a statement makes.
fn target(statement: &Stmt) -> Option<Target> {
    let part = |kinds, table: &Name, name: &str| Target { part: Some(name.to_owned()), ..named(kinds, table) };
    Some(match &statement.kind {
        StmtKind::CreateTable(it) if it.foreign => named(&[Kind::ForeignTable], &it.name),
        StmtKind::CreateTable(it) => named(&[Kind::Table], &it.name),
        StmtKind::CreateTableAs(it) => named(&[Kind::Table], &it.name),
        StmtKind::CreateView(it) if it.materialized => named(&[Kind::MaterializedView], &it.name),
        StmtKind::CreateView(it) => named(&[Kind::View], &it.name),
        StmtKind::CreateType(it) => named(&[Kind::Enum, Kind::Composite, Kind::Range, Kind::BaseType], &it.name),
        StmtKind::CreateDomain(it) => named(&[Kind::Domain], &it.name),
        StmtKind::CreateSequence(it) => named(&[Kind::Sequence], &it.name),
        StmtKind::CreateRoutine(it) => {
            let arguments = it.parameters.iter().filter(|it| it.mode != ArgMode::Out).count();
            Target { arguments: Some(arguments), ..named(&[Kind::Function, Kind::Procedure], &it.name) }
        }
        StmtKind::CreatePolicy(it) => part(&[Kind::Policy], &it.table, &it.name.value),
        StmtKind::CreateTrigger(it) => part(&[Kind::Trigger], &it.table, &it.name.value),
        StmtKind::CreateIndex(it) => {
            Target { name: it.name.as_ref()?.value.clone(), ..named(&[Kind::Index], &it.table) }
        }
        StmtKind::CreateSchema(it) => Target {
            kinds: &[Kind::Schema],
            schema: Some(String::new()),
            name: it.name.value.clone(),
            part: None,
            arguments: None,
        },
        _ => return None,
    })
}

/// The columns, constraints, attributes and values that a statement makes, in order; what has no name is none.
fn parts(statement: &Stmt) -> Vec<(Span, Option<Target>)> {
    let mut parts: Vec<(Span, Option<Target>)> = Vec::new();
    match &statement.kind {
        StmtKind::CreateTable(it) => {
            let part = |kinds, name: &str| Target { part: Some(name.to_owned()), ..named(kinds, &it.name) };
            parts
                .extend(it.columns.iter().map(|column| (column.span, Some(part(&[Kind::Column], &column.name.value)))));
            parts.extend(it.constraints.iter().map(|constraint| {
                let name = constraint.name.as_ref();
                (constraint.span, name.map(|name| part(&[Kind::Constraint], &name.value)))
            }));
        }
        StmtKind::CreateType(it) => {
            let part = |kinds, name: &str| Target { part: Some(name.to_owned()), ..named(kinds, &it.name) };
            match &it.definition {
                TypeDefinition::Enum(labels) => {
                    parts.extend(labels.iter().map(|(label, span)| (*span, Some(part(&[Kind::Enum], label)))));
                }
                TypeDefinition::Composite(attributes) => {
                    let columns =
                        attributes.iter().map(|(name, _)| (name.span, Some(part(&[Kind::Column], &name.value))));
                    parts.extend(columns);
                }
                _ => {}
            }
        }
        _ => {}
    }
    parts.sort_by_key(|(span, _)| span.start);
    parts
}

impl Declares {
    /// The name in the one schema and that in the other, for each comment that still says something new.
    ///
    /// # Errors
    /// Fails where something is there by both names.
    pub fn resolve(all: &[Self], known: Known<'_>) -> Result<Vec<(Id, Id)>, Declared> {
        let mut moves = Moves::default();
        let mut pairs = Vec::new();
        for is_part_wanted in [false, true] {
            // Schemas first: what is in them is looked for in the old one.
            let rank = |declares: &&(usize, &Self)| declares.1.new.kinds != [Kind::Schema];
            let mut ordered: Vec<(usize, &Self)> =
                all.iter().enumerate().filter(|(_, it)| it.new.part.is_some() == is_part_wanted).collect();
            ordered.sort_by_key(|it| rank(&it));
            for (at, declares) in ordered {
                let Some(new) = declares.new.find(known.to) else { continue };
                let Some(old) = declares.old_id(&new, known, &moves) else { continue };
                moves.note(&old, &new);
                pairs.push((at, old, new));
            }
        }
        let back = moves.back();
        for (at, old, new) in &pairs {
            let former = back.id(new);
            let gives_way = |other: &(usize, Id, Id)| other.1 == former && !has(known.from, &back.id(&other.2));
            let is_taken = has(known.from, &former) && !pairs.iter().any(gives_way);
            let stays = has(known.to, &moves.id(old)) && !pairs.iter().any(|other| other.2 == moves.id(old));
            if is_taken || stays {
                let said = |id: &Id| format!("{} {}", noun(id), written(id));
                return Err(Declared::Both { at: *at, old: said(old), new: said(new) });
            }
        }
        Ok(pairs.into_iter().map(|(_, old, new)| (old, new)).collect())
    }

    /// What it was called, where that is there.
    fn old_id(&self, new: &Id, known: Known<'_>, moves: &Moves) -> Option<Id> {
        let last = self.old.parts.last()?;
        let former = moves.back().id(new);
        if is_part(new) {
            let part = if new.kind == Kind::Enum { &last.raw } else { &last.name };
            return Some(Id::part(former.kind, &former.schema, &former.name, part)).filter(|id| has(known.from, id));
        }
        let schema = match self.old.parts.as_slice() {
            [schema, _] => schema.name.clone(),
            _ => former.schema.clone(),
        };
        let old = Id::part(former.kind, schema, &last.name, &former.part);
        if has(known.from, &old) || old.part.is_empty() {
            return Some(old).filter(|id| has(known.from, id));
        }
        // The types of a routine's arguments may have had other names.
        let mut routines = known.from.parts(&old, old.kind).map(|(id, _)| id).filter(|id| !has(known.to, id));
        let found = routines.next().cloned();
        found.filter(|_| routines.next().is_none())
    }
}

impl Target {
    /// The object in the schema that the file makes.
    fn find(&self, to: &Catalog) -> Option<Id> {
        let mut found: Vec<&Id> = to.entries.keys().filter(|id| self.is(id)).collect();
        let is_public = |id: &&Id| id.schema == "public";
        if found.len() > 1 && found.iter().any(is_public) {
            found.retain(is_public);
        }
        let [id] = found.as_slice() else { return None };
        match &self.part {
            Some(label) if id.kind == Kind::Enum => Some(id.beside(Kind::Enum, label)).filter(|id| has(to, id)),
            _ => Some((*id).clone()),
        }
    }

    fn is(&self, id: &Id) -> bool {
        let is_part = self.part.as_ref().is_none_or(|part| *part == id.part || id.kind == Kind::Enum);
        let takes = |count: usize| {
            let commas = id.part.matches(',').count();
            if id.part.is_empty() { count == 0 } else { count == commas + 1 || id.part.contains('(') }
        };
        self.kinds.contains(&id.kind)
            && id.name == self.name
            && self.schema.as_ref().is_none_or(|schema| *schema == id.schema)
            && is_part
            && self.arguments.is_none_or(takes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{table, values};
    use super::*;

    const FILE: &str = "\
-- dbctl: renamed-from users
create table people ( -- of the company
  id bigint primary key,
  -- dbctl: renamed-from name
  full_name text not null,
  mail text, -- dbctl: renamed-from \"E-Mail\"
  note text -- dbctl: renamed-from remark
);
create type state as enum ('a', -- dbctl: renamed-from 'Old'
  'b');
";

    fn resolved(text: &str, from: &Catalog, to: &Catalog) -> Result<Vec<String>, String> {
        let all = declared(text).map_err(|error| error.to_string())?;
        let pairs = Declares::resolve(&all, Known { from, to }).map_err(|error| error.to_string())?;
        Ok(super::super::order(from, pairs).iter().map(ToString::to_string).collect())
    }

    fn new() -> Catalog {
        let mut to = Catalog::default();
        table(&mut to, "people", &[("id", "bigint"), ("full_name", "text"), ("mail", "text"), ("note", "text")]);
        values(&mut to, "state", &["a", "b"]);
        to
    }

    #[test]
    fn a_comment_belongs_to_what_it_stands_by() {
        let mut from = Catalog::default();
        table(&mut from, "users", &[("id", "bigint"), ("name", "text"), ("E-Mail", "text"), ("remark", "text")]);
        values(&mut from, "state", &["Old", "b"]);
        assert_eq!(
            resolved(FILE, &from, &new()).unwrap(),
            [
                "table public.users → public.people",
                "column public.people.name → full_name",
                "column public.people.\"E-Mail\" → mail",
                "column public.people.remark → note",
                "value public.state.'Old' → a"
            ]
        );
    }

    #[test]
    fn what_was_renamed_already_is_not_again() {
        assert!(resolved(FILE, &new(), &new()).unwrap().is_empty());
        assert!(resolved(FILE, &Catalog::default(), &new()).unwrap().is_empty());
    }

    #[test]
    fn both_names_at_once_are_an_error() {
        let mut from = new();
        table(&mut from, "users", &[]);
        let error = resolved(FILE, &from, &new()).unwrap_err();
        assert!(error.contains("`table public.users` and `table public.people` are both there"), "{error}");
        let mut from = new();
        table(&mut from, "people", &[("name", "text")]);
        assert!(resolved(FILE, &from, &new()).unwrap_err().contains("column public.people.name"));
    }

    #[test]
    fn a_comment_by_nothing_is_an_error() {
        for text in ["-- dbctl: renamed-from a\n", "create table t (a int,\n-- dbctl: renamed-from b\n check (a > 0));"]
        {
            assert!(matches!(declared(text), Err(Declared::Misplaced(_, why)) if why.contains("stands by nothing")));
        }
        assert!(matches!(
            declared("-- dbctl: renamed-from\ncreate table a ();"),
            Err(Declared::Misplaced(_, why)) if why.contains("an old name follows")
        ));
    }
}

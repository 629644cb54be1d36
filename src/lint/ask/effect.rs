//! What a statement makes and what it takes away, by name.

use std::borrow::Cow;

use super::altered::{alter_object, alter_table, moved};
use crate::sql::ast::{
    ArgMode, CreateObject, CreateRoutine, Drop, Ident, Name, ObjectKind, Parameter, RoutineKind, RoutineRef, Stmt,
    StmtKind, TypeName,
};
use crate::text::Span;

/// What a thing is: an object, or something of an object that can be there or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An object.
    Object(ObjectKind),
    /// A label of an enum.
    Label,
    /// A table's being a partition or child of another.
    Attachment,
    /// A column's being an identity column.
    Identity,
    /// A column's being generated.
    Generation,
    /// A table's being in a publication.
    Member,
}

impl Kind {
    /// Kinds that share their names have the same family.
    pub fn family(self) -> Self {
        Self::Object(match self {
            Self::Object(
                ObjectKind::Table
                | ObjectKind::ForeignTable
                | ObjectKind::View
                | ObjectKind::MaterializedView
                | ObjectKind::Index
                | ObjectKind::Sequence,
            ) => ObjectKind::Table,
            Self::Object(ObjectKind::Type | ObjectKind::Domain) => ObjectKind::Type,
            Self::Object(
                ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate | ObjectKind::Routine,
            ) => ObjectKind::Function,
            other => return other,
        })
    }

    /// Whether it is a relation.
    pub fn is_relation(self) -> bool {
        self.family() == Self::Object(ObjectKind::Table)
    }
}

/// A name, as far as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ref<'a> {
    /// The schema, where it is written.
    pub schema: Option<&'a str>,
    /// The object.
    pub name: Cow<'a, str>,
}

impl<'a> Ref<'a> {
    /// A name without schema.
    pub fn bare(name: &'a str) -> Self {
        Self { schema: None, name: Cow::Borrowed(name) }
    }
}

impl<'a> From<&'a Name> for Ref<'a> {
    fn from(name: &'a Name) -> Self {
        Self { schema: name.schema(), name: Cow::Borrowed(name.object()) }
    }
}

impl<'a> From<&'a Ident> for Ref<'a> {
    fn from(ident: &'a Ident) -> Self {
        Self::bare(&ident.value)
    }
}

/// The arguments that tell a routine from its overloads.
#[derive(Debug, Clone, Copy)]
pub enum Args<'a> {
    /// As named.
    Types(&'a [TypeName]),
    /// As defined.
    Parameters(&'a [Parameter]),
}

impl<'a> Args<'a> {
    fn types(self) -> Vec<&'a TypeName> {
        match self {
            Self::Types(types) => types.iter().collect(),
            Self::Parameters(parameters) => {
                parameters.iter().filter(|it| it.mode != ArgMode::Out).map(|it| &it.type_name).collect()
            }
        }
    }

    /// Whether both name the same types.
    pub fn agree(self, other: Self) -> bool {
        let (own, others) = (self.types(), other.types());
        own.len() == others.len()
            && own.iter().zip(others).all(|(a, b)| {
                a.name == b.name
                    && a.dimensions == b.dimensions
                    && (a.schema == b.schema || a.schema.is_none() || b.schema.is_none())
            })
    }
}

/// Something that is there or not.
#[derive(Debug, Clone)]
pub struct Thing<'a> {
    /// What it is.
    pub kind: Kind,
    /// The object that it belongs to: a column's table, a label's type.
    pub on: Option<Ref<'a>>,
    /// Its name.
    pub name: Ref<'a>,
    /// For routines: their arguments, where written.
    pub args: Option<Args<'a>>,
}

impl<'a> Thing<'a> {
    /// An object by its name.
    pub fn object(kind: ObjectKind, name: impl Into<Ref<'a>>) -> Self {
        Self { kind: Kind::Object(kind), on: None, name: name.into(), args: None }
    }

    /// Something of an object.
    pub fn of(kind: Kind, on: impl Into<Ref<'a>>, name: impl Into<Ref<'a>>) -> Self {
        Self { kind, on: Some(on.into()), name: name.into(), args: None }
    }

    fn with(mut self, args: Option<Args<'a>>) -> Self {
        self.args = args;
        self
    }
}

/// What is done to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It is there afterwards.
    Makes,
    /// It is gone afterwards, and with `cascade` what hangs on it.
    Takes {
        /// `cascade`.
        cascade: bool,
    },
    /// It has another name afterwards.
    Moves,
}

/// One thing that a statement makes or takes away.
#[derive(Debug, Clone)]
pub struct Effect<'a> {
    /// What is done.
    pub deed: Deed,
    /// To what.
    pub thing: Thing<'a>,
    /// Where its name is written.
    pub span: Span,
    /// Whether the statement itself says that it may be there already, or be gone.
    pub tolerant: bool,
}

/// What a statement makes and takes away, in the order in which it does: an `alter table` drops first.
pub fn effects<'a>(stmt: &'a Stmt, text: &'a str) -> Vec<Effect<'a>> {
    let mut found = Vec::new();
    let mut push = |deed, thing, span, tolerant| found.push(Effect { deed, thing, span, tolerant });
    match &stmt.kind {
        StmtKind::Drop(drop) => drops(drop, text, &mut push),
        StmtKind::AlterTable(alter) => alter_table(alter, &mut push),
        StmtKind::AlterObject(alter) => alter_object(alter, &mut push),
        StmtKind::AlterRoutine(alter) => {
            let old = routine(&alter.routine);
            let (name, schema) = (alter.rename.as_ref(), alter.set_schema.as_ref());
            if name.is_some() || schema.is_some() {
                let new = Thing { name: moved(&old.name, name, schema), ..old.clone() };
                push(Deed::Moves, old, alter.routine.span, false);
                push(Deed::Makes, new, alter.routine.span, false);
            }
        }
        StmtKind::AlterPolicy(alter) => {
            if let Some(new) = &alter.rename {
                let thing = |name| Thing::of(Kind::Object(ObjectKind::Policy), &alter.table, name);
                push(Deed::Moves, thing(&alter.name), alter.name.span, false);
                push(Deed::Makes, thing(new), new.span, false);
            }
        }
        StmtKind::AlterEnum(alter) => {
            if let Some(old) = &alter.renamed_from {
                push(Deed::Moves, Thing::of(Kind::Label, &alter.name, Ref::bare(old)), alter.value_span, false);
            }
            let new = Thing::of(Kind::Label, &alter.name, Ref::bare(&alter.value));
            push(Deed::Makes, new, alter.value_span, alter.if_not_exists);
        }
        _ => {
            found.extend(creates(stmt, text));
            if let StmtKind::CreateObject(it) = &stmt.kind
                && it.kind == ObjectKind::Publication
                && let Some(name) = &it.name
            {
                let member = |table: &'a Name| Effect {
                    deed: Deed::Makes,
                    thing: Thing::of(Kind::Member, name, table),
                    span: table.span,
                    tolerant: true,
                };
                found.extend(it.tables.iter().map(member));
            }
        }
    }
    found
}

/// What a `create` makes.
pub fn creates<'a>(stmt: &'a Stmt, text: &'a str) -> Option<Effect<'a>> {
    let (thing, span, tolerant) = match &stmt.kind {
        StmtKind::CreateIndex(it) => {
            let name = it.name.as_ref()?;
            let mut thing = Thing::of(Kind::Object(ObjectKind::Index), &it.table, name);
            thing.name.schema = it.table.schema();
            (thing, name.span, it.if_not_exists)
        }
        StmtKind::CreateTrigger(it) => {
            (Thing::of(Kind::Object(ObjectKind::Trigger), &it.table, &it.name), it.name.span, it.or_replace)
        }
        StmtKind::CreatePolicy(it) => {
            (Thing::of(Kind::Object(ObjectKind::Policy), &it.table, &it.name), it.name.span, false)
        }
        StmtKind::CreateSchema(it) => (Thing::object(ObjectKind::Schema, &it.name), it.name.span, it.if_not_exists),
        StmtKind::CreateExtension(it) => {
            let mut thing = Thing::object(ObjectKind::Extension, &it.name);
            thing.name.schema = it.schema.as_ref().map(|schema| schema.value.as_str());
            (thing, it.name.span, it.if_not_exists)
        }
        StmtKind::CreateRole(it) if !it.alter => (Thing::object(ObjectKind::Role, &it.name), it.name.span, false),
        StmtKind::CreateRoutine(it) => (created_routine(it), it.name.span, it.or_replace),
        StmtKind::CreateObject(it) => created_object(it, text),
        StmtKind::CreateTable(it) => {
            let kind = if it.foreign { ObjectKind::ForeignTable } else { ObjectKind::Table };
            let mut thing = Thing::object(kind, &it.name);
            thing.on = it.partition_of.as_ref().map(Into::into);
            (thing, it.name.span, it.if_not_exists)
        }
        StmtKind::CreateTableAs(it) => (Thing::object(ObjectKind::Table, &it.name), it.name.span, it.if_not_exists),
        StmtKind::CreateView(it) => {
            let kind = if it.materialized { ObjectKind::MaterializedView } else { ObjectKind::View };
            (Thing::object(kind, &it.name), it.name.span, it.if_not_exists || it.or_replace)
        }
        StmtKind::CreateType(it) => (Thing::object(ObjectKind::Type, &it.name), it.name.span, false),
        StmtKind::CreateDomain(it) => (Thing::object(ObjectKind::Domain, &it.name), it.name.span, false),
        StmtKind::CreateSequence(it) => {
            let mut thing = Thing::object(ObjectKind::Sequence, &it.name);
            thing.on = it.owned_by.as_ref().and_then(table_of_column);
            (thing, it.name.span, it.if_not_exists)
        }
        _ => return None,
    };
    Some(Effect { deed: Deed::Makes, thing, span, tolerant })
}

/// The table in `s.t.c`.
fn table_of_column(name: &Name) -> Option<Ref<'_>> {
    let count = name.parts.len();
    let table = &name.parts.get(count.checked_sub(2)?)?.value;
    let schema = count.checked_sub(3).and_then(|at| name.parts.get(at)).map(|part| part.value.as_str());
    Some(Ref { schema, name: Cow::Borrowed(table) })
}

fn created_routine(it: &CreateRoutine) -> Thing<'_> {
    Thing::object(routine_kind(it.kind), &it.name).with(Some(Args::Parameters(&it.parameters)))
}

fn routine_kind(kind: RoutineKind) -> ObjectKind {
    match kind {
        RoutineKind::Function => ObjectKind::Function,
        RoutineKind::Procedure => ObjectKind::Procedure,
        RoutineKind::Aggregate => ObjectKind::Aggregate,
        RoutineKind::Routine => ObjectKind::Routine,
    }
}

fn routine(it: &RoutineRef) -> Thing<'_> {
    Thing::object(routine_kind(it.kind), &it.name).with(it.args.as_deref().map(Args::Types))
}

fn created_object<'a>(it: &'a CreateObject, text: &'a str) -> (Thing<'a>, Span, bool) {
    let span = it.name.as_ref().map_or(it.written, |name| name.span);
    let name = match &it.name {
        Some(name) if it.kind != ObjectKind::Operator => name.into(),
        _ => nameless(it.kind, it.written.of(text)),
    };
    let args = it.args.as_deref().map(Args::Types);
    let thing = Thing { kind: Kind::Object(it.kind), on: it.on.as_ref().map(Into::into), name, args };
    (thing, span, it.or_replace || it.if_not_exists)
}

/// The name that stands for a cast, transform, user mapping or operator: what is written, in one spelling.
fn nameless(kind: ObjectKind, written: &str) -> Ref<'_> {
    let written = if kind == ObjectKind::Operator {
        let sign = written.split('(').next().unwrap_or_default().trim();
        sign.rsplit_once('.').map_or(sign, |(_, sign)| sign).trim()
    } else {
        written
    };
    let name = written.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    Ref { schema: None, name: Cow::Owned(name.replace("( ", "(").replace(" )", ")")) }
}

pub(super) type Push<'p, 'a> = dyn FnMut(Deed, Thing<'a>, Span, bool) + 'p;

fn drops<'a>(drop: &'a Drop, text: &'a str, push: &mut Push<'_, 'a>) {
    let deed = Deed::Takes { cascade: drop.cascade };
    if !drop.routines.is_empty() {
        for it in &drop.routines {
            push(deed, routine(it), it.span, drop.if_exists);
        }
        return;
    }
    for name in &drop.names {
        let on = drop.on.as_ref().map(Into::into);
        push(
            deed,
            Thing { kind: Kind::Object(drop.kind), on, name: name.into(), args: None },
            name.span,
            drop.if_exists,
        );
    }
    if drop.names.is_empty() {
        let name = nameless(drop.kind, drop.written.of(text));
        push(deed, Thing { kind: Kind::Object(drop.kind), on: None, name, args: None }, drop.written, drop.if_exists);
    }
}

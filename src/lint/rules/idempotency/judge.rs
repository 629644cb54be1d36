//! What the statement at hand makes and takes away, with the verdict on each.

use crate::lint::ask::effect::{Deed, Effect, Kind, Ref, Thing, creates, effects};
use crate::lint::ask::guard::{Verdict, verdict};
use crate::lint::ask::ledger::Target;
use crate::lint::ask::raised;
use crate::lint::{EventCx, Finding};
use crate::sql::ast::{
    ConstraintKind, CreateRoutine, Expr, ExprKind, Ident, Name, ObjectKind, Returns, StmtKind, TableActionKind,
    TypeDefinition, TypeName,
};
use crate::text::{Span, bare_ident};

/// An effect with what was found about it.
pub(super) struct Judged<'a> {
    pub(super) effect: Effect<'a>,
    pub(super) verdict: Verdict,
    pub(super) raised: Vec<(&'static str, &'static str)>,
}

/// The effects of the statement that it does not bear twice by its own words, as far as they are wanted.
pub(super) fn judge<'a>(cx: &EventCx<'a>, wanted: impl Fn(&Effect<'a>) -> bool) -> Vec<Judged<'a>> {
    let found = effects(cx.stmt(), cx.file.text());
    let open = found.into_iter().filter(|effect| !effect.tolerant && wanted(effect));
    open.map(|effect| judged(cx, effect)).collect()
}

/// The verdict on one effect.
pub(super) fn judged<'a>(cx: &EventCx<'a>, effect: Effect<'a>) -> Judged<'a> {
    let made = effect.deed == Deed::Makes;
    let raised = raised(cx, &effect);
    let relations = reads(cx);
    let verdict = verdict(cx, &target(cx, &effect, &relations), made, &raised);
    Judged { effect, verdict, raised }
}

/// The verdict on what a `create` makes; `None` where it makes no such kind or bears a second run by its own words.
pub(super) fn judge_create<'a>(cx: &EventCx<'a>, kinds: &[ObjectKind]) -> Option<Judged<'a>> {
    let (kind, _) = cx.stmt().creates()?;
    if !kinds.contains(&kind) {
        return None;
    }
    let effect = creates(cx.stmt(), cx.file.text()).filter(|effect| !effect.tolerant)?;
    Some(judged(cx, effect))
}

fn raised(cx: &EventCx<'_>, effect: &Effect<'_>) -> Vec<(&'static str, &'static str)> {
    if effect.deed != Deed::Makes {
        let mut raised = raised::when_missing(effect.thing.kind);
        if effect.deed == Deed::Moves {
            // Some look at the new name first.
            raised.extend(raised::when_there(effect.thing.kind));
        }
        return raised;
    }
    if let (Kind::Object(ObjectKind::Constraint), StmtKind::AlterTable(alter)) = (effect.thing.kind, &cx.stmt().kind) {
        let added = alter.actions.iter().find_map(|action| match &action.kind {
            TableActionKind::AddConstraint(added)
                if added.span.start <= effect.span.start && effect.span.end <= added.span.end =>
            {
                Some(&added.kind)
            }
            _ => None,
        });
        if let Some(kind) = added {
            return raised::when_constrained(kind);
        }
    }
    raised::when_there(effect.thing.kind)
}

/// The relations that a view reads.
fn reads(cx: &EventCx<'_>) -> Vec<Name> {
    match &cx.stmt().kind {
        StmtKind::CreateView(view) => view.query.relations(),
        _ => Vec::new(),
    }
}

/// The thing with what it hangs on.
fn target<'t>(cx: &EventCx<'t>, effect: &Effect<'t>, relations: &'t [Name]) -> Target<'t> {
    let mut target = Target::new(effect.thing.clone());
    target.exact = matches!(effect.deed, Deed::Takes { .. });
    let functions = |exprs: &[Option<&'t Expr>]| -> Vec<Thing<'t>> {
        let calls = exprs.iter().flatten().flat_map(|expr| expr.all());
        calls
            .filter_map(|expr| match &expr.kind {
                ExprKind::Call { name, .. } => Some(Thing::object(ObjectKind::Function, name)),
                _ => None,
            })
            .collect()
    };
    match &cx.stmt().kind {
        StmtKind::CreateTrigger(it) => {
            target.uses = functions(&[it.when.as_ref()]);
            target.uses.push(Thing::object(ObjectKind::Function, &it.function));
        }
        StmtKind::CreatePolicy(it) => target.uses = functions(&[it.using.as_ref(), it.check.as_ref()]),
        StmtKind::CreateView(_) => {
            target.uses = relations.iter().map(|name| Thing::object(ObjectKind::Table, name)).collect();
        }
        StmtKind::CreateRoutine(it) => target.uses = routine_types(it).into_iter().flat_map(of_type).collect(),
        StmtKind::CreateIndex(it) => {
            target.columns = it.elements.iter().flat_map(|element| columns(&element.expr)).collect();
            target.columns.extend(&it.include);
        }
        StmtKind::CreateDomain(it) => target.uses = of_type(&it.base),
        StmtKind::CreateType(it) => {
            if let TypeDefinition::Composite(attributes) = &it.definition {
                target.uses = attributes.iter().flat_map(|(_, type_name)| of_type(type_name)).collect();
            }
        }
        StmtKind::CreateTable(it) => {
            target.uses =
                it.inherits.iter().chain(&it.of_type).map(|name| Thing::object(ObjectKind::Table, name)).collect();
            target.uses.extend(it.of_type.iter().map(|name| Thing::object(ObjectKind::Type, name)));
        }
        StmtKind::AlterTable(alter) if effect.deed == Deed::Makes => {
            let within = |span: Span| span.start <= effect.span.start && effect.span.end <= span.end;
            for action in alter.actions.iter().filter(|action| within(action.span)) {
                match &action.kind {
                    TableActionKind::AddConstraint(added) => constrained(&added.kind, &mut target),
                    TableActionKind::AddColumn { column, .. } => {
                        target.uses = column.type_name.iter().flat_map(of_type).collect();
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    target
}

pub(super) fn constrained<'t>(kind: &'t ConstraintKind, target: &mut Target<'t>) {
    match kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
            target.columns.extend(columns);
        }
        ConstraintKind::ForeignKey { columns, reference } => {
            target.columns.extend(columns);
            target.uses.push(Thing::object(ObjectKind::Table, &reference.table));
        }
        ConstraintKind::Check { expr, .. } => target.columns.extend(columns(expr)),
        ConstraintKind::Exclude { elements } => target.columns.extend(elements.iter().flat_map(columns)),
        ConstraintKind::NotNull(column) => target.columns.push(column),
    }
}

/// The plain columns in an expression.
fn columns(expr: &Expr) -> Vec<&Ident> {
    expr.all().into_iter().filter_map(Expr::as_column).filter_map(<[Ident]>::last).collect()
}

fn routine_types(it: &CreateRoutine) -> Vec<&TypeName> {
    let mut types: Vec<&TypeName> = it.parameters.iter().map(|parameter| &parameter.type_name).collect();
    match &it.returns {
        Some(Returns::Type(type_name)) => types.push(type_name),
        Some(Returns::Table(columns)) => types.extend(columns.iter().map(|(_, type_name)| type_name)),
        None => {}
    }
    types
}

/// A type, which may be a table's row.
fn of_type(type_name: &TypeName) -> Vec<Thing<'_>> {
    let name = || Ref { schema: type_name.schema.as_deref(), name: type_name.name.as_str().into() };
    vec![Thing::object(ObjectKind::Type, name()), Thing::object(ObjectKind::Table, name())]
}

/// The thing in words: `` column `email` of `public.users` ``.
pub(super) fn named(thing: &Thing<'_>) -> String {
    let own = match thing.kind {
        Kind::Label => crate::text::quote_literal(&thing.name.name),
        // An extension has a schema, but its name does not stand in it.
        Kind::Object(ObjectKind::Extension) => thing.name.name.to_string(),
        _ if thing.on.is_none() && thing.name.schema.is_some() => full(&thing.name),
        _ => thing.name.name.to_string(),
    };
    match (&thing.on, thing.kind.is_relation()) {
        (Some(on), false) => format!("`{own}` of `{}`", full(on)),
        _ => format!("`{own}`"),
    }
}

/// A name as SQL.
pub(super) fn full(name: &Ref<'_>) -> String {
    match name.schema {
        Some(schema) => format!("{}.{}", bare_ident(schema), bare_ident(&name.name)),
        None => bare_ident(&name.name).into_owned(),
    }
}

/// What is said of every finding: the object, and what is caught in vain.
pub(super) fn described(finding: Finding, judged: &Judged<'_>) -> Finding {
    let thing = &judged.effect.thing;
    let object = thing.on.as_ref().filter(|_| !thing.kind.is_relation()).unwrap_or(&thing.name);
    let finding = finding.about(full(object));
    let raised: Vec<String> = judged.raised.iter().map(|(name, state)| format!("`{name}` ({state})")).collect();
    let raised = raised.join(" or ");
    match &judged.verdict {
        Verdict::Uncaught(caught) => {
            finding.note(format!("the handler catches `{}`, but PostgreSQL raises {raised}", caught.join("`, `")))
        }
        _ => finding.note(format!("a second run raises {raised}")),
    }
}

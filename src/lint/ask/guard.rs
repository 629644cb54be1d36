//! Does something make a second run of a statement harmless? Its own words, what the file dropped or made before, a condition that
//! asks the catalogs, or a handler that catches what PostgreSQL raises.

use super::effect::{Deed, Effect, Kind, Thing, effects};
use super::ledger::{Target, presence, same};
use super::probe::{Probe, truth, wishes};
use super::raised::catches;
use super::wanted::{Wanted, casts};
use crate::lint::schema::QName;
use crate::lint::{Condition, EventCx, Idempotency};
use crate::sql::ast::{Name, ObjectKind, Persistence, StmtKind};

/// What was found about a statement.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// A second run does no harm.
    Safe,
    /// Nothing guards it.
    Bare,
    /// Handlers stand around it, but catch something else: these conditions.
    Uncaught(Vec<String>),
    /// A condition asks for something else than the statement is about.
    Astray(Wanted),
}

impl Verdict {
    /// Whether nothing guards the statement; a condition that asks for something else is another rule's.
    pub fn is_bare(&self) -> bool {
        matches!(self, Self::Bare | Self::Uncaught(_))
    }
}

/// Whether the configuration is content with the file's transaction.
pub fn is_atomic(cx: &EventCx<'_>) -> bool {
    cx.config.idempotency == Idempotency::Atomic && cx.in_transaction()
}

/// Whether a statement that makes the thing (`made`) or takes it away can run twice; `raised` is what it raises when it cannot.
pub fn verdict(cx: &EventCx<'_>, target: &Target<'_>, made: bool, raised: &[(&'static str, &'static str)]) -> Verdict {
    if is_atomic(cx) || presence(cx, target, cx.index, made) == Some(!made) {
        return Verdict::Safe;
    }
    let guards = &cx.event.guards;
    if guards.conditions.iter().any(|condition| is_untrue(cx, condition, Some((&target.thing, made)))) {
        return Verdict::Safe;
    }
    // In a handler it runs only when something failed: a lookup of what is there does not.
    for rescue in &guards.rescues {
        let looked_up = rescue.tried.iter().flat_map(|tried| casts(tried));
        for probe in looked_up {
            if is_there(cx, &probe, Some((&target.thing, made)), rescue.handler.span.start) == Some(true) {
                return Verdict::Safe;
            }
        }
    }
    if guards.handlers.iter().any(|handler| handler.swallows && catches(&handler.conditions, raised)) || is_skipped(cx)
    {
        return Verdict::Safe;
    }
    if let Some(wanted) = astray(cx, &target.thing, made) {
        return Verdict::Astray(wanted);
    }
    if guards.handlers.is_empty() {
        return Verdict::Bare;
    }
    Verdict::Uncaught(guards.handlers.iter().flat_map(|handler| handler.conditions.clone()).collect())
}

/// Whether a condition does not hold any more when the file runs again. The thing at hand is then there if it is made, and gone if
/// it is taken away.
pub fn is_untrue(cx: &EventCx<'_>, condition: &Condition, at_hand: Option<(&Thing<'_>, bool)>) -> bool {
    let mut ask = |probe: &Probe<'_>| is_there(cx, probe, at_hand, condition.expr.span.start);
    truth(&condition.expr, &condition.values, &mut ask) == Some(!condition.holds)
}

/// Whether what a condition asks for, at this byte of the file, is there when the file runs again.
fn is_there(cx: &EventCx<'_>, probe: &Probe<'_>, at_hand: Option<(&Thing<'_>, bool)>, at: usize) -> Option<bool> {
    if let Some((thing, made)) = at_hand
        && probe.matches(cx, thing)
    {
        return Some(made);
    }
    let events = &cx.file.events;
    let candidates = cx.file.ledger().about(probe.names.iter().map(|wanted| wanted.name.as_str()));
    let split = candidates.partition_point(|&index| index < cx.index && events[index].stmt.span.start < at);
    let (before, after) = candidates.split_at(split);
    let told = before.iter().rev().chain(after.iter().rev()).find_map(|&index| {
        let made = effects(&events[index].stmt, cx.file.text());
        made.iter().rev().find(|effect| probe.matches(cx, &effect.thing)).map(|effect| effect.deed == Deed::Makes)
    });
    told.or_else(|| is_known(cx, probe).then_some(true))
}

/// Whether the chain before this statement made what is asked for.
fn is_known(cx: &EventCx<'_>, probe: &Probe<'_>) -> bool {
    let schemas = |wanted: &Wanted| -> Vec<String> {
        let written = wanted.schema.clone().into_iter().chain(probe.schemas.iter().map(|it| it.name.clone()));
        let mut found: Vec<String> = written.collect();
        if found.is_empty() {
            found.clone_from(&cx.schema.search_path);
        }
        found
    };
    let qualified = |list: &[Wanted]| -> Vec<QName> {
        list.iter()
            .flat_map(|wanted| schemas(wanted).into_iter().map(|schema| QName::new(schema, wanted.name.as_str())))
            .collect()
    };
    let Some(kind) = probe.kinds.first() else { return false };
    let names = &probe.names;
    match kind {
        Kind::Object(ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Policy | ObjectKind::Trigger) => {
            let tables = qualified(&probe.on);
            tables.iter().filter_map(|table| cx.schema.tables.get(table)).any(|table| {
                names.iter().any(|wanted| match kind {
                    Kind::Object(ObjectKind::Column) => table.column(&wanted.name).is_some(),
                    Kind::Object(ObjectKind::Constraint) => table.constraint(&wanted.name).is_some(),
                    Kind::Object(ObjectKind::Policy) => table.policies.iter().any(|policy| policy.name == wanted.name),
                    _ => table.triggers.iter().any(|trigger| trigger.name == wanted.name),
                })
            })
        }
        Kind::Object(ObjectKind::Type) => qualified(names).iter().any(|name| cx.schema.types.contains_key(name)),
        Kind::Object(ObjectKind::Function) => {
            qualified(names).iter().any(|name| cx.schema.functions.contains_key(name))
        }
        Kind::Object(ObjectKind::Schema) => names.iter().any(|wanted| cx.schema.schemas.contains_key(&wanted.name)),
        Kind::Object(ObjectKind::Extension) => {
            names.iter().any(|wanted| cx.schema.extensions.contains_key(&wanted.name))
        }
        Kind::Object(ObjectKind::Role) => names.iter().any(|wanted| cx.schema.roles.contains_key(&wanted.name)),
        kind if kind.is_relation() => qualified(names).iter().any(|name| cx.schema.has_relation(name)),
        _ => false,
    }
}

/// Whether an earlier statement of the same block fails on the second run with something that the block catches: then this one is
/// not reached.
fn is_skipped(cx: &EventCx<'_>) -> bool {
    let Some(handler) = cx.event.guards.handlers.iter().find(|handler| handler.swallows) else { return false };
    cx.earlier()
        .take_while(|event| event.top == cx.event.top)
        .filter(|event| event.guards.conditions == cx.event.guards.conditions)
        .filter(|event| event.guards.handlers.iter().any(|other| other.span == handler.span))
        .filter(|event| event.guards.rescues.len() == cx.event.guards.rescues.len())
        .any(|event| {
            effects(&event.stmt, cx.file.text())
                .iter()
                .any(|effect| !effect.tolerant && fails_caught(cx, effect, &handler.conditions))
        })
}

fn fails_caught(cx: &EventCx<'_>, effect: &Effect<'_>, conditions: &[String]) -> bool {
    let made = effect.deed == Deed::Makes;
    let raised = if made {
        super::raised::when_there(effect.thing.kind)
    } else {
        super::raised::when_missing(effect.thing.kind)
    };
    catches(conditions, &raised) && presence(cx, &Target::new(effect.thing.clone()), cx.index, false) == Some(made)
}

/// The name that a condition looks for where it should look for the thing: of the same kind, and asked for in the way in which a
/// guard asks.
fn astray(cx: &EventCx<'_>, thing: &Thing<'_>, made: bool) -> Option<Wanted> {
    for condition in cx.event.guards.conditions.iter().rev() {
        for (probe, answer) in wishes(&condition.expr, &condition.values, condition.holds) {
            if answer == made || probe.names.is_empty() {
                continue;
            }
            let alike = probe.kinds.iter().any(|kind| kind.family() == thing.kind.family());
            let misplaced = !alike && probe.names.iter().any(|wanted| wanted.name == thing.name.name);
            if (alike || misplaced) && !is_made_here(cx, &probe) {
                return probe.names.first().cloned();
            }
        }
    }
    None
}

/// Whether the file itself makes what is asked for.
fn is_made_here(cx: &EventCx<'_>, probe: &Probe<'_>) -> bool {
    let events = cx.file.ledger().about(probe.names.iter().map(|wanted| wanted.name.as_str()));
    events.iter().any(|&index| {
        effects(&cx.file.events[index].stmt, cx.file.text()).iter().any(|effect| probe.matches(cx, &effect.thing))
    })
}

/// Whether the relation is temporary: the session of a second run does not have it.
pub fn is_temporary(cx: &EventCx<'_>, name: &Name) -> bool {
    let made = || {
        cx.file.ledger().about(std::iter::once(name.object())).into_iter().filter(|&index| index < cx.index).any(
            |index| match &cx.file.events[index].stmt.kind {
                StmtKind::CreateTable(it) => {
                    it.persistence == Persistence::Temporary && it.name.object() == name.object()
                }
                StmtKind::CreateTableAs(it) => {
                    it.persistence == Persistence::Temporary && it.name.object() == name.object()
                }
                StmtKind::CreateView(it) => it.temporary && it.name.object() == name.object(),
                StmtKind::CreateSequence(it) => it.temporary && it.name.object() == name.object(),
                _ => false,
            },
        )
    };
    name.schema() == Some("pg_temp")
        || cx.table(name).is_some_and(crate::lint::schema::Table::is_temporary)
        || (name.schema().is_none() && made())
}

/// Whether the file makes this relation without `if not exists`: then that statement fails first, or the relation is new.
pub fn is_made_bare(cx: &EventCx<'_>, name: &Name) -> bool {
    let thing = Thing::object(ObjectKind::Table, name);
    cx.file.ledger().about(std::iter::once(name.object())).into_iter().filter(|&index| index < cx.index).any(|index| {
        effects(&cx.file.events[index].stmt, cx.file.text())
            .iter()
            .any(|effect| effect.deed == Deed::Makes && !effect.tolerant && same(cx, &effect.thing, &thing))
    })
}

//! Whether a thing is there when the file runs a second time: what its statements made and took away decides.

use std::collections::BTreeMap;

use super::effect::{Deed, Effect, Kind, Thing, effects};
use super::probe::{Probe, truth};
use crate::lint::{Event, EventCx, Origin};
use crate::sql::ast::{Execute, Expr, ExprKind, Ident, ObjectKind};

/// Where each name of a file is made or taken away.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// The events by the names that their effects are about.
    names: BTreeMap<String, Vec<usize>>,
    /// Those about something of an object by the object's name and its own: many tables have a policy of one name.
    owned: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
    /// The events whose dynamic command drops things by the names it finds.
    sweeps: Vec<usize>,
}

impl Ledger {
    /// The ledger of a file's events.
    pub fn new(events: &[Event], text: &str) -> Self {
        let mut ledger = Self::default();
        for (index, event) in events.iter().enumerate().filter(|(_, event)| event.origin != Origin::Routine) {
            if event.dynamic.as_deref().is_some_and(|execute| swept(execute).is_some()) {
                ledger.sweeps.push(index);
            }
            for effect in effects(&event.stmt, text) {
                let name = effect.thing.name.name.into_owned();
                if let Some(on) = effect.thing.on {
                    note(ledger.owned.entry(on.name.into_owned()).or_default(), name.clone(), index);
                }
                note(&mut ledger.names, name, index);
            }
        }
        ledger
    }

    /// The events that are about one of these names, and those that sweep, in order.
    pub(super) fn about<'n>(&self, names: impl Iterator<Item = &'n str>) -> Vec<usize> {
        self.sorted(names.filter_map(|name| self.names.get(name)))
    }

    /// The events that can decide about a thing: those about itself, what it belongs to and what it needs.
    fn deciding(&self, cx: &EventCx<'_>, target: &Target<'_>) -> Vec<usize> {
        let thing = &target.thing;
        let schemas = [Some(&thing.name), thing.on.as_ref()].into_iter().flatten().filter_map(|name| name.schema);
        let wide = schemas
            .chain(cx.schema.search_path.iter().map(String::as_str))
            .chain(target.uses.iter().map(|thing| thing.name.name.as_ref()))
            .filter_map(|name| self.names.get(name));
        let Some(on) = &thing.on else {
            return self.sorted(wide.chain(self.names.get(thing.name.name.as_ref())));
        };
        let columns = target.columns.iter().map(|column| column.value.as_str());
        let owned = self.owned.get(on.name.as_ref());
        let own = columns.chain([thing.name.name.as_ref()]).filter_map(|name| owned?.get(name));
        // A relation is dropped by its own name, without its table's.
        let bare = matches!(thing.kind, Kind::Attachment | Kind::Member) || thing.kind.is_relation();
        let bare = self.names.get(thing.name.name.as_ref()).filter(|_| bare);
        self.sorted(wide.chain(own).chain(self.names.get(on.name.as_ref())).chain(bare))
    }

    fn sorted<'l>(&'l self, lists: impl Iterator<Item = &'l Vec<usize>>) -> Vec<usize> {
        let mut found: Vec<usize> = lists.flatten().copied().collect();
        found.extend(&self.sweeps);
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Notes that an event is about a name.
fn note(names: &mut BTreeMap<String, Vec<usize>>, name: String, index: usize) {
    let at = names.entry(name).or_default();
    if at.last() != Some(&index) {
        at.push(index);
    }
}

/// A thing with what it hangs on: whatever takes that away takes the thing away.
#[derive(Debug, Clone)]
pub struct Target<'a> {
    /// The thing.
    pub thing: Thing<'a>,
    /// The columns of its table that it needs.
    pub columns: Vec<&'a Ident>,
    /// The objects that it needs: a drop of one with `cascade` takes it away.
    pub uses: Vec<Thing<'a>>,
    /// Whether a relation of another kind under the name is as good as none: for what is to be dropped.
    pub exact: bool,
}

impl<'a> Target<'a> {
    /// A thing alone.
    pub fn new(thing: Thing<'a>) -> Self {
        Self { thing, columns: Vec::new(), uses: Vec::new(), exact: false }
    }
}

/// Whether the thing is there at the event `at` when the file runs again after it has succeeded; `None` where its statements do
/// not say.
pub fn presence(cx: &EventCx<'_>, target: &Target<'_>, at: usize, own: bool) -> Option<bool> {
    let events = cx.file.ledger().deciding(cx, target);
    if own {
        // An `alter table` drops before it adds.
        let taken = effects(&cx.file.events[at].stmt, cx.file.text())
            .into_iter()
            .any(|effect| matches!(effect.deed, Deed::Takes { .. }) && concerns(cx, target, &effect) == Some(false));
        if taken {
            return Some(false);
        }
    }
    let split = events.partition_point(|&event| event < at);
    let (before, after) = events.split_at(split);
    let again = before.iter().rev().find_map(|&event| outcome(cx, target, event, at, true));
    again.or_else(|| after.iter().rev().find_map(|&event| outcome(cx, target, event, at, false)))
}

/// What an event leaves of a thing: there, gone, or not changed; when it runs `again` or in the first run.
fn outcome(cx: &EventCx<'_>, target: &Target<'_>, index: usize, at: usize, again: bool) -> Option<bool> {
    let event = &cx.file.events[index];
    if let Some(execute) = &event.dynamic {
        return sweeps(cx, target, event, execute).then_some(false);
    }
    let made = effects(&event.stmt, cx.file.text());
    let moves = |effect: &Effect<'_>| effect.deed == Deed::Moves;
    made.iter().rev().find_map(|effect| match concerns(cx, target, effect) {
        Some(false) if !is_sure(cx, &effect.thing, event, &cx.file.events[at]) => None,
        // A new name that is taken by then: the object stays where it is.
        Some(_) if again && made.iter().any(moves) && is_taken(cx, &made, index) => None,
        other => other,
    })
}

/// Whether the new name of a rename is there when the file runs again, so that nothing is renamed.
fn is_taken(cx: &EventCx<'_>, made: &[Effect<'_>], index: usize) -> bool {
    let new = made.iter().find(|effect| effect.deed == Deed::Makes);
    new.is_some_and(|new| {
        let target = Target::new(new.thing.clone());
        let events = cx.file.ledger().deciding(cx, &target);
        let split = events.partition_point(|&event| event < index);
        let (before, after) = events.split_at(split);
        // Only the first run is asked for renames, which ends the search.
        let last =
            before.iter().rev().chain(after.iter().rev()).find_map(|&event| outcome(cx, &target, event, index, false));
        last == Some(true)
    })
}

/// Whether an effect makes the thing (`true`) or takes it away (`false`).
fn concerns(cx: &EventCx<'_>, target: &Target<'_>, effect: &Effect<'_>) -> Option<bool> {
    let thing = &target.thing;
    match effect.deed {
        Deed::Makes => same(cx, thing, &effect.thing).then(|| !target.exact || is_kind(thing, &effect.thing)),
        Deed::Takes { cascade } => {
            let own = same(cx, thing, &effect.thing) && is_kind(thing, &effect.thing);
            (own || holds(cx, target, &effect.thing, cascade)).then_some(false)
        }
        Deed::Moves => {
            let keyed = thing.kind.is_relation() || !effect.thing.kind.is_relation();
            (same(cx, thing, &effect.thing) || (!keyed && on(cx, thing, &effect.thing))).then_some(false)
        }
    }
}

/// Whether a `drop` of one kind of relation drops the other.
fn is_kind(thing: &Thing<'_>, other: &Thing<'_>) -> bool {
    !thing.kind.is_relation() || thing.kind == other.kind
}

/// Whether two descriptions are of the same thing.
pub fn same(cx: &EventCx<'_>, a: &Thing<'_>, b: &Thing<'_>) -> bool {
    let is_relation = a.kind.is_relation();
    a.kind.family() == b.kind.family()
        && a.name.name == b.name.name
        && (a.kind == Kind::Object(ObjectKind::Extension) || same_schema(cx, a.name.schema, b.name.schema))
        && match (&a.on, &b.on) {
            // A relation's name is its schema's; the table that an index is on does not tell it from another.
            (Some(a), Some(b)) if !is_relation => a.name == b.name && same_schema(cx, a.schema, b.schema),
            _ => true,
        }
        && match (a.args, b.args) {
            (Some(a), Some(b)) => a.agree(b),
            _ => true,
        }
}

/// Whether two schemas, as far as they are written, are the same; what is not written is found on the search path.
pub fn same_schema(cx: &EventCx<'_>, a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b,
        (None, None) => true,
        (Some(schema), None) | (None, Some(schema)) => {
            cx.schema.search_path.is_empty() || cx.schema.search_path.iter().any(|path| path == schema)
        }
    }
}

/// Whether the thing belongs to an object.
fn on(cx: &EventCx<'_>, thing: &Thing<'_>, object: &Thing<'_>) -> bool {
    thing.on.as_ref().is_some_and(|on| on.name == object.name.name && same_schema(cx, on.schema, object.name.schema))
}

/// Whether the thing goes when an object is dropped.
fn holds(cx: &EventCx<'_>, target: &Target<'_>, dropped: &Thing<'_>, cascade: bool) -> bool {
    let thing = &target.thing;
    let within = match dropped.kind.family() {
        Kind::Object(ObjectKind::Schema) => {
            let schema = thing.on.as_ref().map_or(thing.name.schema, |on| on.schema);
            has_schema(thing) && same_schema(cx, schema, Some(&dropped.name.name))
        }
        // A view has triggers and rules, but no index, column or policy of its own.
        Kind::Object(ObjectKind::Table) if dropped.kind == Kind::Object(ObjectKind::View) => {
            matches!(thing.kind, Kind::Object(ObjectKind::Trigger | ObjectKind::Rule)) && on(cx, thing, dropped)
        }
        Kind::Object(ObjectKind::Table) => {
            on(cx, thing, dropped)
                || (matches!(thing.kind, Kind::Attachment | Kind::Member)
                    && same(cx, &Thing::object(ObjectKind::Table, thing.name.clone()), dropped))
        }
        Kind::Object(ObjectKind::Type) => matches!(thing.kind, Kind::Label) && on(cx, thing, dropped),
        Kind::Object(ObjectKind::Publication) => thing.kind == Kind::Member && on(cx, thing, dropped),
        Kind::Object(ObjectKind::Column) => {
            target.columns.iter().any(|column| column.value == dropped.name.name)
                && thing
                    .on
                    .as_ref()
                    .zip(dropped.on.as_ref())
                    .is_some_and(|(a, b)| a.name == b.name && same_schema(cx, a.schema, b.schema))
        }
        _ => false,
    };
    within || (cascade && target.uses.iter().any(|used| same(cx, used, dropped)))
}

/// Whether a thing lives in a schema.
fn has_schema(thing: &Thing<'_>) -> bool {
    let global = [
        ObjectKind::Schema,
        ObjectKind::Role,
        ObjectKind::Publication,
        ObjectKind::Subscription,
        ObjectKind::EventTrigger,
        ObjectKind::Server,
        ObjectKind::ForeignDataWrapper,
        ObjectKind::UserMapping,
        ObjectKind::Language,
        ObjectKind::Cast,
        ObjectKind::Transform,
        ObjectKind::AccessMethod,
        ObjectKind::Database,
        ObjectKind::Tablespace,
    ];
    match thing.kind {
        Kind::Object(ObjectKind::Extension) => thing.name.schema.is_some(),
        Kind::Object(kind) => !global.contains(&kind),
        Kind::Member => false,
        _ => true,
    }
}

/// Whether an event happens for sure when the one at hand does, as far as it takes the thing away: what guards it either guards
/// both or asks only whether the thing is there.
fn is_sure(cx: &EventCx<'_>, thing: &Thing<'_>, event: &Event, at: &Event) -> bool {
    let (own, others) = (&event.guards, &at.guards);
    let shared = own.loops.iter().all(|over| others.loops.iter().any(|other| other.span == over.span));
    let rescued = own.rescues.iter().all(|it| others.rescues.iter().any(|other| other.handler.span == it.handler.span));
    (shared && (!own.in_loop || others.in_loop))
        && rescued
        && own.conditions.iter().all(|condition| {
            let both =
                others.conditions.iter().any(|it| it.expr.span == condition.expr.span && it.holds == condition.holds);
            both || truth(&condition.expr, &condition.values, &mut |probe: &Probe<'_>| {
                probe.matches(cx, thing).then_some(true)
            }) == Some(condition.holds)
        })
}

/// The kind of thing that a dynamic command drops, and its text.
fn swept(execute: &Execute) -> Option<(Kind, &str)> {
    let text = execute.command.all().into_iter().find_map(Expr::as_string)?;
    let mut words = text.split_whitespace().map(str::to_ascii_lowercase);
    let object = match (words.next()?.as_str(), words.next()?.as_str()) {
        ("drop", "policy") => ObjectKind::Policy,
        ("drop", "trigger") => ObjectKind::Trigger,
        ("drop", "table" | "view" | "index" | "sequence" | "materialized" | "foreign") => ObjectKind::Table,
        ("drop", "type" | "domain") => ObjectKind::Type,
        ("drop", "function" | "procedure" | "routine" | "aggregate") => ObjectKind::Function,
        ("drop", "rule") => ObjectKind::Rule,
        ("alter", "table")
            if words.any(|word| word == "constraint") && text.to_ascii_lowercase().contains("drop constraint") =>
        {
            ObjectKind::Constraint
        }
        _ => return None,
    };
    Some((Kind::Object(object), text))
}

/// Whether a dynamic command (`execute format('drop policy %I on orders', p.policyname)`, mostly in a loop over a catalog) takes
/// the thing away: it drops things of this kind, and the names it is given are the thing's or its table's, or none.
fn sweeps(cx: &EventCx<'_>, target: &Target<'_>, event: &Event, execute: &Execute) -> bool {
    let Some((kind, text)) = swept(execute) else { return false };
    let thing = &target.thing;
    if kind != thing.kind.family() {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let mut names: Vec<String> = Vec::new();
    let own = execute.command.all().into_iter().filter(|expr| matches!(expr.kind, ExprKind::Literal(_))).skip(1);
    let loops = event.guards.loops.iter().flat_map(|over| over.all());
    names.extend(own.chain(loops).filter_map(Expr::as_string).map(str::to_ascii_lowercase));
    for word in [" on ", "alter table "] {
        if let Some((_, rest)) = lower.split_once(word)
            && let Some(name) = rest.split_whitespace().next().filter(|name| !name.contains('%') && *name != "'")
        {
            names.push(name.replace('"', ""));
        }
    }
    let is_schema =
        |name: &String| cx.schema.schemas.contains_key(name) || cx.config.is_exposed(name) || name == "public";
    names.retain(|name| !is_schema(name) && !name.contains('%') && name.len() > 1);
    let is_about = |name: &String| {
        let bare = name.rsplit('.').next().unwrap_or(name);
        thing.on.as_ref().is_some_and(|on| on.name == bare) || thing.name.name == bare
    };
    names.is_empty() || names.iter().any(is_about)
}

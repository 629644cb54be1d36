//! Mends what refers to something that is not there, or what PostgreSQL refuses, until nothing is left to mend.

use std::collections::BTreeSet;

use super::model::{Body, Column, Function, Name, Returns, Shown, Table, Test, Type, Value, View, What, World};

type Columns = Vec<(String, Type)>;

/// Mends a schema.
pub(super) fn repair(world: &mut World) {
    // What is mended may leave something else without what it needs.
    for _ in 0..4 {
        names(world);
        for at in 0..world.items.len() {
            let mut item = world.items[at].clone();
            match &mut item.body {
                Body::Composite(fields) => fields.iter_mut().for_each(|(_, kind)| settle(world, at, kind)),
                Body::Domain(domain) => settle(world, at, &mut domain.base),
                Body::Function(it) => function(world, at, it),
                Body::Table(it) => table(world, at, &item.name, it),
                Body::View(it) => view(world, at, it),
                Body::Enum(_) | Body::Range(_) | Body::Sequence(..) => {}
            }
            world.items[at] = item;
        }
        let keep: Vec<bool> = world.items.iter().map(|item| !is_lost(world, &item.body)).collect();
        let mut keep = keep.into_iter();
        world.items.retain(|_| keep.next().unwrap_or(true));
    }
    let published = std::mem::take(&mut world.published);
    let is_fit = |name: &Name| world.table(name).is_some_and(|it| !it.unlogged && it.partition_of.is_none());
    world.published = published.into_iter().filter(|(name, _)| is_fit(name)).collect();
}

/// Takes away the tables that have another parent than before, or whose own columns have become a parent's: that a column is
/// its parent's alone no statement can say of one that is there, so that no plan keeps its data and comes out.
pub(super) fn keep_lineage(before: &World, world: &mut World) {
    loop {
        let is_lost = |name: &Name, table: &Table| {
            let Some(old) = before.table(name) else { return false };
            let own = |table: &Table| table.columns.iter().map(|it| it.name.clone()).collect::<BTreeSet<_>>();
            let above = |world: &World, table: &Table| {
                table.inherits.iter().flat_map(|it| world.columns(it)).map(|(name, _)| name).collect::<BTreeSet<_>>()
            };
            old.inherits != table.inherits
                || !above(world, table).is_disjoint(&own(old))
                || !above(before, old).is_disjoint(&own(table))
        };
        let lost = |it: &super::model::Item| matches!(&it.body, Body::Table(table) if is_lost(&it.name, table));
        let Some(at) = world.items.iter().position(lost) else { return };
        world.items.remove(at);
        repair(world);
    }
}

/// A name is given once among relations, types and indexes; a routine's with its arguments.
fn names(world: &mut World) {
    let (mut relations, mut routines, mut statistics_names) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    world.items.retain(|item| match &item.body {
        Body::Function(function) => {
            let kinds: Vec<String> = function.arguments.iter().map(|(_, kind, _)| format!("{kind:?}")).collect();
            routines.insert((item.name.clone(), kinds))
        }
        _ => relations.insert(item.name.clone()),
    });
    for item in &mut world.items {
        let schema = item.name.0;
        match &mut item.body {
            Body::Table(table) => {
                let mut constraints = BTreeSet::new();
                table.constraints.retain(|it| {
                    let has_index = !matches!(it.what, What::Check(..) | What::Foreign(..));
                    constraints.insert(it.name.clone()) && (!has_index || relations.insert((schema, it.name.clone())))
                });
                table.indexes.retain(|it| relations.insert((schema, it.name.clone())));
                table.statistics.retain(|(name, _)| statistics_names.insert((schema, name.clone())));
                let mut own = BTreeSet::new();
                table.triggers.retain(|it| own.insert(it.name.clone()));
                table.policies.retain(|it| own.insert(format!("policy {}", it.name)));
                table.rules.retain(|(name, ..)| own.insert(format!("rule {name}")));
            }
            Body::View(view) => view.indexes.retain(|(name, _)| relations.insert((schema, name.clone()))),
            _ => {}
        }
    }
}

/// What cannot be without what it lost.
fn is_lost(world: &World, body: &Body) -> bool {
    match body {
        Body::Function(Function { returns: Returns::Rows(relation), .. }) => world.find(relation).is_none(),
        Body::Table(table) => table.partition_of.as_ref().is_some_and(|(parent, _)| world.find(parent).is_none()),
        _ => false,
    }
}

fn is_relation(body: &Body) -> bool {
    matches!(body, Body::Table(_) | Body::View(_))
}

/// A type that is not there before this place becomes a number.
fn settle(world: &World, at: usize, kind: &mut Type) {
    if let Type::Own(name) = kind
        && !world
            .before(name, at)
            .is_some_and(|it| matches!(it.body, Body::Enum(_) | Body::Composite(_) | Body::Domain(_) | Body::Range(_)))
    {
        *kind = Type::Plain("integer");
    }
}

fn function(world: &World, at: usize, function: &mut Function) {
    let has_namesake = world.items.iter().filter(|it| it.name == world.items[at].name).count() > 1;
    let mut has_default = false;
    for (_, kind, default) in &mut function.arguments {
        settle(world, at, kind);
        has_default |= *default && !has_namesake;
        *default = has_default;
    }
    match &mut function.returns {
        Returns::Type(kind) => settle(world, at, kind),
        Returns::Table(columns) => columns.iter_mut().for_each(|(_, kind)| settle(world, at, kind)),
        Returns::Rows(relation) if !world.before(relation, at).is_some_and(|it| is_relation(&it.body)) => {
            function.returns = Returns::Type(Type::Plain("integer"));
        }
        Returns::Trigger => function.arguments.clear(),
        Returns::Rows(_) | Returns::Nothing => {}
    }
    let is_there = |name: &Name| world.before(name, at).is_some_and(|it| is_relation(&it.body));
    function.reads = function.reads.take().filter(is_there);
}

/// Whether a condition's column is there; a function that it calls and that does not fit is forgotten.
fn fits(world: &World, at: usize, columns: &Columns, test: &mut Test) -> bool {
    let Some((_, kind)) = columns.iter().find(|(name, _)| *name == test.column) else { return false };
    let takes = |it: &Function| it.arguments.len() == 1 && it.arguments[0].1 == *kind;
    let is_boolean = |it: &Function| it.returns == Returns::Type(Type::Plain("boolean"));
    let is_fit = |it: &Function| takes(it) && is_boolean(it) && it.attributes.starts_with("immutable");
    test.call = test.call.take().filter(|name| {
        let all: Vec<&Function> = world.functions(name, usize::MAX).collect();
        all.len() == 1 && world.functions(name, at).any(is_fit)
    });
    true
}

fn column(world: &World, at: usize, columns: &Columns, plain: &[String], it: &mut Column) {
    settle(world, at, &mut it.kind);
    let is_text = matches!(it.kind, Type::Plain("text" | "varchar(20)" | "varchar(40)"));
    it.collation &= is_text;
    it.storage = it.storage.filter(|_| is_text);
    let is_number = matches!(it.kind, Type::Plain("integer" | "bigint"));
    let keeps = match &mut it.value {
        Value::Call(name) => {
            let gives = |function: &Function| {
                function.arguments.is_empty() && function.returns == Returns::Type(it.kind.clone())
            };
            world.functions(name, at).any(gives) && world.functions(name, usize::MAX).count() == 1
        }
        Value::Next(name) => {
            is_number && world.before(name, at).is_some_and(|it| matches!(it.body, Body::Sequence(..)))
        }
        Value::Identity(..) => is_number,
        Value::Serial => it.kind == Type::Plain("bigint"),
        Value::Generated(test) => {
            it.kind == Type::Plain("boolean") && plain.contains(&test.column) && fits(world, at, columns, test)
        }
        Value::None | Value::Literal(_) => true,
    };
    if !keeps {
        it.value = Value::None;
    }
}

fn table(world: &World, at: usize, name: &Name, table: &mut Table) {
    parents(world, at, table);
    let above = table.partition_of.iter().map(|(parent, _)| parent).chain(&table.inherits);
    let inherited: Columns = above.flat_map(|parent| world.columns(parent)).collect();
    let mut seen: BTreeSet<String> = inherited.iter().map(|(name, _)| name.clone()).collect();
    table.columns.retain(|it| seen.insert(it.name.clone()));
    if table.partition_of.is_some() {
        table.columns.clear();
    }
    table.columns.iter_mut().for_each(|it| settle(world, at, &mut it.kind));
    let own: Columns = table.columns.iter().map(|it| (it.name.clone(), it.kind.clone())).collect();
    let is_plain = |it: &&Column| !matches!(it.value, Value::Generated(_));
    let plain: Vec<String> = table.columns.iter().filter(is_plain).map(|it| it.name.clone()).collect();
    let columns: Columns = inherited.into_iter().chain(own).collect();
    for it in &mut table.columns {
        column(world, at, &columns, &plain, it);
    }
    let is_key =
        |column: &String| columns.contains(&(column.clone(), Type::Plain("integer"))) && plain.contains(column);
    table.partitioned = table.partitioned.take().filter(|(_, column)| is_key(column) && table.inherits.is_empty());
    if table.partitioned.is_some() {
        table.unlogged = false;
        table.fillfactor = None;
        for it in table.columns.iter_mut().filter(|it| matches!(it.value, Value::Identity(..))) {
            it.value = Value::None;
        }
    }
    parts(world, at, name, &columns, table);
    let triggers = |name: &Name| world.functions(name, usize::MAX).any(|it| it.returns == Returns::Trigger);
    table.triggers.retain(|it| triggers(&it.function));
    table.triggers.retain_mut(|it| {
        it.of = it.of.take().filter(|column| columns.iter().any(|(name, _)| name == column));
        let is_computed = |test: &Test| !plain.contains(&test.column) && it.event.starts_with("before");
        it.when = it.when.take().filter(|test| !is_computed(test));
        it.when.as_mut().is_none_or(|test| fits(world, usize::MAX, &columns, test))
    });
    table.policies.retain_mut(|it| {
        it.exists =
            it.exists.take().filter(|other| world.find(other).is_some_and(|at| is_relation(&world.items[at].body)));
        let both = [&mut it.using, &mut it.check];
        both.into_iter().flatten().all(|test| fits(world, usize::MAX, &columns, test))
    });
}

/// Parents that are no longer what a parent has to be.
fn parents(world: &World, at: usize, table: &mut Table) {
    let is_partitioned = |name: &Name| world.table(name).is_some_and(|it| it.partitioned.is_some());
    let is_plain =
        |name: &Name| world.table(name).is_some_and(|it| it.partitioned.is_none() && it.partition_of.is_none());
    let lost = |(name, number): &(Name, usize)| {
        let is_default_of_hash =
            *number == 0 && world.table(name).is_some_and(|it| matches!(it.partitioned, Some(("hash", _))));
        let is_twice = world.items[..at].iter().any(|other| match &other.body {
            Body::Table(other) => {
                other.partition_of.as_ref().is_some_and(|it| it.0 == *name && it.1 % 8 == *number % 8)
            }
            _ => false,
        });
        world.before(name, at).is_none() || !is_partitioned(name) || is_default_of_hash || is_twice
    };
    if table.partition_of.as_ref().is_some_and(lost) {
        table.partition_of = None;
    }
    table.inherits.retain(|name| world.before(name, at).is_some() && is_plain(name));
    table.inherits.truncate(1);
    if table.partition_of.is_some() {
        table.inherits.clear();
        table.partitioned = None;
    }
}

/// Constraints, indexes and statistics.
fn parts(world: &World, at: usize, name: &Name, columns: &Columns, table: &mut Table) {
    let has = |column: &String| columns.iter().any(|(name, _)| name == column);
    let key = table.partitioned.as_ref().map(|(_, column)| column.clone()).or_else(|| {
        let (parent, _) = table.partition_of.as_ref()?;
        world.table(parent)?.partitioned.as_ref().map(|(_, column)| column.clone())
    });
    let is_partitioned = table.partitioned.is_some();
    let parent_has_key = table
        .partition_of
        .as_ref()
        .and_then(|(parent, _)| world.table(parent))
        .is_some_and(|it| it.constraints.iter().any(|it| matches!(it.what, What::Primary(..))));
    let mut has_key = parent_has_key;
    let computed: Vec<String> =
        table.columns.iter().filter(|it| matches!(it.value, Value::Generated(_))).map(|it| it.name.clone()).collect();
    table.constraints.retain_mut(|it| match &mut it.what {
        What::Primary(list, _) | What::Unique(list, ..) if !list.iter().all(has) || list.is_empty() => false,
        What::Primary(list, _) | What::Unique(list, ..) => {
            if is_partitioned && let Some(key) = key.as_ref().filter(|key| !list.contains(key)) {
                list.push(key.clone());
            }
            let is_primary = matches!(it.what, What::Primary(..));
            let is_second = is_primary && has_key;
            has_key |= is_primary;
            !is_second
        }
        What::Check(test, rest) => {
            if is_partitioned {
                *rest = "";
            }
            fits(world, at, columns, test)
        }
        What::Exclude(column) => has(column) && !is_partitioned,
        What::Foreign(list, other, theirs, rest) => {
            if is_partitioned {
                *rest = "";
            }
            let kind = |columns: &Columns, it: &String| {
                columns.iter().find(|(name, _)| name == it).map(|(_, kind)| kind.clone())
            };
            let (there, other_table) = (world.columns(other), world.table(other));
            let is_same = |(mine, their): (&String, &String)| {
                kind(columns, mine).is_some_and(|it| Some(it) == kind(&there, their))
            };
            let has_unique = other_table.is_some_and(|it| {
                it.constraints.iter().any(|it| match &it.what {
                    What::Primary(list, rest) | What::Unique(list, _, rest) => list == theirs && rest.is_empty(),
                    _ => false,
                })
            });
            let lasts = other_table.is_some_and(|it| !it.unlogged) || table.unlogged && other != name;
            has_unique
                && lasts
                && !list.iter().any(|it| computed.contains(it))
                && list.iter().zip(theirs.iter()).all(is_same)
        }
    });
    table.indexes.retain_mut(|it| {
        let is_fit = it.elements.iter_mut().all(|(test, ..)| fits(world, at, columns, test))
            && it.predicate.as_mut().is_none_or(|test| fits(world, at, columns, test));
        // Whether all values are different only the key of all partitions tells.
        it.unique &= key.is_none();
        is_fit && !it.elements.is_empty()
    });
    table.statistics.retain(|(_, list)| list.iter().all(has) && list.len() > 1 && list[0] != list[1]);
}

fn view(world: &World, at: usize, view: &mut View) {
    let is_there: Vec<bool> =
        view.sources.iter().map(|it| world.before(it, at).is_some_and(|it| is_relation(&it.body))).collect();
    let columns: Vec<Columns> = view.sources.iter().map(|it| world.columns(it)).collect();
    if is_there.contains(&false) {
        view.sources.clear();
        view.condition = None;
    }
    let mut seen = BTreeSet::new();
    let count = view.sources.len();
    view.outputs.retain_mut(|output| {
        let there = columns.get(output.source).filter(|_| output.source < count);
        let has = |column: &String| there.is_some_and(|it| it.iter().any(|(name, _)| name == column));
        let is_fit = match &mut output.shown {
            Shown::Column(column) | Shown::Text(column) => has(column),
            Shown::Number(_) => true,
            Shown::Row => there.is_some(),
            Shown::Test(test) => there.is_some_and(|it| fits(world, at, it, test)),
            Shown::Call(function, column) => {
                let kind = there.and_then(|it| it.iter().find(|(name, _)| name == column)).map(|(_, kind)| kind);
                let takes = |it: &Function| it.arguments.len() == 1 && Some(&it.arguments[0].1) == kind;
                let gives = |it: &Function| matches!(it.returns, Returns::Type(_));
                world.functions(function, at).any(|it| takes(it) && gives(it))
                    && world.functions(function, usize::MAX).count() == 1
            }
        };
        is_fit && seen.insert(output.name.clone())
    });
    if view.outputs.is_empty() {
        let shown = Shown::Number(1);
        view.outputs.push(super::model::Output { name: "one".to_owned(), source: 0, shown });
    }
    let condition = view.condition.take();
    view.condition = condition
        .filter(|(source, _)| *source < count)
        .and_then(|(source, mut test)| fits(world, at, columns.get(source)?, &mut test).then_some((source, test)));
    let has = |name: &String| view.outputs.iter().any(|it| it.name == *name);
    view.indexes.retain(|(_, column)| has(column) && view.materialized);
    view.comments.retain(|(column, _)| has(column));
    view.instead = view.instead.take().filter(|name| {
        !view.materialized && world.functions(name, usize::MAX).any(|it| it.returns == Returns::Trigger)
    });
    if view.materialized {
        view.options = "";
    }
}

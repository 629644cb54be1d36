//! Random edits of a schema, such as a migration makes.

use super::make::{self, ACTIONS, COLUMNS, EVENTS, OPTIONS, PLAIN, SCHEMAS, STATES};
use super::model::{Body, Domain, Function, Item, Returns, Table, Type, View, What, World};
use super::rng::Rng;

/// Makes one edit.
pub(super) fn edit(world: &mut World, rng: &mut Rng) {
    let count = world.items.len();
    match rng.below(24) {
        0 | 1 => {
            let item = make::item(rng, world);
            // In between it may only need what is there already.
            let at = if count > 0 && rng.one_in(3) { rng.below(count) } else { count };
            world.items.insert(at, item);
        }
        2 | 3 if count > 0 => {
            world.items.remove(rng.below(count));
        }
        4 if count > 1 => {
            // Two objects take each other's names.
            let (one, other) = (rng.below(count), rng.below(count));
            if !matches!(world.items[one].body, Body::Function(_))
                && !matches!(world.items[other].body, Body::Function(_))
            {
                let name = world.items[one].name.clone();
                world.items[one].name = std::mem::replace(&mut world.items[other].name, name);
            }
        }
        5 if count > 1 => {
            let (one, other) = (rng.below(count), rng.below(count));
            world.items.swap(one, other);
        }
        6 if count > 0 => {
            // The name stays, and is another kind of object's.
            let at = rng.below(count);
            let item = make::item(rng, world);
            if !matches!(item.body, Body::Function(_)) && !matches!(world.items[at].body, Body::Function(_)) {
                world.items[at].body = item.body;
                world.items[at].grants.clear();
            }
        }
        7 if count > 0 => {
            let at = rng.below(count);
            world.items[at].name.0 = rng.word(&SCHEMAS);
        }
        8 => match (world.defaults.pop(), rng.one_in(2)) {
            (None, _) | (_, true) => world.defaults.push(make::default_privilege(rng)),
            _ => {}
        },
        9 => {
            if world.published.is_empty() || rng.one_in(2) {
                let relation =
                    make::relation(rng, world).filter(|it| !world.published.iter().any(|(name, _)| name == it));
                world.published.extend(relation.map(|name| (name, rng.below(9))));
            } else {
                let at = rng.below(world.published.len());
                world.published[at].1 += 1;
            }
        }
        10 if count > 0 => {
            let at = rng.below(count);
            make::facet(rng, &mut world.items[at]);
        }
        _ if count > 0 => {
            let at = rng.below(count);
            let mut item = world.items[at].clone();
            change(rng, world, &mut item);
            world.items[at] = item;
        }
        _ => {}
    }
}

fn change(rng: &mut Rng, world: &World, item: &mut Item) {
    let name = item.name.clone();
    match &mut item.body {
        Body::Enum(values) => {
            let new = 10 + rng.below(90);
            if values.len() > 1 && rng.one_in(3) {
                values.remove(rng.below(values.len()));
            } else if values.len() > 1 && rng.one_in(5) {
                values.reverse();
            } else if !values.contains(&new) {
                values.insert(rng.below(values.len() + 1), new);
            }
        }
        Body::Composite(fields) => {
            let at = rng.below(fields.len());
            let unused = COLUMNS.iter().find(|name| !fields.iter().any(|(it, _)| it == *name));
            match (rng.below(3), unused) {
                (0, Some(unused)) => fields.push(((*unused).to_owned(), make::kind(rng, world))),
                (1, _) if fields.len() > 1 => {
                    fields.remove(at);
                }
                _ => fields[at].1 = make::kind(rng, world),
            }
        }
        Body::Domain(it) => domain(rng, world, it),
        Body::Range(of) => *of = rng.word(&["integer", "text", "date", "numeric"]),
        Body::Sequence(increment, cycle) => (*increment, *cycle) = (1 + rng.below(3), rng.one_in(2)),
        Body::Function(it) => function(rng, world, it),
        Body::Table(it) => table(rng, world, &name, it),
        Body::View(it) => view(rng, world, it),
    }
}

fn domain(rng: &mut Rng, world: &World, domain: &mut Domain) {
    match rng.below(5) {
        0 => domain.base = make::kind(rng, world),
        1 => domain.not_null = !domain.not_null,
        2 => domain.default = if rng.one_in(3) { None } else { Some(rng.below(9)) },
        3 => {
            domain.checks.pop();
        }
        _ => domain.checks.push((format!("more{}", domain.checks.len()), rng.below(20))),
    }
}

fn function(rng: &mut Rng, world: &World, function: &mut Function) {
    let is_called = function.attributes.starts_with("immutable");
    let is_plain = !matches!(function.returns, Returns::Trigger | Returns::Nothing);
    match rng.below(7) {
        0 | 1 => function.body += 1 + rng.below(3),
        2 if is_called => function.attributes = rng.word(&["immutable", "immutable strict", "immutable parallel safe"]),
        2 if is_plain => function.attributes = rng.word(&["", "stable", "security definer", "strict", "cost 7"]),
        3 if is_plain => function.returns = Returns::Type(make::argument(rng, world)),
        4 => function.reads = make::relation(rng, world).filter(|_| is_plain),
        5 => {
            if let Some((name, _, default)) = function.arguments.last_mut() {
                if rng.one_in(2) {
                    rng.word(&COLUMNS[3..]).clone_into(name);
                } else {
                    *default = !*default;
                }
            }
        }
        _ => {
            if let Some((_, kind, _)) = function.arguments.first_mut() {
                *kind = make::argument(rng, world);
            }
        }
    }
}

fn table(rng: &mut Rng, world: &World, name: &super::model::Name, table: &mut Table) {
    let columns: Vec<(String, Type)> = table.columns.iter().map(|it| (it.name.clone(), it.kind.clone())).collect();
    let at = rng.below(table.columns.len().max(1));
    match rng.below(22) {
        0 | 1 => {
            let is_unused = |name: &&&str| !table.columns.iter().any(|it| it.name == **name);
            if let Some(unused) = COLUMNS.iter().find(is_unused) {
                let column = make::column(rng, world, unused, &columns);
                let at = if rng.one_in(4) { at } else { table.columns.len() };
                table.columns.insert(at.min(table.columns.len()), column);
            }
        }
        2 | 3 if table.columns.len() > 1 => {
            table.columns.remove(at);
        }
        4..=6 => {
            if let Some(column) = table.columns.get_mut(at) {
                column.kind = if rng.one_in(2) { make::kind(rng, world) } else { Type::Plain(rng.word(&PLAIN)) };
            }
        }
        7 | 8 => {
            if let Some(column) = table.columns.get_mut(at) {
                make::value(rng, world, column, &columns);
            }
        }
        9 => {
            if let Some(column) = table.columns.get_mut(at) {
                column.not_null = !column.not_null;
            }
        }
        10 => {
            if let Some(column) = table.columns.get_mut(at) {
                let other = make::column(rng, world, &column.name, &columns);
                let (kind, value) = (column.kind.clone(), column.value.clone());
                *column = super::model::Column { kind, value, ..other };
            }
        }
        11 | 12 => make::part(rng, world, name, table),
        13 => remove_part(rng, table),
        14 | 15 => change_part(rng, world, &columns, table),
        16 => table.row_security = !table.row_security,
        17 => match rng.below(4) {
            0 => table.unlogged = !table.unlogged,
            1 => table.fillfactor = if table.fillfactor.is_some() { None } else { Some(80) },
            2 => table.force = !table.force,
            _ => table.replica_full = !table.replica_full,
        },
        18 => {
            // A child leaves its parents, with all that they gave it, or a partition changes its place.
            if let Some((_, number)) = table.partition_of.as_mut().filter(|_| rng.one_in(2)) {
                *number = 1 + rng.below(6);
                return;
            }
            let parents: Vec<_> = table
                .partition_of
                .take()
                .map(|(parent, _)| parent)
                .into_iter()
                .chain(table.inherits.drain(..))
                .collect();
            for column in parents.iter().filter_map(|it| world.table(it)).flat_map(|it| &it.columns) {
                if !table.columns.iter().any(|it| it.name == column.name) {
                    table.columns.push(column.clone());
                }
            }
        }
        19 => {
            // A table becomes a partition of one with the same columns, or is partitioned itself.
            let is_parent = |it: &&Item| matches!(&it.body, Body::Table(it) if it.partitioned.is_some());
            let parents: Vec<&Item> = world.items.iter().filter(is_parent).collect();
            match rng.pick(&parents) {
                Some(parent) if parent.name != *name => table.partition_of = Some((parent.name.clone(), rng.below(6))),
                _ => table.partitioned = Some(("list", rng.word(&COLUMNS[..4]).to_owned())),
            }
        }
        20 if table.columns.len() > 1 => {
            let other = rng.below(table.columns.len());
            let kind = table.columns[at].kind.clone();
            table.columns[at].kind = std::mem::replace(&mut table.columns[other].kind, kind);
        }
        _ => {
            if let Some(column) = table.columns.get_mut(at) {
                column.comment = if rng.one_in(3) { None } else { Some(rng.below(9)) };
                column.grants = if rng.one_in(2) { Vec::new() } else { vec![("update", rng.word(&make::ROLES))] };
            }
        }
    }
}

fn remove_part(rng: &mut Rng, table: &mut Table) {
    match rng.below(6) {
        0 | 1 if !table.constraints.is_empty() => {
            table.constraints.remove(rng.below(table.constraints.len()));
        }
        2 => {
            table.indexes.pop();
        }
        3 => {
            table.triggers.pop();
        }
        4 => {
            table.policies.pop();
        }
        _ => {
            table.rules.pop();
            table.statistics.pop();
        }
    }
}

fn change_part(rng: &mut Rng, world: &World, columns: &[(String, Type)], table: &mut Table) {
    let test = make::test(rng, world, columns);
    match rng.below(6) {
        0 | 1 if !table.constraints.is_empty() => {
            let at = rng.below(table.constraints.len());
            let constraint = &mut table.constraints[at];
            match (&mut constraint.what, test) {
                (What::Foreign(.., rest), _) => *rest = rng.word(&ACTIONS),
                (What::Check(condition, rest), Some(test)) => {
                    (*condition, *rest) = (test, rng.word(&["", "no inherit", "not valid"]));
                }
                (What::Unique(_, nulls, rest), _) => {
                    (*nulls, *rest) = (rng.word(&["", "nulls not distinct"]), rng.word(&["", "deferrable"]));
                }
                (What::Primary(list, _), Some(test)) => *list = vec![test.column],
                _ => constraint.comment = Some(rng.below(9)),
            }
        }
        2 => {
            if let Some(index) = table.indexes.last_mut() {
                index.predicate = if rng.one_in(2) { None } else { test };
                index.unique = rng.one_in(3);
                index.comment = rng.one_in(2).then(|| rng.below(9));
            }
        }
        3 => {
            if let Some(trigger) = table.triggers.last_mut() {
                trigger.state = rng.word(&STATES);
                if !trigger.is_constraint && rng.one_in(2) {
                    trigger.event = rng.word(&EVENTS);
                }
                trigger.when = test.filter(|_| rng.one_in(2));
            }
        }
        4 => {
            if let Some(policy) = table.policies.last_mut() {
                policy.using = test;
                policy.role = rng.word(&make::ROLES);
                policy.exists = make::relation(rng, world).filter(|_| rng.one_in(3));
            }
        }
        _ => {
            if let Some(rule) = table.rules.last_mut() {
                rule.2 += 1;
            }
        }
    }
}

fn view(rng: &mut Rng, world: &World, view: &mut View) {
    let count = view.outputs.len();
    match rng.below(8) {
        0 | 1 => {
            let name = format!("o{}", 10 + rng.below(20));
            let output = make::output(rng, world, view, name);
            view.outputs.extend(output);
        }
        2 if count > 1 => {
            view.outputs.remove(rng.below(count));
        }
        3 if count > 0 => {
            let at = rng.below(count);
            if let Some(output) = make::output(rng, world, view, view.outputs[at].name.clone()) {
                view.outputs[at] = output;
            }
        }
        4 => view.options = rng.word(&OPTIONS),
        5 => view.materialized = !view.materialized,
        6 if !view.sources.is_empty() => {
            let at = rng.below(view.sources.len());
            if let Some(relation) = make::relation(rng, world) {
                view.sources[at] = relation;
            }
        }
        _ => {
            let columns = view.sources.first().map(|it| world.columns(it)).unwrap_or_default();
            view.condition = make::test(rng, world, &columns).map(|it| (0, it));
        }
    }
}

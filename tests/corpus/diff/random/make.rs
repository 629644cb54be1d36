//! A schema made of random numbers, and the parts of one.

use super::model::{
    Body, Column, Constraint, Domain, Function, Index, Item, Name, Output, Policy, Returns, Shown, Table, Test,
    Trigger, Type, Value, View, What, World,
};
use super::rng::Rng;

pub(super) const SCHEMAS: [&str; 3] = ["public", "app", "Odd"];
const RELATIONS: [&str; 10] =
    ["alpha", "beta", "gamma", "delta", "order", "Mixed Case", "zeta", "eta", "theta_longer_than_the_others", "io"];
const ROUTINES: [&str; 5] = ["f", "g", "h", "Odd fn", "alpha"];
pub(super) const COLUMNS: [&str; 9] = ["id", "a", "b", "c", "d", "user", "Sp ace", "note", "kind"];
pub(super) const PLAIN: [&str; 19] = [
    "integer",
    "integer",
    "integer",
    "bigint",
    "bigint",
    "smallint",
    "text",
    "text",
    "varchar(20)",
    "varchar(40)",
    "numeric(10,2)",
    "boolean",
    "boolean",
    "date",
    "timestamptz",
    "uuid",
    "jsonb",
    "text[]",
    "int4range",
];
pub(super) const ROLES: [&str; 3] = ["random_reader", "random_writer", "public"];
pub(super) const ACTIONS: [&str; 6] =
    ["", "", "on delete cascade", "on update cascade on delete set null", "deferrable initially deferred", "not valid"];
pub(super) const EVENTS: [&str; 5] =
    ["before insert", "after insert", "before update", "after update", "before insert or update"];
pub(super) const STATES: [&str; 5] = ["", "", "", "disable", "enable always"];
pub(super) const OPTIONS: [&str; 4] = ["", "", "security_barrier = true", "security_invoker = true"];
const ORDERS: [&str; 4] = ["", "", "desc", "desc nulls last"];

/// A schema.
pub(super) fn world(rng: &mut Rng) -> World {
    let mut world = World::default();
    for _ in 0..6 + rng.below(16) {
        let item = item(rng, &world);
        world.items.push(item);
    }
    for _ in 0..rng.below(3) {
        world.defaults.push(default_privilege(rng));
    }
    for _ in 0..rng.below(3) {
        world.published.extend(relation(rng, &world).map(|name| (name, rng.below(9))));
    }
    world
}

pub(super) fn default_privilege(rng: &mut Rng) -> (&'static str, &'static str, &'static str, &'static str) {
    let objects = [("tables", "select"), ("sequences", "usage"), ("functions", "execute"), ("types", "usage")];
    let (objects, privilege) = *rng.pick(&objects).unwrap();
    (rng.word(&SCHEMAS), objects, privilege, rng.word(&ROLES[..2]))
}

/// An object that fits behind those that are there.
pub(super) fn item(rng: &mut Rng, world: &World) -> Item {
    let body = match rng.below(20) {
        0 | 1 => Body::Enum((0..=rng.below(4)).collect()),
        2 => Body::Composite((0..=rng.below(3)).map(|at| (COLUMNS[at].to_owned(), kind(rng, world))).collect()),
        3 | 4 => Body::Domain(domain(rng, world)),
        5 => Body::Range(rng.word(&["integer", "text", "date", "numeric"])),
        6 => Body::Sequence(1 + rng.below(3), rng.one_in(3)),
        7..=10 => Body::Function(function(rng, world)),
        11..=15 => Body::Table(Box::default()),
        _ => Body::View(view(rng, world)),
    };
    let names: &[&'static str] = if matches!(body, Body::Function(_)) { &ROUTINES } else { &RELATIONS };
    let name = (rng.word(&SCHEMAS), rng.word(names).to_owned());
    let body = if matches!(body, Body::Table(_)) { Body::Table(Box::new(table(rng, world, &name))) } else { body };
    let mut item = Item { name, body, owner: None, grants: Vec::new(), comment: None };
    if rng.one_in(3) {
        facet(rng, &mut item);
    }
    item
}

/// An owner, a grant or a comment, or one less.
pub(super) fn facet(rng: &mut Rng, item: &mut Item) {
    match rng.below(4) {
        0 => item.owner = if item.owner.is_some() { None } else { Some("Random Owner") },
        1 => item.comment = if rng.one_in(4) { None } else { Some(rng.below(9)) },
        _ if !item.grants.is_empty() && rng.one_in(3) => {
            item.grants.pop();
        }
        _ => {
            let privileges: &[&'static str] = match &item.body {
                Body::Sequence(..) => &["usage", "select", "update"],
                Body::Function(_) => &["execute"],
                Body::Table(_) | Body::View(_) => &["select", "insert", "update", "delete", "all"],
                _ => &["usage"],
            };
            item.grants.push((rng.word(privileges), rng.word(&ROLES)));
        }
    }
}

/// A type.
pub(super) fn kind(rng: &mut Rng, world: &World) -> Type {
    if rng.one_in(3) {
        let types =
            |item: &&Item| matches!(item.body, Body::Enum(_) | Body::Composite(_) | Body::Domain(_) | Body::Range(_));
        let own: Vec<&Item> = world.items.iter().filter(types).collect();
        if let Some(item) = rng.pick(&own) {
            return Type::Own(item.name.clone());
        }
    }
    Type::Plain(rng.word(&PLAIN))
}

/// A type without a length.
pub(super) fn argument(rng: &mut Rng, world: &World) -> Type {
    match kind(rng, world) {
        Type::Plain("varchar(20)" | "varchar(40)") => Type::Plain("text"),
        Type::Plain("numeric(10,2)") => Type::Plain("numeric"),
        kind => kind,
    }
}

pub(super) fn relation(rng: &mut Rng, world: &World) -> Option<Name> {
    let all: Vec<&Item> = world.items.iter().filter(|it| matches!(it.body, Body::Table(_) | Body::View(_))).collect();
    rng.pick(&all).map(|it| it.name.clone())
}

fn domain(rng: &mut Rng, world: &World) -> Domain {
    let checks = (0..rng.below(3)).map(|at| (format!("chk{at}"), rng.below(20))).collect();
    let base = kind(rng, world);
    Domain { base, default: rng.one_in(3).then(|| rng.below(9)), not_null: rng.one_in(4), checks }
}

/// A function.
pub(super) fn function(rng: &mut Rng, world: &World) -> Function {
    let mut function = Function {
        arguments: Vec::new(),
        returns: Returns::Trigger,
        body: rng.below(12),
        reads: None,
        attributes: rng.word(&["", "", "stable", "security definer", "strict", "set search_path = app"]),
    };
    let returns = rng.below(8);
    if returns < 2 {
        function.attributes = rng.word(&["", "security definer"]);
        return function;
    }
    for name in COLUMNS.iter().take(rng.below(3)) {
        function.arguments.push(((*name).to_owned(), argument(rng, world), rng.one_in(4)));
    }
    function.reads = if rng.one_in(3) { relation(rng, world) } else { None };
    function.returns = match returns {
        2 => {
            function.attributes = rng.word(&["", "security definer"]);
            Returns::Nothing
        }
        3 => match relation(rng, world) {
            Some(relation) => Returns::Rows(relation),
            None => Returns::Type(argument(rng, world)),
        },
        4 => Returns::Table((3..5).map(|at| (COLUMNS[at].to_owned(), argument(rng, world))).collect()),
        5 | 6 => {
            // One that conditions can call.
            function.arguments.truncate(1);
            function.attributes = rng.word(&["immutable", "immutable strict", "immutable parallel safe"]);
            Returns::Type(Type::Plain("boolean"))
        }
        _ => Returns::Type(kind(rng, world)),
    };
    function
}

/// A condition on one of these columns.
pub(super) fn test(rng: &mut Rng, world: &World, columns: &[(String, Type)]) -> Option<Test> {
    let (column, kind) = rng.pick(columns)?;
    let is_fit = |it: &&Item| match &it.body {
        Body::Function(function) => function.arguments.len() == 1 && function.arguments[0].1 == *kind,
        _ => false,
    };
    let calls: Vec<&Item> = world.items.iter().filter(is_fit).collect();
    let call = if rng.one_in(2) { rng.pick(&calls).map(|it| it.name.clone()) } else { None };
    Some(Test { column: column.clone(), form: rng.below(20), call })
}

/// A column.
pub(super) fn column(rng: &mut Rng, world: &World, name: &str, columns: &[(String, Type)]) -> Column {
    let mut column = Column {
        name: name.to_owned(),
        kind: kind(rng, world),
        value: Value::None,
        not_null: rng.one_in(3),
        collation: rng.one_in(8),
        storage: rng.one_in(8).then(|| rng.word(&["external", "plain"])),
        statistics: rng.one_in(12).then(|| 100 + rng.below(3)),
        comment: rng.one_in(8).then(|| rng.below(9)),
        grants: Vec::new(),
    };
    if rng.one_in(12) {
        column.grants.push((rng.word(&["select", "update"]), rng.word(&ROLES)));
    }
    value(rng, world, &mut column, columns);
    column
}

/// Gives a column its value.
pub(super) fn value(rng: &mut Rng, world: &World, column: &mut Column, columns: &[(String, Type)]) {
    column.value = match rng.below(10) {
        0..=3 => Value::None,
        4 | 5 => Value::Literal(rng.below(9)),
        6 => {
            let is_fit = |it: &&Item| match &it.body {
                Body::Function(it) => it.arguments.is_empty() && it.returns == Returns::Type(column.kind.clone()),
                _ => false,
            };
            let calls: Vec<&Item> = world.items.iter().filter(is_fit).collect();
            rng.pick(&calls).map_or(Value::None, |it| Value::Call(it.name.clone()))
        }
        7 => {
            let sequences: Vec<&Item> = world.items.iter().filter(|it| matches!(it.body, Body::Sequence(..))).collect();
            rng.pick(&sequences).map_or(Value::Serial, |it| Value::Next(it.name.clone()))
        }
        8 => Value::Identity(rng.word(&["always", "by default"]), 1 + rng.below(5)),
        _ => {
            column.kind = Type::Plain("boolean");
            test(rng, world, columns).map_or(Value::None, Value::Generated)
        }
    };
}

/// A table.
pub(super) fn table(rng: &mut Rng, world: &World, name: &Name) -> Table {
    let mut table = Table::default();
    let tables = |is_partitioned: bool| {
        let is_fit = move |it: &&Item| match &it.body {
            Body::Table(table) => table.partitioned.is_some() == is_partitioned,
            _ => false,
        };
        world.items.iter().filter(is_fit).map(|it| it.name.clone()).collect::<Vec<_>>()
    };
    if rng.one_in(2)
        && let Some(parent) = rng.pick(&tables(true))
    {
        table.partition_of = Some((parent.clone(), rng.below(4)));
    } else {
        let mut columns: Vec<(String, Type)> = Vec::new();
        for name in COLUMNS.iter().take(2 + rng.below(7)) {
            let column = column(rng, world, name, &columns);
            if !matches!(column.value, Value::Generated(_)) {
                columns.push((column.name.clone(), column.kind.clone()));
            }
            table.columns.push(column);
        }
        if rng.one_in(6) {
            table.partitioned = Some((rng.word(&["list", "range", "hash"]), rng.word(&COLUMNS[..4]).to_owned()));
        } else if rng.one_in(6)
            && let Some(parent) = rng.pick(&tables(false))
        {
            table.inherits.push(parent.clone());
        }
    }
    table.unlogged = rng.one_in(12);
    table.fillfactor = rng.one_in(12).then(|| 70 + rng.below(3));
    table.row_security = rng.one_in(3);
    table.force = rng.one_in(8);
    table.replica_full = rng.one_in(10);
    for _ in 0..rng.below(6) {
        part(rng, world, name, &mut table);
    }
    table
}

/// One part more of a table: a constraint, an index, a trigger and so on.
pub(super) fn part(rng: &mut Rng, world: &World, name: &Name, table: &mut Table) {
    let above = table.partition_of.iter().map(|(parent, _)| parent).chain(&table.inherits);
    let mut columns: Vec<(String, Type)> = above.flat_map(|it| world.columns(it)).collect();
    columns.extend(table.columns.iter().map(|it| (it.name.clone(), it.kind.clone())));
    let Some(condition) = test(rng, world, &columns) else { return };
    let part_name = |what: &str, rng: &mut Rng| format!("{}_{what}{}", name.1, rng.below(4));
    let list = |rng: &mut Rng| {
        let mut list = vec![condition.column.clone()];
        if let Some((other, _)) = rng.pick(&columns).filter(|(other, _)| *other != list[0])
            && rng.one_in(3)
        {
            list.push(other.clone());
        }
        list
    };
    let comment = rng.one_in(8).then(|| rng.below(9));
    let mut constraint = |name: String, what: What| table.constraints.push(Constraint { name, what, comment });
    match rng.below(14) {
        0 | 1 => {
            let key = What::Primary(list(rng), rng.word(&["", "", "", "deferrable"]));
            constraint(format!("{}_pkey", name.1), key);
        }
        2 => {
            let unique =
                What::Unique(list(rng), rng.word(&["", "nulls not distinct"]), rng.word(&["", "", "deferrable"]));
            constraint(part_name("u", rng), unique);
        }
        3 | 4 => {
            constraint(part_name("c", rng), What::Check(condition, rng.word(&["", "", "no inherit", "not valid"])));
        }
        5..=7 => {
            if let Some(foreign) = foreign(rng, world, &columns) {
                constraint(part_name("fk", rng), foreign);
            }
        }
        8 if rng.one_in(3) => constraint(part_name("x", rng), What::Exclude(condition.column)),
        8 | 9 => {
            let elements = vec![(condition, rng.one_in(2), rng.word(&ORDERS))];
            let predicate = if rng.one_in(3) { test(rng, world, &columns) } else { None };
            let name = part_name("i", rng);
            table.indexes.push(Index { name, unique: rng.one_in(4), elements, predicate, method: "btree", comment });
        }
        10 => {
            let is_trigger = |it: &&Item| matches!(&it.body, Body::Function(it) if it.returns == Returns::Trigger);
            let functions: Vec<&Item> = world.items.iter().filter(is_trigger).collect();
            let Some(function) = rng.pick(&functions) else { return };
            let is_constraint = rng.one_in(4);
            table.triggers.push(Trigger {
                name: part_name("t", rng),
                function: function.name.clone(),
                event: if is_constraint { "after insert or update" } else { rng.word(&EVENTS) },
                of: rng.one_in(3).then(|| condition.column.clone()),
                when: rng.one_in(3).then(|| condition.clone()),
                is_constraint,
                state: rng.word(&STATES),
                comment,
            });
        }
        11 | 12 => table.policies.push(Policy {
            name: part_name("p", rng),
            command: rng.word(&["all", "select", "insert", "update", "delete"]),
            role: rng.word(&ROLES),
            using: Some(condition),
            check: test(rng, world, &columns).filter(|_| rng.one_in(2)),
            exists: if rng.one_in(3) { relation(rng, world) } else { None },
        }),
        _ if rng.one_in(2) => {
            table.rules.push((part_name("r", rng), rng.word(&["insert", "update", "delete"]), rng.below(4)));
        }
        _ => {
            let name = part_name("s", rng);
            table.statistics.push((name, list(rng)));
        }
    }
}

fn foreign(rng: &mut Rng, world: &World, columns: &[(String, Type)]) -> Option<What> {
    let keys = world.items.iter().filter_map(|it| match &it.body {
        Body::Table(table) => Some((&it.name, table)),
        _ => None,
    });
    let keys = keys.flat_map(|(name, table)| {
        table.constraints.iter().filter_map(move |it| match &it.what {
            What::Primary(list, "") | What::Unique(list, _, "") => Some((name, list)),
            _ => None,
        })
    });
    let keys: Vec<_> = keys.collect();
    let (other, list) = rng.pick(&keys)?;
    let theirs = world.columns(other);
    let mut mine = Vec::new();
    for column in *list {
        let (_, kind) = theirs.iter().find(|(name, _)| name == column)?;
        let fit: Vec<&String> = columns.iter().filter(|(_, it)| it == kind).map(|(name, _)| name).collect();
        mine.push((*rng.pick(&fit)?).clone());
    }
    let is_twice = mine.len() > 1 && mine[0] == mine[1];
    (!is_twice).then(|| What::Foreign(mine, (*other).clone(), (*list).clone(), rng.word(&ACTIONS)))
}

/// A view.
pub(super) fn view(rng: &mut Rng, world: &World) -> View {
    let mut view = View {
        materialized: rng.one_in(4),
        sources: Vec::new(),
        outputs: Vec::new(),
        condition: None,
        options: rng.word(&OPTIONS),
        indexes: Vec::new(),
        instead: None,
        comments: Vec::new(),
    };
    for _ in 0..=(rng.below(4) / 3) {
        view.sources.extend(relation(rng, world));
    }
    for at in 0..=rng.below(5) {
        view.outputs.extend(output(rng, world, &view, format!("o{at}")));
    }
    if let Some(source) = view.sources.first()
        && rng.one_in(3)
    {
        view.condition = test(rng, world, &world.columns(source)).map(|it| (0, it));
    }
    if view.materialized
        && let Some(first) = view.outputs.first()
        && rng.one_in(2)
    {
        view.indexes.push((format!("mv_{}", rng.below(9)), first.name.clone()));
    }
    if let Some(first) = view.outputs.first()
        && rng.one_in(5)
    {
        view.comments.push((first.name.clone(), rng.below(9)));
    }
    let is_trigger = |it: &&Item| matches!(&it.body, Body::Function(it) if it.returns == Returns::Trigger);
    if rng.one_in(8) {
        view.instead = world.items.iter().find(is_trigger).map(|it| it.name.clone());
    }
    view
}

/// A column of a view.
pub(super) fn output(rng: &mut Rng, world: &World, view: &View, name: String) -> Option<Output> {
    let source = if view.sources.is_empty() { 0 } else { rng.below(view.sources.len()) };
    let columns = world.columns(view.sources.get(source)?);
    let (column, kind) = rng.pick(&columns)?.clone();
    let shown = match rng.below(9) {
        0 => Shown::Text(column),
        1 => Shown::Test(test(rng, world, &columns)?),
        2 => Shown::Number(rng.below(5)),
        3 if rng.one_in(3) => Shown::Row,
        3 | 4 => {
            let is_fit = |it: &&Item| match &it.body {
                Body::Function(it) => it.arguments.len() == 1 && it.arguments[0].1 == kind,
                _ => false,
            };
            let calls: Vec<&Item> = world.items.iter().filter(is_fit).collect();
            match rng.pick(&calls) {
                Some(function) => Shown::Call(function.name.clone(), column),
                None => Shown::Column(column),
            }
        }
        _ => Shown::Column(column),
    };
    Some(Output { name, source, shown })
}

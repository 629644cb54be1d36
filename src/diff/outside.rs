//! What is left out of the comparison and depends on what a plan changes: the plan does not touch it, and its trial on a
//! shadow copy does not meet it.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Fate, Fates};
use super::held::needs;
use super::order::{Within, leader};
use super::step::{Step, Verb};
use crate::catalog::{Catalog, Dependant, Id, Kind};
use crate::risk::{Hazard, HazardKind};

/// How many objects are named in words.
const NAMED: usize = 8;

/// Says of each statement which objects that are left out depend on what it takes away or changes.
pub fn complete(steps: &mut [Step], from: &Catalog, fates: &Fates, within: &Within) {
    if from.dependants.is_empty() {
        return;
    }
    let drops = steps.iter().enumerate().filter(|(_, step)| step.verb == Verb::Drop);
    let drops: BTreeMap<Id, usize> = drops.map(|(place, step)| (step.id.clone(), place)).collect();
    let mut found: BTreeMap<usize, Met> = BTreeMap::new();
    let children = children(from);
    let beyond = beyond(from, &children);
    let direct = from.dependants.iter().filter(|it| !is_led(it, from, &children));
    for dependant in direct.chain(&beyond) {
        let place = match fates.get(&dependant.on) {
            Some(Fate::Drop | Fate::Recreate) => drops.get(leader(&within.gone_with, &dependant.on)).copied(),
            Some(Fate::Alter { disturbs, .. }) => change(steps, dependant, disturbs, from),
            _ => None,
        };
        let Some(place) = place else { continue };
        let met = found.entry(place).or_default();
        if dependant.goes_with { &mut met.gone } else { &mut met.in_the_way }.insert(&dependant.id);
    }
    for (place, met) in found {
        let Some(step) = steps.get_mut(place) else { continue };
        let in_the_way: Vec<&Id> = met.in_the_way.difference(&met.gone).copied().collect();
        if !in_the_way.is_empty() {
            let (verb, named) = (if in_the_way.len() == 1 { "depends" } else { "depend" }, listed(&in_the_way));
            let text = format!("fails as long as {named}, left out of the comparison, {verb} on {}", step.id);
            step.hazards.push(Hazard::new(HazardKind::MayFail, text));
        }
        for id in &met.gone {
            let text = format!("takes {id} with it, which is left out of the comparison");
            let kind = if holds_data(id) { HazardKind::DataLoss } else { HazardKind::Untracked };
            step.hazards.push(Hazard::new(kind, text));
        }
        step.dependants = met.in_the_way.union(&met.gone).map(|id| (*id).clone()).collect();
    }
}

/// Tables that are left out, with those that are not and that they inherit from, also through others.
type Children<'a> = BTreeMap<Id, BTreeSet<&'a Id>>;

fn children(from: &Catalog) -> Children<'_> {
    let mut children = Children::new();
    for it in from.dependants.iter().filter(|it| it.id.kind == Kind::Table && it.on.kind == Kind::Table) {
        children.entry(it.id.clone()).or_default().insert(&it.on);
    }
    let mut news: Vec<Id> = children.keys().cloned().collect();
    while !news.is_empty() {
        let mut next = Vec::new();
        for table in from.outside.iter().filter(|id| id.kind == Kind::Table && !children.contains_key(*id)) {
            let above = news.iter().filter(|above| needs(from, table, above));
            let above: BTreeSet<&Id> = above.filter_map(|above| children.get(above)).flatten().copied().collect();
            if !above.is_empty() {
                next.push((table.clone(), above));
            }
        }
        news = next.iter().map(|(table, _)| table.clone()).collect();
        children.extend(next);
    }
    children
}

/// Whether it is a column that changes with its parent's.
fn is_led(it: &Dependant, from: &Catalog, children: &Children<'_>) -> bool {
    let parents = || children.get(&it.id.beside(Kind::Table, "")).into_iter().flatten();
    it.id.kind == Kind::Column && parents().any(|table| needs(from, &table.beside(Kind::Column, &it.id.part), &it.on))
}

/// What depends on columns of such tables: they change and go with those of the same name that they inherit.
fn beyond(from: &Catalog, children: &Children<'_>) -> Vec<Dependant> {
    let mut found = Vec::new();
    if children.is_empty() {
        return found;
    }
    for (id, needed) in from.needs.iter().filter(|(id, _)| from.outside.contains(*id)) {
        for column in needed.iter().filter(|it| it.kind == Kind::Column) {
            // What is of the table itself goes and changes with it.
            let is_own = (&id.schema, &id.name) == (&column.schema, &column.name) || id.kind == Kind::Index;
            let parents = children.get(&column.beside(Kind::Table, "")).into_iter().flatten();
            let above = parents.filter(|_| !is_own).map(|table| table.beside(Kind::Column, &column.part));
            let above = above.filter(|it| from.entries.contains_key(it));
            found.extend(above.map(|on| Dependant { on, id: id.clone(), goes_with: false }));
        }
    }
    found
}

/// What a statement meets.
#[derive(Default)]
struct Met<'a> {
    in_the_way: BTreeSet<&'a Id>,
    gone: BTreeSet<&'a Id>,
}

fn holds_data(id: &Id) -> bool {
    matches!(id.kind, Kind::Table | Kind::ForeignTable | Kind::MaterializedView | Kind::Sequence | Kind::Column)
}

/// The statement that changes what it depends on, where that is in the way of it.
fn change(steps: &[Step], it: &Dependant, disturbs: &[Kind], from: &Catalog) -> Option<usize> {
    // Values of a composite type are not written anew where they are stored.
    let is_stored = it.on.kind == Kind::Composite && matches!(it.id.kind, Kind::Column | Kind::Table);
    if it.goes_with || !disturbs.contains(&it.id.kind) && !is_stored {
        return None;
    }
    // A column changes with that of the same name which it inherits from.
    let above = from.ancestors(&it.on);
    steps.iter().rposition(|step| {
        let is_it = step.id == it.on || above.contains(&step.id);
        is_it && [" type ", " set expression ", " alter attribute "].iter().any(|word| step.sql.contains(word))
    })
}

/// The first of many, and how many more there are.
fn listed(ids: &[&Id]) -> String {
    let named = ids.iter().take(NAMED).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match ids.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, plan};
    use super::*;
    use crate::catalog::{Acl, Column, Entry, Object, Table};

    fn put(catalog: &mut Catalog, id: &Id, object: Object) {
        let (owner, grantees, labels) = (String::new(), Vec::new(), BTreeMap::new());
        catalog.entries.insert(id.clone(), Entry { object, owner, acl: Acl::new(), grantees, comment: None, labels });
    }

    fn state(columns: &[(&str, &str)]) -> Catalog {
        let table = Id::new(Kind::Table, "public", "t");
        let mut catalog = Catalog { version: 15, ..Catalog::default() };
        for (position, (name, data_type)) in (1..).zip(columns) {
            let column = Column { position, data_type: (*data_type).to_owned(), ..Column::default() };
            put(&mut catalog, &table.beside(Kind::Column, *name), Object::Column(column));
        }
        put(&mut catalog, &table, Object::Table(Table::default()));
        catalog
    }

    /// The hazards that are about what is left out, each after its statement.
    fn said(from: &Catalog, to: &Catalog) -> Vec<String> {
        let steps = plan(from, to, Options::default()).steps;
        let met = steps.iter().filter(|step| !step.dependants.is_empty());
        met.flat_map(|step| {
            let about = step.hazards.iter().filter(|hazard| hazard.text.contains("left out"));
            about.map(|hazard| format!("{}: {}: {}", step.sql, hazard.kind.word(), hazard.text)).collect::<Vec<_>>()
        })
        .collect()
    }

    #[test]
    fn what_is_left_out_and_in_the_way_is_named_with_the_statement_that_meets_it() {
        let mut from = state(&[("a", "integer"), ("b", "integer"), ("c", "integer")]);
        let column = |name: &str| Id::part(Kind::Column, "public", "t", name);
        let dependant = |on: Id, id: Id, goes_with: bool| Dependant { on, id, goes_with };
        from.dependants = [
            dependant(column("a"), Id::new(Kind::View, "rep", "v"), false),
            dependant(column("b"), Id::new(Kind::Index, "public", "tmp_b"), true),
            dependant(column("c"), Id::new(Kind::View, "rep", "w"), false),
        ]
        .into();
        let to = state(&[("a", "bigint"), ("c", "integer")]);
        assert_eq!(
            said(&from, &to),
            [
                "alter table public.t alter column a type bigint: may fail: fails as long as view rep.v, left out of the \
                 comparison, depends on column public.t.a",
                "alter table public.t drop column b: untracked: takes index public.tmp_b with it, which is left out of \
                 the comparison",
            ]
        );
        let all = said(&from, &Catalog::default());
        assert_eq!(all.len(), 2, "{all:?}");
        assert!(
            all[0].contains("view rep.v, view rep.w, left out of the comparison, depend on table public.t"),
            "{all:?}"
        );
    }

    #[test]
    fn columns_that_inherit_change_with_their_parents_and_their_dependants_stand_in_the_way() {
        let mut from = state(&[("a", "integer")]);
        let child = Id::new(Kind::Table, "rep", "t1");
        let grandchild = Id::new(Kind::Table, "rep", "t2");
        let view = Id::new(Kind::View, "rep", "v");
        let (table, column) = (Id::new(Kind::Table, "public", "t"), grandchild.beside(Kind::Column, "a"));
        from.dependants = [Dependant { on: table, id: child.clone(), goes_with: true }].into();
        from.needs = [(grandchild.clone(), [child.clone()].into()), (view.clone(), [column].into())].into();
        from.outside = [child, grandchild, view].into();
        let all = said(&from, &state(&[("a", "bigint")]));
        assert_eq!(all.len(), 1, "{all:?}");
        assert!(all[0].contains("view rep.v, left out of the comparison, depends on column public.t.a"), "{all:?}");
    }
}

//! Composite types.

use super::{Alter, Cx, aside};
use crate::catalog::{Attribute, Composite, Kind};
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

pub(super) fn definition(it: &Attribute) -> String {
    let collation = it.collation.as_ref().map_or_else(String::new, |it| format!(" collate {it}"));
    format!("{} {}{collation}", bare_ident(&it.name), it.data_type)
}

pub(super) fn create(it: &Composite, cx: &Cx<'_>) -> Vec<Step> {
    let parts: Vec<String> = it.attributes.iter().map(definition).collect();
    let body = if parts.is_empty() { "()".to_owned() } else { format!("(\n    {}\n)", parts.join(",\n    ")) };
    vec![Step::create(cx.id, format!("create type {} as {body}", cx.id.address()))]
}

pub(super) fn drop(_: &Composite, cx: &Cx<'_>) -> Vec<Step> {
    aside::drop(cx)
}

pub(super) fn alter(old: &Composite, new: &Composite, cx: &Cx<'_>) -> Alter {
    let find = |list: &Composite, name: &str| list.attributes.iter().find(|it| it.name == name).cloned();
    let gone: Vec<_> = old.attributes.iter().filter(|it| find(new, &it.name).is_none()).collect();
    let come: Vec<_> = new.attributes.iter().filter(|it| find(old, &it.name).is_none()).collect();
    let changed: Vec<_> =
        new.attributes.iter().filter(|it| find(old, &it.name).is_some_and(|before| before != **it)).collect();
    let typed = is_typed_table(cx);
    if !typed {
        let kept = old.attributes.iter().filter(|it| find(new, &it.name).is_some());
        let in_order = kept.chain(come.iter().copied()).map(|it| &it.name).eq(new.attributes.iter().map(|it| &it.name));
        let in_use = |it: &&Attribute| is_used(&it.name, cx);
        let is_stored = aside::is_kept(cx.id, cx.from, cx.to);
        if !in_order
            || !changed.is_empty() && is_stored
            || changed.iter().any(|it| is_displaced(&it.name, cx))
            || changed.iter().copied().any(|it| in_use(&it))
            || gone.iter().copied().any(|it| in_use(&it))
        {
            return Alter::recreate();
        }
    }
    let name = cx.id.address();
    let cascade = if typed { " cascade" } else { "" };
    let alter = |what: String| Step::alter(cx.id, format!("alter type {name} {what}{cascade}"));
    let mut steps = Vec::new();
    for it in gone {
        let column = bare_ident(&it.name);
        steps.push(
            alter(format!("drop attribute {column}"))
                .hazard(HazardKind::DataLoss, format!("all values of {column} in columns of {name} are lost")),
        );
    }
    for it in come {
        steps.push(alter(format!("add attribute {}", definition(it))));
    }
    for it in changed {
        let collation = it.collation.as_ref().map_or_else(String::new, |it| format!(" collate {it}"));
        let step = alter(format!("alter attribute {} type {}{collation}", bare_ident(&it.name), it.data_type));
        steps.push(if typed {
            step.hazard(HazardKind::Rewrite, format!("writes all tables of {name} anew"))
                .hazard(HazardKind::MayFail, format!("fails where a value of {} does not fit", it.name))
        } else {
            step
        });
    }
    Alter::in_place(steps)
}

/// Whether a table is made of the type, before and afterwards.
fn is_typed_table(cx: &Cx<'_>) -> bool {
    cx.from.needs.iter().any(|(id, needs)| {
        id.kind == Kind::Table
            && needs.contains(cx.id)
            && cx.to.needs.get(id).is_some_and(|needs| needs.contains(cx.id))
    })
}

/// Whether the attribute's new type takes the place of its old one, so that both are never there at once.
fn is_displaced(attribute: &str, cx: &Cx<'_>) -> bool {
    let column = cx.id.beside(Kind::Column, attribute);
    let gone = cx.from.needs.get(&column).into_iter().flatten().filter(|it| !cx.to.entries.contains_key(*it));
    let mut pairs = gone.flat_map(|old| cx.to.needs.get(&column).into_iter().flatten().map(move |new| (old, new)));
    pairs.any(|(old, new)| aside::takes_place(new, old, cx.from, cx.to))
}

/// Whether a view, an index or the like names the attribute.
fn is_used(attribute: &str, cx: &Cx<'_>) -> bool {
    let column = cx.id.beside(Kind::Column, attribute);
    cx.from.needs.values().any(|needs| needs.contains(&column))
}

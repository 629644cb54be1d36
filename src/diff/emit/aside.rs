//! Types and collations that columns still use while their successors are made: they step aside under another name, and
//! go when no column uses them any longer. So no column is dropped, and no value with it.

use std::collections::BTreeSet;

use super::composite::definition;
use super::{Cx, literal};
use crate::catalog::{Attribute, Catalog, Composite, Id, Kind, Object};
use crate::diff::compare::{Fate, Fates};
use crate::diff::plan::parent;
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// Names have at most 63 bytes: <https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS>.
const LONGEST: usize = 63;

/// The name under which a type waits for its end.
pub(super) fn old_name(name: &str) -> String {
    marked(name, "__old")
}

/// A name with something behind it, as long as a name may be.
pub(super) fn marked(name: &str, mark: &str) -> String {
    let mut end = name.len().min(LONGEST - mark.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{mark}", &name[..end])
}

/// Whether a kind steps aside.
fn can(kind: Kind) -> bool {
    matches!(kind, Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range | Kind::BaseType | Kind::Collation)
}

/// Whether the relation of a column or constraint is a composite type.
pub(super) fn is_attribute(catalog: &Catalog, id: &Id) -> bool {
    catalog.entries.contains_key(&id.beside(Kind::Composite, ""))
}

/// Whether a column keeps its values in it, itself or through another type, at the time when its successor comes.
pub(super) fn is_kept(id: &Id, from: &Catalog, to: &Catalog) -> bool {
    let mut seen = BTreeSet::new();
    let mut queue = vec![id];
    while let Some(id) = queue.pop() {
        if !seen.insert(id) {
            continue;
        }
        for (dependant, _) in from.needs.iter().filter(|(_, needs)| needs.contains(id)) {
            match dependant.kind {
                Kind::Column if is_attribute(from, dependant) => {}
                Kind::Column if is_stored(from, dependant) && needs_successor(dependant, id, from, to) => return true,
                Kind::Table if to.entries.contains_key(dependant) => return true,
                kind if can(kind) => queue.push(dependant),
                _ => {}
            }
        }
    }
    false
}

/// Whether arrays, rows or ranges with values of a domain are stored.
pub fn is_in_container(domain: &Id, catalog: &Catalog) -> bool {
    let mut seen = BTreeSet::new();
    let mut queue = vec![(domain.clone(), false)];
    while let Some((id, is_inside)) = queue.pop() {
        if !seen.insert((id.clone(), is_inside)) {
            continue;
        }
        for (dependant, _) in catalog.needs.iter().filter(|(_, needs)| needs.contains(&id)) {
            let is_array = |data_type: &str| data_type.ends_with("[]");
            match catalog.get(dependant).map(|entry| &entry.object) {
                Some(Object::Column(column))
                    if is_stored(catalog, dependant) && (is_inside || is_array(&column.data_type)) =>
                {
                    return true;
                }
                Some(Object::Table(_)) if is_inside => return true,
                Some(Object::Domain(over)) => {
                    queue.push((dependant.clone(), is_inside || is_array(&over.data_type)));
                }
                Some(Object::Composite(_) | Object::Range(_)) => queue.push((dependant.clone(), true)),
                _ => {}
            }
        }
    }
    false
}

/// Whether a column has values of its own: those of a view come from elsewhere.
pub(super) fn is_stored(catalog: &Catalog, id: &Id) -> bool {
    [Kind::Table, Kind::ForeignTable].iter().any(|kind| catalog.entries.contains_key(&id.beside(*kind, "")))
}

/// `drop type`. Functions that make a type what it is need it as it needs them: they go with it, but nothing else does.
pub(super) fn plain_or_guarded(id: &Id, object: &Object, name: &str) -> Vec<Step> {
    let sql = format!("drop {} {name}", id.kind.sql());
    let is_tied = match object {
        Object::Range(range) => range.canonical.is_some(),
        Object::BaseType(base) => !base.shell,
        _ => false,
    };
    if !is_tied {
        return vec![Step::drop(id, sql)];
    }
    let text = literal(name);
    let guard = format!(
        "do $guard$ begin\n    \
         if exists (\n        \
         select from pg_catalog.pg_depend d\n        \
         join pg_catalog.pg_type t on t.oid = {text}::pg_catalog.regtype\n        \
         left join pg_catalog.pg_range r on r.rngtypid = t.oid\n        \
         where d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass and d.deptype = 'n'\n            \
         and d.refobjid in (t.oid, t.typarray, r.rngmultitypid)\n            \
         and (d.classid <> 'pg_catalog.pg_proc'::pg_catalog.regclass or d.objid not in (\n                \
         t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze, t.typsubscript,\n                \
         coalesce(r.rngcanonical, 0), coalesce(r.rngsubdiff, 0)\n            \
         ))\n            \
         and not exists (\n                \
         select from pg_catalog.pg_depend i\n                \
         where (i.classid, i.objid, i.deptype) = (d.classid, d.objid, 'i')\n            \
         )\n    \
         ) then\n        \
         raise exception 'something else still uses %', {text};\n    \
         end if;\n\
         end $guard$"
    );
    vec![Step::alter(id, guard), Step::drop(id, format!("{sql} cascade"))]
}

/// Takes it away, or aside.
pub(super) fn drop(cx: &Cx<'_>) -> Vec<Step> {
    if !is_kept(cx.id, cx.from, cx.to) {
        return plain_or_guarded(cx.id, &cx.entry.object, &cx.id.address());
    }
    let rename = |what: &str, schema: &str, name: &str| {
        let name_now = format!("{}.{}", bare_ident(schema), bare_ident(name));
        Step::drop(cx.id, format!("alter {what} {name_now} rename to {}", bare_ident(&old_name(name))))
    };
    let mut steps = let_go(cx);
    steps.extend(reshaped(cx));
    if matches!(&cx.entry.object, Object::BaseType(_)) {
        // What reads and writes its values does so until the last of them is changed.
        let own = cx
            .from
            .entries
            .keys()
            .filter(|id| id.kind == Kind::Function && parent(cx.from, id).as_ref() == Some(cx.id));
        steps.extend(own.map(|id| {
            Step::drop(cx.id, format!("alter function {} rename to {}", id.address(), bare_ident(&old_name(&id.name))))
        }));
    }
    steps.push(
        rename(cx.id.kind.sql(), &cx.id.schema, &cx.id.name).hazard(
            HazardKind::Rewrite,
            format!("{} is made anew: every column of it is changed to the new one", cx.id),
        ),
    );
    if let Object::Range(range) = &cx.entry.object {
        let (schema, multirange) = &range.multirange;
        steps.push(rename("type", schema, multirange));
        steps.push(rename_makers(cx.id, (schema, multirange)));
    }
    steps
}

/// Gives a composite type the attributes of its successor, so that the text of a row is one of the other too: rows in
/// arrays have no other way. Only where the order allows it, and nothing is needed that is not there yet.
fn reshaped(cx: &Cx<'_>) -> Vec<Step> {
    let (Object::Composite(old), Some(Object::Composite(new))) =
        (&cx.entry.object, cx.to.get(cx.id).map(|entry| &entry.object))
    else {
        return Vec::new();
    };
    let has = |it: &Composite, name: &str| it.attributes.iter().any(|attribute| attribute.name == name);
    let stay = old.attributes.iter().filter(|it| has(new, &it.name));
    let come = || new.attributes.iter().filter(|it| !has(old, &it.name));
    let is_new = |attribute: &Attribute| {
        let needs = cx.to.needs.get(&cx.id.beside(Kind::Column, &attribute.name));
        needs.into_iter().flatten().any(|needed| needed != cx.id && cx.fates.contains_key(needed))
    };
    if !stay.chain(come()).map(|it| &it.name).eq(new.attributes.iter().map(|it| &it.name)) || come().any(is_new) {
        return Vec::new();
    }
    let alter = |what: String| Step::alter(cx.id, format!("alter type {} {what}", cx.id.address()));
    let gone = old.attributes.iter().filter(|it| !has(new, &it.name));
    let gone = gone.map(|it| {
        alter(format!("drop attribute {}", bare_ident(&it.name)))
            .hazard(HazardKind::DataLoss, format!("all values of {} in {} are lost", bare_ident(&it.name), cx.id))
    });
    gone.chain(come().map(|it| alter(format!("add attribute {}", definition(it))))).collect()
}

/// What a domain computes and checks with functions that go: it no longer has to.
fn let_go(cx: &Cx<'_>) -> Vec<Step> {
    let needs_gone = |id: &Id| cx.from.needs.get(id).into_iter().flatten().any(|needed| cx.goes(needed));
    let Object::Domain(domain) = &cx.entry.object else { return Vec::new() };
    let name = cx.id.address();
    let mut steps = Vec::new();
    if domain.default.is_some() && needs_gone(cx.id) {
        steps.push(Step::drop(cx.id, format!("alter domain {name} drop default")));
    }
    let constraints = cx.from.parts(cx.id, Kind::Constraint).map(|(id, _)| id).filter(|id| needs_gone(id));
    steps.extend(
        constraints
            .map(|id| Step::drop(cx.id, format!("alter domain {name} drop constraint {}", bare_ident(&id.part)))),
    );
    steps
}

/// The functions that make a range and a multirange keep their names, and take those of the new types' ones. They may be
/// called otherwise than the types, which can have been renamed.
fn rename_makers(range: &Id, (schema, multirange): (&str, &str)) -> Step {
    let named = |schema: &str, name: &str| literal(&format!("{}.{}", bare_ident(schema), bare_ident(&old_name(name))));
    let (range_now, multirange_now) = (named(&range.schema, &range.name), named(schema, multirange));
    let sql = format!(
        "do $aside$\ndeclare\n    \
         maker pg_catalog.regprocedure;\n\
         begin\n    \
         for maker in\n        \
         select d.objid from pg_catalog.pg_depend d\n        \
         where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.deptype = 'i'\n            \
         and d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass\n            \
         and d.refobjid in ({range_now}::pg_catalog.regtype, {multirange_now}::pg_catalog.regtype)\n    \
         loop\n        \
         execute pg_catalog.format('alter function %s rename to %I', maker, (\n            \
         select pg_catalog.left(p.proname::pg_catalog.text, 58) || '__old' from pg_catalog.pg_proc p where p.oid = maker\n        \
         ));\n    \
         end loop;\n\
         end $aside$"
    );
    Step::drop(range, sql)
}

/// What stepped aside goes, those that need others first.
pub fn leftovers(from: &Catalog, to: &Catalog, fates: &Fates) -> Vec<Step> {
    let aside: BTreeSet<&Id> = fates
        .iter()
        .filter(|(id, fate)| can(id.kind) && id.part.is_empty() && fate.goes() && is_kept(id, from, to))
        .map(|(id, _)| id)
        .collect();
    let mut gone: BTreeSet<&Id> = BTreeSet::new();
    let mut steps = Vec::new();
    while gone.len() < aside.len() {
        let free = |id: &Id| {
            let mut others = aside.iter().filter(|other| !gone.contains(**other) && ***other != *id);
            !others.any(|other| from.needs.get(*other).is_some_and(|needs| needs.contains(id)))
        };
        let Some(id) = aside.iter().copied().find(|id| !gone.contains(id) && free(id)) else { break };
        gone.insert(id);
        let old = Id::part(id.kind, &id.schema, old_name(&id.name), &id.part);
        match from.get(id) {
            Some(entry) => steps.extend(plain_or_guarded(id, &entry.object, &old.address())),
            None => steps.push(Step::drop(id, format!("drop {} {}", id.kind.sql(), old.address()))),
        }
    }
    steps
}

/// Whether a column needs a type in the end, or another that takes its place: a domain in place of an enum, say.
fn needs_successor(column: &Id, id: &Id, from: &Catalog, to: &Catalog) -> bool {
    to.needs.get(column).is_some_and(|needs| needs.iter().any(|it| takes_place(it, id, from, to)))
}

/// Whether a type cannot be there beside one that there is: it has its name, that of its multirange type, or those of
/// functions that make it what it is.
pub(super) fn takes_place(new: &Id, old: &Id, from: &Catalog, to: &Catalog) -> bool {
    if new == old || new.is_namesake(old) {
        return true;
    }
    match (from.get(old).map(|it| &it.object), to.get(new).map(|it| &it.object)) {
        (Some(Object::Range(old)), Some(Object::Range(new))) if old.multirange == new.multirange => return true,
        (Some(Object::Range(_) | Object::BaseType(_)), Some(Object::Range(_) | Object::BaseType(_))) => {}
        _ => return false,
    }
    let is_own = |state: &Catalog, function: &Id, of: &Id| parent(state, function).as_ref() == Some(of);
    let mut functions = to.needs.get(new).into_iter().flatten().filter(|it| it.kind == Kind::Function);
    functions.any(|it| is_own(from, it, old) && is_own(to, it, new))
}

/// Whether a column that stays while its type is made anew has to be changed to the new one.
pub fn is_left_behind(column: &Id, needed: &Id, fates: &Fates, from: &Catalog, to: &Catalog) -> bool {
    column.kind == Kind::Column
        && can(needed.kind)
        && fates.get(needed).is_some_and(Fate::goes)
        && needs_successor(column, needed, from, to)
}

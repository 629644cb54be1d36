//! Base types, and their shells.

use super::{Alter, Cx, aside, literal};
use crate::catalog::{BaseType, Id, Kind, Object};
use crate::diff::compare::Fate;
use crate::diff::step::Step;

/// What stands for the shell among an id's parts.
const SHELL: &str = "shell";

pub(super) fn create(it: &BaseType, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    if it.shell {
        // What never became a type is the shell already.
        let is_there =
            cx.id.part == SHELL && waiting(cx).is_some_and(|whole| !cx.fates.get(&whole).is_some_and(Fate::goes));
        return if is_there { Vec::new() } else { vec![Step::create(cx.id, format!("create type {name}"))] };
    }
    vec![Step::create(cx.id, definition(it, &name))]
}

/// What stands there under the name of a type and never became one.
fn waiting(cx: &Cx<'_>) -> Option<Id> {
    let whole = cx.id.beside(Kind::BaseType, "");
    let is_shell = matches!(cx.from.get(&whole).map(|it| &it.object), Some(Object::BaseType(it)) if it.shell);
    is_shell.then_some(whole)
}

fn definition(it: &BaseType, name: &str) -> String {
    let mut parts = vec![format!("input = {}", it.input), format!("output = {}", it.output)];
    parts.extend(settings(it).into_iter().filter_map(|(name, value)| Some(format!("{name} = {}", value?))));
    if let Some(analyze) = &it.analyze {
        parts.push(format!("analyze = {analyze}"));
    }
    if let Some(subscript) = &it.subscript {
        parts.push(format!("subscript = {subscript}"));
    }
    let length = if it.length < 0 { "variable".to_owned() } else { it.length.to_string() };
    parts.push(format!("internallength = {length}"));
    if it.by_value {
        parts.push("passedbyvalue".to_owned());
    }
    parts.push(format!("alignment = {}", it.alignment));
    parts.push(format!("storage = {}", it.storage));
    parts.push(format!("category = {}", literal(&it.category)));
    if it.preferred {
        parts.push("preferred = true".to_owned());
    }
    if let Some(default) = &it.default {
        parts.push(format!("default = {}", literal(default)));
    }
    if let Some(element) = &it.element {
        parts.push(format!("element = {element}"));
    }
    parts.push(format!("delimiter = {}", literal(&it.delimiter)));
    if it.collatable {
        parts.push("collatable = true".to_owned());
    }
    format!("create type {name} (\n    {}\n)", parts.join(",\n    "))
}

/// The functions that `alter type … set` can change too.
fn settings(it: &BaseType) -> [(&'static str, Option<&str>); 4] {
    [
        ("receive", it.receive.as_deref()),
        ("send", it.send.as_deref()),
        ("typmod_in", it.typmod_in.as_deref()),
        ("typmod_out", it.typmod_out.as_deref()),
    ]
}

pub(super) fn drop(it: &BaseType, cx: &Cx<'_>) -> Vec<Step> {
    if cx.id.part == SHELL {
        // It is the type itself.
        return Vec::new();
    }
    if it.shell {
        return vec![Step::drop(cx.id, format!("drop type {}", cx.id.address()))];
    }
    aside::drop(cx)
}

pub(super) fn alter(old: &BaseType, new: &BaseType, cx: &Cx<'_>) -> Alter {
    // A shell becomes the type; only its owner can make it so.
    let is_own = || cx.from.get(cx.id).is_some_and(|it| it.owner == cx.from.user);
    if old.shell && !new.shell && is_own() {
        return vec![Step::alter(cx.id, definition(new, &cx.id.address()))].into();
    }
    let same = BaseType {
        receive: old.receive.clone(),
        send: old.send.clone(),
        typmod_in: old.typmod_in.clone(),
        typmod_out: old.typmod_out.clone(),
        analyze: old.analyze.clone(),
        subscript: old.subscript.clone(),
        storage: old.storage.clone(),
        ..new.clone()
    };
    // A type stored in place stays so: <https://www.postgresql.org/docs/18/sql-altertype.html>.
    if same != *old || old.storage != new.storage && [&old.storage, &new.storage].iter().any(|it| *it == "plain") {
        return Alter::recreate();
    }
    if cx.id.part == SHELL {
        return Alter::default();
    }
    let mut changes = Vec::new();
    let mut set = |name: &str, before: Option<&str>, now: Option<&str>| {
        if before != now {
            changes.push(format!("{name} = {}", now.unwrap_or("none")));
        }
    };
    for ((name, before), (_, now)) in settings(old).into_iter().zip(settings(new)) {
        set(name, before, now);
    }
    set("analyze", old.analyze.as_deref(), new.analyze.as_deref());
    set("subscript", old.subscript.as_deref(), new.subscript.as_deref());
    set("storage", Some(&old.storage), Some(&new.storage));
    vec![Step::alter(cx.id, format!("alter type {} set ({})", cx.id.address(), changes.join(", ")))].into()
}

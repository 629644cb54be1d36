//! Procedures.

use super::routine::{arguments, body, is_replaceable, settings, transforms, widened};
use super::{Alter, Cx, plain_drop};
use crate::catalog::{ArgumentMode, Kind, Object, Procedure};
use crate::diff::step::Step;
use crate::text::bare_ident;

fn statement(word: &str, it: &Procedure, cx: &Cx<'_>) -> String {
    let mut lines = vec![
        format!("{word} procedure {}{}", cx.id.qualified(), arguments(&it.arguments)),
        format!("language {}", bare_ident(&it.language)),
    ];
    lines.extend(transforms(&it.transforms));
    if it.security_definer {
        lines.push("security definer".to_owned());
    }
    lines.extend(settings(&it.settings));
    lines.push(body(&it.body));
    lines.join("\n")
}

/// How statements name an object; a procedure that shares its name with modes. Types alone may be all the arguments of one
/// procedure and those that another takes, which PostgreSQL then finds ambiguous.
pub(super) fn address(cx: &Cx<'_>) -> String {
    let Object::Procedure(it) = &cx.entry.object else { return cx.id.address() };
    let mut others = [cx.from, cx.to].into_iter().flat_map(|state| state.parts(cx.id, Kind::Procedure));
    if !others.any(|(id, _)| id != cx.id) {
        return cx.id.address();
    }
    let inputs = it.arguments.iter().filter(|it| it.is_input()).map(|it| {
        let mode = match it.mode {
            ArgumentMode::InOut => "inout",
            ArgumentMode::Variadic => "variadic",
            _ => "in",
        };
        format!("{mode} {}", it.data_type)
    });
    format!("{}({})", cx.id.qualified(), inputs.collect::<Vec<_>>().join(", "))
}

pub(super) fn create(it: &Procedure, cx: &Cx<'_>) -> Vec<Step> {
    let had = match cx.from.get(cx.id).map(|entry| &entry.object) {
        Some(Object::Procedure(before)) => Some(before.security_definer),
        _ => None,
    };
    vec![widened(Step::create(cx.id, statement("create", it, cx)), it.security_definer, had, cx)]
}

pub(super) fn drop(_: &Procedure, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(old: &Procedure, new: &Procedure, cx: &Cx<'_>) -> Alter {
    if !is_replaceable(&old.arguments, &new.arguments, 1) {
        return Alter::recreate();
    }
    let step = Step::alter(cx.id, statement("create or replace", new, cx));
    Alter::in_place(vec![widened(step, new.security_definer, Some(old.security_definer), cx)])
}

//! Functions.

use super::routine::{arguments, body, is_replaceable, settings, transforms, widened};
use super::{Alter, Cx, plain_drop};
use crate::catalog::{Function, Object, Parallel, Volatility};
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

fn statement(word: &str, it: &Function, cx: &Cx<'_>) -> String {
    let mut lines = vec![
        format!("{word} function {}{}", cx.id.qualified(), arguments(&it.arguments)),
        format!("returns {}", it.returns),
        format!("language {}", bare_ident(&it.language)),
    ];
    lines.extend(transforms(&it.transforms));
    let mut words: Vec<String> = Vec::new();
    if it.window {
        words.push("window".to_owned());
    }
    match it.volatility {
        Volatility::Immutable => words.push("immutable".to_owned()),
        Volatility::Stable => words.push("stable".to_owned()),
        Volatility::Volatile => {}
    }
    for (is_said, word) in
        [(it.leakproof, "leakproof"), (it.strict, "strict"), (it.security_definer, "security definer")]
    {
        if is_said {
            words.push(word.to_owned());
        }
    }
    if it.parallel != Parallel::Unsafe {
        words.push(format!("parallel {}", it.parallel.sql()));
    }
    words.extend(it.cost.iter().map(|cost| format!("cost {cost}")));
    words.extend(it.rows.iter().map(|rows| format!("rows {rows}")));
    words.extend(it.support.iter().map(|support| format!("support {support}")));
    if !words.is_empty() {
        lines.push(words.join(" "));
    }
    lines.extend(settings(&it.settings));
    lines.push(body(&it.body));
    lines.join("\n")
}

pub(super) fn create(it: &Function, cx: &Cx<'_>) -> Vec<Step> {
    let before = match cx.from.get(cx.id).map(|entry| &entry.object) {
        Some(Object::Function(before)) => Some(before),
        _ => None,
    };
    vec![changed(Step::create(cx.id, statement("create", it, cx)), before, it, cx)]
}

pub(super) fn drop(_: &Function, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(old: &Function, new: &Function, cx: &Cx<'_>) -> Alter {
    let is_same_kind = (&old.returns, old.window) == (&new.returns, new.window);
    if !is_same_kind || !is_replaceable(&old.arguments, &new.arguments, 2) {
        return Alter::recreate();
    }
    let step = Step::alter(cx.id, statement("create or replace", new, cx));
    Alter::in_place(vec![changed(step, Some(old), new, cx)])
}

/// Says who may do or see more.
fn changed(step: Step, before: Option<&Function>, now: &Function, cx: &Cx<'_>) -> Step {
    // No statement calls what only a trigger may.
    let is_called = !matches!(now.returns.as_str(), "trigger" | "event_trigger");
    let is_definer = now.security_definer && (is_called || before.is_some());
    let step = widened(step, is_definer, before.map(|it| it.security_definer), cx);
    if !now.leakproof || before.is_some_and(|it| it.leakproof) {
        return step;
    }
    let text = format!("{} is given values of rows before policies and security barriers have hidden them", cx.id);
    step.hazard(HazardKind::PermissionWidened, text)
}

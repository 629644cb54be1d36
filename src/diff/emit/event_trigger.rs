//! Event triggers.

use super::{Alter, Cx, literal, plain_drop};
use crate::catalog::{Enabled, EventTrigger};
use crate::diff::step::Step;
use crate::text::bare_ident;

fn enable(it: &EventTrigger, cx: &Cx<'_>) -> Step {
    Step::alter(cx.id, format!("alter event trigger {} {}", cx.id.address(), it.enabled.sql()))
}

pub(super) fn create(it: &EventTrigger, cx: &Cx<'_>) -> Vec<Step> {
    let mut sql = format!("create event trigger {} on {}", cx.id.address(), bare_ident(&it.event));
    if !it.tags.is_empty() {
        let tags: Vec<String> = it.tags.iter().map(|tag| literal(tag)).collect();
        sql.push_str(&format!("\nwhen tag in ({})", tags.join(", ")));
    }
    sql.push_str(&format!("\nexecute function {}()", it.function));
    let mut steps = vec![Step::create(cx.id, sql)];
    if it.enabled != Enabled::Origin {
        steps.push(enable(it, cx));
    }
    steps
}

pub(super) fn drop(_: &EventTrigger, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(old: &EventTrigger, new: &EventTrigger, cx: &Cx<'_>) -> Alter {
    let fires = |it: &EventTrigger| EventTrigger { enabled: Enabled::Origin, ..it.clone() };
    if fires(old) == fires(new) { Alter::in_place(vec![enable(new, cx)]) } else { Alter::recreate() }
}

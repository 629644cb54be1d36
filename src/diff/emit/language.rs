//! Procedural languages.

use super::{Alter, Cx, plain_drop};
use crate::catalog::Language;
use crate::diff::step::Step;
use crate::risk::HazardKind;

fn statement(word: &str, it: &Language, cx: &Cx<'_>) -> String {
    let trusted = if it.trusted { "trusted " } else { "" };
    let mut sql = format!("{word} {trusted}language {} handler {}", cx.id.address(), it.handler);
    if let Some(inline) = &it.inline {
        sql.push_str(&format!(" inline {inline}"));
    }
    if let Some(validator) = &it.validator {
        sql.push_str(&format!(" validator {validator}"));
    }
    sql
}

pub(super) fn create(it: &Language, cx: &Cx<'_>) -> Vec<Step> {
    vec![Step::create(cx.id, statement("create", it, cx))]
}

pub(super) fn drop(_: &Language, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(old: &Language, new: &Language, cx: &Cx<'_>) -> Alter {
    // Nobody can be given privileges on a language that is not trusted.
    if !new.trusted && cx.from.get(cx.id).is_some_and(|before| before.acl != cx.entry.acl) {
        return Alter::recreate();
    }
    let step = Step::alter(cx.id, statement("create or replace", new, cx));
    Alter::in_place(vec![if new.trusted && !old.trusted {
        step.hazard(HazardKind::PermissionWidened, format!("everybody who may use {} may write functions in it", cx.id))
    } else {
        step
    }])
}

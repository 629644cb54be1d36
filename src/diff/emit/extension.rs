//! Extensions.

use super::{Alter, Cx, literal, plain_drop};
use crate::catalog::Extension;
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

pub(super) fn create(it: &Extension, cx: &Cx<'_>) -> Vec<Step> {
    let version = it.version.as_ref().map_or_else(String::new, |version| format!(" version {}", literal(version)));
    let sql = format!("create extension {} with schema {}{version}", cx.id.address(), bare_ident(&it.schema));
    vec![Step::create(cx.id, sql)]
}

pub(super) fn drop(_: &Extension, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx).hazard(HazardKind::DataLoss, format!("what the tables of {} hold is lost", cx.id))]
}

pub(super) fn alter(old: &Extension, new: &Extension, cx: &Cx<'_>) -> Alter {
    if old.schema != new.schema && !old.relocatable {
        return Alter::recreate();
    }
    let name = cx.id.address();
    let mut steps = Vec::new();
    if old.schema != new.schema {
        let sql = format!("alter extension {name} set schema {}", bare_ident(&new.schema));
        let text = format!("what names the objects of {name} in texts, such as function bodies, no longer finds them");
        steps.push(Step::alter(cx.id, sql).hazard(HazardKind::Untracked, text));
    }
    if old.version != new.version {
        let to = new.version.as_ref().map_or_else(String::new, |version| format!(" to {}", literal(version)));
        let text = format!("{name} changes by a script of its own, which may not exist between these versions");
        steps.push(Step::alter(cx.id, format!("alter extension {name} update{to}")).hazard(HazardKind::MayFail, text));
    }
    Alter::in_place(steps)
}

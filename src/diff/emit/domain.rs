//! Domains.

use super::constraint::clause;
use super::text::faithful;
use super::{Alter, Cx, aside};
use crate::catalog::{Domain, Kind, Object};
use crate::diff::step::Step;
use crate::risk::HazardKind;

pub(super) fn create(it: &Domain, cx: &Cx<'_>) -> Vec<Step> {
    let mut sql = format!("create domain {} as {}", cx.id.address(), it.data_type);
    if let Some(collation) = &it.collation {
        sql.push_str(&format!(" collate {collation}"));
    }
    if let Some(default) = &it.default {
        sql.push_str(&format!(" default {}", faithful(default)));
    }
    if it.not_null {
        sql.push_str(" not null");
    }
    for (id, entry) in cx.to.parts(cx.id, Kind::Constraint) {
        if let Object::Constraint(constraint) = &entry.object
            && constraint.is_inline(false)
            && !cx.apart.contains(id)
        {
            sql.push_str(&format!("\n    {}", clause(&id.part, constraint)));
        }
    }
    vec![Step::create(cx.id, sql)]
}

pub(super) fn drop(_: &Domain, cx: &Cx<'_>) -> Vec<Step> {
    aside::drop(cx)
}

pub(super) fn alter(old: &Domain, new: &Domain, cx: &Cx<'_>) -> Alter {
    if (&old.data_type, &old.collation) != (&new.data_type, &new.collation) {
        return Alter::recreate();
    }
    let name = cx.id.address();
    let mut steps = Vec::new();
    if old.default != new.default {
        let what = new
            .default
            .as_ref()
            .map_or_else(|| "drop default".to_owned(), |it| format!("set default {}", faithful(it)));
        steps.push(Step::alter(cx.id, format!("alter domain {name} {what}")));
    }
    if old.not_null != new.not_null {
        let word = if new.not_null { "set" } else { "drop" };
        let step = Step::alter(cx.id, format!("alter domain {name} {word} not null"));
        steps.push(if new.not_null {
            step.hazard(HazardKind::MayFail, format!("fails where a column of {name} is null"))
                .hazard(HazardKind::LongScan, format!("reads all tables with a column of {name}"))
        } else {
            step
        });
    }
    Alter::in_place(steps)
}

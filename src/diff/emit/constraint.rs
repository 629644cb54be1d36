//! Constraints.

use super::options::storage;
use super::text::{faithful, same as same_text};
use super::{Alter, Cx};
use crate::catalog::{Constraint, ConstraintType, Kind};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

/// `constraint name definition`, as it stands in `create table` and behind `add`.
pub(super) fn clause(name: &str, it: &Constraint) -> String {
    let mut text = format!("constraint {} {}", bare_ident(name), faithful(&it.definition));
    if !it.options.is_empty() || it.tablespace.is_some() {
        // Both stand before `deferrable`.
        let mut index = String::new();
        if !it.options.is_empty() {
            index.push_str(&format!(" with ({})", storage(&it.options)));
        }
        if let Some(tablespace) = &it.tablespace {
            index.push_str(&format!(" using index tablespace {}", bare_ident(tablespace)));
        }
        let at = text.find(" DEFERRABLE").unwrap_or(text.len());
        text.insert_str(at, &index);
    }
    text
}

fn owner(it: &Constraint, cx: &Cx<'_>) -> String {
    if it.of_domain {
        return format!("domain {}", cx.id.qualified());
    }
    let foreign = cx.id.beside(Kind::ForeignTable, "");
    let kind = if cx.to.entries.contains_key(&foreign) || cx.from.entries.contains_key(&foreign) {
        "foreign table"
    } else {
        "table"
    };
    format!("{kind} {}", cx.id.qualified())
}

pub(super) fn create(it: &Constraint, cx: &Cx<'_>) -> Vec<Step> {
    if !it.local || it.of_parent {
        // It comes with the parent's.
        return Vec::new();
    }
    let table = cx.id.qualified();
    let step = Step::create(cx.id, format!("alter {} add {}", owner(it, cx), clause(&cx.id.part, it)));
    let new = !cx.from.entries.contains_key(&cx.id.beside(Kind::Table, ""));
    if new || it.of_domain {
        return vec![step];
    }
    let step = match it.what {
        ConstraintType::Foreign => step.lock(LockMode::ShareRowExclusive, &table),
        _ => step.lock(LockMode::AccessExclusive, &table),
    };
    if !it.validated {
        return vec![step];
    }
    let step = step.hazard(HazardKind::MayFail, format!("fails where rows of {table} do not fit {}", cx.id.part));
    vec![step.hazard(HazardKind::LongScan, format!("reads all of {table}"))]
}

pub(super) fn drop(it: &Constraint, cx: &Cx<'_>) -> Vec<Step> {
    if !it.local || it.of_parent {
        return Vec::new();
    }
    let name = bare_ident(&cx.id.part);
    vec![
        Step::drop(cx.id, format!("alter {} drop constraint {name}", owner(it, cx)))
            .lock(LockMode::AccessExclusive, &cx.id.qualified()),
    ]
}

pub(super) fn alter(old: &Constraint, new: &Constraint, cx: &Cx<'_>) -> Alter {
    let name = bare_ident(&cx.id.part);
    let plain = |it: &Constraint| {
        let mut text = it.definition.clone();
        for word in [" NOT VALID", " DEFERRABLE", " INITIALLY DEFERRED"] {
            text = text.replace(word, "");
        }
        text
    };
    let same = Constraint {
        definition: old.definition.clone(),
        validated: old.validated,
        deferrable: old.deferrable,
        deferred: old.deferred,
        ..new.clone()
    };
    if !same_text(&plain(old), &plain(new)) || same != *old || old.validated && !new.validated {
        return Alter::recreate();
    }
    let mut steps = Vec::new();
    if (old.deferrable, old.deferred) != (new.deferrable, new.deferred) {
        if new.what != ConstraintType::Foreign {
            return Alter::recreate();
        }
        let when = match (new.deferrable, new.deferred) {
            (_, true) => "deferrable initially deferred",
            (true, false) => "deferrable initially immediate",
            (false, false) => "not deferrable",
        };
        steps.push(Step::alter(cx.id, format!("alter {} alter constraint {name} {when}", owner(new, cx))));
    }
    if !old.validated && new.validated {
        steps.push(
            Step::alter(cx.id, format!("alter {} validate constraint {name}", owner(new, cx)))
                .hazard(HazardKind::MayFail, format!("fails where rows of {} do not fit {name}", cx.id.qualified()))
                .hazard(
                    HazardKind::LongScan,
                    format!("reads all of {}, while others read and write", cx.id.qualified()),
                ),
        );
    }
    Alter::in_place(steps)
}

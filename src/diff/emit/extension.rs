//! Extensions.

use super::{Alter, Cx, literal, plain_drop};
use crate::catalog::Extension;
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// A platform has some from the beginning, and what is dumped is to load there too.
pub(super) fn create(it: &Extension, cx: &Cx<'_>) -> Vec<Step> {
    let version = it.version.as_ref().map_or_else(String::new, |version| format!(" version {}", literal(version)));
    let sql =
        format!("create extension if not exists {} with schema {}{version}", cx.id.address(), bare_ident(&it.schema));
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
    // Extensions have scripts that lead upwards. What is older is left: it would have to be dropped with all that needs it.
    if old.version != new.version && new.version.as_ref().is_none_or(|new| is_newer(new, old.version.as_deref())) {
        let to = new.version.as_ref().map_or_else(String::new, |version| format!(" to {}", literal(version)));
        let text = format!("{name} changes by a script of its own, which may not exist between these versions");
        steps.push(Step::alter(cx.id, format!("alter extension {name} update{to}")).hazard(HazardKind::MayFail, text));
    }
    Alter::in_place(steps)
}

/// Whether a version is newer than another, number by number; none is newer than the one that the server chooses.
fn is_newer(version: &str, than: Option<&str>) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
    };
    than.is_some_and(|than| numbers(version) > numbers(than))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_their_numbers() {
        assert!(is_newer("1.10", Some("1.9")));
        assert!(!is_newer("1.3", Some("1.3.1")));
        assert!(!is_newer("1.3", None));
    }
}

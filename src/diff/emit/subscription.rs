//! Subscriptions. No statement reaches for the publisher: it may be out of reach, and what it keeps is not the schema.

use super::{Alter, Cx, literal, plain_drop};
use crate::catalog::{Options, Subscription};
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// What PostgreSQL chooses, for options that are set back.
const PRESETS: [(&str, &str); 9] = [
    ("binary", "false"),
    ("streaming", "off"),
    ("synchronous_commit", "off"),
    ("disable_on_error", "false"),
    ("password_required", "true"),
    ("run_as_owner", "false"),
    ("origin", "any"),
    ("two_phase", "false"),
    ("failover", "false"),
];

fn preset(name: &str, version: u32) -> &'static str {
    if name == "streaming" && version >= 18 {
        return "parallel";
    }
    PRESETS.iter().find(|(known, _)| *known == name).map_or("false", |(_, value)| *value)
}

fn publications(it: &Subscription) -> String {
    it.publications.iter().map(|name| bare_ident(name)).collect::<Vec<_>>().join(", ")
}

fn slot(it: &Subscription) -> String {
    it.slot.as_ref().map_or_else(|| "slot_name = none".to_owned(), |slot| format!("slot_name = {}", literal(slot)))
}

fn without_secret(step: Step, it: &Subscription, cx: &Cx<'_>) -> Step {
    if it.redacted {
        step.hazard(HazardKind::MayFail, format!("the connection of {} is written without its secrets", cx.id))
    } else {
        step
    }
}

pub(super) fn create(it: &Subscription, cx: &Cx<'_>) -> Vec<Step> {
    let mut options = vec!["connect = false".to_owned(), slot(it)];
    options.extend(it.options.iter().map(|(name, value)| format!("{name} = {}", literal(value))));
    let sql = format!(
        "create subscription {} connection {}\npublication {}\nwith ({})",
        cx.id.address(),
        literal(it.connection.as_deref().unwrap_or_default()),
        publications(it),
        options.join(", ")
    );
    let text = format!("{} is there, but gets nothing until it is enabled and refreshed", cx.id);
    let step = Step::create(cx.id, sql).hazard(HazardKind::Untracked, text);
    vec![without_secret(step, it, cx)]
}

pub(super) fn drop(it: &Subscription, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    let mut steps = Vec::new();
    if let Some(slot) = &it.slot {
        steps.push(Step::alter(cx.id, format!("alter subscription {name} disable")));
        steps.push(
            Step::alter(cx.id, format!("alter subscription {name} set (slot_name = none)"))
                .hazard(HazardKind::Untracked, format!("slot `{slot}` stays on the publisher and keeps its log")),
        );
    }
    steps.push(plain_drop(cx).hazard(HazardKind::DataLoss, format!("how far {} has come is lost", cx.id)));
    steps
}

/// What `set (…)` has to name; an option that is not there has its preset.
fn changes(old: &Options, new: &Options, version: u32) -> Vec<(String, String)> {
    let value = |options: &Options, name: &str| {
        options
            .iter()
            .find(|(known, _)| known == name)
            .map_or_else(|| preset(name, version).to_owned(), |(_, value)| value.clone())
    };
    let mut names: Vec<&String> = old.iter().chain(new).map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter(|name| value(old, name) != value(new, name))
        .map(|name| (name.clone(), value(new, name)))
        .collect()
}

pub(super) fn alter(old: &Subscription, new: &Subscription, cx: &Cx<'_>) -> Alter {
    let changes = changes(&old.options, &new.options, cx.from.version);
    // These need the publisher's consent, or cannot change at all.
    if changes.iter().any(|(name, _)| name == "two_phase" || name == "failover") {
        return Alter::recreate();
    }
    let name = cx.id.address();
    let alter = |what: String| Step::alter(cx.id, format!("alter subscription {name} {what}"));
    let mut steps = Vec::new();
    if old.connection != new.connection
        && let Some(connection) = &new.connection
    {
        let step = alter(format!("connection {}", literal(connection)));
        steps.push(without_secret(step, new, cx));
    }
    if old.publications != new.publications {
        steps.push(
            alter(format!("set publication {} with (refresh = false)", publications(new)))
                .hazard(HazardKind::Untracked, format!("{} knows new tables only when it is refreshed", cx.id)),
        );
    }
    if old.slot != new.slot {
        if new.slot.is_none() {
            steps.push(alter("disable".to_owned()));
        }
        steps.push(alter(format!("set ({})", slot(new))));
    }
    if !changes.is_empty() {
        let list: Vec<String> = changes.iter().map(|(name, value)| format!("{name} = {}", literal(value))).collect();
        steps.push(alter(format!("set ({})", list.join(", "))));
    }
    Alter::in_place(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_that_is_gone_is_set_to_what_postgresql_chooses() {
        let list = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let (old, new): (Options, Options) =
            (list(&[("streaming", "on"), ("binary", "true")]), list(&[("binary", "true")]));
        assert_eq!(changes(&old, &new, 15), list(&[("streaming", "off")]));
        assert_eq!(changes(&old, &new, 18), list(&[("streaming", "parallel")]));
    }
}

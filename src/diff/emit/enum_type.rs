//! Enum types.

use super::{Alter, Cx, aside, literal};
use crate::catalog::Enum;
use crate::diff::step::Step;

pub(super) fn create(it: &Enum, cx: &Cx<'_>) -> Vec<Step> {
    let labels: Vec<String> = it.labels.iter().map(|label| literal(label)).collect();
    vec![Step::create(cx.id, format!("create type {} as enum ({})", cx.id.address(), labels.join(", ")))]
}

pub(super) fn drop(_: &Enum, cx: &Cx<'_>) -> Vec<Step> {
    aside::drop(cx)
}

pub(super) fn alter(old: &Enum, new: &Enum, cx: &Cx<'_>) -> Alter {
    let stays = new.labels.iter().filter(|label| old.labels.contains(label));
    if !stays.eq(&old.labels) {
        // No statement takes a value away or moves it.
        return Alter::recreate();
    }
    let mut steps = Vec::new();
    for (at, label) in new.labels.iter().enumerate().filter(|(_, label)| !old.labels.contains(label)) {
        let is_last = new.labels[at..].iter().all(|label| !old.labels.contains(label));
        let place = match at.checked_sub(1).map(|before| &new.labels[before]) {
            _ if is_last => String::new(),
            Some(before) => format!(" after {}", literal(before)),
            None => old.labels.first().map_or_else(String::new, |first| format!(" before {}", literal(first))),
        };
        let mut step =
            Step::alter(cx.id, format!("alter type {} add value {}{place}", cx.id.address(), literal(label)));
        step.commit_before_use = true;
        steps.push(step);
    }
    Alter::in_place(steps)
}

/// Keeps the mark of values that have to be committed before their use only where a later statement uses them.
pub fn needed_commits(steps: &mut [Step]) {
    for at in 0..steps.len() {
        if !steps[at].commit_before_use {
            continue;
        }
        let sql = &steps[at].sql;
        let Some((_, rest)) = sql.split_once(" add value ") else { continue };
        let end = [" after ", " before "].iter().filter_map(|word| rest.rfind(word)).max().unwrap_or(rest.len());
        let label = rest[..end].to_owned();
        // A value that stands behind the new one only names it.
        let is_use = |step: &Step| !step.sql.contains(" add value ") && step.sql.contains(&label);
        let is_used = steps[at + 1..].iter().any(is_use);
        steps[at].commit_before_use = is_used;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Id, Kind};

    #[test]
    fn a_new_value_is_committed_only_where_it_is_used() {
        let id = Id::new(Kind::Enum, "public", "e");
        let mut add = Step::alter(&id, "alter type public.e add value 'b' before 'c'");
        add.commit_before_use = true;
        let mut unused = vec![add.clone(), Step::alter(&id, "alter type public.e add value 'd' after 'b'")];
        needed_commits(&mut unused);
        assert!(!unused[0].commit_before_use);
        let mut used = vec![add, Step::alter(&id, "alter table public.t alter column x set default 'b'::public.e")];
        needed_commits(&mut used);
        assert!(used[0].commit_before_use);
    }
}

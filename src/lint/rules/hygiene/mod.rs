//! Files, names and the way back.

pub(in crate::lint) mod ignore_without_reason;
pub(in crate::lint) mod unknown_ignore_rule;
pub(in crate::lint) mod unused_ignore;

use crate::lint::Rule;

/// The rules of this group, sorted by id.
pub(super) static RULES: &[&Rule] = &[&ignore_without_reason::RULE, &unknown_ignore_rule::RULE, &unused_ignore::RULE];

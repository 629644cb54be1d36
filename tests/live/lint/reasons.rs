//! What is known not to run, and why.

/// Rules whose bad examples fail on the server, which is what they say: with PostgreSQL's codes.
pub(super) const FAIL: &[(&str, &[&str])] = &[];

/// Examples that cannot be tried here: the rule, a part of the example, and the reason.
pub(super) const NOT_TRIED: &[(&str, &str, &str)] = &[];

/// Rules whose fixes are meant to leave another schema, and what differs.
pub(super) const MEANT: &[(&str, &str)] = &[];

/// Idempotency rules whose bad examples do not fail the second time, and what is wrong with them.
pub(super) const QUIET: &[(&str, &str)] = &[];

/// Why an example is not tried, where it is not.
pub(super) fn not_tried(rule: &str, example: &str) -> Option<&'static str> {
    NOT_TRIED.iter().find(|(id, part, _)| *id == rule && example.contains(part)).map(|(.., why)| *why)
}

/// The codes with which a rule's bad examples fail.
pub(super) fn failures(rule: &str) -> &'static [&'static str] {
    FAIL.iter().find(|(id, _)| *id == rule).map_or(&[], |(_, codes)| codes)
}

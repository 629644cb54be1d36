//! `idempotent-subscription`: a subscription that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-subscription",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create subscription` that nothing guards",
    effect: "a second run stops with 42710 (subscription already exists)",
    remedy: "ask `pg_subscription` first; one that makes its slot cannot run in a DO block, so leave it to a script of its own",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createsubscription.html"],
    bad: &["create subscription changes connection 'dbname=elsewhere' publication changes with (connect = false);"],
    good: &[
        "do $$ begin\n  create subscription changes connection 'dbname=elsewhere' publication changes with (connect = false);\nexception when duplicate_object then null;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let advice = create::Remedy::Advice("ask `pg_subscription` for it before this migration runs");
    let text = cx.text(cx.stmt().span).to_lowercase();
    // One that makes a slot on the other server cannot run in a block.
    let is_local = ["connect = false", "connect=false", "create_slot = false", "create_slot=false"];
    let remedy = if is_local.iter().any(|it| text.contains(it)) { create::Remedy::Catch } else { advice };
    create::check(cx, out, &[ObjectKind::Subscription], remedy);
}

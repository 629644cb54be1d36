//! `rename-schema`: a schema that was there before this migration is renamed.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use super::gone::is_made_later;
use crate::lint::schema::QName;
use crate::sql::ast::{ObjectAction, ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "rename-schema",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a schema that was there before this migration is renamed",
    effect: "every name with the old schema in it fails at once: in programs, in search paths, and in the bodies of functions, which PostgreSQL does not rewrite",
    remedy: "make a new schema and move programs over; views in the old one keep it alive",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-alterschema.html"],
    bad: &["create schema sales;\n-- then\nalter schema sales rename to shop;\n"],
    good: &["create schema sales;\nalter schema sales rename to shop;\n"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterObject(alter) = &cx.stmt().kind else { return };
    let (ObjectKind::Schema, ObjectAction::Rename(to), Some(name)) = (alter.kind, &alter.action, &alter.name) else {
        return;
    };
    let is_new = cx.schema.schemas.get(name.object()).is_some_and(|place| place.is_in(cx.file.id));
    if is_new || is_made_later(cx, &QName::new("", name.object())) {
        return;
    }
    out.push(
        cx.finding(
            to.span,
            format!("renames schema `{name}`: every name with it in programs and functions fails at once"),
        )
        .label("the new name")
        .about(name.to_string())
        .help(format!(
            "create the new schema beside it, and leave views in `{name}` until no released program names it"
        )),
    );
}

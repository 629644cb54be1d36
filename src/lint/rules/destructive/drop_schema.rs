//! `drop-schema`: a schema that was there before this migration is dropped.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use super::gone::is_first_guard;
use crate::lint::schema::QName;
use crate::sql::ast::{ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-schema",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a schema that was there before this migration is dropped",
    effect: "with `cascade` every table in it goes with all rows; programs that have it in their search path or in a name fail",
    remedy: "drop the objects in it by name, when nothing uses them, and the empty schema last",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropschema.html"],
    bad: &[
        "create schema sales;\ncreate table sales.orders (id int);\n-- then\ndrop schema sales cascade;\n",
        "create schema sales;\n-- then\ndrop schema if exists sales;\n",
    ],
    good: &[
        "create schema scratch;\ndrop schema scratch cascade;\n",
        "drop schema if exists scratch cascade;\ncreate schema scratch;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Drop(drop) = &cx.stmt().kind else { return };
    if drop.kind != ObjectKind::Schema {
        return;
    }
    for written in &drop.names {
        let name = QName::new("", written.object());
        let place = cx.schema.schemas.get(&name.name);
        if place.is_some_and(|place| place.is_in(cx.file.id)) || is_first_guard(cx, drop, &name) {
            continue;
        }
        let tables = cx.schema.tables.keys().filter(|table| table.schema == name.name).count();
        let cost = match (drop.cascade, tables) {
            (true, 0) => " with all that is in it".to_owned(),
            (true, 1) => " with a table and its rows".to_owned(),
            (true, _) => format!(" with {tables} tables and all their rows"),
            (false, _) => String::new(),
        };
        out.push(
            cx.finding(written.span, format!("drops schema `{written}`{cost}"))
                .label("gone for everybody who names it")
                .about(written.to_string())
                .help(
                    "drop what is in it by name, when nothing uses it any more, and then the schema without `cascade`",
                ),
        );
    }
}

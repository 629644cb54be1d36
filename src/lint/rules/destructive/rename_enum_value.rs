//! `rename-enum-value`: a value of an enum that was there before this migration is renamed.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use crate::sql::ast::StmtKind;
use crate::text::quote_literal;

pub(super) static RULE: Rule = Rule {
    id: "rename-enum-value",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a value of an enum that was there before this migration is renamed",
    effect: "programs that write or compare the old value fail with `invalid input value for enum`, and those that read meet a value they do not know",
    remedy: "add the new value, move the rows over, and let the old one be",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertype.html"],
    bad: &[
        "create type public.mood as enum ('sad', 'glad');\n-- then\nalter type public.mood rename value 'sad' to 'low';\n",
    ],
    good: &[
        "create type public.mood as enum ('sad', 'glad');\nalter type public.mood rename value 'sad' to 'low';\n",
        "create type public.mood as enum ('sad', 'glad');\n-- then\nalter type public.mood add value if not exists 'low';\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterEnum(alter) = &cx.stmt().kind else { return };
    let Some(from) = &alter.renamed_from else { return };
    let name = cx.resolve(&alter.name);
    if cx.schema.types.get(&name).is_some_and(|it| it.created.is_in(cx.file.id)) {
        return;
    }
    out.push(
        cx.finding(
            alter.value_span,
            format!("renames value `{from}` of `{name}`: programs that write the old one fail at once"),
        )
        .label("the new value")
        .object(&name)
        .help(format!(
            "add it beside the old one: `alter type {name} add value if not exists {}`",
            quote_literal(&alter.value)
        )),
    );
}

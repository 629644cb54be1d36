//! `enum-create`: an enum type is created.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use crate::sql::ast::{StmtKind, TypeDefinition};
use crate::text::{bare_ident, quote_literal};

pub(super) static RULE: Rule = Rule {
    id: "enum-create",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: true,
    condition: "an enum type is created",
    effect: "PostgreSQL can add and rename the values of an enum but never drop or reorder them; a new value cannot be used in the transaction that adds it",
    remedy: "use a lookup table with a foreign key, or text with a check constraint",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/datatype-enum.html",
        "https://www.postgresql.org/docs/18/sql-altertype.html",
    ],
    bad: &["create type public.mood as enum ('sad', 'glad');\n"],
    good: &[
        "create table public.moods (mood text primary key);\n",
        "create table public.people (mood text not null check (mood in ('sad', 'glad')));\n",
        "create type public.pair as (a int, b int);\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateType(create) = &cx.stmt().kind else { return };
    let TypeDefinition::Enum(labels) = &create.definition else { return };
    let name = cx.schema.creation(&create.name);
    let values: Vec<String> = labels.iter().map(|(label, _)| quote_literal(label)).collect();
    let column = bare_ident(&name.name);
    out.push(
        cx.finding(create.name.span, format!("enum `{name}`: its values can never be dropped or reordered"))
            .label("an enum")
            .object(&name)
            .help(format!(
                "use text with a check where the column is: `{column} text check ({column} in ({}))`",
                values.join(", ")
            )),
    );
}

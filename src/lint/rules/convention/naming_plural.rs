//! `naming-plural`: tables named in the singular among plurals.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::{Persistence, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "naming-plural",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a table is not named in the plural (or singular, as the option says)",
    effect: "nobody can guess a table's name when some are singular and some plural",
    remedy: "name tables in one form",
    lock: None,
    fix: Fixable::No,
    options: &[RuleOption { name: "form", preset: Preset::Text("plural"), help: "`plural` or `singular`" }],
    sources: &["https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"],
    bad: &[
        "create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;\n-- then\ncreate table public.purchase (\n  id uuid primary key default gen_random_uuid(),\n  created_at timestamptz not null default now(),\n  updated_at timestamptz not null default now(),\n  deleted_at timestamptz\n);\ncomment on table public.purchase is 'What was ordered.';\ncreate trigger touch before update on public.purchase for each row execute function public.touch();",
    ],
    good: &[
        "create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;\n-- then\ncreate table public.purchases (\n  id uuid primary key default gen_random_uuid(),\n  created_at timestamptz not null default now(),\n  updated_at timestamptz not null default now(),\n  deleted_at timestamptz\n);\ncomment on table public.purchases is 'What was ordered.';\ncreate trigger touch before update on public.purchases for each row execute function public.touch();",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let name = match &cx.stmt().kind {
        StmtKind::CreateTable(it) if it.persistence != Persistence::Temporary && it.partition_of.is_none() => &it.name,
        StmtKind::CreateTableAs(it) if it.persistence != Persistence::Temporary => &it.name,
        _ => return,
    };
    let word = name.object().rsplit('_').next().unwrap_or_default();
    let singular = cx.options.text("form") == "singular";
    if SAME.contains(&word) || is_plural(word) != singular {
        return;
    }
    let table = cx.schema.creation(name);
    let (is, wanted) = if singular { ("plural", "singular") } else { ("singular", "plural") };
    out.push(
        cx.finding(name.span, format!("`{table}` is {is}, where the others are {wanted}"))
            .label(format!("not {wanted}"))
            .object(&table)
            .help(format!("name the table in the {wanted}")),
    );
}

/// Words that are both, or neither.
const SAME: &[&str] = &[
    "audit",
    "content",
    "data",
    "equipment",
    "feedback",
    "history",
    "information",
    "inventory",
    "media",
    "metadata",
    "news",
    "series",
    "species",
    "staff",
];

fn is_plural(word: &str) -> bool {
    matches!(word, "people" | "children" | "men" | "women" | "criteria" | "indices")
        || (word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)))
}

//! `updated-at-trigger`: an `updated_at` that nothing updates.

use std::collections::{BTreeMap, BTreeSet};

use super::tables;
use crate::diagnostic::Level;
use crate::lint::schema::{Column, Function, Place, Table};
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::TriggerTiming;
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "updated-at-trigger",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "a table has `updated_at`, but no `before update` trigger that sets it",
    effect: "the column keeps the time of the insert wherever a client, a job or a person in psql forgets to set it",
    remedy: "add a `before update` trigger that sets `new.updated_at`; the extension moddatetime has one",
    lock: None,
    fix: Fixable::Safe,
    options: &[RuleOption { name: "column", preset: Preset::Text("updated_at"), help: "the column" }],
    sources: &[
        "https://www.postgresql.org/docs/18/plpgsql-trigger.html",
        "https://www.postgresql.org/docs/18/contrib-spi.html#CONTRIB-SPI-MODDATETIME",
    ],
    bad: &["\
create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
-- then
create table public.orders (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
comment on table public.orders is 'What was ordered.';
"],
    good: &["\
create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
-- then
create table public.orders (
  id uuid primary key default gen_random_uuid(),
  updated_at timestamptz not null default now()
);
create trigger touch before update on public.orders for each row execute function public.touch();
"],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let mut setters: BTreeMap<String, Option<&Function>> = BTreeMap::new();
    let mut without = Vec::new();
    for table in tables::own(cx) {
        let wanted = tables::options(cx, table.created).text("column");
        let Some(column) = table.column(&wanted) else { continue };
        if column.generated.is_some() || is_set(cx, table, &wanted) {
            continue;
        }
        let setter = *setters.entry(wanted).or_insert_with_key(|column| setter(cx, column));
        without.push((table, column, setter));
    }
    // One function serves all tables of a schema: the first of them makes it.
    let order = |table: &Table| (table.created.file, table.created.span.start);
    without.sort_by_key(|(table, ..)| order(table));
    let mut made: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (table, column, setter) in without {
        let selected = table.created.file.and_then(|file| cx.files.get(file)).is_some_and(|file| file.selected);
        let makes = setter.is_some() || selected && made.insert((&table.name.schema, &column.name));
        report(cx, table, column, setter, makes, out);
    }
}

fn is_set(cx: &ChainCx<'_>, table: &Table, column: &str) -> bool {
    table.triggers.iter().any(|trigger| {
        trigger.timing == TriggerTiming::Before
            && trigger.events.iter().any(|event| event == "update")
            && tables::may_set(cx, &trigger.function, column)
    })
}

fn report(
    cx: &ChainCx<'_>,
    table: &Table,
    column: &Column,
    setter: Option<&Function>,
    makes: bool,
    out: &mut Findings,
) {
    let (name, field) = (&table.name, bare_ident(&column.name));
    let (made, function, trigger) = if let Some(function) = setter {
        (String::new(), function.name.to_string(), bare_ident(&function.name.name).into_owned())
    } else {
        let trigger = bare_ident(&format!("set_{}", column.name)).into_owned();
        let function = format!("{}.{trigger}", bare_ident(&name.schema));
        let body = format!("begin\n  new.{field} := now();\n  return new;\nend");
        let made = format!(
            "\n\ncreate or replace function {function}() returns trigger\nlanguage plpgsql set search_path = '' as $$\n{body}\n$$;"
        );
        (made, function, trigger)
    };
    let sql = format!(
        "create or replace trigger {trigger} before update on {name} for each row execute function {function}();"
    );
    let mut finding = cx
        .finding(
            tables::column_place(table, column),
            format!("`{name}.{field}` keeps the time of the insert: no trigger sets it"),
        )
        .label("no trigger sets it")
        .object(name)
        .touched(tables::weakened(cx.schema, name))
        .help(if made.is_empty() {
            format!("add `{sql}`")
        } else {
            format!("add a trigger function that sets `new.{field}`, and `{sql}`")
        });
    // Dynamic SQL may have made the triggers in a loop.
    if !cx.schema.opaque.is_empty() {
        finding = finding.at_level(Level::Note);
    }
    let earlier = setter.is_none_or(|it| {
        let at = |place: Place| (place.file, place.span.start);
        at(it.created) < at(table.created)
    });
    if earlier
        && makes
        && column.created.file == table.created.file
        && let Some(file) = column.created.file.and_then(|file| cx.files.get(file))
        && let Some(at) = tables::behind(file, column.created.span)
    {
        let edits = vec![Edit::insert(at, format!("{made}\n{sql}"))];
        let title = "add the trigger";
        finding = finding.fix(if made.is_empty() { Fix::safe(title, edits) } else { Fix::unchecked(title, edits) });
    }
    out.push(finding);
}

/// The trigger function of the chain that sets the column.
fn setter<'a>(cx: &ChainCx<'a>, column: &str) -> Option<&'a Function> {
    cx.schema.functions.values().flatten().find(|function| function.returns == "trigger" && sets(cx, function, column))
}

/// Whether a function of the chain sets the column of the row it is called for.
fn sets(cx: &ChainCx<'_>, function: &Function, column: &str) -> bool {
    tables::body(cx.files, function).is_some_and(|text| {
        let text: String = text.to_ascii_lowercase().split_whitespace().collect();
        text.contains(&format!("new.{column}:=")) || text.contains(&format!("new.{column}="))
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::{Config, Profile, RuleConfig, example, mend, rules};

    #[test]
    fn one_function_is_made_for_all_tables() {
        let chain = "create table public.b (id uuid primary key, updated_at timestamptz);\n\
                     create table public.a (id uuid primary key, updated_at timestamptz);\n";
        let mut config = Config { profiles: [Profile::Conventions].into(), ..Config::default() };
        config.only.insert("updated-at-trigger".to_owned());
        let level = rules::find("updated-at-trigger").map(|rule| Some(rule.level));
        config.rules.insert("updated-at-trigger".to_owned(), RuleConfig { level, ..RuleConfig::default() });
        let done = mend::mended(example::inputs(chain), &config, None, true);
        let text = &done.inputs[0].text;
        assert_eq!(text.matches("create or replace function").count(), 1, "{text}");
        assert_eq!(text.matches("create or replace trigger").count(), 2, "{text}");
    }
}

//! `unknown-object`: a statement needs what no migration has made.

use std::collections::BTreeMap;

use super::object::of_words;
use super::wants::{Want, wants};
use crate::diagnostic::Level;
use crate::lint::schema::{Place, QName, Table};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Ident, Name, ObjectKind, RoutineKind};
use crate::text::{Span, bare_ident, did_you_mean};

pub(super) static RULE: Rule = Rule {
    id: "unknown-object",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a table, column, constraint, policy, trigger or function that no migration has created, or that one has dropped",
    effect: "on a database made by these migrations the statement fails (42P01, 42703, 42704, 42883): a name is mistyped, or the \
             migrations are in the wrong order",
    remedy: "correct the name, or create the object first. Rules of this kind are silent after dynamic SQL, and about schemas that \
             no migration creates",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/errcodes-appendix.html"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.oders add column note text;",
        "create table public.orders (id bigint primary key, note text);\n-- then\ncreate index orders_notes_idx on public.orders (notes);",
    ],
    good: &[
        "create table public.orders (id bigint primary key, note text);\n-- then\ncreate index orders_note_idx on public.orders (note);",
        "create table public.orders (id bigint primary key);\n-- then\nalter table if exists public.oders add column note text;",
    ],
    checks: &[Check::Statement(check)],
};

/// Tables that extensions bring.
const OF_EXTENSIONS: [&str; 8] = [
    "geography_columns",
    "geometry_columns",
    "hypopg_list_indexes",
    "part_config",
    "part_config_sub",
    "raster_columns",
    "raster_overviews",
    "spatial_ref_sys",
];

/// The columns that every table has.
const SYSTEM_COLUMNS: [&str; 6] = ["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"];

/// Functions for triggers that PostgreSQL brings, or extensions that a platform may have switched on.
const TRIGGER_FUNCTIONS: [&str; 9] = [
    "autoinc",
    "check_foreign_key",
    "check_primary_key",
    "insert_username",
    "lo_manage",
    "moddatetime",
    "suppress_redundant_updates_trigger",
    "tsvector_update_trigger",
    "tsvector_update_trigger_column",
];

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    if !cx.event.guards.is_empty() || !cx.schema.opaque.is_empty() || cx.event.dynamic.is_some() {
        return;
    }
    let mut found = Vec::new();
    for want in wants(cx.stmt()) {
        let Some((span, what, meant)) = missing(cx, &want) else { continue };
        if found.contains(&what) {
            continue;
        }
        found.push(what.clone());
        // A chain that begins with an `alter` begins in the middle.
        let begun = cx.schema.tables.values().any(|table| !table.is_platform() && !table.is_temporary())
            || cx.schema.dropped.iter().any(|dropped| dropped.kind == ObjectKind::Table && dropped.existed);
        let gone = gone(cx, &want);
        if !begun || said(cx, &want, gone) {
            continue;
        }
        let finding = cx
            .finding(span, format!("no migration up to here creates {what}"))
            .label("not there")
            .about(of_words(&what));
        let finding = match gone {
            Some(place) => finding.see(place, "dropped here"),
            None => finding,
        };
        out.push(match meant {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
            None => finding.help("correct the name, or create it first"),
        });
    }
}

/// Whether an earlier statement of the file has needed the same relation in vain: once is enough.
fn said(cx: &EventCx<'_>, want: &Want<'_>, gone: Option<Place>) -> bool {
    let Want::Relation(name) = want else { return false };
    let wanted = cx.resolve(name);
    // Before it was dropped nobody missed it.
    let since = gone.filter(|place| place.is_in(cx.file.id)).map_or(0, |place| place.span.end);
    let earlier = cx.earlier().take_while(|event| event.stmt.span.start >= since);
    earlier.filter(|event| event.guards.is_empty()).any(|event| {
        wants(&event.stmt).iter().any(|other| matches!(other, Want::Relation(other) if cx.resolve(other) == wanted))
    })
}

/// Where the relation was dropped.
fn gone(cx: &EventCx<'_>, want: &Want<'_>) -> Option<Place> {
    let Want::Relation(name) = want else { return None };
    let wanted = cx.resolve(name);
    cx.schema.dropped.iter().rev().find(|it| it.existed && it.sub.is_none() && it.name == wanted).map(|it| it.place)
}

/// Where the wanted thing is written, what it is, and what may have been meant; `None` where it is there, or may be.
fn missing(cx: &EventCx<'_>, want: &Want<'_>) -> Option<(Span, String, Option<String>)> {
    match want {
        Want::Relation(name) => {
            if may_be(cx, name) {
                return None;
            }
            let wanted = cx.resolve(name);
            let meant = did_you_mean(&wanted.name, near(&cx.schema.tables, &wanted));
            let meant = meant.map(|meant| bare_ident(meant).into_owned());
            Some((name.span, format!("`{wanted}`"), meant))
        }
        Want::Column(table, column) => {
            let table = whole(cx, table)?;
            if has_column(table, column) {
                return None;
            }
            let meant = did_you_mean(&column.value, table.columns.iter().map(|it| it.name.as_str()));
            Some((column.span, sub("column", &table.name, column), meant.map(str::to_owned)))
        }
        Want::Own(create, column) => {
            let mut own = create.columns.iter().map(|it| it.name.value.as_str());
            if own.clone().any(|it| it == column.value) || SYSTEM_COLUMNS.contains(&column.value.as_str()) {
                return None;
            }
            let meant = did_you_mean(&column.value, own.by_ref()).map(str::to_owned);
            Some((column.span, sub("column", &cx.schema.creation(&create.name), column), meant))
        }
        Want::Constraint(table, name) => {
            let table = whole(cx, table)?;
            // Since PostgreSQL 18 `not null` has a name, too.
            let known = table.constraint(cut(&name.value)).is_some() || name.value.ends_with("_not_null");
            if known || table.partition_of.is_some() || !table.inherits.is_empty() {
                return None;
            }
            let meant = did_you_mean(&name.value, table.constraints.iter().map(|it| it.name.as_str()));
            Some((name.span, sub("constraint", &table.name, name), meant.map(str::to_owned)))
        }
        Want::Policy(table, name) => {
            let table = cx.table(table).filter(|table| !table.is_platform())?;
            let known = table.policies.iter().any(|policy| policy.name == cut(&name.value));
            let meant = did_you_mean(&name.value, table.policies.iter().map(|it| it.name.as_str()));
            (!known).then(|| (name.span, sub("policy", &table.name, name), meant.map(str::to_owned)))
        }
        Want::Trigger(table, name) => {
            let table = cx.table(table).filter(|table| !table.is_platform() && table.partition_of.is_none())?;
            let known = table.triggers.iter().any(|trigger| trigger.name == cut(&name.value));
            let meant = did_you_mean(&name.value, table.triggers.iter().map(|it| it.name.as_str()));
            (!known).then(|| (name.span, sub("trigger", &table.name, name), meant.map(str::to_owned)))
        }
        Want::TriggerFunction(name) => trigger_function(cx, name),
        // Aggregates are not kept with the functions.
        Want::Routine(routine) if routine.kind == RoutineKind::Aggregate => None,
        Want::Routine(routine) if routine.name.schema().is_none() => None,
        Want::Routine(routine) => function(cx, &routine.name),
        Want::Enum(name) => {
            let known = cx.schema.types.contains_key(&cx.resolve(name));
            (!known && !may_be_elsewhere(cx, name) && !has_extension(cx))
                .then(|| (name.span, format!("type `{}`", cx.resolve(name)), None))
        }
        Want::Role(role) => {
            // Roles are made outside as often as not: only what looks mistyped counts.
            let own = ["public", "current_role", "current_user", "session_user"];
            let value = role.value.as_str();
            if cx.schema.roles.contains_key(value) || own.contains(&value) {
                return None;
            }
            let known = cx.schema.roles.keys().map(String::as_str).filter(|it| it.len() > 3);
            let meant =
                did_you_mean(value, known).filter(|it| it.len().abs_diff(value.len()) <= 2 && value.len() > 5)?;
            Some((role.span, format!("role `{}`", bare_ident(value)), Some(meant.to_owned())))
        }
    }
}

fn trigger_function(cx: &EventCx<'_>, name: &Name) -> Option<(Span, String, Option<String>)> {
    let builtin = TRIGGER_FUNCTIONS.contains(&name.object()) || name.object().starts_with("RI_FKey_");
    if builtin { None } else { function(cx, name) }
}

/// A function that no migration has made. One without a schema may be PostgreSQL's own.
fn function(cx: &EventCx<'_>, name: &Name) -> Option<(Span, String, Option<String>)> {
    if may_be_elsewhere(cx, name) || has_extension(cx) {
        return None;
    }
    let found = !cx.schema.functions(name).is_empty()
        || name.schema().is_none()
            && cx
                .schema
                .search_path
                .iter()
                .any(|schema| cx.schema.functions.contains_key(&QName::new(schema.as_str(), cut(name.object()))));
    if found {
        return None;
    }
    let wanted = cx.resolve(name);
    let meant = did_you_mean(&wanted.name, near(&cx.schema.functions, &wanted)).map(str::to_owned);
    Some((name.span, format!("function `{wanted}`"), meant))
}

/// From how many names on only those next to the wanted one are looked at, and how many of them to each side.
const MANY: usize = 1_000;
const NEAR: usize = 50;

/// The names of a schema that may have been meant: all of them, or those next to the wanted one where there are thousands.
fn near<'a, T>(known: &'a BTreeMap<QName, T>, wanted: &QName) -> impl Iterator<Item = &'a str> {
    let most = if known.len() > MANY { NEAR } else { MANY };
    let (before, behind) = (known.range(..wanted).rev().take(most), known.range(wanted..).take(most));
    let schema = wanted.schema.clone();
    before.chain(behind).map(|(name, _)| name).filter(move |it| it.schema == schema).map(|it| it.name.as_str())
}

fn sub(kind: &str, table: &QName, name: &Ident) -> String {
    format!("{kind} `{}` of `{table}`", bare_ident(&name.value))
}

/// The first 63 bytes, which are all that counts.
fn cut(name: &str) -> &str {
    let mut end = name.len().min(63);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// The table, where all its columns are known.
fn whole<'a>(cx: &EventCx<'a>, name: &Name) -> Option<&'a Table> {
    cx.table(name).filter(|table| table.complete && !table.is_platform())
}

fn has_column(table: &Table, column: &Ident) -> bool {
    table.column(cut(&column.value)).is_some() || SYSTEM_COLUMNS.contains(&column.value.as_str())
}

/// Whether a relation of this name is there, or may be without anybody's having seen it.
fn may_be(cx: &EventCx<'_>, name: &Name) -> bool {
    let object = cut(name.object());
    if may_be_elsewhere(cx, name) || cx.schema.has_relation(&cx.resolve(name)) {
        return true;
    }
    let composite = cx.schema.types.contains_key(&cx.resolve(name));
    composite
        || OF_EXTENSIONS.contains(&object)
        || name.schema().is_none()
            && cx.schema.search_path.iter().any(|schema| cx.schema.has_relation(&QName::new(schema.as_str(), object)))
}

/// Whether the name is of a schema that is not known whole, or of PostgreSQL's own.
fn may_be_elsewhere(cx: &EventCx<'_>, name: &Name) -> bool {
    match name.schema() {
        Some(schema) => {
            schema == "pg_temp"
                || name.parts.len() > 2
                || cx.schema.managed.contains(schema)
                || !cx.schema.schemas.contains_key(schema)
        }
        None => name.object().starts_with("pg_"),
    }
}

/// Whether a migration has created an extension, which may have brought functions and types.
fn has_extension(cx: &EventCx<'_>) -> bool {
    const WITHOUT: [&str; 5] = ["plpgsql", "pgcrypto", "uuid-ossp", "pg_stat_statements", "citext"];
    cx.schema.extensions.iter().any(|(name, (place, _))| place.file.is_some() && !WITHOUT.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::lint::{Config, example, lint, parse_all};

    fn found(sql: &str) -> Vec<String> {
        let mut config = Config::default();
        config.only.insert("unknown-object".to_owned());
        let history = "create table orders (id bigint primary key, note text);\n-- then\n";
        let files = parse_all(example::inputs(&format!("{history}{sql}")));
        lint(&files, &config).findings.into_iter().filter_map(|it| it.object).collect()
    }

    #[test]
    fn what_may_be_there_is_not_missed() {
        for sql in [
            "with picked as (select 1 as id) delete from orders using picked where orders.id = picked.id;",
            "with recursive up as (select 1 union select * from up) select * from up;",
            "create temp table picked (id bigint); insert into picked (id) values (1);",
            "alter table orders add column state text, add constraint k unique (state);",
            "create table tree (id bigint primary key, parent bigint references tree (id));",
            "select * from pg_class, information_schema.tables, cron.job;",
            "do $$ begin if exists (select from pg_tables where tablename = 'x') then drop table x; end if; end $$;",
            "do $$ begin execute format('create table %s ()', current_user); end $$; alter table x add column a int;",
            "alter table auth.sessions add column a int;",
            "drop function if exists public.nofn(int); grant execute on function now() to public;",
            "create extension postgis; grant execute on function public.st_area(int) to public;",
            "create function public.f() returns int language sql as 'select 1'; grant execute on function public.f() to public;",
            "create aggregate public.total (int) (sfunc = int4pl, stype = int); grant execute on function public.total(int) to public;",
            "create procedure public.p() language sql as 'select 1'; grant execute on procedure public.p() to public;",
            "create policy p on orders to app_reader using (true);",
            "alter table orders rename to sales; create index on sales (note);",
            "insert into orders (id) select g from generate_series(1, 3) as g;",
        ] {
            assert_eq!(found(sql), [""; 0], "{sql}");
        }
    }

    #[test]
    fn what_is_not_there_is_found_once_a_file() {
        for (sql, object) in [
            ("drop table oders; drop table oders;", "public.oders"),
            ("insert into oders values (1); insert into oders values (2);", "public.oders"),
            ("update orders set state = 1 where id = 1;", "public.orders.state"),
            ("alter table orders drop constraint orders_note_key;", "public.orders.orders_note_key"),
            ("drop policy own on orders;", "public.orders.own"),
            ("create policy p on orders to authenticatd using (true);", "authenticatd"),
            ("drop table orders; alter table orders add column a int;", "public.orders"),
            ("create trigger t before update on orders for each row execute function touch();", "public.touch"),
            ("do $$ begin alter table oders add column a int; end $$;", "public.oders"),
            ("grant execute on function public.nofn(uuid) to public;", "public.nofn"),
            ("comment on function public.nofn(int) is 'x';", "public.nofn"),
            ("alter function public.nofn(int) set search_path = '';", "public.nofn"),
            ("drop function public.nofn(int);", "public.nofn"),
        ] {
            let found = found(sql);
            assert_eq!(found.last().map(String::as_str), Some(object), "{sql}");
            assert_eq!(found.len(), 1, "{sql}");
        }
    }
}

//! `secdef-search-path`: a SECURITY DEFINER function whose names callers can redirect.

use super::ask::search_path;
use crate::diagnostic::Level;
use crate::lint::schema::{Function, Place};
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "secdef-search-path",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "a SECURITY DEFINER function does not fix its search path, or fixes one that looks for temporary objects first",
    effect: "a caller who can create an object in a schema of his search path, or a temporary one, makes the function use it with the \
             owner's privileges",
    remedy: "write `set search_path = ''` and every name in the body with its schema; in a path of names, write `pg_temp` last",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY"],
    bad: &[
        "create schema app;\n\
         create function app.user_count() returns bigint language sql stable security definer as $$\n  \
         select count(*) from auth.users\n$$;\n",
        "create schema app;\ncreate table app.notes (id bigint primary key);\n\
         create function app.note_count() returns bigint language sql stable security definer\nset search_path = app\nas $$\n  \
         select count(*) from notes\n$$;\n",
    ],
    good: &[
        "create schema app;\n\
         create function app.user_count() returns bigint language sql stable security definer set search_path = '' as $$\n  \
         select count(*) from auth.users\n$$;\n",
        "create schema app;\ncreate table app.notes (id bigint primary key);\n\
         create function app.note_count() returns bigint language sql stable security definer\nset search_path = app, pg_temp\nas $$\n  \
         select count(*) from notes\n$$;\n",
        "create schema app;\n\
         create function app.user_count() returns bigint language sql stable security definer as $$\n  \
         select count(*) from auth.users\n$$;\n-- then\nalter function app.user_count() set search_path = '';\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for function in search_path::functions(cx).filter(|function| function.security_definer) {
        let about = format!("{}{}", function.name, function.signature());
        let Some(value) = search_path::fixed(function) else {
            let finding = cx
                .finding(
                    function.created,
                    format!(
                        "callers can redirect the names in `{}`, which runs as its owner: its search path is not fixed",
                        function.name
                    ),
                )
                .label("`security definer` without `set search_path`")
                .about(about);
            out.push(search_path::mended(cx, function, finding));
            continue;
        };
        let schemas = search_path::schemas(value);
        let is_temp = |schema: &&str| schema.eq_ignore_ascii_case("pg_temp");
        if schemas.last().is_some_and(|last| is_temp(last) && schemas.len() > 1)
            || schemas.iter().all(|schema| schema.is_empty())
            || value.eq_ignore_ascii_case("from current")
        {
            continue;
        }
        let kept: Vec<&str> = value
            .split(',')
            .map(str::trim)
            .filter(|schema| !schema.trim_matches(['\'', '"']).eq_ignore_ascii_case("pg_temp"))
            .collect();
        let path = if kept.is_empty() { "''".to_owned() } else { format!("{}, pg_temp", kept.join(", ")) };
        let mut finding = cx
            .finding(
                written(function, value).unwrap_or(function.created),
                format!("temporary objects of the caller come first in `{}`, which runs as its owner", function.name),
            )
            .label("`pg_temp` is not last")
            .about(about)
            .note("`pg_temp` is searched first where the path does not name it")
            .help(format!(
                "write `set search_path = {path}`; or `set search_path = ''` and every name with its schema"
            ));
        // An attacker needs a session of his own for this: it is worth a warning, not an error.
        finding = finding.at_level(Level::Warning);
        if let Some(at) = written(function, value)
            && !kept.is_empty()
        {
            let edit = Edit::replace(at.span, format!("set search_path = {path}"));
            finding = finding.fix(Fix::safe("search temporary objects last", vec![edit]));
        }
        out.push(finding);
    }
}

/// Where the function's own definition sets this path.
fn written(function: &Function, value: &str) -> Option<Place> {
    let definition = function.definition.as_deref()?;
    let setting = definition.settings.iter().find(|setting| setting.name == "search_path" && setting.value == value)?;
    Some(Place { file: function.created.file, span: setting.span })
}

//! The search path of functions.

use super::{body, is_managed, place};
use crate::lint::schema::{ConstraintDef, Function, Index, IndexKey, Schema, Table};
use crate::lint::{ChainCx, Edit, Finding, Fix, Origin};
use crate::sql::Tokens;
use crate::sql::ast::{CreateRoutine, Expr, ExprKind, RoutineBody, RoutineKind, TypeName};

/// The functions that migrations made and that should fix their search path.
pub fn functions<'a>(cx: &ChainCx<'a>) -> impl Iterator<Item = &'a Function> {
    cx.schema.functions.values().flatten().filter(|function| {
        function.created.file.is_some()
            && !is_managed(&function.name)
            && function.kind != RoutineKind::Aggregate
            && !matches!(function.language.as_str(), "c" | "internal")
    })
}

/// The search path that the function fixes, as written; `default` fixes none.
pub fn fixed(function: &Function) -> Option<&str> {
    let (_, value) = function.settings.iter().find(|(name, _)| name == "search_path")?;
    (!value.eq_ignore_ascii_case("default")).then_some(value.as_str())
}

/// The schemas of a search path, without quotes.
pub fn schemas(value: &str) -> Vec<&str> {
    value.split(',').map(|schema| schema.trim().trim_matches(|quote| quote == '\'' || quote == '"')).collect()
}

/// Adds the help and the edit that fix the search path.
pub fn mended(cx: &ChainCx<'_>, function: &Function, finding: Finding) -> Finding {
    let Some(definition) = function.definition.as_deref() else { return finding };
    let top = place::event_at(cx.files, function.created).filter(|(_, event)| event.origin == Origin::Top);
    let at = definition.attributes_at;
    let before = top.and_then(|(file, _)| file.text().get(..at)).unwrap_or_default();
    let indent = before.rsplit('\n').next().unwrap_or_default();
    // On a line of its own where `as` is, with the same indentation.
    let end = if indent.trim().is_empty() { format!("\n{indent}") } else { " ".to_owned() };
    let gap = if before.ends_with(|c: char| !c.is_whitespace()) { " " } else { "" };
    let edit = |setting: &str| Edit::insert(at, format!("{gap}set search_path = {setting}{end}"));
    let own = transition_tables(cx, function);
    let names = unqualified(cx.schema, definition)
        .map(|names| names.into_iter().filter(|name| !own.contains(name)).collect::<Vec<_>>());
    match names {
        Some(names) if names.is_empty() => {
            let finding =
                finding.help("write `set search_path = ''` before `as`: every name in the body is found without it");
            let used = is_computed_with(cx.schema, function);
            let title = "fix the search path";
            match top {
                // With a setting PostgreSQL does not look into it any more: an index may then find that it is not immutable.
                Some(_) if used => finding
                    .note("an index, a column, a check or a policy is computed with it: with a setting it is no longer inlined")
                    .fix(Fix::unchecked(title, vec![edit("''")])),
                Some(_) => finding.fix(Fix::safe(title, vec![edit("''")])),
                None => finding,
            }
        }
        unsure => {
            let path = "public, pg_temp";
            let finding = match unsure {
                Some(names) => finding.help(format!(
                    "write {} with {} schema, and `set search_path = ''` before `as`",
                    super::listed(&names),
                    if names.len() == 1 { "its" } else { "their" }
                )),
                None => {
                    finding.help("write every name in the body with its schema, and `set search_path = ''` before `as`")
                }
            };
            match top {
                Some(_) => finding.fix(Fix::unchecked(format!("fix the search path to `{path}`"), vec![edit(path)])),
                None => finding,
            }
        }
    }
}

/// Whether an index, a generated column, a default, a check or a policy of the chain calls the function.
fn is_computed_with(schema: &Schema, function: &Function) -> bool {
    let calls = |expr: &Expr| {
        expr.all().into_iter().any(|expr| {
            let ExprKind::Call { name, .. } = &expr.kind else { return false };
            name.object() == function.name.name && name.schema().is_none_or(|of| of == function.name.schema)
        })
    };
    let in_index = |index: &Index| {
        index.filter.as_ref().is_some_and(calls)
            || index.keys.iter().any(|key| matches!(key, IndexKey::Expr(expr) if calls(expr)))
    };
    let in_table =
        |table: &Table| {
            table.columns.iter().any(|column| {
                column.default.as_ref().is_some_and(calls) || column.generation.as_ref().is_some_and(calls)
            }) || table.constraints.iter().any(|it| matches!(&it.def, ConstraintDef::Check(expr) if calls(expr)))
                || table.policies.iter().any(|it| it.using.iter().chain(&it.check).any(calls))
        };
    schema.indexes.values().any(in_index) || schema.tables.values().any(in_table)
}

/// The names that triggers give the function for the rows at hand (`referencing new table as …`): they stand in no schema.
fn transition_tables(cx: &ChainCx<'_>, function: &Function) -> Vec<String> {
    let mut names = Vec::new();
    let triggers = cx.schema.tables.values().flat_map(|table| &table.triggers);
    for trigger in triggers.filter(|trigger| trigger.function == function.name) {
        let Some((file, event)) = place::event_at(cx.files, trigger.created) else { continue };
        let text = event.stmt.span.of(file.text());
        let words: Vec<String> =
            Tokens::new(text).filter(|it| !it.is_trivia()).map(|it| it.span.of(text).to_ascii_lowercase()).collect();
        for at in 1..words.len() {
            if words[at] == "table" && matches!(words[at - 1].as_str(), "old" | "new") {
                let given = words[at + 1..].iter().find(|word| *word != "as");
                names.extend(given.map(|name| name.trim_matches('"').to_owned()));
            }
        }
    }
    names
}

/// The names in the body that need the search path; `None` where the body cannot be read whole.
fn unqualified(schema: &Schema, definition: &CreateRoutine) -> Option<Vec<String>> {
    if let Some(RoutineBody::Block(block)) = &definition.body
        && !body::executes(block).is_empty()
    {
        return None;
    }
    let does = body::does(definition)?;
    if does.foreign_operators {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    let relations = does.relations.iter().filter(|name| name.schema().is_none());
    names.extend(relations.map(|name| name.object().to_owned()).filter(|name| !name.starts_with("pg_")));
    for call in does.calls.iter().filter(|name| name.schema().is_none()) {
        let resolved = schema.resolve(call);
        if (schema.functions.contains_key(&resolved) && resolved.schema != "pg_catalog")
            || is_extension_function(call.object())
        {
            names.push(call.object().to_owned());
        }
    }
    names.extend(does.types.iter().filter(|name| needs_path(schema, name)).map(|name| name.name.clone()));
    names.sort_unstable();
    names.dedup();
    Some(names)
}

fn needs_path(schema: &Schema, name: &TypeName) -> bool {
    const EXTENSION: &[&str] =
        &["citext", "vector", "halfvec", "sparsevec", "hstore", "ltree", "lquery", "geometry", "geography", "cube"];
    if name.copied {
        return name
            .schema
            .as_deref()
            .is_none_or(|written| !schema.schemas.contains_key(written) && written != "public");
    }
    let found = |schema_name: &String| {
        let name = crate::lint::schema::QName::new(schema_name.as_str(), name.name.as_str());
        schema.types.contains_key(&name) || schema.tables.contains_key(&name) || schema.views.contains_key(&name)
    };
    name.schema.is_none() && (EXTENSION.contains(&name.name.as_str()) || schema.search_path.iter().any(found))
}

/// Functions that extensions bring, and that stand in no schema which is always searched.
fn is_extension_function(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "crypt",
        "digest",
        "gen_random_bytes",
        "gen_salt",
        "hmac",
        "levenshtein",
        "metaphone",
        "similarity",
        "soundex",
        "strict_word_similarity",
        "unaccent",
        "word_similarity",
    ];
    NAMES.contains(&name) || ["uuid_generate_", "pgp_", "st_", "http_"].iter().any(|start| name.starts_with(start))
}

//! What functions and procedures share: arguments, settings, bodies, and what `create or replace` cannot change.

use super::text::faithful;
use super::{Cx, literal};
use crate::catalog::{Argument, ArgumentMode, Body, Grantee, Options, Privilege};
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// Says who may do more once a routine is there, or is another one: `had` says whether it ran with its owner's privileges
/// before, where it was there.
pub(super) fn widened(step: Step, is_definer: bool, had: Option<bool>, cx: &Cx<'_>) -> Step {
    let may_run = |it: &Privilege| it.to == Grantee::Public && it.what == "EXECUTE";
    match had {
        Some(false) if is_definer => {
            step.hazard(HazardKind::PermissionWidened, format!("{} runs with its owner's privileges", cx.id))
        }
        None if is_definer && cx.entry.acl.iter().any(may_run) => step
            .hazard(HazardKind::PermissionWidened, format!("everybody may run {} with its owner's privileges", cx.id)),
        _ => step,
    }
}

/// The arguments in their parentheses; columns of `returns table` stand elsewhere.
pub(super) fn arguments(all: &[Argument]) -> String {
    let given: Vec<String> = all.iter().filter(|it| it.mode != ArgumentMode::Table).map(argument).collect();
    format!("({})", given.join(", "))
}

fn argument(it: &Argument) -> String {
    let mut text = match it.mode {
        ArgumentMode::In | ArgumentMode::Table => String::new(),
        ArgumentMode::Out => "out ".to_owned(),
        ArgumentMode::InOut => "inout ".to_owned(),
        ArgumentMode::Variadic => "variadic ".to_owned(),
    };
    if !it.name.is_empty() {
        text.push_str(&format!("{} ", bare_ident(&it.name)));
    }
    text.push_str(&it.data_type);
    if let Some(default) = &it.default {
        text.push_str(&format!(" default {}", faithful(default)));
    }
    text
}

/// `set search_path to public, pg_temp`, a line a setting.
pub(super) fn settings(all: &Options) -> Vec<String> {
    all.iter().map(|(name, value)| format!("set {} to {}", setting_name(name), setting_value(name, value))).collect()
}

fn setting_name(name: &str) -> String {
    name.split('.').map(bare_ident).collect::<Vec<_>>().join(".")
}

/// The settings that hold lists of names, whose values the server has already quoted one by one.
///
/// They are the ones with `GUC_LIST_QUOTE`, which no view tells of.
const LISTS: [&str; 6] = [
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

fn setting_value(name: &str, value: &str) -> String {
    if !LISTS.contains(&name.to_ascii_lowercase().as_str()) {
        return literal(value);
    }
    let names: Vec<String> = listed(value)
        .into_iter()
        // An identifier can neither be empty nor longer than this.
        .map(|name| if name.is_empty() || name.len() > 63 { literal(&name) } else { bare_ident(&name).into_owned() })
        .collect();
    if names.is_empty() { "''".to_owned() } else { names.join(", ") }
}

/// The names in a list such as `public, "My Schema"`.
fn listed(value: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut name = String::new();
    let mut is_quoted = false;
    let mut is_there = false;
    let mut letters = value.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                name.push('"');
            }
            '"' => {
                is_quoted = !is_quoted;
                is_there = true;
            }
            ',' if !is_quoted => {
                names.push(std::mem::take(&mut name));
                is_there = false;
            }
            letter if letter.is_whitespace() && !is_quoted => {}
            letter => {
                name.push(letter);
                is_there = true;
            }
        }
    }
    if is_there {
        names.push(name);
    }
    names
}

/// What a routine does, as the end of its statement.
pub(super) fn body(it: &Body) -> String {
    match it {
        Body::Source(text) => format!("as {}", dollars(text)),
        Body::Sql(text) => faithful(text).into_owned(),
        Body::Library(file, symbol) => format!("as {}, {}", literal(file), literal(symbol)),
    }
}

/// A text between dollar signs that do not stand in it.
fn dollars(text: &str) -> String {
    // A text that ends with a dollar sign would end `$$` too early.
    if !text.contains("$$") && !text.ends_with('$') {
        return format!("$${text}$$");
    }
    let mut name = "$body".to_owned();
    while text.contains(&name) {
        name.push('_');
    }
    format!("{name}${text}{name}$")
}

/// `for type a, for type b` of transforms.
pub(super) fn transforms(types: &[String]) -> Option<String> {
    let all: Vec<String> = types.iter().map(|of| format!("for type {of}")).collect();
    (!all.is_empty()).then(|| format!("transform {}", all.join(", ")))
}

/// Whether `create or replace` refuses to turn some arguments into others of the same types.
///
/// `row_from` is how many arguments a call must get back for them to be a row, whose columns it keeps as they are.
pub(super) fn is_replaceable(old: &[Argument], new: &[Argument], row_from: usize) -> bool {
    let inputs = |all: &[Argument]| all.iter().filter(|it| it.is_input()).cloned().collect::<Vec<_>>();
    let outputs = |all: &[Argument]| {
        let columns = all.iter().filter(|it| it.is_output());
        columns.map(|it| (it.name.clone(), it.data_type.clone())).collect::<Vec<_>>()
    };
    let rows = (outputs(old), outputs(new));
    if rows.0 != rows.1 && (rows.0.len() >= row_from || rows.1.len() >= row_from) {
        return false;
    }
    inputs(old).iter().zip(inputs(new)).all(|(old, new)| {
        let keeps_name = old.name.is_empty() || old.name == new.name;
        let keeps_default = match (&old.default, &new.default) {
            (Some(_), None) => false,
            // What a polymorphic argument is by default says its type, which has to stay.
            (Some(before), Some(now)) => before == now || !old.data_type.starts_with("any"),
            _ => true,
        };
        keeps_name && keeps_default
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_stands_between_dollars_that_are_not_in_it() {
        assert_eq!(dollars("select 1"), "$$select 1$$");
        assert_eq!(dollars("select '$$'"), "$body$select '$$'$body$");
        assert_eq!(dollars("select $1 + $"), "$body$select $1 + $$body$");
        assert_eq!(dollars("$$ $body$ $"), "$body_$$$ $body$ $$body_$");
    }

    #[test]
    fn names_in_settings_are_names() {
        let of = |value: &str| setting_value("search_path", value);
        assert_eq!(of("\"\""), "''");
        assert_eq!(of("public, \"My Schema\", \"$user\""), "public, \"My Schema\", \"$user\"");
        assert_eq!(of("\"a, \"\"b\""), "\"a, \"\"b\"");
        assert_eq!(setting_value("work_mem", "64MB"), "'64MB'");
    }

    #[test]
    fn what_replacing_cannot_change() {
        let of = |mode, name: &str, default: Option<&str>| Argument {
            mode,
            name: name.to_owned(),
            data_type: "integer".to_owned(),
            default: default.map(str::to_owned),
        };
        let (input, output) = (ArgumentMode::In, ArgumentMode::Out);
        assert!(is_replaceable(&[of(input, "", None)], &[of(input, "a", Some("1"))], 2));
        assert!(!is_replaceable(&[of(input, "a", None)], &[of(input, "b", None)], 2));
        assert!(!is_replaceable(&[of(input, "a", Some("1"))], &[of(input, "a", None)], 2));
        assert!(is_replaceable(&[of(output, "a", None)], &[of(output, "b", None)], 2));
        assert!(!is_replaceable(&[of(output, "a", None)], &[of(output, "b", None)], 1));
    }
}

//! What a command finds, as lines.

use serde_json::Value;

use super::case::{Case, Migration};
use crate::support::{Output, Project};

/// Runs the command of a case with one of its migrations, and gives a line for each finding.
pub(super) fn of(project: &Project, case: &Case, migration: &Migration) -> Vec<String> {
    let (path, down) = ("migrations/2_fault.sql", "migrations/2_fault.down.sql");
    project.write(path, &migration.up);
    match &migration.down {
        Some(sql) => project.write(down, sql),
        None if project.path(down).exists() => project.remove(down),
        None => {}
    }
    let output = project.dbctl(&format!("{} --format json", case.run));
    let json = output.json();
    if case.run.starts_with("plan") {
        return json["steps"].as_array().unwrap_or_else(|| panic!("{output}")).iter().flat_map(of_step).collect();
    }
    let migrations = json["migrations"].as_array().unwrap_or_else(|| panic!("{output}"));
    let found: Vec<String> = migrations.iter().flat_map(of_verified).collect();
    // The exit code says the same.
    assert_eq!(output.code == Some(0), found.is_empty(), "{}: {found:#?}{output}", case.name);
    assert!(
        found.is_empty() || says(&output, migrations),
        "{}: its fields say that nothing is wrong{output}",
        case.name
    );
    found
}

/// Whether one of the fields by which a script decides is false.
fn says(output: &Output, migrations: &[Value]) -> bool {
    let is_false = |value: &Value| value.as_bool() == Some(false);
    let fields = ["/applies", "/idempotent/ok", "/reversible/exact", "/reversible/reup", "/withData/applies"];
    let data = |it: &Value| {
        let rows = it.pointer("/withData/rows").and_then(Value::as_array);
        it.pointer("/withData/reversible").is_some_and(is_false) || rows.is_some_and(|rows| !rows.is_empty())
    };
    let is_said = |it: &Value| fields.iter().any(|field| it.pointer(field).is_some_and(is_false)) || data(it);
    output.json()["ok"] == false && migrations.iter().any(is_said)
}

/// What is wrong with a migration.
fn of_verified(it: &Value) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(breakage("applies", &it["failure"]));
    let again = &it["idempotent"];
    found.extend(breakage("twice", &again["failure"]));
    found.extend(objects("twice", &again["differs"]));
    found.extend(rows("twice", &again["rows"]));
    let way = &it["reversible"];
    let is_file = way["source"] == "file";
    let (back, up) = if is_file { ("back", "again") } else { ("generated", "generated again") };
    found.extend(breakage(back, &way["failure"]));
    found.extend(objects(back, &way["differs"]));
    found.extend(breakage(up, &way["reupFailure"]));
    found.extend(objects(up, &way["reupDiffers"]));
    let data = &it["withData"];
    found.extend(breakage("data", &data["failure"]));
    found.extend(breakage("data back", &data["backFailure"]));
    found.extend(rows("data", &data["rows"]));
    found
}

fn breakage(what: &str, breakage: &Value) -> Option<String> {
    let message = breakage["message"].as_str()?;
    let line = breakage["line"].as_u64().map(|line| format!("line {line}: ")).unwrap_or_default();
    let code = breakage["sqlstate"].as_str().map(|code| format!("{code} ")).unwrap_or_default();
    Some(format!("{what}: {line}{code}{message}"))
}

/// Each object with what mends it: that names the part of it which is wrong.
fn objects(what: &str, differs: &Value) -> Vec<String> {
    let text = |it: &Value| {
        let mend: Vec<&str> = it["mend"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let (object, how) = (it["object"].as_str().unwrap(), it["how"].as_str().unwrap());
        format!("{what}: {object} {how}: {}", mend.join(" "))
    };
    differs.as_array().into_iter().flatten().map(text).collect()
}

fn rows(what: &str, rows: &Value) -> Vec<String> {
    let text =
        |it: &Value| format!("{what}: rows of {}: {}", it["table"].as_str().unwrap(), it["how"].as_str().unwrap());
    rows.as_array().into_iter().flatten().map(text).collect()
}

/// What a step of a plan makes others wait for, and for how long.
fn of_step(step: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for statement in step["statements"].as_array().into_iter().flatten() {
        let line = &statement["line"];
        let texts = |key: &str| -> Vec<String> {
            let texts = statement[key].as_array().into_iter().flatten().filter_map(Value::as_str);
            texts.map(ToOwned::to_owned).collect()
        };
        found.extend(texts("rewrites").iter().map(|it| format!("line {line}: rewrites {it}")));
        found.extend(texts("scans").iter().map(|it| format!("line {line}: scans {it}")));
        found.extend(texts("mayFail").iter().map(|it| format!("line {line}: may fail: {it}")));
    }
    found
}

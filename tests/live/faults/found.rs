//! What a command finds, as lines.

use std::collections::BTreeSet;

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
    if case.run.starts_with("test rls") {
        return of_rls(&json);
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

/// What a step of a plan makes others wait for: what is known of its statements, and what their trial has shown.
fn of_step(step: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for statement in step["statements"].as_array().into_iter().flatten() {
        let texts = |key: &str| -> BTreeSet<String> {
            let lists = [&statement[key], &statement["trace"][key]].into_iter().filter_map(Value::as_array).flatten();
            lists.filter_map(Value::as_str).map(ToOwned::to_owned).collect()
        };
        let line = |words: &str, it: &String| format!("line {}: {words} {it}", statement["line"]);
        let rewrites = texts("rewrites");
        // What is written anew is read too.
        found.extend(texts("scans").difference(&rewrites).map(|it| line("scans", it)));
        found.extend(rewrites.iter().map(|it| line("rewrites", it)));
        found.extend(texts("rebuilds").iter().map(|it| line("rebuilds", it)));
        found.extend(texts("invalidIndexes").iter().map(|it| line("leaves invalid", it)));
        found.extend(texts("mayFail").iter().map(|it| line("may fail:", it)));
        found.extend(texts("disagrees").iter().map(|it| line("bug:", it)));
    }
    // What rows and values are changed, lost, or perhaps lost by, as it is approved.
    let reasons = step["risk"]["reasons"].as_array().into_iter().flatten();
    for reason in reasons {
        let (level, approval) = (reason["level"].as_str().unwrap(), reason["approval"].as_str().unwrap());
        let verb = approval.split(':').next().unwrap_or_default();
        let is_of_rows = ["delete", "delete-all", "update", "update-all", "merge", "write", "truncate"].contains(&verb);
        if level == "critical" || is_of_rows {
            found.push(format!("line {}: {level} {approval}", reason["line"]));
        }
    }
    found
}

/// The rules that do not hold, with what was reached and on which way, and the policies that should be looked at.
fn of_rls(json: &Value) -> Vec<String> {
    let texts = |list: &Value, key: &str| -> Vec<String> {
        let texts = list.as_array().into_iter().flatten().map(|it| if key.is_empty() { it } else { &it[key] });
        texts.filter_map(Value::as_str).map(ToOwned::to_owned).collect()
    };
    let violation = |it: &Value| {
        let (rule, table) = (it["rule"].as_str().unwrap(), it["table"].as_str().unwrap());
        let (commands, through) = (texts(&it["commands"], "").join(" "), it["through"].as_str().unwrap());
        format!("{rule}: {table} {commands} through {through}: {}", texts(&it["faults"], "text").join("; "))
    };
    let warning = |it: &Value| format!("{}: {}", it["kind"].as_str().unwrap(), it["object"].as_str().unwrap());
    let violations = json["violations"].as_array().into_iter().flatten().map(violation);
    violations.chain(json["warnings"].as_array().into_iter().flatten().map(warning)).collect()
}

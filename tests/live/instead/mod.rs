//! The safe sequences of `dbctl plan`: each is run, and must end as its statement does.

use dbctl::catalog::{Census, Scope, Unlikeness};
use dbctl::db::catalog::read_with_census;
use dbctl::db::{ConnectOptions, Endpoint, Session};
use serde_json::Value;

use crate::support::{Database, Project};

/// What is expected of a case's sequence.
#[derive(PartialEq, Eq)]
enum Expected {
    /// It ends as the statement.
    Same,
    /// There is none, for a reason that is said.
    Refused,
    /// There is nothing to say.
    Nothing,
}

struct Case {
    schema: String,
    before: String,
    expected: Expected,
    sql: String,
}

fn cases(version: u32) -> Vec<Case> {
    let paragraphs = include_str!("cases.sql").split("\n\n").skip(1);
    let case = |(at, paragraph): (usize, &str)| {
        let since = paragraph.lines().find_map(|line| line.strip_prefix("-- since: ")?.parse::<u32>().ok());
        let found = [("then", Expected::Same), ("no", Expected::Refused), ("none", Expected::Nothing)]
            .into_iter()
            .find_map(|(word, expected)| Some((paragraph.split_once(&format!("-- {word}\n"))?, expected)));
        let ((before, sql), expected) = found.unwrap_or_else(|| panic!("{paragraph}"));
        let schema = format!("c{:02}", at + 1);
        let case =
            Case { schema, before: before.to_owned(), expected, sql: sql.trim().trim_end_matches(';').to_owned() };
        since.is_none_or(|since| since <= version).then_some(case)
    };
    paragraphs.enumerate().filter_map(case).collect()
}

/// A line of a sequence with its places filled in.
fn filled(line: &str) -> String {
    let line = line.replace("= … ", "= 0 ").replace("check (…)", "check (true)");
    match line.rfind(" where ").filter(|_| line.starts_with("update ") && line.contains('…')) {
        Some(at) => format!("{} where true;", &line[..at]),
        None => line,
    }
}

fn census(database: &Database) -> Census {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let endpoint = Endpoint::from_url(&database.url.clone().into(), &|_: &str| None).unwrap();
        let options = ConnectOptions { application_name: "dbctl test".to_owned(), read_only: true };
        let session = Session::open(&endpoint, &options).await.unwrap();
        let scope = Scope { managed: true, ..Scope::default() };
        read_with_census(&session, |id| scope.contains(id)).await.unwrap().1.unwrap()
    })
}

#[test]
fn every_sequence_ends_as_its_statement() {
    let plain = Database::new();
    let version = plain.value("show server_version_num").parse::<u32>().unwrap() / 10_000;
    let cases = cases(version);
    let (mut before, mut after) = (String::new(), String::new());
    for Case { schema, before: made, sql, .. } in &cases {
        before.push_str(&format!("create schema {schema};\nset search_path = {schema};\n{made}\n"));
        after.push_str(&format!("set search_path = {schema};\n{sql};\n"));
    }
    let project = Project::with_local(&plain).up("1_before", &before);
    project.dbctl("migrate --local").ok();
    let safe = plain.copy();
    project.write("migrations/2_after.sql", &after);
    let view = project.dbctl("plan --local --no-trace --no-lint --format json").ok().json();
    let statements = view["steps"][0]["statements"].as_array().unwrap();
    let statements: Vec<&Value> = statements.iter().filter(|it| it["kind"] != "SET").collect();
    assert_eq!(statements.len(), cases.len());
    let (mut wrong, session, direct) = (Vec::new(), safe.session(), plain.session());
    for (case, statement) in cases.iter().zip(statements) {
        let lines: Vec<&str> = statement["instead"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        let is_refused = matches!(lines.as_slice(), [line] if line.starts_with("-- "));
        let found = match lines.is_empty() {
            true => Expected::Nothing,
            false if is_refused => Expected::Refused,
            false => Expected::Same,
        };
        if found != case.expected {
            wrong.push(format!("{} {}: {lines:#?}", case.schema, case.sql));
            continue;
        }
        if found == Expected::Same {
            for session in [&direct, &session] {
                session.run(&format!("set search_path = {}", case.schema));
            }
            direct.run(&case.sql);
            for line in &lines {
                if let Err(error) = session.try_run(&filled(line)) {
                    wrong.push(format!("{} {}: {line}: {error:?}\n{lines:#?}", case.schema, case.sql));
                    session.run("rollback");
                    break;
                }
            }
        }
    }
    let Unlikeness { rows, .. } = census(&safe).compare(&census(&plain), false);
    wrong.extend(rows.iter().map(ToString::to_string));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

//! Errors that a PostgreSQL 15 server reported, recorded with their statements, and what each remedy has to say.
//!
//! `recorded.json` is made and checked by `tests/live/sessions.rs`, which provokes each of them on a real server.

use serde_json::{Value, from_str};

use super::remedy;
use crate::sqlstate::ServerError;

/// One statement that fails.
struct Case {
    statement: String,
    expect: Vec<String>,
    error: ServerError,
}

impl Case {
    /// What this case expects and the remedy of an error does not say.
    fn missing(&self, error: &ServerError) -> Option<String> {
        let remedy = remedy(error, &self.statement);
        let missing = self.expect.iter().find(|expected| !remedy.iter().any(|hint| hint.contains(*expected)))?;
        Some(format!("{}\n  {error}\n  expected {missing}\n  got {remedy:#?}\n", self.statement))
    }
}

/// The cases.
fn recorded() -> Vec<Case> {
    let recorded: Value = from_str(include_str!("recorded.json")).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let optional = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let cases = recorded["cases"].as_array().unwrap().iter().map(|case| Case {
        statement: text(&case["statement"]),
        expect: case["expect"].as_array().unwrap().iter().map(text).collect(),
        error: ServerError {
            sqlstate: text(&case["error"]["sqlstate"]),
            severity: "ERROR".to_owned(),
            message: text(&case["error"]["message"]),
            detail: optional(&case["error"]["detail"]),
            hint: optional(&case["error"]["hint"]),
            schema: optional(&case["error"]["schema"]),
            table: optional(&case["error"]["table"]),
            column: optional(&case["error"]["column"]),
            datatype: optional(&case["error"]["datatype"]),
            constraint: optional(&case["error"]["constraint"]),
            ..ServerError::default()
        },
    });
    cases.collect()
}

#[test]
fn names_the_real_objects_in_every_recorded_error() {
    let cases = recorded();
    let missing: String = cases.iter().filter_map(|case| case.missing(&case.error)).collect();
    assert!(missing.is_empty(), "{missing}");
}

#[test]
fn gives_some_remedy_where_a_translated_message_hides_the_names() {
    for case in recorded() {
        let hidden = ServerError { message: "…".to_owned(), detail: None, hint: None, ..case.error };
        let remedy = remedy(&hidden, "");
        assert!(remedy.iter().all(|hint| !hint.contains("\"\"") && !hint.contains("``")), "{remedy:#?}");
    }
}

//! Sessions as the library opens them: errors with remedies, notices, cancelling, read-only, a lost connection.

use std::path::Path;

use dbctl::db::{ConnectOptions, Connected, Endpoint, Error, connect};
use dbctl::sqlstate::{ServerError, remedy};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::support::Database;

async fn session(database: &Database, read_only: bool) -> Connected {
    let endpoint = Endpoint::from_url(&SecretString::from(database.url.clone()), &|_| None).unwrap();
    connect(&endpoint, &ConnectOptions { application_name: "dbctl test".to_owned(), read_only }).await.unwrap()
}

async fn fail(session: &Connected, statement: &str) -> ServerError {
    match Error::from(session.client.batch_execute(statement).await.expect_err(statement)) {
        Error::Server(error) => *error,
        other => panic!("{statement}: {other}"),
    }
}

async fn has_role(session: &Connected, name: &str) -> bool {
    let sql = "select exists (select from pg_roles where rolname = $1)";
    session.client.query_one(sql, &[&name]).await.unwrap().get(0)
}

/// Provokes every error of `recorded.json` anew and sees that its remedy still names the real objects; with
/// `DBCTL_RECORD` set the file is written anew.
#[tokio::test]
async fn every_recorded_error_has_its_remedy_on_this_server() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sqlstate/remedy/recorded.json");
    let recorded: Value = serde_json::from_str(&fs_err::read_to_string(&path).unwrap()).unwrap();
    let database = Database::new();
    let session = session(&database, false).await;
    let base = recorded["base"].as_str().unwrap();
    let (mut anew, mut missing) = (Vec::new(), Vec::new());
    // Committed, because since PostgreSQL 17 a new value of an enum made in the same transaction is no error.
    session.client.batch_execute(base).await.unwrap();
    for case in recorded["cases"].as_array().unwrap() {
        let statement = case["statement"].as_str().unwrap();
        if statement.ends_with("to authenticated;") && has_role(&session, "authenticated").await {
            // Roles belong to the whole server: another test has made Supabase's.
            continue;
        }
        session.client.batch_execute("begin").await.unwrap();
        // A set-up that fails is one whose failed transaction is the case.
        session.client.batch_execute(case["setup"].as_str().unwrap()).await.ok();
        let error = fail(&session, statement).await;
        session.client.batch_execute("rollback").await.unwrap();
        let said = remedy(&error, statement);
        for expected in case["expect"].as_array().unwrap().iter().filter_map(Value::as_str) {
            if !said.iter().any(|hint| hint.contains(expected)) {
                missing.push(format!("{statement}\n  {error}\n  expected {expected}\n  got {said:#?}"));
            }
        }
        anew.push(json!({
            "setup": case["setup"], "statement": statement, "expect": case["expect"],
            "error": {
                "sqlstate": error.sqlstate, "message": error.message, "detail": error.detail, "hint": error.hint,
                "schema": error.schema, "table": error.table, "column": error.column, "datatype": error.datatype,
                "constraint": error.constraint,
            },
        }));
    }
    if std::env::var_os("DBCTL_RECORD").is_some() {
        let all = json!({ "base": base, "cases": anew });
        fs_err::write(&path, serde_json::to_string_pretty(&all).unwrap() + "\n").unwrap();
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[tokio::test]
async fn cancels_a_statement_and_passes_notices_on() {
    let database = Database::new();
    let mut session = session(&database, false).await;
    session.client.batch_execute("do $$ begin raise notice 'hello' using hint = 'there'; end $$").await.unwrap();
    let notice = session.notices.recv().await.unwrap();
    assert_eq!((notice.severity.as_str(), notice.message.as_str()), ("NOTICE", "hello"));
    assert_eq!(notice.hint.as_deref(), Some("there"));
    let cancel = session.cancel.clone();
    let (slept, cancelled) = tokio::join!(session.client.batch_execute("select pg_sleep(60)"), async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        cancel.cancel().await
    });
    cancelled.unwrap();
    let error = Error::from(slept.unwrap_err());
    assert_eq!(error.server().unwrap().sqlstate, "57014");
    assert!(!error.connection_is_lost());
}

#[tokio::test]
async fn keeps_a_read_only_session_from_writing() {
    let database = Database::new();
    let session = session(&database, true).await;
    assert_eq!(fail(&session, "create table never ()").await.sqlstate, "25006");
    let row = session.client.query_one("show client_connection_check_interval", &[]).await.unwrap();
    assert_eq!(row.get::<_, &str>(0), "1s");
    assert!(session.version.major.unwrap() >= 14);
}

#[tokio::test]
async fn notices_a_lost_connection() {
    let database = Database::new();
    let (lost, other) = (session(&database, false).await, session(&database, false).await);
    // Not as a prepared statement: closing it would be under way when the server speaks its last words.
    lost.client.batch_execute("set application_name = 'lost'").await.unwrap();
    let end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()";
    other.client.batch_execute(&format!("{end} and application_name = 'lost'")).await.unwrap();
    let why = lost.driver.await.unwrap().unwrap_err();
    assert!(why.connection_is_lost(), "{why:?}");
    assert_eq!(why.server().map(|said| said.sqlstate.as_str()), Some("57P01"), "{why:?}");
    let error = Error::from(lost.client.batch_execute("select 1").await.unwrap_err());
    assert!(matches!(error, Error::ConnectionLost { .. }), "{error:?}");
}

//! Tests on a real server: every recorded error is provoked anew, sessions are opened, cancelled and lost.
//!
//! They run with `cargo test -- --ignored` and `DBCTL_TEST_DATABASE_URL` naming a superuser on PostgreSQL 14 or newer.

use secrecy::SecretString;

use super::{ConnectOptions, Connected, Endpoint, Error, connect};
use crate::sqlstate::ServerError;
use crate::sqlstate::remedy::recorded::recorded;

fn endpoint() -> Endpoint {
    let url: SecretString = std::env::var("DBCTL_TEST_DATABASE_URL").unwrap().into();
    Endpoint::from_url(&url, &|_| None).unwrap()
}

async fn session(endpoint: &Endpoint, read_only: bool) -> Connected {
    connect(endpoint, &ConnectOptions { application_name: "dbctl test".to_owned(), read_only }).await.unwrap()
}

async fn fail(session: &Connected, statement: &str) -> ServerError {
    match Error::from(session.client.batch_execute(statement).await.expect_err(statement)) {
        Error::Server(error) => *error,
        other => panic!("{statement}: {other}"),
    }
}

#[tokio::test]
#[ignore = "needs a server"]
async fn provokes_every_recorded_error() {
    let endpoint = endpoint();
    let outside = session(&endpoint, false).await;
    outside.client.batch_execute("drop database if exists dbctl_recorded").await.unwrap();
    outside.client.batch_execute("create database dbctl_recorded").await.unwrap();
    let inside = session(&endpoint.with_database("dbctl_recorded"), false).await;
    let (base, cases) = recorded();
    let mut anew = Vec::new();
    let mut missing = String::new();
    for case in &cases {
        inside.client.batch_execute(&format!("begin; {base}")).await.unwrap();
        // A set-up that fails is one whose failed transaction is the case.
        inside.client.batch_execute(&case.setup).await.ok();
        let error = fail(&inside, &case.statement).await;
        inside.client.batch_execute("rollback").await.unwrap();
        anew.push(serde_json::json!({
            "setup": case.setup, "statement": case.statement, "expect": case.expect,
            "error": {
                "sqlstate": error.sqlstate, "message": error.message, "detail": error.detail, "hint": error.hint,
                "schema": error.schema, "table": error.table, "column": error.column, "datatype": error.datatype,
                "constraint": error.constraint,
            },
        }));
        if std::env::var_os("DBCTL_RECORD").is_none() {
            missing.extend(case.missing(&error));
        }
    }
    if std::env::var_os("DBCTL_RECORD").is_some() {
        let all = serde_json::json!({ "base": base, "cases": anew });
        fs_err::write("src/sqlstate/remedy/recorded.json", serde_json::to_string_pretty(&all).unwrap() + "\n").unwrap();
    }
    drop(inside);
    outside.client.batch_execute("drop database dbctl_recorded with (force)").await.unwrap();
    assert!(missing.is_empty(), "{missing}");
}

#[tokio::test]
#[ignore = "needs a server"]
async fn cancels_a_statement_and_passes_notices_on() {
    let mut session = session(&endpoint(), false).await;
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
#[ignore = "needs a server"]
async fn keeps_a_read_only_session_from_writing() {
    let session = session(&endpoint(), true).await;
    let error = fail(&session, "create table dbctl_never ()").await;
    assert_eq!(error.sqlstate, "25006");
    let row = session.client.query_one("show client_connection_check_interval", &[]).await.unwrap();
    assert_eq!(row.get::<_, &str>(0), "1s");
    assert!(session.version.major.unwrap() >= 14);
}

#[tokio::test]
#[ignore = "needs a server"]
async fn notices_a_lost_connection() {
    let endpoint = endpoint();
    let (lost, other) = (session(&endpoint, false).await, session(&endpoint, false).await);
    let pid: i32 = lost.client.query_one("select pg_backend_pid()", &[]).await.unwrap().get(0);
    other.client.query_one("select pg_terminate_backend($1)", &[&pid]).await.unwrap();
    let why = lost.driver.await.unwrap().unwrap_err();
    assert!(why.connection_is_lost(), "{why:?}");
    assert_eq!(why.server().unwrap().sqlstate, "57P01");
    let error = Error::from(lost.client.batch_execute("select 1").await.unwrap_err());
    assert!(matches!(error, Error::ConnectionLost { .. }), "{error:?}");
}

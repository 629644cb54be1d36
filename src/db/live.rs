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
            case.check(&error);
        }
    }
    if std::env::var_os("DBCTL_RECORD").is_some() {
        let all = serde_json::json!({ "base": base, "cases": anew });
        fs_err::write("src/sqlstate/remedy/recorded.json", serde_json::to_string_pretty(&all).unwrap() + "\n").unwrap();
    }
    drop(inside);
    outside.client.batch_execute("drop database dbctl_recorded with (force)").await.unwrap();
}

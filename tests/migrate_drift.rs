//! `check` with the schema that was compiled in, as an event and as a command.

use std::time::Duration;

use local::lambda::{Function, InvocationError};
use serde_json::{Value, json};

use crate::harness::{Database, migrations::started, stack, start_function};

/// The report of a failed check, with its errorType.
async fn refused(function: &Function) -> (String, Value) {
    let check = json!({"command": "check", "schema": true});
    match function.invoke(check).await {
        Err(InvocationError::Function(error)) => {
            let report = error["errorMessage"].as_str().expect("a message");
            let kind = error["errorType"].as_str().expect("a type");
            let report = serde_json::from_str(report).expect("a report");
            (kind.to_owned(), report)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_change_by_hand_fails_the_event_and_the_command() {
    let database = Database::sample().await;
    let function = started(&database).await;
    let check = json!({"command": "check", "schema": true});
    let report = function.invoke(check).await.expect("no drift");
    assert_eq!(
        (&report["ok"], &report["sql"]),
        (&json!(true), &Value::Null)
    );
    let alone = json!({"command": "check", "schema": false});
    function
        .invoke(alone)
        .await
        .expect("a check of the history");

    database
        .execute("ALTER TABLE film ADD COLUMN by_hand int")
        .await;
    let (kind, report) = refused(&function).await;
    assert_eq!(
        (kind.as_str(), &report["status"]),
        ("Pending", &json!("pending"))
    );
    let missing = "ALTER TABLE public.film DROP COLUMN by_hand;";
    assert_eq!(report["sql"], missing);
    let message = report["error"]["message"].as_str().expect("a message");
    assert!(message.contains("sql/schema.sql"), "{message}");

    let said = database.run(&["check", "--schema"]).await.expect(2);
    assert_eq!(said.text.trim(), missing);
    assert!(said.error.contains(message), "{}", said.error);
}

#[tokio::test]
async fn a_role_without_createdb_is_told_what_to_do() {
    let database = Database::empty().await;
    let role = format!("{}_reader", database.name);
    database
        .execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'a'"))
        .await;
    let variables = database.migrator_url().await.into_iter();
    let server = &stack().await.postgres;
    let url = format!(
        "postgres://{role}:a@{}:{}/{}",
        server.host, server.port, database.name
    );
    let variables: Vec<_> = variables
        .map(|(name, value)| match name.as_str() {
            "DATABASE_URL" => (name, url.clone()),
            _ => (name, value),
        })
        .collect();
    let function = start_function("migrate", &variables).await;
    let (kind, report) = refused(&function).await;
    database.execute(&format!("DROP ROLE {role}")).await;
    assert_eq!(kind, "Failed");
    let message = report["error"]["message"].as_str().expect("a message");
    for words in ["grant it CREATEDB", "--scratch"] {
        assert!(message.contains(words), "{message}");
    }
}

#[tokio::test]
async fn a_comparison_out_of_time_drops_its_scratch_databases() {
    let database = Database::sample().await;
    let mut function = started(&database).await;
    let other = database.connect().await;
    database.execute("CREATE VIEW locked AS SELECT 1").await;
    // PostgreSQL opens a view to print it.
    let lock = other.batch_execute("BEGIN; LOCK TABLE locked").await;
    lock.expect("a lock");
    function.deadline = Duration::from_secs(6);
    let (kind, report) = refused(&function).await;
    assert_eq!(kind, "Failed");
    let message = report["error"]["message"].as_str().expect("a message");
    assert!(message.starts_with("time ran out"), "{message}");
    assert!(
        message.ends_with("the scratch databases are dropped"),
        "{message}"
    );
    let left = format!(
        "SELECT count(*) FROM pg_database WHERE datname LIKE 'migrate\\_scratch\\_%\\_{}\\_%'",
        function.pid()
    );
    assert_eq!(database.value::<i64>(&left, &[]).await, 0);
}

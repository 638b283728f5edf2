//! The migrate function as a step of a pipeline: what is not ok fails the invocation, and says how to
//! go on.

use std::time::Duration;

use crate::harness::{Database, migrations::started};
use local::lambda::{Function, InvocationError};
use serde_json::{Value, json};

/// The errorType of an invocation that must fail, and the report in its errorMessage.
async fn failed(function: &Function, event: Value) -> (String, Value) {
    match function.invoke(event).await {
        Err(InvocationError::Function(error)) => {
            let report = error["errorMessage"].as_str().expect("a message");
            let report = serde_json::from_str(report).expect("a report");
            (
                error["errorType"].as_str().unwrap_or_default().to_owned(),
                report,
            )
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn time_that_is_up_fails_the_invocation_with_the_event_that_continues() {
    let database = Database::schema().await;
    let mut function = started(&database).await;
    // migrate keeps a second of it for its report.
    function.deadline = Duration::from_millis(1020);
    let (kind, report) = failed(&function, json!({"command": "upgrade"})).await;
    assert_eq!(
        (kind.as_str(), &report["status"]),
        ("Incomplete", &json!("incomplete"))
    );
    assert_eq!(report["ok"], false);
    function.deadline = Duration::from_secs(60);
    let resumed = function.invoke(report["resume"].clone()).await;
    assert_eq!(resumed.expect("a report")["status"], "applied");
}

#[tokio::test]
async fn a_lock_and_pending_migrations_fail_the_invocation() {
    let database = Database::schema().await;
    let mut function = started(&database).await;
    let (kind, report) = failed(&function, json!({"command": "check"})).await;
    assert_eq!(
        (kind.as_str(), &report["status"]),
        ("Pending", &json!("pending"))
    );
    assert!(!report["pending"].as_array().expect("a list").is_empty());

    let runner = database.connect().await;
    let lock = include_str!("../functions/migrate/src/sql/lock.sql");
    runner.query_one(lock, &[]).await.expect("the lock");
    function.deadline = Duration::from_millis(1200);
    let (kind, report) = failed(&function, json!({"command": "upgrade"})).await;
    assert_eq!(
        (kind.as_str(), &report["status"]),
        ("Locked", &json!("locked"))
    );
    let blocker = &report["error"]["blockers"][0];
    assert_eq!(
        (&blocker["user"], &blocker["query"]),
        (&json!("postgres"), &Value::Null)
    );
    assert!(report["resume"].is_null(), "the same event is sent again");
}

#[tokio::test]
async fn an_event_may_ask_for_the_report_of_a_failure() {
    let database = Database::schema().await;
    let mut function = started(&database).await;
    let check = json!({"command": "check", "on_failure": "return"});
    let report = function.invoke(check).await.expect("a report");
    assert_eq!(
        (&report["ok"], &report["status"]),
        (&json!(false), &json!("pending"))
    );

    let missing = json!({"command": "show", "version": "1", "on_failure": "return"});
    let report = function.invoke(missing).await.expect("a report");
    assert_eq!(report["status"], "failed");

    function.deadline = Duration::from_millis(1020);
    let upgrade = json!({"command": "upgrade", "on_failure": "return"});
    let report = function.invoke(upgrade).await.expect("a report");
    assert_eq!(report["status"], "incomplete");
    assert_eq!(
        report["resume"]["on_failure"], "return",
        "it goes on as it began"
    );
    function.deadline = Duration::from_secs(60);
    let resumed = function.invoke(report["resume"].clone()).await;
    assert_eq!(resumed.expect("a report")["status"], "applied");

    for (event, words) in [
        (
            json!({"command": "current", "on_failure": "ignore"}),
            "on_failure must be",
        ),
        (
            json!({"command": "current", "on_failure": true}),
            "on_failure must be",
        ),
        (
            json!(5),
            "the event must be an object such as {\"command\": \"check\"}, not 5",
        ),
    ] {
        match function.invoke(event).await {
            Err(InvocationError::Function(error)) => {
                assert_eq!(error["errorType"], "InvalidEvent");
                let message = error["errorMessage"].as_str().expect("a message");
                assert!(message.contains(words), "{message}");
            }
            other => panic!("{other:?}"),
        }
    }
}

//! The custom resource of a deployment: events of CloudFormation, sent to the real binary, which has
//! the real migrate work.

mod cluster;

use std::time::{Duration, Instant};

use crate::harness::{
    Database,
    cloud::{Cloud, Reply},
};
use cluster::Cluster;
use local::paths;
use migrate::Command;
use serde_json::{Value, json};

const UPDATE: [&str; 2] = ["wait", "upgrade"];

/// A stack whose migrate works on this database of the shared server.
async fn on(database: &Database) -> Cloud {
    Cloud::start(&database.environment("migrate").await).await
}

/// Has migrate handle an invocation.
fn handle() -> Reply {
    Reply::Within(Duration::from_secs(60))
}

#[tokio::test]
async fn a_create_on_an_empty_cluster_makes_what_the_api_reads() {
    let cluster = Cluster::start().await;
    let cloud = cluster.cloud().await;
    cloud.succeed(cluster.event(&cloud, "Create")).await;
    let all = ["wait", "bootstrap", "restore", "upgrade"];
    assert_eq!(cloud.commands(), all);
    cluster.assert_serves().await;

    // CloudFormation may send an event twice, or create again after a failure.
    cluster.execute("DELETE FROM public.payment").await;
    cloud.succeed(cluster.event(&cloud, "Create")).await;
    assert_eq!(cloud.commands(), all);
    let rows = "SELECT count(*) FROM public.payment";
    assert_eq!(cluster.count(rows).await, 0, "restored again");

    // A cluster from a snapshot has other passwords and another master.
    cluster.forget_passwords().await;
    let mut event = cluster.event(&cloud, "Update");
    event["OldResourceProperties"]["MasterSecret"] = "another".into();
    cloud.succeed(event).await;
    assert_eq!(cloud.commands(), all);
    cluster.assert_serves().await;
    cluster.assert_no_password_is_logged();
}

#[tokio::test]
async fn a_bootstrap_that_is_cut_off_at_any_message_made_all_roles_or_none_and_can_be_repeated() {
    let cluster = Cluster::start().await;
    // The messages before only log in.
    const FIRST: usize = 9;
    let mut message = FIRST;
    while cluster.is_cut_off_at(message).await {
        let roles = "SELECT count(*) FROM pg_roles WHERE rolname ~ '^interview_'";
        let roles = cluster.count(roles).await;
        assert!(
            roles == 0 || roles == 3,
            "{roles} roles after message {message}"
        );
        message += 1;
    }
    assert!(message > FIRST + 5, "{message}");
    cluster.assert_roles_log_in().await;
}

#[test]
fn every_schedule_of_the_template_sends_a_command() {
    let template = paths::root().join("infra/template.yaml");
    let template = std::fs::read_to_string(template).expect("the template");
    let inputs = template.lines().filter_map(|line| {
        let input = line.trim().strip_prefix("Input: '")?;
        input.strip_suffix('\'')
    });
    let commands = inputs.map(|input| serde_json::from_str::<Command>(input).expect(input));
    let names: Vec<_> = commands.map(|command| command.name()).collect();
    assert_eq!(names, ["check", "upgrade"]);
}

#[tokio::test]
async fn an_update_waits_and_upgrades() {
    let database = Database::schema().await;
    let cloud = on(&database).await;
    cloud.succeed(cloud.event("Update", json!({}))).await;
    assert_eq!(cloud.commands(), UPDATE);
    let applied = "SELECT count(*) FROM migrate.history";
    assert!(database.value::<i64>(applied, &[]).await > 10);
}

#[tokio::test]
async fn an_older_build_leaves_a_newer_database_alone() {
    let database = Database::sample().await;
    let newer = "INSERT INTO migrate.history (version, name, checksum, state)
        VALUES ('29990101000000', 'newer', '', 'applied')";
    database.execute(newer).await;
    let cloud = on(&database).await;
    cloud.succeed(cloud.event("Update", json!({}))).await;
}

#[tokio::test]
async fn a_delete_succeeds_whatever_it_says_and_does_nothing() {
    let cloud = on(&Database::empty().await).await;
    for properties in [json!({}), json!({"Function": 1, "RoleSecrets": ""})] {
        cloud.succeed(cloud.event("Delete", properties)).await;
    }
    assert!(cloud.commands().is_empty());
}

#[tokio::test]
async fn what_another_attempt_may_mend_is_tried_again() {
    let database = Database::sample().await;
    let cloud = on(&database).await;
    cloud.replies([
        Reply::Refuse(429, "TooManyRequestsException"),
        Reply::Refuse(409, "ResourceConflictException"),
        Reply::Refuse(503, "ServiceException"),
    ]);
    cloud.succeed(cloud.event("Update", json!({}))).await;
    assert_eq!(
        cloud.commands(),
        ["wait", "wait", "wait", "wait", "upgrade"]
    );
}

#[tokio::test]
async fn a_command_that_ran_out_of_time_is_continued() {
    let database = Database::schema().await;
    let cloud = on(&database).await;
    // migrate keeps a second of it for its report.
    let short = Duration::from_millis(1020);
    cloud.replies([handle(), Reply::Within(short)]);
    cloud.succeed(cloud.event("Update", json!({}))).await;
    cloud.failed_with("incomplete").await;
    let events = cloud.events();
    assert_eq!(events.len(), 3);
    // What the report said, with an absolute target.
    assert_eq!(events[2]["command"], "upgrade");
    assert_ne!(events[2]["target"], "head");
    assert_eq!(database.run(&["check"]).await.expect(0).error, "");
}

#[tokio::test]
async fn a_database_that_another_runner_has_locked_is_tried_again() {
    let database = Database::schema().await;
    let cloud = on(&database).await;
    let runner = database.connect().await;
    let lock = "SELECT pg_advisory_lock(30796665482998885)";
    runner.batch_execute(lock).await.expect("a lock");
    cloud.replies([handle(), Reply::Within(Duration::from_millis(1200))]);
    let release = async {
        cloud.failed_with("locked").await;
        drop(runner);
    };
    let update = cloud.succeed(cloud.event("Update", json!({})));
    tokio::join!(update, release);
    assert_eq!(database.run(&["check"]).await.expect(0).error, "");
}

#[tokio::test]
async fn a_failure_of_migrate_is_the_reason_without_the_rows_that_it_quotes() {
    let database = Database::sample().await;
    let unknown = "INSERT INTO migrate.history (version, name, checksum, state)
        VALUES ('19990101000000', 'lost', '', 'applied')";
    database.execute(unknown).await;
    let cloud = on(&database).await;
    let reason = cloud.fail(cloud.event("Update", json!({}))).await;
    let file = "migrate could not upgrade: 19990101000000_lost.up.sql is applied, but missing";
    assert!(reason.starts_with(file), "{reason}");

    let report = json!({"ok": false, "command": "upgrade", "error": {
        "message": "duplicate key", "file": "1_a.up.sql", "line": 3, "sqlstate": "23505",
        "detail": "Key (email)=(mary@example.com) already exists."}});
    cloud.replies([
        handle(),
        Reply::Error(json!({"errorType": "Failed", "errorMessage": report.to_string()})),
    ]);
    let reason = cloud.fail(cloud.event("Update", json!({}))).await;
    let expected = "migrate could not upgrade: 1_a.up.sql:3: duplicate key; SQLSTATE 23505";
    assert_eq!(reason, expected);
}

#[tokio::test]
async fn every_other_failure_is_answered_at_once_with_a_short_reason() {
    let cloud = on(&Database::empty().await).await;
    let long = "x".repeat(100_000);
    for (reply, part) in [
        (
            Reply::Refuse(403, "AccessDeniedException"),
            "403 Forbidden AccessDeniedException: no",
        ),
        (Reply::Refuse(404, "ResourceNotFoundException"), "404"),
        (
            Reply::Error(json!({"errorMessage": "Task timed out after 840.00 seconds"})),
            "timed out",
        ),
        (
            Reply::Error(json!({"errorType": "Runtime.ExitError"})),
            "crashed",
        ),
        (Reply::Error(json!({"errorMessage": long})), "xxx"),
        (Reply::Text("<html>"), "not JSON"),
        (Reply::Text("[]"), "no error"),
    ] {
        cloud.replies([reply]);
        let reason = cloud.fail(cloud.event("Create", json!({}))).await;
        assert!(reason.contains(part), "{reason}");
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_answered() {
    let cloud = on(&Database::empty().await).await;
    let function = json!({"Function": "migrate"});
    let reason = cloud.fail(cloud.event("Update", function)).await;
    assert!(reason.contains("must be an ARN"), "{reason}");
    let reason = cloud
        .fail(cloud.event("Create", json!({"RoleSecrets": "one"})))
        .await;
    assert!(reason.contains("ResourceProperties"), "{reason}");
    let reason = cloud.fail(cloud.event("Rename", json!({}))).await;
    assert!(reason.contains("RequestType"), "{reason}");
    let url = cloud.event("Create", json!({}))["ResponseURL"].clone();
    let reason = cloud.fail(json!({"ResponseURL": url})).await;
    assert!(reason.contains("RequestType"), "{reason}");
    assert!(cloud.commands().is_empty());

    for event in [json!({}), Value::Null, json!({"ResponseURL": "nowhere"})] {
        let error = cloud.hook.invoke(event).await.expect_err("no answer");
        assert!(error.to_string().contains("ResponseURL"), "{error}");
    }
}

#[tokio::test]
async fn the_answer_comes_before_the_deadline() {
    let mut cloud = on(&Database::empty().await).await;
    cloud.hook.deadline = Duration::from_secs(2);
    cloud.replies([Reply::Silence]);
    let started = Instant::now();
    let reason = cloud.fail(cloud.event("Update", json!({}))).await;
    assert!(reason.contains("time is up"), "{reason}");
    assert!(started.elapsed() < cloud.hook.deadline, "{started:?}");

    cloud.replies((0..100).map(|_| Reply::Refuse(429, "TooManyRequestsException")));
    let reason = cloud.fail(cloud.event("Update", json!({}))).await;
    assert!(reason.contains("time is up"), "{reason}");
    assert!(reason.contains("TooManyRequestsException"), "{reason}");
}

#[tokio::test]
async fn the_answer_is_sent_again_until_it_arrives() {
    let cloud = on(&Database::empty().await).await;
    cloud.refuse_answers([500, 503]);
    cloud.succeed(cloud.event("Delete", json!({}))).await;
    // A URL that is no longer valid never will be.
    cloud.refuse_answers([403]);
    let sent = cloud.hook.invoke(cloud.event("Delete", json!({}))).await;
    let error = sent.expect_err("no answer").to_string();
    assert!(error.contains("403"), "{error}");
    assert!(!error.contains("X-Amz-Signature"), "{error}");
}

//! `upgrade --dry-run`: everything runs, with its times and locks, and nothing is left.

use std::time::Duration;

use crate::harness::{
    Database,
    migrations::{Finished, Folder, ONE, THREE, TWO},
    start_function,
};
use serde_json::{Value, json};

const DRY: [&str; 2] = ["upgrade", "--dry-run"];
const FOUR: &str = "20240104000000";

async fn with_table() -> Database {
    let database = Database::empty().await;
    database
        .execute(
            "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1);
             ALTER TABLE t OWNER TO interview_migrator",
        )
        .await;
    database
}

/// Runs it, and compares the database with what it was.
async fn dry_run(database: &Database, folder: &Folder, status: i32) -> Finished {
    let before = database.catalog().await;
    let said = database.run_in(folder, &DRY).await.expect(status);
    assert_eq!(database.catalog().await, before);
    said
}

fn four() -> Folder {
    Folder::of(&[
        (
            ONE,
            "ALTER TABLE t ADD COLUMN note text;\nSELECT pg_sleep(0.3);\nCREATE TABLE fresh (id int);",
            "",
        ),
        (
            TWO,
            "UPDATE t SET note = 'x';\nCREATE INDEX fresh_id ON fresh (id);",
            "",
        ),
        (
            THREE,
            "-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY t_note ON t (note);",
            "",
        ),
        (FOUR, "SELECT 1;", ""),
    ])
}

#[tokio::test]
async fn a_dry_run_reports_times_and_locks_and_leaves_nothing() {
    let (database, folder) = (with_table().await, four());
    let report = dry_run(&database, &folder, 0).await.json();
    assert_eq!(
        (&report["status"], &report["ok"]),
        (&"noop".into(), &true.into())
    );
    assert_eq!(report["pending"], json!([ONE, TWO, THREE, FOUR]));
    assert_eq!(
        (&report["migrations"], &report["to"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(report["not_tried"], json!([THREE, FOUR]));
    let note = "20240103000000_test.up.sql does not run in a transaction: it and later migrations were not tried";
    assert_eq!(report["notes"], json!([note]));

    let tried = report["dry_run"].as_array().expect("a list");
    assert_eq!(tried.len(), 2);
    let statements = tried[0]["statements"].as_array().expect("a list");
    let lock = &statements[0]["locks"][0];
    assert_eq!(
        (&lock["relation"], &lock["mode"]),
        (&"public.t".into(), &"AccessExclusiveLock".into())
    );
    // Until the end of its migration, not of the run.
    let held = lock["held_ms"].as_f64().expect("a number");
    let whole = tried[0]["duration_ms"].as_f64().expect("a number");
    assert!((300.0..=whole).contains(&held), "{report}");
    assert!(
        statements[1]["duration_ms"].as_f64() >= Some(300.0),
        "{report}"
    );
    // What nobody else has seen is left out.
    assert!(!report["dry_run"].to_string().contains("fresh"), "{report}");
    let update = &tried[1]["statements"][0]["locks"];
    assert!(update.to_string().contains("RowExclusiveLock"), "{report}");

    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'migrate'";
    assert_eq!(database.value::<i64>(schemas, &[]).await, 0);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let report = dry_run(&database, &folder, 0).await.json();
    assert_eq!(report["dry_run"], Value::Null, "nothing is pending");
}

#[tokio::test]
async fn a_dry_run_is_readable_on_the_command_line() {
    let (database, folder) = (with_table().await, four());
    let path = folder.path();
    let said = database
        .run(&["--dir", path.to_str().expect("UTF-8"), DRY[0], DRY[1]])
        .await
        .expect(0);
    for words in [
        "20240101000000_test: ",
        " ms, rolled back\n  line 1: ",
        "    AccessExclusiveLock on public.t, held for ",
        "upgrade: noop; base -> base; 4 pending",
    ] {
        assert!(said.text.contains(words), "{words}: {}", said.text);
    }
    assert!(
        said.error
            .contains("note: 20240103000000_test.up.sql does not run"),
        "{}",
        said.error
    );
}

#[tokio::test]
async fn a_dry_run_finds_what_fails_and_where() {
    let database = with_table().await;
    let folder = Folder::of(&[
        (ONE, "CREATE TABLE a ();", ""),
        (TWO, "SELECT 1;\nSELECT 1 / 0;", ""),
    ]);
    let report = dry_run(&database, &folder, 1).await.json();
    let error = &report["error"];
    assert_eq!(
        (&error["sqlstate"], &error["line"]),
        (&"22012".into(), &2.into())
    );
    assert_eq!(error["file"], "20240102000000_test.up.sql");
    assert_eq!(report["dry_run"].as_array().map(Vec::len), Some(2));

    // At the commit, too.
    let deferred = "CREATE TABLE a (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO a VALUES (1), (1);";
    let folder = Folder::of(&[(ONE, deferred, "")]);
    let error = &dry_run(&database, &folder, 1).await.json()["error"];
    assert_eq!(
        (&error["sqlstate"], &error["line"]),
        (&"23505".into(), &2.into())
    );
}

#[tokio::test]
async fn in_a_dry_run_each_migration_begins_as_after_a_commit() {
    let database = with_table().await;
    let deferred =
        "CREATE TABLE a (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO a VALUES (1);";
    let folder = Folder::of(&[
        (
            ONE,
            "SET search_path = ''; SET ROLE interview_catalogue; SET statement_timeout = '1s'; CREATE TEMP TABLE a ();",
            "",
        ),
        (TWO, deferred, ""),
        // Without pending checks, and with a check at the end again.
        (
            THREE,
            "ALTER TABLE a ADD COLUMN note text; UPDATE a SET id = 3; INSERT INTO a VALUES (2);",
            "",
        ),
        (FOUR, "UPDATE a SET id = 5 - id;", ""),
    ]);
    dry_run(&database, &folder, 0).await;
    database.run_in(&folder, &["upgrade"]).await.expect(0);
}

#[tokio::test]
async fn a_dry_run_keeps_other_runners_out() {
    let database = with_table().await;
    let up = "-- migrate: lock_timeout=1min\nSELECT pg_advisory_xact_lock(7);";
    let folder = Folder::of(&[(ONE, up, "")]);
    let holder = database.connect().await;
    holder
        .batch_execute("SELECT pg_advisory_lock(7)")
        .await
        .expect("a lock");
    let runner = database.spawn_in(&folder, &DRY).await;
    let client = database.connect().await;
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND usename = 'interview_migrator' AND wait_event_type = 'Lock'";
    while client
        .query_one(waits, &[])
        .await
        .expect("a count")
        .get::<_, i64>(0)
        == 0
    {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let lock = include_str!("../functions/migrate/src/sql/lock.sql");
    let row = client.query_one(lock, &[]).await.expect("an answer");
    assert!(!row.get::<_, bool>("locked"));
    holder
        .batch_execute("SELECT pg_advisory_unlock(7)")
        .await
        .expect("an end");
    let output = runner.wait_with_output().await.expect("it ends");
    Finished::new(output).expect(0);
}

#[tokio::test]
async fn a_dry_run_keeps_the_deadline_and_has_nothing_to_resume() {
    let database = Database::schema().await;
    // The embedded migrations wait for this lock.
    let holder = database.connect().await;
    let lock = "BEGIN; LOCK TABLE film";
    holder.batch_execute(lock).await.expect("a lock");
    let mut function = start_function("migrate", &database.environment("migrate").await).await;
    function.deadline = Duration::from_secs(4);
    let event = json!({"command": "upgrade", "dry_run": true});
    let failure = function
        .invoke(event.clone())
        .await
        .expect_err("a failure")
        .to_string();
    assert!(
        failure.contains("time is left for the rest of the dry run"),
        "{failure}"
    );
    assert!(!failure.contains("resume"), "{failure}");
    holder.batch_execute("ROLLBACK").await.expect("an end");
    function.deadline = Duration::from_secs(60);
    let report = function.invoke(event).await.expect("a report");
    assert_eq!(report["status"], "noop", "{report}");
    assert!(
        report["dry_run"].to_string().contains("public.film"),
        "{report}"
    );
}

#[tokio::test]
async fn a_dry_run_of_a_script_is_refused() {
    let (database, folder) = (Database::empty().await, Folder::three());
    let said = database
        .run_in(&folder, &["upgrade", "--sql", "--dry-run"])
        .await
        .expect(1);
    assert!(
        said.text.contains("sql and dry_run exclude each other"),
        "{}",
        said.text
    );
    let event = json!({"command": "upgrade", "sql": true, "dry_run": true});
    let failure = database.migrate(event).await.expect_err("a failure");
    assert!(
        failure.contains("sql and dry_run exclude each other"),
        "{failure}"
    );
}

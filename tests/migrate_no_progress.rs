//! Runs with a deadline that get no further: they say so, and do not promise that a later run would.

use std::time::{Duration, SystemTime};

use crate::harness::{
    Database,
    migrations::{Folder, ONE, connector, engine, upgrade},
};
use migrate::{Clock, Migrations, Report, Status};

/// Upgrades with these seconds, of which the report gets one.
async fn within(seconds: f64, database: &Database, folder: &Folder) -> Report {
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let mut engine = engine(&connector(database).await, &migrations);
    engine.clock = Clock::until(SystemTime::now() + Duration::from_secs_f64(seconds));
    engine.run(&upgrade()).await
}

/// It has failed for want of time, without a promise.
fn assert_needs_the_command(report: &Report) {
    assert_eq!(report.status, Status::Failed, "{report:?}");
    assert!(report.resume.is_none(), "{report:?}");
    let error = report.error.as_ref().expect("an error").to_string();
    assert!(error.contains("run `migrate upgrade`"), "{error}");
}

#[tokio::test]
async fn a_transaction_that_had_the_whole_time_is_not_resumed() {
    let database = Database::empty().await;
    let folder = Folder::of(&[(ONE, "CREATE TABLE a (); SELECT pg_sleep(60);", "")]);
    let report = within(6.0, &database, &folder).await;
    assert_needs_the_command(&report);
    assert_eq!(database.tables().await, "");
}

#[tokio::test]
async fn a_setting_that_each_run_repeats_is_no_progress() {
    let database = Database::empty().await;
    let up = "-- migrate: no-transaction\nSET work_mem = '8MB';\nSELECT pg_sleep(60);";
    let folder = Folder::of(&[(ONE, up, "")]);
    assert_needs_the_command(&within(6.0, &database, &folder).await);
}

#[tokio::test]
async fn a_concurrent_index_that_had_the_whole_time_is_not_resumed_and_the_command_builds_it() {
    let database = Database::empty().await;
    let table = "CREATE TABLE t (id int); ALTER TABLE t OWNER TO interview_migrator";
    database.execute(table).await;
    let up = "-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY t_id ON t (id);";
    let folder = Folder::of(&[(ONE, up, "")]);
    let reader = database.connect().await;
    // The index waits for the end of older transactions that have written.
    let begun = reader
        .batch_execute("BEGIN; INSERT INTO t VALUES (1)")
        .await;
    begun.expect("a transaction");
    // The first run begins the index, and the second drops what the first has left.
    for _ in 0..2 {
        let report = within(6.0, &database, &folder).await;
        assert_needs_the_command(&report);
    }
    reader.batch_execute("COMMIT").await.expect("an end");
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_id'::regclass";
    assert!(database.value::<bool>(valid, &[]).await);
}

#[tokio::test]
async fn a_statement_that_the_deadline_leaves_in_doubt_is_not_resumed() {
    let database = Database::empty().await;
    let up = "-- migrate: no-transaction
CREATE TABLE a (id int);
CREATE PROCEDURE batches() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO a VALUES (1); COMMIT; PERFORM pg_sleep(60); END $$;
CALL batches();";
    let folder = Folder::of(&[(ONE, up, "")]);
    let report = within(6.0, &database, &folder).await;
    assert_eq!(report.status, Status::Incomplete, "{report:?}");
    assert!(report.resume.is_none(), "{report:?}");
    let error = report.error.expect("an error");
    let repair = format!("repair {ONE} done");
    assert!(error.message.contains(&repair), "{error}");
    assert_eq!(error.line, Some(4));
}

#[tokio::test]
async fn a_statement_that_waited_for_another_runner_is_resumed() {
    let database = Database::empty().await;
    let folder = Folder::of(&[(ONE, "SELECT pg_sleep(60);", "")]);
    let runner = database.connect().await;
    let lock = include_str!("../functions/migrate/src/sql/lock.sql");
    runner.query_one(lock, &[]).await.expect("the lock");
    let held = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(1000)).await;
        drop(runner);
    });
    let report = within(3.0, &database, &folder).await;
    held.await.expect("an end");
    assert_eq!(report.status, Status::Incomplete, "{report:?}");
    assert!(report.resume.is_some(), "{report:?}");
}

//! Runs with a deadline, and the events that continue them.

use std::time::{Duration, Instant, SystemTime};

use crate::harness::{
    Database,
    migrations::{Folder, ONE, THREE, TWO, connector, engine, upgrade},
};
use migrate::{Clock, Command, Engine, Migrations, Status};
use serde_json::json;

#[tokio::test]
async fn a_run_stops_before_its_deadline_and_resume_continues_it() {
    let folder = Folder::of(&[
        (ONE, "CREATE TABLE a ();", ""),
        (TWO, "SELECT pg_sleep(4); CREATE TABLE b ();", ""),
        (THREE, "CREATE TABLE c ();", ""),
    ]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let database = Database::empty().await;
    let connector = connector(&database).await;
    let mut engine = engine(&connector, &migrations);
    let soon = |seconds| Clock::until(SystemTime::now() + Duration::from_secs_f64(seconds));
    engine.clock = soon(4.5);
    let started = Instant::now();
    let report = engine.run(&upgrade()).await;
    assert!(
        started.elapsed() < Duration::from_secs_f64(4.5),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(
        (report.status, report.to.as_deref()),
        (Status::Incomplete, Some(ONE)),
        "{report:?}"
    );
    let resume = report.resume.expect("an event");
    assert_eq!(
        resume,
        json!({"command": "upgrade", "target": THREE, "sql": false, "ahead": "refuse"})
    );
    engine.clock = soon(40.0);
    let again: Command = serde_json::from_value(resume).expect("a command");
    let report = engine.run(&again).await;
    assert_eq!(
        (report.status, report.migrations.len()),
        (Status::Applied, 2),
        "{report:?}"
    );
    assert!(report.remaining_ms.is_some_and(|left| left > 10_000));
}

#[tokio::test]
async fn the_resume_event_of_a_downgrade_has_an_absolute_target() {
    let folder = Folder::of(&[
        (ONE, "SELECT 1;", "SELECT 1;"),
        (TWO, "SELECT 1;", "SELECT pg_sleep(60);"),
        (THREE, "SELECT 1;", "SELECT 1;"),
    ]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let database = Database::empty().await;
    let connector = connector(&database).await;
    let mut engine = engine(&connector, &migrations);
    engine.run(&upgrade()).await;
    engine.clock = Clock::until(SystemTime::now() + Duration::from_secs(5));
    let back = Command::Downgrade {
        target: "-2".to_owned(),
        sql: false,
        from: Some(THREE.to_owned()),
    };
    let report = engine.run(&back).await;
    assert_eq!(
        (report.status, report.migrations.len()),
        (Status::Incomplete, 1),
        "{report:?}"
    );
    let resume = report.resume.expect("an event");
    assert_eq!(
        (&resume["target"], &resume["confirm"]),
        (&ONE.into(), &database.name.as_str().into())
    );
    assert!(resume["from"].is_null(), "it is not there any more");
}

#[tokio::test]
async fn a_deadline_in_the_past_is_ignored() {
    let database = Database::schema().await;
    let engine = Engine {
        clock: Clock::until(SystemTime::UNIX_EPOCH),
        ..engine(
            &connector(&database).await,
            &Migrations::embedded().expect("migrations"),
        )
    };
    let report = engine.run(&upgrade()).await;
    assert_eq!(
        (report.status, report.remaining_ms),
        (Status::Applied, None)
    );
    assert!(
        report.notes.iter().any(|note| note.contains("deadline")),
        "{:?}",
        report.notes
    );
}

//! Runners beside each other, beside traffic, and short of time.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::harness::{Database, migrations::Folder, start_function};
use migrate::{Clock, Command, Engine, Migrations, Status};
use serde_json::json;
use shared::{Connector, config};
use tokio_postgres::Client;

const ONE: &str = "20240101000000";

async fn connector(database: &Database) -> Connector {
    let variables = database.migrator_url().await;
    let url = variables[0].1.parse().expect("a URL");
    let config = config::Config {
        source: config::Source::Url(Box::new(url)),
        host: None,
        reader_host: None,
        port: None,
        name: None,
        ca_file: Some((&variables[1].1).into()),
        pool_size: 1,
        access: config::Access::default(),
    };
    Connector::new(config).await.expect("a connector")
}

fn engine(connector: &Connector, migrations: &Migrations) -> Engine {
    Engine {
        migrations: Ok(migrations.clone()),
        connector: Ok(connector.clone()),
        clock: Clock::unlimited(),
        confirm: None,
        progress: Box::new(|_| {}),
    }
}

fn upgrade() -> Command {
    Command::Upgrade {
        target: "head".to_owned(),
        sql: false,
    }
}

#[tokio::test]
async fn of_eight_runners_one_applies_everything_a_hundred_times() {
    let folder = Folder::of(&[
        (ONE, "CREATE TABLE t (id int);", "DROP TABLE t;"),
        (
            "20240102000000",
            "-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY t_id ON t (id);",
            "DROP INDEX t_id;",
        ),
        (
            "20240103000000",
            "INSERT INTO t VALUES (1);",
            "DELETE FROM t;",
        ),
    ]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let database = Database::empty().await;
    let connector = connector(&database).await;
    for round in 0..100 {
        database
            .execute("DROP SCHEMA IF EXISTS migrate CASCADE; DROP TABLE IF EXISTS t")
            .await;
        let runners = (0..8).map(|_| {
            let engine = engine(&connector, &migrations);
            tokio::spawn(async move { engine.run(&upgrade()).await })
        });
        let mut statuses = Vec::new();
        for runner in runners.collect::<Vec<_>>() {
            let report = runner.await.expect("a report");
            assert!(report.error.is_none(), "round {round}: {report:?}");
            assert_eq!(
                report.to.as_deref(),
                Some("20240103000000"),
                "round {round}"
            );
            statuses.push((report.status, report.migrations.len()));
        }
        let applied = statuses
            .iter()
            .filter(|status| **status == (Status::Applied, 3))
            .count();
        let idle = statuses
            .iter()
            .filter(|status| **status == (Status::Noop, 0))
            .count();
        assert_eq!((applied, idle), (1, 7), "round {round}: {statuses:?}");
        let rows: i64 = database.value("SELECT count(*) FROM t", &[]).await;
        assert_eq!(rows, 1, "round {round}");
    }
}

#[tokio::test]
async fn the_key_of_the_history_stops_a_runner_whose_lock_is_gone() {
    let folder = Folder::of(&[(
        ONE,
        "SELECT pg_advisory_unlock_all(); SELECT pg_sleep(0.5); CREATE TABLE t (id int);",
        "",
    )]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let database = Database::empty().await;
    let connector = connector(&database).await;
    // The bookkeeping is there, so that both begin with the migration.
    engine(&connector, &migrations)
        .run(&Command::Stamp {
            version: "base".to_owned(),
        })
        .await;
    let (one, two) = (
        engine(&connector, &migrations),
        engine(&connector, &migrations),
    );
    let command = upgrade();
    let (one, two) = tokio::join!(one.run(&command), two.run(&command));
    let mut applied = [one.migrations.len(), two.migrations.len()];
    applied.sort_unstable();
    assert!(
        one.error.is_none() && two.error.is_none(),
        "{one:?}\n{two:?}"
    );
    assert_eq!(applied, [0, 1]);
}

#[tokio::test]
async fn the_lock_comes_back_after_a_failure() {
    let database = Database::empty().await;
    let folder = Folder::of(&[(ONE, "SELECT 1 / 0;", "")]);
    for _ in 0..2 {
        let said = database
            .run_in(&folder, &["upgrade"])
            .await
            .expect(1)
            .json();
        assert_eq!(said["error"]["sqlstate"], "22012");
        assert!(
            said["lock_wait_ms"]
                .as_u64()
                .is_some_and(|wait| wait < 1000),
            "{said}"
        );
    }
}

/// Reads a row again and again; the longest that one took.
async fn longest_read(client: Client, stop: Arc<tokio::sync::Notify>) -> Duration {
    let mut longest = Duration::ZERO;
    let stopped = stop.notified();
    tokio::pin!(stopped);
    loop {
        let started = Instant::now();
        tokio::select! {
            () = &mut stopped => return longest,
            read = client.query("SELECT id FROM t", &[]) => { read.expect("a read"); }
        }
        longest = longest.max(started.elapsed());
    }
}

#[tokio::test]
async fn readers_wait_no_longer_than_the_lock_timeout_and_the_migration_gets_through() {
    let database = Database::empty().await;
    database
        .execute("CREATE TABLE t (id int); ALTER TABLE t OWNER TO interview_migrator")
        .await;
    let folder = Folder::of(&[(ONE, "ALTER TABLE t ADD COLUMN note text;", "")]);
    let holder = database.connect().await;
    holder
        .batch_execute("BEGIN; SELECT * FROM t")
        .await
        .expect("a lock");
    let held = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(10)).await;
        holder.batch_execute("COMMIT").await.expect("an end");
    });
    let stop = Arc::new(tokio::sync::Notify::new());
    let reader = tokio::spawn(longest_read(database.connect().await, stop.clone()));
    let said = database.run_in(&folder, &["upgrade"]).await.expect(0);
    stop.notify_one();
    let longest = reader.await.expect("a reader");
    held.await.expect("the holder");
    assert!(
        longest < Duration::from_secs(5),
        "a reader waited {longest:?}"
    );
    assert!(
        longest > Duration::from_millis(1500),
        "nobody waited: {longest:?}"
    );
    assert!(
        said.json()["retries"]
            .as_u64()
            .is_some_and(|retries| retries >= 3),
        "{}",
        said.text
    );
    assert!(said.error.contains("blocked by session"), "{}", said.error);
}

#[tokio::test]
async fn a_runner_that_dies_gives_its_lock_back_in_seconds() {
    let database = Database::empty().await;
    let folder = Folder::of(&[(ONE, "SELECT pg_sleep(60);", "")]);
    let mut child = database.spawn_in(&folder, &["upgrade"]).await;
    let sleeping = "SELECT count(*) FROM pg_stat_activity
        WHERE query LIKE 'SELECT pg_sleep(60)%' AND datname = current_database()";
    let client = database.connect().await;
    let asleep = async {
        while client
            .query_one(sleeping, &[])
            .await
            .expect("a count")
            .get::<_, i64>(0)
            == 0
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asleep)
        .await
        .expect("it begins in time");
    child.kill().await.expect("it is killed");
    folder.write("20240101000000_test.up.sql", "CREATE TABLE t ();");
    let started = Instant::now();
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    assert!(
        started.elapsed() < Duration::from_secs(8),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn a_deadline_stops_it_before_and_the_same_event_goes_on() {
    let folder = Folder::of(&[
        (ONE, "CREATE TABLE a ();", ""),
        (
            "20240102000000",
            "SELECT pg_sleep(4); CREATE TABLE b ();",
            "",
        ),
        ("20240103000000", "CREATE TABLE c ();", ""),
    ]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let database = Database::empty().await;
    let connector = connector(&database).await;
    let mut engine = engine(&connector, &migrations);
    let soon =
        |seconds| Clock::until(std::time::SystemTime::now() + Duration::from_secs_f64(seconds));
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
        json!({"command": "upgrade", "target": "20240103000000", "sql": false})
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
async fn a_downgrade_that_goes_on_reverts_no_more_than_was_asked() {
    let folder = Folder::of(&[
        (ONE, "SELECT 1;", "SELECT 1;"),
        ("20240102000000", "SELECT 1;", "SELECT pg_sleep(60);"),
        ("20240103000000", "SELECT 1;", "SELECT 1;"),
    ]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let database = Database::empty().await;
    let connector = connector(&database).await;
    let mut engine = engine(&connector, &migrations);
    engine.run(&upgrade()).await;
    engine.clock = Clock::until(std::time::SystemTime::now() + Duration::from_secs(5));
    let back = Command::Downgrade {
        target: "-2".to_owned(),
        sql: false,
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
}

#[tokio::test]
async fn a_deadline_that_cannot_be_right_counts_as_none() {
    let database = Database::schema().await;
    let engine = Engine {
        clock: Clock::until(std::time::SystemTime::UNIX_EPOCH),
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

#[tokio::test]
async fn the_same_event_delivered_twice_does_no_harm() {
    let database = Database::schema().await;
    let (one, two) = (
        start_function("migrate", &database.environment("migrate").await).await,
        start_function("migrate", &database.environment("migrate").await).await,
    );
    let event = json!({"command": "upgrade", "target": "head"});
    let (one, two) = tokio::join!(one.invoke(event.clone()), two.invoke(event));
    let mut statuses = [one, two].map(|report| report.expect("a report")["status"].to_string());
    statuses.sort_unstable();
    assert_eq!(statuses, ["\"applied\"", "\"noop\""]);
}

#[tokio::test]
async fn what_can_lose_something_must_name_the_database() {
    let database = Database::sample().await;
    for event in [
        json!({"command": "downgrade", "target": "base", "confirm": "pagila"}),
        json!({"command": "stamp", "version": "base", "confirm": null}),
        json!({"command": "repair", "version": "1", "outcome": "done", "confirm": ""}),
        json!({"command": "restore", "confirm": 7}),
    ] {
        let error = database.migrate(event).await.expect_err("a refusal");
        assert!(
            error.contains(&format!("\\\"confirm\\\": \\\"{}\\\"", database.name)),
            "{error}"
        );
    }
    let read = database
        .migrate(json!({"command": "downgrade", "sql": true}))
        .await
        .expect("a script");
    assert!(
        read["sql"]
            .as_str()
            .is_some_and(|sql| sql.contains("DELETE FROM migrate.history"))
    );
}

//! Several runners at once, and a runner beside other traffic.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::harness::{
    Database,
    migrations::{Folder, ONE, THREE, TWO, connector, connector_on, engine, upgrade},
    relay::Relay,
    start_function,
};
use migrate::{Command, Migrations, Status};
use serde_json::json;
use tokio_postgres::Client;

#[tokio::test]
async fn one_of_eight_runners_applies_everything_in_each_of_a_hundred_rounds() {
    let folder = Folder::of(&[
        (ONE, "CREATE TABLE t (id int);", "DROP TABLE t;"),
        (
            TWO,
            "-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY t_id ON t (id);",
            "DROP INDEX t_id;",
        ),
        (THREE, "INSERT INTO t VALUES (1);", "DELETE FROM t;"),
    ]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let rounds = || contest(&migrations, 25);
    tokio::join!(rounds(), rounds(), rounds(), rounds());
}

/// Eight runners at once on one database, again and again.
async fn contest(migrations: &Migrations, rounds: usize) {
    let database = Database::empty().await;
    let connector = connector(&database).await;
    for round in 0..rounds {
        database
            .execute("DROP SCHEMA IF EXISTS migrate CASCADE; DROP TABLE IF EXISTS t")
            .await;
        let runners = (0..8).map(|_| {
            let engine = engine(&connector, migrations);
            tokio::spawn(async move { engine.run(&upgrade()).await })
        });
        let mut statuses = Vec::new();
        for runner in runners.collect::<Vec<_>>() {
            let report = runner.await.expect("a report");
            assert!(report.error.is_none(), "round {round}: {report:?}");
            assert_eq!(report.to.as_deref(), Some(THREE), "round {round}");
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
async fn the_key_of_the_history_stops_a_second_runner_when_the_lock_is_lost() {
    let folder = Folder::of(&[(
        ONE,
        "DO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$; SELECT pg_sleep(0.5); CREATE TABLE t (id int);",
        "",
    )]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let database = Database::empty().await;
    let connector = connector(&database).await;
    // Creates the bookkeeping, so that both runners begin with the migration.
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
async fn a_failure_releases_the_lock_while_the_process_lives() {
    let database = Database::empty().await;
    let folder = Folder::of(&[(ONE, "SELECT 1 / 0;", "")]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let connector = connector(&database).await;
    let report = engine(&connector, &migrations).run(&upgrade()).await;
    let error = report.error.expect("a failure");
    assert_eq!(error.sqlstate.as_deref(), Some("22012"), "{error}");
    // A command of its own process waits for the lock, if it is still held here.
    folder.write("20240101000000_test.up.sql", "SELECT 1;");
    let said = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(0)
        .json();
    let waited = said["lock_wait_ms"].as_u64();
    assert!(waited.is_some_and(|wait| wait < 1000), "{said}");
}

#[tokio::test]
async fn a_runner_that_waits_in_vain_exits_with_4_and_reports_the_holder() {
    let database = Database::empty().await;
    let folder = Folder::three();
    let holder = database.connect().await;
    let lock = include_str!("../functions/migrate/src/sql/lock.sql");
    holder.query_one(lock, &[]).await.expect("the lock");
    let started = Instant::now();
    let said = database.run_in(&folder, &["upgrade"]).await.expect(4);
    assert!(started.elapsed() >= Duration::from_secs(30));
    let report = said.json();
    assert_eq!(report["status"], "locked");
    let blocker = &report["error"]["blockers"][0];
    assert_eq!(blocker["user"], "postgres", "{report}");
    assert_eq!(database.tables().await, "");
    drop(holder);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
}

/// Reads a table repeatedly, and returns the time of the slowest read.
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
async fn readers_wait_no_longer_than_the_lock_timeout_and_the_migration_succeeds() {
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
        "no reader waited: {longest:?}"
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
async fn a_serialization_failure_is_tried_again() {
    // A rollback does not take back the values of a sequence.
    const TWICE: &str = "DO $$ BEGIN
        IF nextval('attempts') < 3 THEN RAISE SQLSTATE '40001'; END IF; END $$;";
    let outside = format!("-- migrate: no-transaction\n{TWICE}");
    for up in [TWICE, &outside] {
        let database = Database::empty().await;
        database
            .execute("CREATE SEQUENCE attempts; GRANT USAGE ON SEQUENCE attempts TO public")
            .await;
        let folder = Folder::of(&[(ONE, up, "")]);
        let said = database.run_in(&folder, &["upgrade"]).await.expect(0);
        assert_eq!(said.json()["retries"], 2, "{}", said.text);
    }
}

#[tokio::test]
async fn a_look_at_the_blockers_does_not_hold_a_statement_back() {
    let database = Database::empty().await;
    // It ends while the look still waits for its connection.
    let folder = Folder::of(&[(ONE, "SELECT pg_sleep(1);", "")]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let relay = Relay::forwarding("127.0.0.1:0").await;
    let connector = connector_on(&database, relay.port).await;
    let engine = engine(&connector, &migrations);
    let no_second = async {
        while relay.opened() == 0 {
            tokio::task::yield_now().await;
        }
        relay.doze_off();
    };
    let command = upgrade();
    let (report, ()) = tokio::join!(engine.run(&command), no_second);
    assert_eq!(report.status, Status::Applied, "{report:?}");
    assert_eq!(relay.opened(), 2);
    let took = report.migrations[0].statements[0].duration_ms;
    assert!(took < 1600.0, "{took} ms");
}

#[tokio::test]
async fn the_lock_of_a_killed_runner_is_released_in_seconds() {
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
async fn an_event_delivered_twice_applies_migrations_once() {
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

//! Backfills: `-- migrate: repeat` runs a statement until it touches no row, and a run that ends early
//! loses and repeats nothing.

use std::{
    env,
    process::Stdio,
    time::{Duration, Instant, SystemTime},
};

use crate::harness::{
    Database,
    migrations::{Folder, ONE, command, connector, engine, upgrade},
    proxy::{Cut, Proxy},
    stack,
};
use migrate::{Clock, Command, Migrations, Report, Status};
use serde_json::json;

/// Shows each round that was lost or repeated: `n` counts the rounds of a row.
const TEN: &str = "-- migrate: repeat
UPDATE t SET n = n + 1 WHERE id IN (SELECT id FROM t WHERE n = 0 ORDER BY id LIMIT 10);";
/// Takes 0.2 s for each row.
const SLOW: &str = "-- migrate: repeat
UPDATE t SET n = n + 1 WHERE id IN (SELECT id FROM t WHERE n = 0 ORDER BY id LIMIT 1) AND pg_sleep(0.2) IS NOT NULL;";

/// A database with a table of rows that are to be filled.
pub async fn rows(count: usize) -> Database {
    let database = Database::empty().await;
    let table = format!(
        "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
        INSERT INTO t SELECT generate_series(1, {count}); ALTER TABLE t OWNER TO interview_migrator"
    );
    database.execute(&table).await;
    database
}

/// Each row was touched once, and nothing is left in the bookkeeping.
pub async fn assert_filled(database: &Database, when: &str) {
    let wrong: i64 = database
        .value("SELECT count(*) FROM t WHERE n <> 1", &[])
        .await;
    assert_eq!(wrong, 0, "{when}");
    let left =
        "SELECT (SELECT count(*) FROM migrate.backfill) + (SELECT count(*) FROM migrate.statement)
        + (SELECT count(*) FROM migrate.history WHERE state <> 'applied')";
    assert_eq!(database.value::<i64>(left, &[]).await, 0, "{when}");
}

/// The rounds and rows of the only backfill in a report.
fn done(report: &Report) -> (i64, i64) {
    let [backfill] = report.backfills.as_slice() else {
        panic!("{report:?}");
    };
    (backfill.rounds, backfill.rows)
}

#[tokio::test]
async fn a_statement_is_repeated_until_it_touches_no_row() {
    let database = rows(25).await;
    let back = TEN
        .replace("n = n + 1", "n = 0")
        .replace("n = 0 ORDER", "n = 1 ORDER");
    let folder = Folder::of(&[(ONE, TEN, &back)]);
    let said = database.run_in(&folder, &["upgrade"]).await.expect(0);
    let report = said.json();
    let backfill = &report["backfills"][0];
    assert_eq!(
        (&backfill["file"], &backfill["rounds"], &backfill["rows"]),
        (&json!(format!("{ONE}_test.up.sql")), &json!(4), &json!(25))
    );
    assert!(
        backfill["rows_per_second"]
            .as_f64()
            .is_some_and(|rate| rate > 25.0)
    );
    assert_eq!(report["migrations"][0]["statements"][0]["line"], 2);
    assert!(
        said.error.contains("25 rows in 4 rounds, "),
        "{}",
        said.error
    );
    assert_filled(&database, "after an upgrade").await;
    let said = database.run_in(&folder, &["downgrade"]).await.expect(0);
    assert_eq!(said.json()["backfills"][0]["rows"], 25);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    assert_filled(&database, "after another").await;
}

#[tokio::test]
async fn a_backfill_stops_before_its_deadline_and_resume_goes_on() {
    let database = rows(8).await;
    let folder = Folder::of(&[(ONE, SLOW, "")]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let mut engine = engine(&connector(&database).await, &migrations);
    let (mut command, mut reports) = (upgrade(), Vec::new());
    loop {
        let (started, time) = (Instant::now(), Duration::from_millis(2300));
        engine.clock = Clock::until(SystemTime::now() + time);
        let report = engine.run(&command).await;
        assert!(started.elapsed() < time, "{report:?}");
        reports.push(done(&report));
        let Some(resume) = report.resume else {
            assert_eq!(report.status, Status::Applied, "{report:?}");
            break;
        };
        assert_eq!(report.status, Status::Incomplete);
        command = serde_json::from_value::<Command>(resume).expect("a command");
    }
    assert!((2..9).contains(&reports.len()), "{reports:?}");
    assert!(reports.is_sorted(), "{reports:?}");
    assert_eq!(reports.last(), Some(&(9, 8)), "{reports:?}");
    assert_filled(&database, "after the last").await;
}

#[tokio::test]
async fn a_round_that_does_not_fit_into_the_time_asks_for_fewer_rows() {
    let database = rows(1).await;
    let folder = Folder::of(&[(ONE, &SLOW.replace("0.2", "60"), "")]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let mut engine = engine(&connector(&database).await, &migrations);
    engine.clock = Clock::until(SystemTime::now() + Duration::from_millis(6000));
    let report = engine.run(&upgrade()).await;
    assert_eq!(report.status, Status::Failed, "{report:?}");
    assert!(report.resume.is_none(), "{report:?}");
    let error = report.error.expect("an error").to_string();
    assert!(error.contains("fewer rows"), "{error}");
}

#[tokio::test]
async fn ctrl_c_ends_a_backfill_and_the_next_run_goes_on() {
    let database = rows(6).await;
    let folder = Folder::of(&[(ONE, SLOW, "")]);
    // It cannot end before Ctrl-C.
    let other = database.connect().await;
    let lock = "BEGIN; SELECT FROM t WHERE id = 6 FOR UPDATE";
    other.batch_execute(lock).await.expect("a lock");
    let mut child = database.spawn_in(&folder, &["upgrade"]).await;
    let some = "SELECT to_regclass('migrate.backfill') IS NOT NULL
        AND (SELECT count(*) FROM t WHERE n = 1) >= 2";
    while !database.value::<bool>(some, &[]).await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let pid = child.id().expect("it runs").to_string();
    let mut kill = tokio::process::Command::new("kill");
    let killed = kill.args(["-INT", &pid]).status().await;
    assert!(killed.expect("kill runs").success());
    assert!(!child.wait().await.expect("it ends").success());
    other.batch_execute("ROLLBACK").await.expect("no lock");
    let said = database.run_in(&folder, &["upgrade"]).await.expect(0);
    let backfill = &said.json()["backfills"][0];
    assert_eq!(
        (&backfill["rounds"], &backfill["rows"]),
        (&json!(7), &json!(6))
    );
    assert_filled(&database, "after Ctrl-C").await;
}

/// Runs the command and kills it at this message. Returns false if it ended before.
async fn killed(database: &Database, folder: &Folder, message: usize, cut: Cut) -> bool {
    let server = stack().await.postgres.port;
    let proxy = Proxy::start(server, message, cut).await;
    let mut environment = database.migrator_url().await;
    environment[0].1 = environment[0]
        .1
        .replace(&format!(":{server}/"), &format!(":{}/", proxy.port));
    let path = folder.path().display().to_string();
    let mut command = command(&environment, &["--dir", &path, "upgrade"]).await;
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.expect("migrate starts");
    let is_killed = proxy.reached(child.wait()).await;
    if is_killed {
        child.kill().await.expect("it dies");
    }
    is_killed
}

/// Kills at this message and every fourth after it. Returns how many times.
async fn kill_from(first: usize) -> usize {
    let folder = Folder::of(&[(ONE, TEN, "")]);
    let database = rows(15).await;
    let every = env::var("MIGRATE_KILLS").is_ok_and(|kills| kills == "all");
    let reset = "DROP SCHEMA IF EXISTS migrate CASCADE; UPDATE t SET n = 0";
    let mut deaths = 0;
    for message in (first..).step_by(4) {
        // Each message in one way; with MIGRATE_KILLS=all in all ways.
        for (number, cut) in [Cut::Before, Cut::During, Cut::After]
            .into_iter()
            .enumerate()
        {
            if !every && number != message % 3 {
                continue;
            }
            let when = format!("{cut:?} message {message}");
            if !killed(&database, &folder, message, cut).await {
                assert_filled(&database, &when).await;
                return deaths;
            }
            deaths += 1;
            let said = database.run_in(&folder, &["upgrade"]).await.expect(0);
            // Where the last round was recorded already, none is left to report.
            if let Some(backfill) = said.json()["backfills"].get(0) {
                let (rounds, rows) = (&backfill["rounds"], &backfill["rows"]);
                assert_eq!((rounds, rows), (&json!(3), &json!(15)), "{when}");
            }
            assert_filled(&database, &when).await;
            database.execute(reset).await;
        }
    }
    deaths
}

#[tokio::test]
async fn a_kill_at_any_message_loses_and_repeats_no_round() {
    // The messages before only log in.
    let deaths = tokio::join!(kill_from(12), kill_from(13), kill_from(14), kill_from(15));
    let deaths = deaths.0 + deaths.1 + deaths.2 + deaths.3;
    assert!(deaths > 30, "it was killed only {deaths} times");
}

#[tokio::test]
async fn a_failed_round_keeps_the_rounds_before_it_and_the_statement_must_stay() {
    let database = rows(25).await;
    let spoil = "ALTER TABLE t ADD CHECK (id <> 15 OR n = 0)";
    database.execute(spoil).await;
    let folder = Folder::of(&[(ONE, TEN, "")]);
    let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
    let report = said.json();
    assert_eq!(report["error"]["sqlstate"], "23514");
    assert_eq!(report["backfills"][0]["rows"], 10);

    let file = format!("{ONE}_test.up.sql");
    for other in [
        TEN.replace("10", "20"),
        TEN.replace("repeat", "no-transaction"),
    ] {
        folder.write(&file, &other);
        let said = database.run_in(&folder, &["upgrade"]).await.expect(3);
        let words = format!("repair {ONE} reverted");
        assert!(said.text.contains(&words), "{}", said.text);
    }
    let mend = "ALTER TABLE t DROP CONSTRAINT t_check";
    database.execute(mend).await;
    folder.write(&file, &TEN.replace("10", "20"));
    let repair = ["repair", ONE, "reverted"];
    database.run_in(&folder, &repair).await.expect(0);
    let said = database.run_in(&folder, &["upgrade"]).await.expect(0);
    assert_eq!(said.json()["backfills"][0]["rows"], 15);
    assert_filled(&database, "after a repair").await;
}

#[tokio::test]
async fn a_round_that_meets_a_lock_is_tried_again() {
    let database = rows(25).await;
    let up = TEN.replace("repeat", "repeat, lock_timeout=100ms");
    let folder = Folder::of(&[(ONE, &up, "")]);
    let holder = database.connect().await;
    let lock = "BEGIN; SELECT * FROM t WHERE id = 15 FOR UPDATE";
    holder.batch_execute(lock).await.expect("a lock");
    let held = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        holder.batch_execute("COMMIT").await.expect("an end");
    });
    let said = database.run_in(&folder, &["upgrade"]).await.expect(0);
    held.await.expect("the holder");
    let report = said.json();
    assert!(
        report["retries"]
            .as_u64()
            .is_some_and(|retries| retries > 0)
    );
    assert_eq!(
        report["backfills"][0]["rounds"], 4,
        "only the last attempts count"
    );
    assert_filled(&database, "after a lock").await;
}

#[tokio::test]
async fn two_runners_without_the_lock_repeat_no_round() {
    let database = rows(80).await;
    // The lock of migrate. A round takes long enough for the second runner to come in between.
    let unlock = "WHERE (SELECT pg_advisory_unlock(30796665482998885)) IS NOT NULL
        AND pg_sleep(0.002) IS NOT NULL AND id IN";
    let up = TEN.replace("WHERE id IN", unlock);
    let folder = Folder::of(&[(ONE, &up, "")]);
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let connector = connector(&database).await;
    let (one, two) = (
        engine(&connector, &migrations),
        engine(&connector, &migrations),
    );
    let command = upgrade();
    let (one, two) = tokio::join!(one.run(&command), two.run(&command));
    // The other one is kept out, or comes when all is done.
    for report in [&one, &two] {
        let is_fine = report.error.is_none() || report.status == Status::Locked;
        assert!(is_fine, "{report:?}");
    }
    let migrations = one.migrations.iter().chain(&two.migrations);
    let longest = migrations.map(|done| done.duration_ms).fold(0.0, f64::max);
    let lock_wait = one.lock_wait_ms.max(two.lock_wait_ms);
    assert!(
        (lock_wait as f64) < longest,
        "the lock was not lost: {one:?}\n{two:?}"
    );
    assert_filled(&database, "after both").await;
}

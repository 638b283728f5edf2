//! A backfill in a function, beside writers and a reader of the same rows: how many invocations it
//! takes, how fast it is, and how long the others wait. `make backfill` does it with sixteen million
//! rows.

use std::{
    env,
    time::{Duration, Instant, SystemTime},
};

use crate::harness::{
    Database,
    migrations::{Folder, ONE, THREE, TWO, connector, engine, upgrade},
    traffic::{Load, Traffic},
};
use migrate::{Clock, Command, Migrations, Report, Status};

const FOUR: &str = "20240104000000";
const INDEX: &str = "-- migrate: no-transaction
CREATE INDEX CONCURRENTLY item_left ON item (id) WHERE length IS NULL;";
const NO_INDEX: &str = "-- migrate: no-transaction\nDROP INDEX CONCURRENTLY item_left;";
const WRITE: &str = "UPDATE item SET sold = sold + 1 WHERE id = $1";
const READ: &str = "SELECT name, sold FROM item WHERE id = $1";
/// The rows are filled in their order, so the present round locks those after the ones that are filled.
const FILLED: &str = "SELECT rows FROM migrate.backfill";

/// How much of it there is.
#[derive(Clone, Copy)]
struct Size {
    rows: i64,
    /// The rows of a round.
    batch: i64,
    /// The time of an invocation, of which migrate keeps a second for its report.
    time: Duration,
}

impl Size {
    /// What `make backfill` asks for, or little.
    fn of_the_environment() -> Self {
        let rows = env::var("BACKFILL_ROWS").ok();
        match rows.map(|rows| rows.parse().expect("a number of rows")) {
            Some(rows) => Self {
                rows,
                batch: 10_000,
                time: Duration::from_secs(60),
            },
            None => Self {
                rows: 5_000,
                batch: 100,
                time: Duration::from_millis(1300),
            },
        }
    }

    /// The column, the index that finds what is left, the backfill, and the end of the index.
    fn folder(&self) -> Folder {
        let backfill = format!(
            "-- migrate: repeat
UPDATE item SET length = length(name)
WHERE id IN (SELECT id FROM item WHERE length IS NULL ORDER BY id LIMIT {});",
            self.batch
        );
        Folder::of(&[
            (ONE, "ALTER TABLE item ADD COLUMN length int;", ""),
            (TWO, INDEX, NO_INDEX),
            (THREE, &backfill, ""),
            (FOUR, NO_INDEX, INDEX),
        ])
    }
}

/// Invokes until there is no `resume`. Returns the reports.
async fn invoked(database: &Database, size: &Size) -> Vec<Report> {
    let folder = size.folder();
    let migrations = Migrations::read(&folder.path()).expect("migrations");
    let mut engine = engine(&connector(database).await, &migrations);
    let (mut command, mut reports) = (upgrade(), Vec::new());
    loop {
        engine.clock = Clock::until(SystemTime::now() + size.time);
        let report = engine.run(&command).await;
        let resume = report.resume.clone();
        reports.push(report);
        match resume {
            Some(resume) => {
                command = serde_json::from_value::<Command>(resume).expect("a command");
            }
            None => return reports,
        }
    }
}

#[tokio::test]
async fn a_backfill_in_a_function_fails_no_request_beside_it() {
    let size = Size::of_the_environment();
    let Size { rows, batch, time } = size;
    let database = Database::empty().await;
    let table = format!(
        "CREATE TABLE item (id bigint PRIMARY KEY, name text NOT NULL, sold int NOT NULL DEFAULT 0);
        INSERT INTO item SELECT n, 'item number ' || n FROM generate_series(1, {rows}) AS n;
        ALTER TABLE item OWNER TO interview_migrator"
    );
    database.execute(&table).await;
    database.execute("VACUUM ANALYZE item").await;

    let load = |sql: &str, after, span| Load {
        sql: sql.to_owned(),
        after,
        span,
    };
    let traffic = Traffic::start(
        &database,
        vec![
            load(WRITE, None, rows),
            load(WRITE, Some(FILLED), batch),
            load(READ, None, rows),
        ],
    )
    .await;
    let started = Instant::now();
    let reports = invoked(&database, &size).await;
    let took = started.elapsed();
    let seen = traffic.stop().await;

    let last = reports.last().expect("a report");
    assert_eq!(
        (last.status, last.to.as_deref()),
        (Status::Applied, Some(FOUR)),
        "{last:?}"
    );
    let backfills = reports.iter().flat_map(|report| &report.backfills);
    let backfill = backfills.last().expect("a backfill");
    assert_eq!(backfill.rows, rows);
    let rates = reports.iter().flat_map(|report| &report.backfills);
    let rates: Vec<_> = rates.map(|backfill| backfill.rows_per_second).collect();
    println!(
        "{rows} rows in rounds of {batch}: {took:.1?}, {} invocations of {time:?}, {} rounds, rows a second of each: \
         {rates:?}\na writer of any row, one of the rows of the round, and a reader: {seen:?}",
        reports.len(),
        backfill.rounds,
    );
    let unfilled = "SELECT count(*) FROM item WHERE length IS DISTINCT FROM length(name)";
    assert_eq!(database.value::<i64>(unfilled, &[]).await, 0);
    for client in &seen {
        assert!(client.requests > 5 && client.failed == 0, "{seen:?}");
        assert!(client.longest < Duration::from_secs(2), "{seen:?}");
    }
}

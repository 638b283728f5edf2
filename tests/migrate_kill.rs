//! A runner, or its session, that is killed at any message that it sends: the next runner finishes
//! the work, and the schema is the same as after an undisturbed run.
//!
//! The migrations are one of each kind, and each message is cut in one of three ways. An upgrade loses
//! its runner at every other message, and its session at those in between. With MIGRATE_KILLS=all the
//! migrations are this project's own, and each message is cut in all ways.

use std::{env, process::Stdio};

use crate::harness::{
    Database,
    migrations::{Folder, command},
    proxy::{Cut, Proxy},
    stack,
};
use tokio::process::Child;
use tokio_postgres::Client;

/// Migrations of each kind: up and down.
const KINDS: [(&str, &str, &str); 9] = [
    // In a transaction.
    (
        "20240101000000",
        "CREATE TABLE a (id int PRIMARY KEY, note text); INSERT INTO a VALUES (1, 'x');
         CREATE TABLE p (id int) PARTITION BY LIST (id);
         CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);",
        "DROP TABLE a, p;",
    ),
    // A concurrent index.
    (
        "20240102000000",
        "-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY a_note ON a (note);",
        "-- migrate: no-transaction\nDROP INDEX CONCURRENTLY a_note;",
    ),
    // Two statements outside of a transaction.
    (
        "20240103000000",
        "-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY a_one ON a (id, note);
         CREATE UNIQUE INDEX CONCURRENTLY a_two ON a (note, id);",
        "-- migrate: no-transaction\nDROP INDEX CONCURRENTLY a_two;
         DROP INDEX CONCURRENTLY a_one;",
    ),
    // Statements that may run twice.
    (
        "20240104000000",
        "-- migrate: no-transaction\nVACUUM a; ANALYZE a;",
        "-- migrate: no-transaction\nVACUUM a;",
    ),
    // Another role.
    (
        "20240105000000",
        "SET ROLE interview_migrator; CREATE TABLE b (id int); RESET ROLE;",
        "DROP TABLE b;",
    ),
    // A block and a procedure.
    (
        "20240106000000",
        "CREATE PROCEDURE fill() LANGUAGE sql AS 'INSERT INTO b VALUES (1)';
         CALL fill(); DO $$ BEGIN INSERT INTO b VALUES (2); END $$;",
        "DELETE FROM b; DROP PROCEDURE fill();",
    ),
    // An index that is rebuilt.
    (
        "20240107000000",
        "REINDEX INDEX a_note; ALTER TABLE a ADD CHECK (id > 0);",
        "ALTER TABLE a DROP CONSTRAINT a_id_check;",
    ),
    // The indexes of a table, rebuilt without locks.
    (
        "20240108000000",
        "-- migrate: no-transaction\nREINDEX (CONCURRENTLY) TABLE a;",
        "-- migrate: no-transaction\nREINDEX INDEX CONCURRENTLY a_pkey;",
    ),
    // A partition that is detached without locks.
    (
        "20240109000000",
        "-- migrate: no-transaction\nALTER TABLE p DETACH PARTITION p_1 CONCURRENTLY;",
        "ALTER TABLE p ATTACH PARTITION p_1 FOR VALUES IN (1);",
    ),
];

/// Undoes all of them.
const RESET: &str = "DROP TABLE IF EXISTS a, b, p, p_1; DROP PROCEDURE IF EXISTS fill();
    DROP SCHEMA IF EXISTS migrate CASCADE";

#[derive(Clone, Copy, Debug)]
enum Death {
    /// SIGKILL of the runner.
    Killed,
    /// pg_terminate_backend for its session.
    Terminated,
}

/// A database with Pagila's tables, and a superuser's connection to it.
struct Place {
    database: Database,
    client: Client,
}

impl Place {
    /// A new one, after an upgrade if one is given.
    async fn new(upgrade: Option<&[&str]>) -> Self {
        let database = Database::schema().await;
        let client = database.connect().await;
        if let Some(upgrade) = upgrade {
            database.run(upgrade).await.expect(0);
        }
        Self { database, client }
    }

    /// As if it was new, in a tenth of the time.
    async fn reset(&self, upgrade: Option<&[&str]>) {
        self.client.batch_execute(RESET).await.expect("a reset");
        if let Some(upgrade) = upgrade {
            self.database.run(upgrade).await.expect(0);
        }
    }
}

async fn start(database: &Database, arguments: &[&str], port: u16) -> Child {
    let mut environment = database.migrator_url().await;
    let real = stack().await.postgres.port.to_string();
    environment[0].1 = environment[0]
        .1
        .replace(&format!(":{real}/"), &format!(":{port}/"));
    let mut command = command(&environment, arguments).await;
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("migrate starts")
}

/// Runs the command and kills it at this message. Returns false when it ended before that.
async fn disturb(
    place: &Place,
    arguments: &[&str],
    message: usize,
    cut: Cut,
    death: Death,
) -> bool {
    let server = stack().await.postgres.port;
    let proxy = Proxy::start(server, message, cut).await;
    let mut child = start(&place.database, arguments, proxy.port).await;
    if !proxy.reached(child.wait()).await {
        let status = child.wait().await.expect("it has ended");
        assert!(
            status.success(),
            "the command failed before message {message}: {status}"
        );
        return false;
    }
    match death {
        Death::Killed => child.kill().await.expect("it dies"),
        Death::Terminated => {
            let terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
            place.client.batch_execute(terminate).await.expect("an end");
            child.wait().await.expect("it ends");
        }
    }
    true
}

/// A command that is killed at each of its messages.
struct Victim<'a> {
    arguments: Vec<&'a str>,
    /// The upgrade that comes before it, if one does.
    upgrade: Option<Vec<&'a str>>,
    death: Death,
    /// Whether each message is cut in all ways, in a new database each time.
    every: bool,
    /// The schema after an undisturbed run.
    expected: String,
}

impl Victim<'_> {
    /// Kills it at this message, and at each one this many after it. Returns how many times.
    async fn kill_from(&self, first: usize, step: usize) -> usize {
        let upgrade = self.upgrade.as_deref();
        let cuts = [Cut::Before, Cut::During, Cut::After];
        let mut place = Place::new(upgrade).await;
        let mut deaths = 0;
        for message in (first..).step_by(step) {
            for (number, cut) in cuts.into_iter().enumerate() {
                if !self.every && number != message % cuts.len() {
                    continue;
                }
                match self.every {
                    true => place = Place::new(upgrade).await,
                    false => place.reset(upgrade).await,
                }
                if !disturb(&place, &self.arguments, message, cut, self.death).await {
                    return deaths;
                }
                deaths += 1;
                let when = format!("{:?} {cut:?} message {message}", self.death);
                self.recover(&place, &when).await;
            }
        }
        deaths
    }

    /// The next run finishes the work, and the schema is as after an undisturbed run.
    async fn recover(&self, place: &Place, when: &str) {
        let run = place.database.run(&self.arguments).await;
        assert_eq!(run.status, 0, "{when}: {}\n{}", run.text, run.error);
        let difference = difference(&self.expected, &place.database.catalog().await);
        assert!(difference.is_empty(), "{when}: {difference}");
        // The catalog of pg_dump lacks invalid indexes. Only a superuser may drop those of TOAST tables.
        let bad = "SELECT (SELECT count(*) FROM migrate.history WHERE state <> 'applied')
            + (SELECT count(*) FROM pg_index JOIN pg_class ON oid = indexrelid
               WHERE NOT indisvalid AND relnamespace <> 'pg_toast'::regnamespace)";
        let bad = place.client.query_one(bad, &[]).await;
        assert_eq!(bad.expect("a count").get::<_, i64>(0), 0, "{when}");
    }
}

/// The lines that only one of them has.
fn difference(expected: &str, actual: &str) -> String {
    let only = |sign: char, one: &str, other: &str| -> String {
        let lines: Vec<&str> = other.lines().collect();
        let lines = one.lines().filter(|line| !lines.contains(line));
        lines.map(|line| format!("\n{sign} {line}")).collect()
    };
    only('-', expected, actual) + &only('+', actual, expected)
}

async fn all_survived(command: &[&str], migrated: bool, death: Death) {
    let every = env::var("MIGRATE_KILLS").is_ok_and(|kills| kills == "all");
    let folder = Folder::of(&KINDS);
    let path = folder.path().display().to_string();
    let from_folder = match every {
        true => vec![],
        false => vec!["--dir", &path],
    };
    let arguments = [&from_folder, command].concat();
    let upgrade = migrated.then(|| [&from_folder[..], &["upgrade"]].concat());
    let undisturbed = Place::new(upgrade.as_deref()).await.database;
    undisturbed.run(&arguments).await.expect(0);
    let victim = Victim {
        arguments,
        upgrade,
        death,
        every,
        expected: undisturbed.catalog().await,
    };
    // The next run mostly waits for the lock of the one that died.
    let (apart, offset) = match (every || migrated, death) {
        (true, _) => (1, 0),
        (false, Death::Killed) => (2, 0),
        (false, Death::Terminated) => (2, 1),
    };
    let deaths = tokio::join!(
        victim.kill_from(1 + offset, 4 * apart),
        victim.kill_from(1 + offset + apart, 4 * apart),
        victim.kill_from(1 + offset + 2 * apart, 4 * apart),
        victim.kill_from(1 + offset + 3 * apart, 4 * apart),
    );
    let deaths = deaths.0 + deaths.1 + deaths.2 + deaths.3;
    println!("{command:?}: {death:?} {deaths} times");
    assert!(deaths > 40, "the command was killed only {deaths} times");
}

#[tokio::test]
async fn upgrade_survives_sigkill_at_every_message() {
    all_survived(&["upgrade"], false, Death::Killed).await;
}

#[tokio::test]
async fn upgrade_survives_a_terminated_session_at_every_message() {
    all_survived(&["upgrade"], false, Death::Terminated).await;
}

#[tokio::test]
async fn downgrade_survives_sigkill_at_every_message() {
    all_survived(&["downgrade", "base"], true, Death::Killed).await;
}

//! A runner, or its session, that is killed at any message that it sends: the next runner finishes
//! the work, and the schema is the same as after an undisturbed run.
//!
//! The migrations are one of each kind, and each message is cut in one of three ways. With
//! MIGRATE_KILLS=all they are this project's own, cut in all ways.

use std::{env, process::Stdio};

use crate::harness::{
    Database,
    migrations::{Folder, command},
    proxy::{Cut, Proxy},
    stack,
};
use tokio::process::Child;

/// Migrations of each kind: up and down.
const KINDS: [(&str, &str, &str); 7] = [
    // In a transaction.
    (
        "20240101000000",
        "CREATE TABLE a (id int PRIMARY KEY, note text); INSERT INTO a VALUES (1, 'x');",
        "DROP TABLE a;",
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
];

/// Undoes all of them.
const RESET: &str = "DROP TABLE IF EXISTS a, b; DROP PROCEDURE IF EXISTS fill();
    DROP SCHEMA IF EXISTS migrate CASCADE";

#[derive(Clone, Copy, Debug)]
enum Death {
    /// SIGKILL of the runner.
    Killed,
    /// pg_terminate_backend for its session.
    Terminated,
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
    database: &Database,
    arguments: &[&str],
    message: usize,
    cut: Cut,
    death: Death,
) -> bool {
    let server = stack().await.postgres.port;
    let proxy = Proxy::start(server, message, cut).await;
    let mut child = start(database, arguments, proxy.port).await;
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
            database.execute(terminate).await;
            child.wait().await.expect("it ends");
        }
    }
    true
}

/// Kills the command at each message in turn, and returns how many times.
async fn survive(command: &[&str], migrated: bool, death: Death) -> usize {
    let every = env::var("MIGRATE_KILLS").is_ok_and(|kills| kills == "all");
    let folder = Folder::of(&KINDS);
    let path = folder.path().display().to_string();
    let from_folder = match every {
        true => vec![],
        false => vec!["--dir", &path],
    };
    let arguments = [&from_folder, command].concat();
    let upgrade = [&from_folder[..], &["upgrade"]].concat();
    let before = migrated.then_some(&upgrade[..]);
    let mut database = prepared(None, before).await;
    database.run(&arguments).await.expect(0);
    let expected = database.catalog().await;
    let cuts = [Cut::Before, Cut::During, Cut::After];
    let mut deaths = 0;
    for message in 1.. {
        for (number, cut) in cuts.into_iter().enumerate() {
            if !every && number != message % cuts.len() {
                continue;
            }
            database = prepared((!every).then_some(database), before).await;
            if !disturb(&database, &arguments, message, cut, death).await {
                return deaths;
            }
            deaths += 1;
            let run = database.run(&arguments).await;
            let place = format!("{death:?} {cut:?} message {message}");
            assert_eq!(run.status, 0, "{place}: {}\n{}", run.text, run.error);
            let catalog = database.catalog().await;
            let difference = difference(&expected, &catalog);
            assert!(difference.is_empty(), "{place}: {difference}");
            let incomplete = "SELECT count(*) FROM migrate.history WHERE state <> 'applied'";
            assert_eq!(database.value::<i64>(incomplete, &[]).await, 0, "{place}");
        }
    }
    deaths
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

/// A database after an upgrade, if one is given: this one after a reset, which takes a tenth of the
/// time, or else a new one with Pagila's tables.
async fn prepared(used: Option<Database>, upgrade: Option<&[&str]>) -> Database {
    let database = match used {
        Some(database) => {
            database.execute(RESET).await;
            database
        }
        None => Database::schema().await,
    };
    if let Some(upgrade) = upgrade {
        database.run(upgrade).await.expect(0);
    }
    database
}

async fn all_survived(command: &[&str], migrated: bool, death: Death) {
    let deaths = survive(command, migrated, death).await;
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

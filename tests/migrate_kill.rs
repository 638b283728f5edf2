//! A runner, or its session, that is killed at any message that it sends: the next runner finishes
//! the work, and the schema is the same as after an undisturbed run.
//!
//! Each message is cut in one of three ways, or in all of them with MIGRATE_KILLS=all.

use std::{env, process::Stdio};

use crate::harness::{
    Database,
    migrations::command,
    proxy::{Cut, Proxy},
    stack,
};
use tokio::process::Child;

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
async fn survive(arguments: &'static [&'static str], migrated: bool, death: Death) -> usize {
    let undisturbed = prepared(migrated).await;
    undisturbed.run(arguments).await.expect(0);
    let expected = undisturbed.catalog().await;
    let cuts = [Cut::Before, Cut::During, Cut::After];
    let every = env::var("MIGRATE_KILLS").is_ok_and(|kills| kills == "all");
    let mut deaths = 0;
    for message in 1.. {
        for (number, cut) in cuts.into_iter().enumerate() {
            if !every && number != message % cuts.len() {
                continue;
            }
            let database = prepared(migrated).await;
            if !disturb(&database, arguments, message, cut, death).await {
                return deaths;
            }
            deaths += 1;
            let said = database.run(arguments).await;
            let place = format!("{death:?} {cut:?} message {message}");
            assert_eq!(said.status, 0, "{place}: {}\n{}", said.text, said.error);
            assert_eq!(database.catalog().await, expected, "{place}");
            let incomplete = "SELECT count(*) FROM migrate.history WHERE state <> 'applied'";
            assert_eq!(database.value::<i64>(incomplete, &[]).await, 0, "{place}");
        }
    }
    deaths
}

async fn prepared(migrated: bool) -> Database {
    let database = Database::schema().await;
    if migrated {
        database.run(&["upgrade"]).await.expect(0);
    }
    database
}

async fn all_survived(arguments: &'static [&'static str], migrated: bool, death: Death) {
    let deaths = survive(arguments, migrated, death).await;
    println!("{arguments:?}: {death:?} {deaths} times");
    assert!(deaths > 80, "the command was killed only {deaths} times");
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

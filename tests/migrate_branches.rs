//! Two branches: migrations that come late, and what a team does with them.

use crate::harness::{
    Database,
    migrations::{Finished, Folder, ONE, THREE, TWO},
};
use serde_json::{Value, json};

/// A database that has the first and the third migration, and the folder without the second.
async fn without_the_second() -> (Database, Folder) {
    let (database, folder) = (Database::empty().await, Folder::three());
    folder.remove(&format!("{TWO}_test.up.sql"));
    folder.remove(&format!("{TWO}_test.down.sql"));
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    (database, folder)
}

/// Writes the second migration, as another branch brings it.
fn pull(folder: &Folder, up: &str) {
    folder.write(&format!("{TWO}_test.up.sql"), up);
    folder.write(&format!("{TWO}_test.down.sql"), "DROP TABLE two;");
}

fn message(said: &Finished) -> String {
    said.json()["error"]["message"].to_string()
}

/// The versions that were run, in this order.
fn run(report: &Value) -> Vec<&str> {
    let migrations = report["migrations"].as_array().expect("migrations");
    let versions = migrations.iter().map(|done| done["version"].as_str());
    versions.map(Option::unwrap_or_default).collect()
}

/// The versions that are recorded, each with this column.
async fn recorded(database: &Database, column: &str) -> String {
    let sql = format!(
        "SELECT coalesce(string_agg(version || coalesce(' ' || {column}, ''), ', ' ORDER BY version), '')
         FROM migrate.history"
    );
    database.value(&sql, &[]).await
}

#[tokio::test]
async fn an_older_migration_of_another_branch_is_applied_where_it_is_asked_for() {
    let (database, folder) = without_the_second().await;
    pull(&folder, "CREATE TABLE two (id int);");
    let said = database.run_in(&folder, &["upgrade"]).await.expect(3);
    assert!(
        message(&said).contains("`upgrade --out-of-order`"),
        "{}",
        said.text
    );

    let script = ["upgrade", "--out-of-order", "--sql"];
    let script = database.run_in(&folder, &script).await.expect(0).json();
    let late = ["upgrade", "--out-of-order"];
    let report = database.run_in(&folder, &late).await.expect(0).json();
    assert_eq!(run(&report), [TWO]);
    let flags = format!("{ONE} false, {TWO} true, {THREE} false");
    assert_eq!(recorded(&database, "out_of_order").await, flags);
    database.run_in(&folder, &["check"]).await.expect(0);

    // By version, so that every database comes to the same revision.
    let report = database
        .run_in(&folder, &["downgrade"])
        .await
        .expect(0)
        .json();
    assert_eq!((run(&report), &report["to"]), (vec![THREE], &TWO.into()));

    let other = Database::empty().await;
    let first = Folder::three();
    other.run_in(&first, &["upgrade", ONE]).await.expect(0);
    other.run_in(&first, &["stamp", THREE]).await.expect(0);
    other
        .execute(
            "CREATE TABLE three (); DELETE FROM migrate.history WHERE version = '20240102000000'",
        )
        .await;
    let file = tempfile::NamedTempFile::new().expect("a file");
    let script = script["sql"].as_str().expect("a script");
    std::fs::write(file.path(), script).expect("it is written");
    other.psql(file.path()).await;
    assert_eq!(recorded(&other, "out_of_order").await, flags);
}

#[tokio::test]
async fn a_half_applied_migration_of_another_branch_is_continued_without_asking_again() {
    let (database, folder) = without_the_second().await;
    let begin = "-- migrate: no-transaction\nCREATE TABLE two (id int);";
    pull(&folder, &format!("{begin}\nSELECT 1 / 0;"));
    let late = ["upgrade", "--out-of-order"];
    database.run_in(&folder, &late).await.expect(1);
    pull(&folder, begin);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let flags = format!("{ONE} false, {TWO} true, {THREE} false");
    assert_eq!(recorded(&database, "out_of_order").await, flags);
}

#[tokio::test]
async fn an_older_bookkeeping_is_read_and_gains_what_it_lacks() {
    let (database, folder) = without_the_second().await;
    // As an earlier version of the engine has made it.
    database
        .execute("ALTER TABLE migrate.history DROP COLUMN out_of_order")
        .await;
    pull(&folder, "CREATE TABLE two (id int);");
    for (command, status) in [("history", 0), ("current", 0), ("check", 3)] {
        database.run_in(&folder, &[command]).await.expect(status);
    }
    database.run_in(&folder, &["downgrade"]).await.expect(0);
    let late = ["upgrade", "--out-of-order"];
    database.run_in(&folder, &late).await.expect(0);
    let flags = format!("{ONE} false, {TWO} false, {THREE} false");
    assert_eq!(recorded(&database, "out_of_order").await, flags);
}

#[tokio::test]
async fn an_event_applies_older_migrations_only_where_it_says_so() {
    let event = json!({"command": "upgrade", "out_of_order": true});
    let command: migrate::Command = serde_json::from_value(event).expect("a command");
    let default = json!({"command": "upgrade"});
    let default: migrate::Command = serde_json::from_value(default).expect("a command");
    assert_ne!(command, default);
}

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

fn notes(report: &Value) -> String {
    report["notes"].to_string()
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
        .execute("ALTER TABLE migrate.history DROP COLUMN out_of_order, DROP COLUMN moved_from")
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

const FOUR: &str = "20240104000000";

/// Gives the files of a version another one, as after a rebase.
fn rename(folder: &Folder, from: &str, to: &str) {
    for side in ["up", "down"] {
        let path = |version| folder.path().join(format!("{version}_test.{side}.sql"));
        std::fs::rename(path(from), path(to)).expect("it is renamed");
    }
}

#[tokio::test]
async fn the_record_of_a_moved_file_moves_with_it_and_what_came_before_it_is_applied_first() {
    let (database, folder) = (Database::empty().await, Folder::three());
    database.run_in(&folder, &["upgrade", ONE]).await.expect(0);
    let before: String = recorded(&database, "applied_at").await;
    // The first file was rebased onto a branch with the second and the third.
    rename(&folder, ONE, FOUR);
    let report = database.run_in(&folder, &["check"]).await.expect(2).json();
    assert!(
        notes(&report).contains("`upgrade` moves its record"),
        "{report}"
    );
    let report = database.run_in(&folder, &["verify"]).await.expect(0).json();
    let moved = json!([{"name": "test", "from": ONE, "to": FOUR}]);
    assert_eq!(report["moved"], moved);
    let script = database.run_in(&folder, &["upgrade", "--sql"]).await;
    let script = script.expect(0).json()["sql"].to_string();
    assert!(
        script.contains("UPDATE migrate.history SET version = '20240104000000'"),
        "{script}"
    );

    let report = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(0)
        .json();
    assert_eq!(run(&report), [TWO, THREE]);
    assert_eq!((&report["moved"], &report["to"]), (&moved, &FOUR.into()));
    assert!(notes(&report).contains("was not run again"), "{report}");
    let from = format!("{TWO}, {THREE}, {FOUR} {ONE}");
    assert_eq!(recorded(&database, "moved_from").await, from);
    let after: String = recorded(&database, "applied_at").await;
    assert!(after.ends_with(&before[ONE.len()..]), "{after} {before}");
    database.run_in(&folder, &["check"]).await.expect(0);
    database.run_in(&folder, &["downgrade"]).await.expect(0);
    assert_eq!(database.tables().await, "three two");
}

#[tokio::test]
async fn a_file_that_has_moved_below_others_is_not_out_of_order() {
    let (database, folder) = (Database::empty().await, Folder::three());
    rename(&folder, TWO, FOUR);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    rename(&folder, FOUR, TWO);
    let report = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(0)
        .json();
    assert_eq!((run(&report).len(), &report["to"]), (0, &THREE.into()));
    assert_eq!(report["status"], "applied");
    database.run_in(&folder, &["check"]).await.expect(0);
}

#[tokio::test]
async fn a_half_applied_migration_continues_after_its_file_has_moved() {
    let up = "-- migrate: no-transaction\nCREATE TABLE one (id int);\nDROP TABLE two;";
    let (database, folder) = (Database::empty().await, Folder::of(&[(ONE, up, "")]));
    database.run_in(&folder, &["upgrade"]).await.expect(1);
    rename(&folder, ONE, TWO);
    database.run_in(&folder, &["check"]).await.expect(5);
    database
        .execute("CREATE TABLE two (); ALTER TABLE two OWNER TO interview_migrator")
        .await;
    let report = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(0)
        .json();
    let statements = report["migrations"][0]["statements"].as_array();
    assert_eq!(statements.map(Vec::len), Some(1), "{report}");
    assert_eq!(recorded(&database, "state").await, format!("{TWO} applied"));
}

#[tokio::test]
async fn a_file_that_may_have_moved_from_two_records_or_to_two_files_is_refused() {
    let same = |version| (version, "SELECT 1;", "");
    let database = Database::empty().await;
    let folder = Folder::of(&[same(ONE), same(TWO)]);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let one = Folder::of(&[same(THREE)]);
    let two = Folder::of(&[same(ONE), same(THREE), same(FOUR)]);
    for folder in [one, two] {
        let said = database.run_in(&folder, &["upgrade"]).await.expect(3);
        let file = format!("may have moved to {THREE}_test.up.sql");
        assert!(message(&said).contains(&file), "{}", said.text);
        assert_eq!(
            recorded(&database, "moved_from").await,
            format!("{ONE}, {TWO}")
        );
    }
    let renamed = Folder::of(&[same(ONE)]);
    renamed.write(&format!("{THREE}_other.up.sql"), "SELECT 1;");
    renamed.write(&format!("{THREE}_other.down.sql"), "");
    let said = database.run_in(&renamed, &["upgrade"]).await.expect(3);
    assert!(
        message(&said).contains("give that the name `test` again"),
        "{}",
        said.text
    );
}

#[tokio::test]
async fn stamp_settles_missing_files_and_says_what_it_has_done() {
    let (database, folder) = (Database::empty().await, Folder::three());
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    for side in ["up", "down"] {
        folder.remove(&format!("{ONE}_test.{side}.sql"));
    }
    rename(&folder, TWO, FOUR);
    let other = "20240102120000_other";
    folder.write(&format!("{other}.up.sql"), "SELECT 1;");
    folder.write(&format!("{other}.down.sql"), "SELECT 1;");
    let report = database.run_in(&folder, &["stamp", "head"]).await;
    let report = report.expect(0).json();
    assert_eq!(report["status"], "applied");
    let notes = notes(&report);
    for words in [
        format!("no files here; what they did stays in the database: {ONE}_test"),
        format!("were moved: {TWO}_test has moved to {FOUR}"),
        format!("recorded as applied, and not run: {other}"),
    ] {
        assert!(notes.contains(&words), "`{words}` is not in {notes}");
    }
    // Nothing else has its way back now.
    let removed = json!([{"version": ONE, "name": "test", "down": "DROP TABLE one;"}]);
    assert_eq!(report["removed"], removed);
    let stamped = format!("20240102120000 true, {THREE} false, {FOUR} false");
    assert_eq!(recorded(&database, "stamped").await, stamped);
    database.run_in(&folder, &["check"]).await.expect(0);
    let again = database.run_in(&folder, &["stamp", "head"]).await;
    assert_eq!(again.expect(0).json()["status"], "noop");
}

#[tokio::test]
async fn baseline_records_a_schema_made_elsewhere_where_nothing_is_recorded() {
    let (database, folder) = (Database::empty().await, Folder::three());
    for (version, words) in [("base", "head or an existing version"), ("1", "`1`")] {
        let said = database.run_in(&folder, &["baseline", version]).await;
        let said = said.expect(1);
        assert!(message(&said).contains(words), "{}", said.text);
    }
    let report = database.run_in(&folder, &["baseline", TWO]).await;
    let report = report.expect(0).json();
    assert!(notes(&report).contains("applied, and not run"), "{report}");
    let rows = format!("{ONE} true, {TWO} true");
    assert_eq!(recorded(&database, "stamped").await, rows);
    for version in [ONE, TWO, "head"] {
        let said = database.run_in(&folder, &["baseline", version]).await;
        let said = said.expect(1);
        assert!(message(&said).contains("`stamp VERSION`"), "{}", said.text);
    }
    assert_eq!(recorded(&database, "stamped").await, rows);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    assert_eq!(database.tables().await, "three");
}

#[tokio::test]
async fn a_baseline_that_fails_leaves_not_even_the_bookkeeping() {
    let (database, folder) = (Database::empty().await, Folder::three());
    // The last table of the bookkeeping gives the history a trigger, which refuses the second record.
    database
        .execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
             CREATE FUNCTION arm() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF to_regclass('migrate.repeatable') IS NOT NULL THEN
                     CREATE TRIGGER refuse BEFORE INSERT ON migrate.history FOR EACH ROW
                     WHEN (NEW.version = '20240102000000') EXECUTE FUNCTION refuse();
                 END IF; END $$;
             CREATE EVENT TRIGGER arm ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
                 EXECUTE FUNCTION arm()",
        )
        .await;
    let said = database.run_in(&folder, &["baseline", TWO]).await.expect(1);
    assert!(message(&said).contains("refused"), "{}", said.text);
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'migrate'";
    assert_eq!(database.value::<i64>(schemas, &[]).await, 0);
}

#[tokio::test]
async fn one_of_a_baseline_and_an_upgrade_at_once_wins_even_without_the_lock() {
    let database = Database::empty().await;
    let up = "DO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$; SELECT pg_sleep(0.5); CREATE TABLE one ();";
    let folder = Folder::of(&[(ONE, up, ""), (TWO, "CREATE TABLE two ();", "")]);
    database.run_in(&folder, &["stamp", "base"]).await.expect(0);
    let mut upgrade = database.spawn_in(&folder, &["upgrade"]).await;
    // The upgrade has written its record, and released the lock.
    let busy = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND query = 'SELECT pg_sleep(0.5)'";
    while database.value::<i64>(busy, &[]).await == 0 {}
    let said = database.run_in(&folder, &["baseline", TWO]).await.expect(1);
    assert!(message(&said).contains("another runner"), "{}", said.text);
    assert!(upgrade.wait().await.expect("it ends").success());
    assert_eq!(database.tables().await, "one two");
}

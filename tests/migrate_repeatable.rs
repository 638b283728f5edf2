//! Repeatable files, `R_name.sql`: applied after the migrations whenever their text has changed.

use crate::harness::{
    Database,
    migrations::{Finished, Folder, ONE, TWO, command},
};
use serde_json::{Value, json};

const VIEW: &str = "CREATE OR REPLACE VIEW names AS SELECT name FROM t;";
const NUMBER: &str = "CREATE OR REPLACE FUNCTION number() RETURNS int LANGUAGE sql AS 'SELECT 1';";

/// A table, and a view and a function that are repeatable.
fn folder() -> Folder {
    let folder = Folder::of(&[(
        ONE,
        "CREATE TABLE t (id int, name text);",
        "DROP TABLE t CASCADE;",
    )]);
    folder.write("R_names.sql", VIEW);
    folder.write("R_number.sql", NUMBER);
    folder
}

/// What was run, in this order.
fn run(report: &Value) -> Vec<String> {
    let done = report["migrations"].as_array().expect("migrations");
    let name = |done: &Value| format!("{}_{}", done["version"], done["name"]).replace('"', "");
    done.iter().map(name).collect()
}

async fn number(database: &Database) -> i32 {
    database.value("SELECT number()", &[]).await
}

async fn json(database: &Database, folder: &Folder, arguments: &[&str], status: i32) -> Value {
    let said = database.run_in(folder, arguments).await;
    said.expect(status).json()
}

#[tokio::test]
async fn a_repeatable_file_is_applied_after_the_migrations_and_again_when_it_changes() {
    let (database, folder) = (Database::empty().await, folder());
    let report = json(&database, &folder, &["check"], 2).await;
    assert_eq!(report["pending"], json!([ONE, "R_names", "R_number"]));
    let first = format!("{ONE}_test");
    let report = json(&database, &folder, &["upgrade"], 0).await;
    assert_eq!(run(&report), [&first, "R_names", "R_number"]);
    assert_eq!(report["pending"], json!([]));
    let report = json(&database, &folder, &["upgrade"], 0).await;
    assert_eq!((run(&report).len(), &report["status"]), (0, &"noop".into()));

    folder.write("R_number.sql", &NUMBER.replace('1', "2"));
    let report = json(&database, &folder, &["check"], 2).await;
    assert_eq!(report["pending"], json!(["R_number"]));
    let report = json(&database, &folder, &["verify"], 0).await;
    assert!(
        report["notes"][0]
            .to_string()
            .contains("R_number was changed")
    );
    let report = json(&database, &folder, &["history"], 0).await;
    let list = report["history"].as_array().expect("a list");
    let states: Vec<_> = list.iter().map(|entry| &entry["state"]).collect();
    assert_eq!(states, ["applied", "applied", "pending"]);
    assert_eq!(
        (&list[2]["version"], &list[2]["changed"]),
        (&"R".into(), &true.into())
    );
    let report = json(&database, &folder, &["show", "R_number"], 0).await;
    assert!(
        report["migration"]["applied"]["applied_at"].is_string(),
        "{report}"
    );
    let report = json(&database, &folder, &["upgrade"], 0).await;
    assert_eq!(run(&report), ["R_number"]);
    assert_eq!(number(&database).await, 2);
    json(&database, &folder, &["check"], 0).await;
}

#[tokio::test]
async fn a_repeatable_file_waits_until_no_migration_is_pending() {
    let (database, folder) = (Database::empty().await, folder());
    folder.write(
        &format!("{TWO}_test.up.sql"),
        "ALTER TABLE t ADD COLUMN other text;",
    );
    folder.write(
        &format!("{TWO}_test.down.sql"),
        "ALTER TABLE t DROP COLUMN other CASCADE;",
    );
    let report = json(&database, &folder, &["upgrade", "+1"], 0).await;
    assert_eq!(run(&report), [format!("{ONE}_test")]);
    assert_eq!(report["pending"], json!([TWO, "R_names", "R_number"]));
    let report = json(&database, &folder, &["upgrade", "+1"], 0).await;
    assert_eq!(run(&report).len(), 3);

    // What they have made stays, but may have lost what it needs: they are applied again.
    json(&database, &folder, &["downgrade"], 0).await;
    assert_eq!(number(&database).await, 1);
    let report = json(&database, &folder, &["upgrade"], 0).await;
    assert_eq!(run(&report).len(), 3);
    json(&database, &folder, &["downgrade", "base"], 0).await;
    json(&database, &folder, &["upgrade"], 0).await;
    let rows: i64 = database.value("SELECT count(*) FROM names", &[]).await;
    assert_eq!(rows, 0, "CASCADE has dropped the view");
}

#[tokio::test]
async fn a_repeatable_file_that_fails_is_rolled_back_with_its_record() {
    let (database, folder) = (Database::empty().await, folder());
    json(&database, &folder, &["upgrade"], 0).await;
    let broken = format!("{}\nSELECT 1 / 0;", NUMBER.replace('1', "2"));
    folder.write("R_number.sql", &broken);
    let report = json(&database, &folder, &["upgrade"], 1).await;
    assert_eq!(
        (&report["error"]["file"], &report["error"]["line"]),
        (&"R_number.sql".into(), &2.into())
    );
    assert_eq!(number(&database).await, 1);
    assert_eq!(report["pending"], json!(["R_number"]));
}

#[tokio::test]
async fn an_older_build_does_not_replace_what_a_newer_one_has_made() {
    let (database, newer) = (Database::empty().await, folder());
    newer.write(&format!("{TWO}_test.up.sql"), "SELECT 1;");
    newer.write(&format!("{TWO}_test.down.sql"), "SELECT 1;");
    newer.write("R_number.sql", &NUMBER.replace('1', "2"));
    json(&database, &newer, &["upgrade"], 0).await;
    let report = json(&database, &folder(), &["upgrade", "--ahead", "ok"], 0).await;
    assert_eq!(
        (&report["status"], &report["pending"]),
        (&"noop".into(), &json!([]))
    );
    assert_eq!(number(&database).await, 2);
}

#[tokio::test]
async fn an_older_bookkeeping_gains_the_records() {
    let (database, folder) = (Database::empty().await, folder());
    json(&database, &folder, &["upgrade"], 0).await;
    database.execute("DROP TABLE migrate.repeatable").await;
    let report = json(&database, &folder, &["check"], 2).await;
    assert_eq!(report["pending"], json!(["R_names", "R_number"]));
    json(&database, &folder, &["downgrade"], 0).await;
    json(&database, &folder, &["upgrade"], 0).await;
    json(&database, &folder, &["check"], 0).await;
}

#[tokio::test]
async fn the_record_of_a_file_that_is_gone_stays_until_stamp_removes_it() {
    let (database, folder) = (Database::empty().await, folder());
    json(&database, &folder, &["upgrade"], 0).await;
    folder.remove("R_number.sql");
    json(&database, &folder, &["check"], 0).await;
    let report = json(&database, &folder, &["history"], 0).await;
    assert_eq!(report["history"][2]["missing"], true, "{report}");
    let report = json(&database, &folder, &["verify"], 0).await;
    assert!(
        report["notes"][0]
            .to_string()
            .contains("R_number has no file here")
    );
    let report = json(&database, &folder, &["stamp", "head"], 0).await;
    assert!(
        report["notes"][0].to_string().contains("R_number"),
        "{report}"
    );
    let report = json(&database, &folder, &["verify"], 0).await;
    assert!(report["notes"].is_null(), "{report}");
    assert_eq!(number(&database).await, 1);
}

#[tokio::test]
async fn the_scripts_of_sql_have_the_repeatable_files() {
    let folder = folder();
    let path = folder.path();
    let words = [
        "--dir",
        path.to_str().expect("UTF-8"),
        "upgrade",
        "base:head",
        "--sql",
    ];
    let offline = command(&[], &words).await.output().await.expect("it runs");
    let offline = Finished::new(offline).expect(0).text;
    for online in [false, true] {
        let database = Database::empty().await;
        let script = match online {
            true => {
                database
                    .run(&["--dir", words[1], "upgrade", "--sql"])
                    .await
                    .expect(0)
                    .text
            }
            false => offline.clone(),
        };
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), script).expect("it is written");
        database.psql(file.path()).await;
        json(&database, &folder, &["check"], 0).await;
        let back = database
            .run(&["--dir", words[1], "downgrade", "base", "--sql"])
            .await;
        std::fs::write(file.path(), back.expect(0).text).expect("it is written");
        database.psql(file.path()).await;
        let report = json(&database, &folder, &["check"], 2).await;
        assert_eq!(report["pending"], json!([ONE, "R_names", "R_number"]));
    }
}

#[tokio::test]
async fn lint_checks_the_repeatable_files_that_are_due() {
    let (database, folder) = (Database::empty().await, folder());
    json(&database, &folder, &["upgrade"], 0).await;
    let report = json(&database, &folder, &["lint"], 0).await;
    assert_eq!(report["linted"], 0);
    folder.write("R_number.sql", "-- Nothing yet.");
    let report = json(&database, &folder, &["lint"], 1).await;
    assert!(
        report["error"]["message"]
            .to_string()
            .contains("R_number.sql has no statement")
    );
    folder.write("R_number.sql", "DROP TABLE t;");
    let report = json(&database, &folder, &["lint"], 1).await;
    assert_eq!(report["warnings"][0]["file"], "R_number.sql");
}

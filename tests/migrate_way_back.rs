//! `downgrade` when the down file and the text that the history keeps are not the same.

use crate::harness::{
    Database,
    migrations::{Folder, ONE, TWO},
};
use serde_json::Value;

const DOWN: &str = "20240101000000_test.down.sql";

/// A database with a table `t`, made by a migration whose stored way back is this one.
async fn applied(down: &str) -> (Database, Folder) {
    let database = Database::empty().await;
    let folder = Folder::of(&[(ONE, "CREATE TABLE t (id int);", down)]);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    (database, folder)
}

fn note(report: &Value) -> &str {
    report["notes"][0].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_corrected_down_file_is_run() {
    let (database, folder) = applied("\nDROP TABLE wrong;").await;
    let said = database.run_in(&folder, &["downgrade"]).await.expect(1);
    assert_eq!(said.json()["error"]["file"], DOWN);
    folder.write(DOWN, "DROP TABLE t;");
    let said = database.run_in(&folder, &["downgrade", "--sql"]).await;
    let script = said.expect(0).json();
    assert!(script["sql"].to_string().contains("DROP TABLE t;"));
    let said = database.run_in(&folder, &["downgrade"]).await.expect(0);
    let report = said.json();
    assert_eq!(report["migrations"][0]["source"], "file");
    assert!(
        note(&report).contains(DOWN) && note(&report).contains("the file is used"),
        "{report}"
    );
    assert_eq!(database.tables().await, "");
}

#[tokio::test]
async fn the_stored_way_back_is_run_when_the_file_is_missing_or_belongs_to_another_up_file() {
    for up in [None, Some("CREATE TABLE t (id bigint);")] {
        let (database, folder) = applied("DROP TABLE t;").await;
        folder.write(DOWN, "DROP TABLE wrong;");
        match up {
            Some(up) => folder.write(&format!("{ONE}_test.up.sql"), up),
            None => {
                folder.remove(DOWN);
                folder.remove(&format!("{ONE}_test.up.sql"));
            }
        }
        let said = database.run_in(&folder, &["downgrade"]).await.expect(0);
        let report = said.json();
        assert_eq!(report["migrations"][0]["source"], "history", "{report}");
        assert!(note(&report).contains("stored"), "{report}");
        assert_eq!(database.tables().await, "");
    }
}

#[tokio::test]
async fn an_error_in_the_stored_way_back_does_not_name_a_line_of_the_file() {
    let (database, folder) = applied("\n\nDROP TABLE wrong;").await;
    folder.remove(DOWN);
    folder.remove(&format!("{ONE}_test.up.sql"));
    let said = database.run_in(&folder, &["downgrade"]).await.expect(1);
    let error = &said.json()["error"];
    let file = format!("{DOWN} (stored in the history)");
    assert_eq!((&error["file"], &error["line"]), (&file.into(), &3.into()));
}

#[tokio::test]
async fn verify_names_a_way_back_that_differs_until_stamp_stores_it() {
    let (database, folder) = applied("DROP TABLE wrong;").await;
    let second = format!("{TWO}_test");
    folder.write(&format!("{second}.up.sql"), "SELECT 1;");
    folder.write(&format!("{second}.down.sql"), "SELECT 1;");
    let said = database.run_in(&folder, &["verify"]).await.expect(0);
    assert!(said.json()["notes"].is_null(), "{}", said.text);
    folder.write(DOWN, "DROP TABLE t;");
    let said = database.run_in(&folder, &["verify"]).await.expect(0);
    let report = said.json();
    assert_eq!(report["ways_back"], serde_json::json!([DOWN]));
    assert!(note(&report).contains(DOWN), "{report}");

    let said = database.run_in(&folder, &["stamp", ONE]).await.expect(0);
    assert_eq!(said.json()["status"], "applied");
    let said = database.run_in(&folder, &["verify"]).await.expect(0);
    assert!(said.json()["notes"].is_null(), "{}", said.text);
    let kept = "SELECT down || ' ' || stamped FROM migrate.history";
    let kept: String = database.value(kept, &[]).await;
    assert_eq!(kept, "DROP TABLE t; false", "it was not stamped");
    let said = database.run_in(&folder, &["stamp", ONE]).await.expect(0);
    assert_eq!(said.json()["status"], "noop");
}

#[tokio::test]
async fn a_partial_downgrade_continues_with_the_corrected_file() {
    let begin = "-- migrate: no-transaction\nALTER TABLE t RENAME TO u;\n";
    let (database, folder) = applied(&format!("{begin}DROP TABLE wrong;")).await;
    database.run_in(&folder, &["downgrade"]).await.expect(1);
    assert_eq!(database.tables().await, "u");
    folder.write(DOWN, &format!("{begin}DROP TABLE u;"));
    let said = database.run_in(&folder, &["downgrade"]).await.expect(0);
    assert_eq!(said.json()["migrations"][0]["source"], "file");
    assert_eq!(database.tables().await, "");
}

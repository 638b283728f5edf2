//! `history`, also called `status`: one list of what is applied and what is pending.

use crate::harness::{
    Database,
    migrations::{Folder, ONE, THREE, TWO},
};
use serde_json::Value;

const FOUR: &str = "20240104000000";

fn remove(folder: &Folder, version: &str) {
    for side in ["up", "down"] {
        folder.remove(&format!("{version}_test.{side}.sql"));
    }
}

/// Each entry in one line: its version, its state, and what is unusual.
fn lines(report: &Value) -> Vec<String> {
    let list = report["history"].as_array().expect("a list");
    let line = |entry: &Value| {
        let mut line = format!("{} {}", entry["version"], entry["state"]).replace('"', "");
        for key in [
            "out_of_order",
            "missing",
            "changed",
            "moved_to",
            "moved_from",
        ] {
            if !entry[key].is_null() && entry[key] != false {
                line += &format!(" {key}");
            }
        }
        line
    };
    list.iter().map(line).collect()
}

#[tokio::test]
async fn applied_and_pending_migrations_are_in_one_list() {
    let (database, folder) = (Database::empty().await, Folder::three());
    database.run_in(&folder, &["upgrade", TWO]).await.expect(0);
    for command in ["history", "status"] {
        let report = database.run_in(&folder, &[command]).await.expect(0).json();
        assert_eq!(report["command"], "history");
        let expected = [ONE, TWO].map(|version| format!("{version} applied"));
        assert_eq!(lines(&report)[..2], expected);
        assert_eq!(lines(&report)[2], format!("{THREE} pending"));
    }
    let event = serde_json::json!({"command": "status"});
    let report = database.migrate(event).await.expect("a report");
    assert_eq!(lines(&report)[0], format!("{ONE} applied missing"));
}

#[tokio::test]
async fn what_is_unusual_about_a_migration_is_said() {
    let (database, folder) = (Database::empty().await, Folder::three());
    remove(&folder, TWO);
    folder.write("20240102120000_gone.up.sql", "SELECT 1;");
    folder.write("20240102120000_gone.down.sql", "SELECT 1;");
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    folder.remove("20240102120000_gone.up.sql");
    folder.remove("20240102120000_gone.down.sql");
    let up = std::fs::read_to_string(folder.path().join(format!("{ONE}_test.up.sql")));
    remove(&folder, ONE);
    folder.write(&format!("{FOUR}_test.up.sql"), &up.expect("a text"));
    folder.write(&format!("{FOUR}_test.down.sql"), "DROP TABLE one;");
    folder.write(&format!("{TWO}_test.up.sql"), "SELECT 2;");
    folder.write(&format!("{TWO}_test.down.sql"), "SELECT 2;");
    folder.write(&format!("{THREE}_test.up.sql"), "SELECT 3;");
    let report = database
        .run_in(&folder, &["history"])
        .await
        .expect(0)
        .json();
    let expected = [
        format!("{ONE} applied moved_to"),
        format!("{TWO} pending out_of_order"),
        "20240102120000 applied missing".to_owned(),
        format!("{THREE} applied changed"),
        format!("{FOUR} pending moved_from"),
    ];
    assert_eq!(lines(&report), expected);
    let path = folder.path();
    let text = ["--dir", path.to_str().expect("UTF-8"), "status"];
    let said = database.run(&text).await.expect(0).text;
    for words in [
        format!("{ONE}_test  2"),
        format!("has moved to {FOUR}"),
        format!("{TWO}_test  pending, out of order"),
        "missing here".to_owned(),
        "changed here".to_owned(),
        format!("{FOUR}_test  pending, moved from {ONE}"),
    ] {
        assert!(said.contains(&words), "`{words}` is not in {said}");
    }
}

#[tokio::test]
async fn what_is_applied_is_listed_where_the_files_are_wrong() {
    let (database, folder) = (Database::empty().await, Folder::three());
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    folder.write("notes.txt", "");
    let report = database
        .run_in(&folder, &["history"])
        .await
        .expect(0)
        .json();
    assert_eq!(lines(&report).len(), 3);
    assert!(
        report["notes"][0].to_string().contains("notes.txt"),
        "{report}"
    );
}

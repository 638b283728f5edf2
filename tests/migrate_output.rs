//! What the migrate command prints for a person.

use crate::harness::{
    Database,
    migrations::{Finished, Folder, ONE, command},
};
use serde_json::json;

/// The version of the newest migration.
fn newest() -> String {
    let files = std::fs::read_dir(local::paths::root().join("migrations")).expect("a folder");
    let names = files.map(|file| file.expect("a file").file_name());
    let newest = names.max().expect("a migration").into_string();
    newest.expect("UTF-8")[..14].to_owned()
}

#[tokio::test]
async fn without_json_the_command_prints_text() {
    let database = Database::schema().await;
    let said = database.run(&["upgrade"]).await.expect(0);
    assert!(
        said.error
            .contains("up 20241109103000_add_streaming_available_to_film"),
        "{}",
        said.error
    );
    assert!(
        said.text.contains(&format!(
            "upgrade: applied; base -> {}; 0 pending",
            newest()
        )),
        "{}",
        said.text
    );
    let without = command(&[], &["current"])
        .await
        .output()
        .await
        .expect("it runs");
    assert!(
        Finished::new(without)
            .expect(1)
            .error
            .contains("DATABASE_URL")
    );
    let unknown = command(&[], &["upgrad"])
        .await
        .output()
        .await
        .expect("it runs");
    assert_eq!(unknown.status.code(), Some(1), "2 is for pending");
}

/// Applies one migration, and returns the progress that was printed.
async fn upgrade(up: &str) -> String {
    let database = Database::empty().await;
    let folder = Folder::of(&[(ONE, up, "")]);
    let Finished { error, .. } = database.run_in(&folder, &["upgrade"]).await.expect(0);
    error
}

#[tokio::test]
async fn only_a_statement_that_takes_five_seconds_is_reported_as_running() {
    const SHORT: &str = "CREATE TABLE t (id int);\nSELECT pg_sleep(1.2);\n";
    let long = format!("{SHORT}SELECT pg_sleep(7);");
    let outside = format!("-- migrate: no-transaction\n{long}");
    let (short, long, outside) = tokio::join!(upgrade(SHORT), upgrade(&long), upgrade(&outside));
    assert!(!short.contains("still running"), "{short}");
    for printed in [long, outside] {
        let lines: Vec<_> = printed
            .lines()
            .filter(|line| line.contains("still running"))
            .collect();
        assert_eq!(lines.len(), 1, "{printed}");
        assert!(lines[0].ends_with(" s: SELECT pg_sleep(7)"), "{printed}");
    }
}

#[tokio::test]
async fn what_a_migration_raises_is_reported() {
    let up = "SELECT 1;
DO $$ BEGIN RAISE NOTICE '% rows moved', 3; RAISE WARNING 'slow'; RAISE DEBUG 'no'; END $$;";
    for up in [up, &format!("-- migrate: no-transaction\n{up}")] {
        let database = Database::empty().await;
        let folder = Folder::of(&[(ONE, up, "")]);
        let said = database.run_in(&folder, &["upgrade"]).await.expect(0);
        let line = up.lines().count();
        let file = format!("{ONE}_test.up.sql");
        let (notice, warning) = ("3 rows moved", "slow");
        assert_eq!(
            said.json()["notices"],
            json!([
                {"file": file, "line": line, "severity": "NOTICE", "message": notice},
                {"file": file, "line": line, "severity": "WARNING", "message": warning},
            ])
        );
    }
}

#[tokio::test]
async fn what_a_commit_raises_is_reported() {
    let deferred = "CREATE TABLE t (id int);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'late'; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER tell AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tell();
INSERT INTO t VALUES (1);";
    for (up, line) in [
        (deferred, 4),
        (&format!("-- migrate: no-transaction\n{deferred}"), 5),
    ] {
        let database = Database::empty().await;
        let folder = Folder::of(&[(ONE, up, "")]);
        let said = database
            .run_in(&folder, &["upgrade"])
            .await
            .expect(0)
            .json();
        assert_eq!(said["notices"][0]["message"], "late", "{said}");
        assert_eq!(said["notices"][0]["line"], line);
    }
}

#[tokio::test]
async fn what_a_failed_migration_raises_is_reported_within_bounds() {
    let up = "DO $$ BEGIN RAISE NOTICE '%', repeat('ä', 10000);
        FOR i IN 1 .. 1000 LOOP RAISE NOTICE 'row %', i; END LOOP; PERFORM 1 / 0; END $$;";
    let database = Database::empty().await;
    let folder = Folder::of(&[(ONE, up, "")]);
    let report = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(1)
        .json();
    let notices = report["notices"].as_array().expect("notices");
    let length = notices[0]["message"]
        .as_str()
        .map(|text| text.chars().count());
    assert_eq!((notices.len(), length), (100, Some(501)), "and an ellipsis");
    assert_eq!(report["notices_omitted"], 901);

    let path = folder.path();
    let text = ["--dir", path.to_str().expect("UTF-8"), "upgrade"];
    let printed = database.run(&text).await.expect(1).error;
    let line = format!("{ONE}_test.up.sql:1: NOTICE: row 99\nand 901 more notices\n");
    assert!(
        printed.contains(&line) && printed.len() < 20_000,
        "{printed}"
    );
}

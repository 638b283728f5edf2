//! The migrate command: every word of it, its files, and what it says of what is wrong.

use crate::harness::{
    Database,
    migrations::{Folder, Said, command},
};

const ONE: &str = "20240101000000";
const TWO: &str = "20240102000000";
const THREE: &str = "20240103000000";

fn three() -> Folder {
    Folder::of(&[
        (ONE, "CREATE TABLE one (id int);", "DROP TABLE one;"),
        (TWO, "CREATE TABLE two (id int);", "DROP TABLE two;"),
        (THREE, "CREATE TABLE three (id int);", "DROP TABLE three;"),
    ])
}

async fn tables(database: &Database) -> String {
    let sql = "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    database.value(sql, &[]).await
}

#[tokio::test]
async fn targets_are_head_steps_and_versions() {
    let (database, folder) = (Database::empty().await, three());
    let said = database
        .run_in(&folder, &["upgrade", "+1"])
        .await
        .expect(0)
        .json();
    assert_eq!(
        (&said["from"], &said["to"]),
        (&serde_json::Value::Null, &ONE.into())
    );
    assert_eq!(said["pending"], serde_json::json!([TWO, THREE]));
    database.run_in(&folder, &["upgrade", TWO]).await.expect(0);
    assert_eq!(tables(&database).await, "one two");
    let said = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(0)
        .json();
    assert_eq!(said["migrations"][0]["statements"][0]["line"], 1);
    assert_eq!(
        database
            .run_in(&folder, &["upgrade", "head"])
            .await
            .expect(0)
            .json()["status"],
        "noop"
    );
    database
        .run_in(&folder, &["downgrade", "-1"])
        .await
        .expect(0);
    assert_eq!(tables(&database).await, "one two");
    database
        .run_in(&folder, &["downgrade", ONE])
        .await
        .expect(0);
    assert_eq!(tables(&database).await, "one");
    database
        .run_in(&folder, &["downgrade", "base"])
        .await
        .expect(0);
    assert_eq!(tables(&database).await, "");
    for wrong in [
        ["upgrade", "tail"],
        ["upgrade", "1"],
        ["downgrade", "head"],
        ["downgrade", TWO],
    ] {
        let said = database.run_in(&folder, &wrong).await.expect(1);
        assert!(
            said.json()["error"]["message"]
                .as_str()
                .is_some_and(|message| message.contains(wrong[1]))
        );
    }
}

#[tokio::test]
async fn what_reads_writes_nothing() {
    let (database, folder) = (Database::empty().await, three());
    for words in [
        vec!["current"],
        vec!["history"],
        vec!["heads"],
        vec!["show", ONE],
        vec!["verify"],
        vec!["upgrade", "--sql"],
        vec!["lint"],
    ] {
        database.run_in(&folder, &words).await.expect(0);
    }
    database.run_in(&folder, &["check"]).await.expect(2);
    let schemas: i64 = database
        .value(
            "SELECT count(*) FROM pg_namespace WHERE nspname = 'migrate'",
            &[],
        )
        .await;
    assert_eq!(schemas, 0);
}

#[tokio::test]
async fn reading_commands_say_where_the_database_is() {
    let (database, folder) = (Database::empty().await, three());
    database.run_in(&folder, &["upgrade", TWO]).await.expect(0);
    assert_eq!(
        database
            .run_in(&folder, &["current"])
            .await
            .expect(0)
            .json()["revision"],
        TWO
    );
    let history = database
        .run_in(&folder, &["history"])
        .await
        .expect(0)
        .json();
    assert_eq!(history["history"][1]["version"], TWO);
    assert_eq!(history["history"][1]["applied_by"], "interview_migrator");
    assert_eq!(
        database.run_in(&folder, &["heads"]).await.expect(0).json()["heads"][0],
        THREE
    );
    let shown = database
        .run_in(&folder, &["show", TWO])
        .await
        .expect(0)
        .json();
    assert_eq!(shown["migration"]["up"], "CREATE TABLE two (id int);");
    assert_eq!(shown["migration"]["applied"]["state"], "applied");
    database.run_in(&folder, &["show", "1"]).await.expect(1);
    let check = database.run_in(&folder, &["check"]).await.expect(2).json();
    assert_eq!(
        (&check["status"], &check["pending"]),
        (&"pending".into(), &serde_json::json!([THREE]))
    );
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    database.run_in(&folder, &["check"]).await.expect(0);
}

#[tokio::test]
async fn the_way_back_is_kept_for_a_build_that_has_no_such_file() {
    let (database, folder) = (Database::empty().await, three());
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    folder.remove(&format!("{THREE}_test.up.sql"));
    folder.remove(&format!("{THREE}_test.down.sql"));
    database
        .run_in(&folder, &["downgrade", TWO])
        .await
        .expect(0);
    assert_eq!(tables(&database).await, "one two");
    database.run_in(&folder, &["check"]).await.expect(0);
}

async fn divergence(words: &str, change: impl Fn(&Folder)) {
    let (database, folder) = (Database::empty().await, three());
    folder.remove(&format!("{TWO}_test.up.sql"));
    folder.remove(&format!("{TWO}_test.down.sql"));
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    change(&folder);
    for command in ["upgrade", "check", "verify"] {
        let said = database.run_in(&folder, &[command]).await.expect(3).json();
        let message = said["error"]["message"].as_str().expect("a message");
        assert_eq!(said["status"], "divergent");
        assert!(message.contains(words), "{command}: {message}");
    }
}

#[tokio::test]
async fn a_changed_file_is_named() {
    divergence("20240101000000_test.up.sql was changed", |folder| {
        folder.write(
            &format!("{ONE}_test.up.sql"),
            "CREATE TABLE one (id bigint);",
        );
    })
    .await;
}

#[tokio::test]
async fn a_missing_file_is_named() {
    divergence(
        "20240101000000_test.up.sql is applied, and missing",
        |folder| {
            folder.remove(&format!("{ONE}_test.up.sql"));
            folder.remove(&format!("{ONE}_test.down.sql"));
        },
    )
    .await;
}

#[tokio::test]
async fn a_file_out_of_order_is_named() {
    divergence("20240102000000_test.up.sql is older", |folder| {
        folder.write(&format!("{TWO}_test.up.sql"), "SELECT 2;");
        folder.write(&format!("{TWO}_test.down.sql"), "SELECT 2;");
    })
    .await;
}

#[tokio::test]
async fn carriage_returns_and_a_changed_way_back_are_no_divergence() {
    let (database, folder) = (Database::empty().await, three());
    folder.write(
        &format!("{ONE}_test.up.sql"),
        "-- Why.\nCREATE TABLE one (id int);\n",
    );
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    folder.write(
        &format!("{ONE}_test.up.sql"),
        "\u{FEFF}-- Why.\r\nCREATE TABLE one (id int);\r\n",
    );
    database.run_in(&folder, &["verify"]).await.expect(0);
}

#[tokio::test]
async fn sql_prints_a_script_that_does_the_same() {
    let (printed, run) = (Database::schema().await, Database::schema().await);
    let said = printed.run(&["upgrade", "--sql"]).await.expect(0);
    assert!(!printed.catalog().await.contains("streaming_available"));
    let script = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(script.path(), &said.text).expect("it is written");
    printed.psql(script.path()).await;
    run.run(&["upgrade"]).await.expect(0);
    assert_eq!(printed.catalog().await, run.catalog().await);
    printed.run(&["check"]).await.expect(0);
    let back = printed.run(&["downgrade", "base", "--sql"]).await.expect(0);
    assert!(back.text.contains("DROP COLUMN") && back.text.contains("DELETE FROM migrate.history"));
}

#[tokio::test]
async fn stamp_adopts_a_database_and_alembic_is_recognised() {
    let (database, folder) = (Database::empty().await, three());
    database
        .execute("CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES ('ae1027a6acf'); CREATE TABLE one (id int); GRANT SELECT ON alembic_version TO public")
        .await;
    let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
    assert!(
        said.text.contains("ae1027a6acf") && said.text.contains("stamp"),
        "{}",
        said.text
    );
    database.run_in(&folder, &["stamp", ONE]).await.expect(0);
    let said = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(0)
        .json();
    assert_eq!(said["from"], ONE);
    assert_eq!(tables(&database).await, "alembic_version one three two");
    database.run_in(&folder, &["stamp", "base"]).await.expect(0);
    assert_eq!(
        database.run_in(&folder, &["check"]).await.expect(2).json()["pending"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    database.run_in(&folder, &["stamp", "2"]).await.expect(1);
}

#[tokio::test]
async fn what_is_irreversible_is_not_reverted() {
    let database = Database::empty().await;
    let folder = Folder::new(&[(
        "20240101000000_x.up.sql",
        "-- migrate: irreversible\nCREATE TABLE x ();",
    )]);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let said = database.run_in(&folder, &["downgrade"]).await.expect(1);
    assert!(said.text.contains("irreversible"), "{}", said.text);
    assert_eq!(tables(&database).await, "x");
}

#[tokio::test]
async fn an_error_has_its_file_line_and_sqlstate() {
    let database = Database::empty().await;
    let up = "-- Two tables.\nCREATE TABLE x (id int);\n\nCREATE TABLE y (\n    id int,\n    other nothing\n);";
    let folder = Folder::of(&[(ONE, up, "")]);
    let error = &database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(1)
        .json()["error"];
    assert_eq!(
        (&error["line"], &error["sqlstate"]),
        (&6.into(), &"42704".into()),
        "{error}"
    );
    assert_eq!(error["file"], "20240101000000_test.up.sql");
    assert_eq!(tables(&database).await, "");
}

#[tokio::test]
async fn a_transaction_cannot_be_ended_from_within() {
    let database = Database::empty().await;
    let folder = Folder::of(&[(ONE, "CREATE TABLE x ();\nCOMMIT;\nSELECT 1 / 0;", "")]);
    let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
    assert!(
        said.text
            .contains("_test.up.sql:2: `COMMIT` would begin or end"),
        "{}",
        said.text
    );
    assert_eq!(tables(&database).await, "");
}

#[tokio::test]
async fn lint_names_what_stops_traffic_and_can_be_told_to_allow_it() {
    let database = Database::empty().await;
    let folder = Folder::of(&[
        (ONE, "CREATE TABLE public.x (id bigint);", ""),
        (TWO, "ALTER TABLE public.x DROP COLUMN id;", ""),
    ]);
    let said = database.run_in(&folder, &["lint"]).await.expect(1).json();
    assert_eq!(
        (&said["warnings"][0]["rule"], &said["warnings"][0]["line"]),
        (&"ban-drop-column".into(), &1.into())
    );
    folder.write(
        &format!("{TWO}_test.up.sql"),
        "-- migrate: allow=ban-drop-column\nALTER TABLE public.x DROP COLUMN id;",
    );
    database.run_in(&folder, &["lint"]).await.expect(0);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    assert_eq!(
        database.run_in(&folder, &["lint"]).await.expect(0).json()["linted"],
        0
    );
}

#[tokio::test]
async fn revision_writes_a_pair_that_is_right() {
    let (database, folder) = (Database::empty().await, Folder::new(&[]));
    let said = database
        .run_in(&folder, &["revision", "-m", "Add film.budget"])
        .await
        .expect(0);
    assert!(
        said.text.contains("_add_film_budget.up.sql")
            && said.text.contains("_add_film_budget.down.sql")
    );
    database.run_in(&folder, &["upgrade"]).await.expect(0);
}

#[tokio::test]
async fn wait_ends_when_the_database_answers_or_time_is_over() {
    let database = Database::empty().await;
    database.run(&["wait"]).await.expect(0);
    let nowhere = [(
        "DATABASE_URL".to_owned(),
        "postgres://u:p@localhost:1/d".to_owned(),
    )];
    let output = command(&nowhere, &["wait", "--seconds", "1"])
        .await
        .output()
        .await
        .expect("it runs");
    let said = Said::new(output).expect(1);
    assert!(said.error.contains("connection_refused"), "{}", said.error);
}

/// The version of the newest migration.
fn newest() -> String {
    let files = std::fs::read_dir(local::paths::root().join("migrations")).expect("a folder");
    let names = files.map(|file| file.expect("a file").file_name());
    let newest = names.max().expect("a migration").into_string();
    newest.expect("UTF-8")[..14].to_owned()
}

#[tokio::test]
async fn a_person_reads_lines_and_no_json() {
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
    assert!(Said::new(without).expect(1).error.contains("DATABASE_URL"));
    let unknown = command(&[], &["upgrad"])
        .await
        .output()
        .await
        .expect("it runs");
    assert_eq!(unknown.status.code(), Some(1), "2 is for pending");
}

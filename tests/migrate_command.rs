//! The migrate command: its subcommands and their targets.

use crate::harness::{
    Database,
    migrations::{Finished, Folder, ONE, THREE, TWO, command},
};

#[tokio::test]
async fn targets_are_head_steps_and_versions() {
    let (database, folder) = (Database::empty().await, Folder::three());
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
    assert_eq!(database.tables().await, "one two");
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
    assert_eq!(database.tables().await, "one two");
    database
        .run_in(&folder, &["downgrade", ONE])
        .await
        .expect(0);
    assert_eq!(database.tables().await, "one");
    database
        .run_in(&folder, &["downgrade", "base"])
        .await
        .expect(0);
    assert_eq!(database.tables().await, "");
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
async fn a_command_that_reads_writes_nothing() {
    let (database, folder) = (Database::empty().await, Folder::three());
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
async fn reading_commands_report_the_revision() {
    let (database, folder) = (Database::empty().await, Folder::three());
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
async fn a_downgrade_uses_the_stored_down_migration_when_the_file_is_missing() {
    let (database, folder) = (Database::empty().await, Folder::three());
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    folder.remove(&format!("{THREE}_test.up.sql"));
    folder.remove(&format!("{THREE}_test.down.sql"));
    database
        .run_in(&folder, &["downgrade", TWO])
        .await
        .expect(0);
    assert_eq!(database.tables().await, "one two");
    database.run_in(&folder, &["check"]).await.expect(0);
}

#[tokio::test]
async fn a_downgrade_from_another_revision_changes_nothing() {
    let (database, folder) = (Database::empty().await, Folder::three());
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let once = ["downgrade", "-1", "--from", THREE];
    database.run_in(&folder, &once).await.expect(0);
    let said = database.run_in(&folder, &once).await.expect(1);
    let message = said.json()["error"]["message"].to_string();
    assert!(
        message.contains(TWO) && message.contains(THREE),
        "{message}"
    );
    assert_eq!(database.tables().await, "one two");
}

#[tokio::test]
async fn the_script_of_sql_does_the_same_as_a_run() {
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
async fn the_script_of_a_file_without_a_transaction_has_its_time_limits() {
    let up = "-- migrate: no-transaction, statement_timeout=1min
CREATE TABLE x (id int); CREATE INDEX CONCURRENTLY x_id ON x (id);";
    let down = "-- migrate: no-transaction, lock_timeout=7s\nDROP TABLE x; -- Why.";
    let (database, folder) = (Database::empty().await, Folder::of(&[(ONE, up, down)]));
    let said = database.run_in(&folder, &["upgrade", "--sql"]).await;
    let up = said.expect(0).json()["sql"].to_string();
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let said = database.run_in(&folder, &["downgrade", "--sql"]).await;
    let down = said.expect(0).json()["sql"].to_string();
    let limits = |lock, statement, sql| {
        format!("SET lock_timeout = {lock};\\nSET statement_timeout = {statement};\\n{sql}\\n;\\n")
    };
    for (script, part) in [
        (&up, limits(2000, 60000, "CREATE TABLE x (id int)")),
        (
            &up,
            limits(0, 60000, "CREATE INDEX CONCURRENTLY x_id ON x (id)"),
        ),
        (&down, limits(7000, 0, "DROP TABLE x")),
    ] {
        assert!(script.contains(&part), "{part} is not in {script}");
    }
}

#[tokio::test]
async fn an_upgrade_needs_no_right_to_create_schemas_once_it_has_its_own() {
    let (database, folder) = (Database::empty().await, Folder::three());
    database.run_in(&folder, &["upgrade", ONE]).await.expect(0);
    let name = &database.name;
    let other =
        format!("ALTER DATABASE {name} OWNER TO postgres; GRANT CREATE ON SCHEMA public TO public");
    database.execute(&other).await;
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    assert_eq!(database.tables().await, "one three two");
}

#[tokio::test]
async fn baseline_adopts_a_database_that_alembic_has_migrated() {
    let (database, folder) = (Database::empty().await, Folder::three());
    database
        .execute("CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES ('ae1027a6acf'); CREATE TABLE one (id int); GRANT SELECT ON alembic_version TO public")
        .await;
    let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
    assert!(
        said.text.contains("ae1027a6acf") && said.text.contains("`baseline VERSION`"),
        "{}",
        said.text
    );
    database.run_in(&folder, &["baseline", ONE]).await.expect(0);
    let said = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(0)
        .json();
    assert_eq!(said["from"], ONE);
    assert_eq!(database.tables().await, "alembic_version one three two");
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
async fn an_irreversible_migration_is_not_reverted() {
    let database = Database::empty().await;
    let folder = Folder::new(&[(
        "20240101000000_x.up.sql",
        "-- migrate: irreversible\nCREATE TABLE x ();",
    )]);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let said = database.run_in(&folder, &["downgrade"]).await.expect(1);
    assert!(said.text.contains("irreversible"), "{}", said.text);
    assert_eq!(database.tables().await, "x");
}

#[tokio::test]
async fn revision_writes_a_valid_pair_of_files() {
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
async fn a_new_revision_comes_after_all_that_are_there() {
    let (database, folder) = (Database::empty().await, Folder::new(&[]));
    folder.write("20991231235958_late.up.sql", "CREATE TABLE late (id int);");
    folder.write("20991231235958_late.down.sql", "DROP TABLE late;");
    for version in ["20991231235959", "21000101000000"] {
        let revision = ["revision", "-m", "Next"];
        let said = database.run_in(&folder, &revision).await.expect(0);
        assert!(said.text.contains(version), "{}", said.text);
    }
    database.run_in(&folder, &["upgrade"]).await.expect(0);
}

#[tokio::test]
async fn wait_ends_when_the_database_answers_or_after_its_seconds() {
    let database = Database::empty().await;
    database.run(&["wait"]).await.expect(0);
    // With another secret than the environment's, which there is not.
    let arguments = ["wait", "--seconds", "0", "--secret", "nobody"];
    let variables = database.environment("migrate").await;
    let output = command(&variables, &arguments).await.output().await;
    let said = Finished::new(output.expect("it runs")).expect(1);
    assert!(said.error.contains("credentials"), "{}", said.error);
    let nowhere = [(
        "DATABASE_URL".to_owned(),
        "postgres://u:p@localhost:1/d".to_owned(),
    )];
    let output = command(&nowhere, &["wait", "--seconds", "1"])
        .await
        .output()
        .await
        .expect("it runs");
    let said = Finished::new(output).expect(1);
    assert!(said.error.contains("connection_refused"), "{}", said.error);
}

//! Incomplete migrations outside of a transaction: how the next run continues, or asks for `repair`.

use crate::harness::{
    Database,
    migrations::{Folder, ONE, THREE, TWO},
};

async fn index(database: &Database, name: &str) -> Option<bool> {
    let client = database.connect().await;
    let row = client
        .query_opt(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)",
            &[&name],
        )
        .await;
    row.expect("a query").map(|row| row.get(0))
}

#[tokio::test]
async fn a_unique_index_that_failed_is_rebuilt_once_the_rows_are_unique() {
    let database = Database::empty().await;
    database.execute("CREATE TABLE t (id int); INSERT INTO t VALUES (1), (1); ALTER TABLE t OWNER TO interview_migrator").await;
    let up = "-- migrate: no-transaction\nALTER TABLE t ADD COLUMN note text;\nCREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\nALTER TABLE t ADD COLUMN last text;";
    let folder = Folder::of(&[(ONE, up, "")]);
    let said = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(1)
        .json();
    assert_eq!(
        (&said["error"]["line"], &said["error"]["sqlstate"]),
        (&3.into(), &"23505".into())
    );
    assert_eq!(
        index(&database, "t_id").await,
        None,
        "the invalid index was dropped"
    );
    database.run_in(&folder, &["check"]).await.expect(5);
    database.execute("DELETE FROM t").await;
    let said = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(0)
        .json();
    assert_eq!(
        said["migrations"][0]["statements"].as_array().map(Vec::len),
        Some(2),
        "the first statement does not run again"
    );
    assert_eq!(index(&database, "t_id").await, Some(true));
    database.run_in(&folder, &["check"]).await.expect(0);
}

#[tokio::test]
async fn an_index_that_the_migration_did_not_create_is_left_alone() {
    let database = Database::empty().await;
    database.execute("CREATE TABLE t (id int); ALTER TABLE t OWNER TO interview_migrator; CREATE INDEX t_id ON t (id)").await;
    let folder = Folder::of(&[(
        ONE,
        "-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY t_id ON t (id, id);",
        "",
    )]);
    for _ in 0..2 {
        let said = database
            .run_in(&folder, &["upgrade"])
            .await
            .expect(1)
            .json();
        assert_eq!(said["error"]["sqlstate"], "42P07", "{said}");
    }
    assert_eq!(index(&database, "t_id").await, Some(true));
    database
        .execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_id'::regclass")
        .await;
    let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
    assert!(
        said.text.contains("this migration did not create it"),
        "{}",
        said.text
    );
    assert_eq!(index(&database, "t_id").await, Some(false));
}

#[tokio::test]
async fn only_statements_that_have_not_run_may_change() {
    let database = Database::empty().await;
    let first = "-- migrate: no-transaction\nCREATE TABLE a ();\n";
    let folder = Folder::of(&[(ONE, &format!("{first}SELECT 1 / 0;"), "")]);
    database.run_in(&folder, &["upgrade"]).await.expect(1);
    let file = "20240101000000_test.up.sql";
    folder.write(
        file,
        "-- migrate: no-transaction\nCREATE TABLE b ();\nSELECT 1;",
    );
    let said = database.run_in(&folder, &["upgrade"]).await.expect(3);
    assert!(
        said.text.contains("statement 1 was changed"),
        "{}",
        said.text
    );
    folder.write(file, &format!("{first}SELECT 1 / 1;"));
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    database.run_in(&folder, &["verify"]).await.expect(0);
}

/// Runs a migration whose procedure commits a row and then fails, so that its outcome is unknown.
async fn in_doubt(database: &Database) -> Folder {
    let up = "-- migrate: no-transaction
CREATE TABLE a (id int);
CREATE PROCEDURE batches() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO a VALUES (1); COMMIT; PERFORM 1 / 0; END $$;
CALL batches();
CREATE TABLE b (id int);";
    let folder = Folder::of(&[(
        ONE,
        up,
        "-- migrate: no-transaction\nDROP TABLE b;\nDROP TABLE a;",
    )]);
    let said = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(5)
        .json();
    let message = said["error"]["message"].as_str().expect("a message");
    assert!(
        message.contains("repair 20240101000000 done") && message.contains("22012"),
        "{message}"
    );
    assert_eq!(said["error"]["line"], 4);
    assert!(said["resume"].is_null(), "the same command cannot continue");
    folder
}

#[tokio::test]
async fn an_unknown_outcome_needs_a_repair() {
    let database = Database::empty().await;
    let folder = in_doubt(&database).await;
    database.run_in(&folder, &["upgrade"]).await.expect(5);
    let rows: i64 = database.value("SELECT count(*) FROM a", &[]).await;
    assert_eq!(rows, 1, "the procedure does not run again");
    database.run_in(&folder, &["downgrade"]).await.expect(5);
    database
        .run_in(&folder, &["repair", ONE, "done"])
        .await
        .expect(0);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    database.run_in(&folder, &["check"]).await.expect(0);
    let repaired: i64 = database
        .value(
            "SELECT count(*) FROM migrate.repair WHERE outcome = 'done'",
            &[],
        )
        .await;
    assert_eq!(repaired, 1);
    database
        .run_in(&folder, &["repair", ONE, "done"])
        .await
        .expect(1);
}

#[tokio::test]
async fn a_repair_can_also_be_again_applied_or_reverted() {
    // With `again` the procedure fails again; with `reverted` the table exists already.
    for (outcome, after) in [("again", 5), ("applied", 0), ("reverted", 1)] {
        let database = Database::empty().await;
        let folder = in_doubt(&database).await;
        database
            .run_in(&folder, &["repair", ONE, outcome])
            .await
            .expect(0);
        database.run_in(&folder, &["upgrade"]).await.expect(after);
    }
}

#[tokio::test]
async fn a_partially_applied_migration_may_lose_its_directive_but_not_its_file() {
    let database = Database::empty().await;
    let folder = Folder::of(&[(
        ONE,
        "-- migrate: no-transaction\nCREATE TABLE a ();\nSELECT 1 / 0;",
        "",
    )]);
    database.run_in(&folder, &["upgrade"]).await.expect(1);
    let file = "20240101000000_test.up.sql";
    folder.write(file, "CREATE TABLE a ();\nSELECT 1;");
    database.run_in(&folder, &["upgrade"]).await.expect(0);

    let database = Database::empty().await;
    folder.write(
        file,
        "-- migrate: no-transaction\nCREATE TABLE a ();\nSELECT 1 / 0;",
    );
    database.run_in(&folder, &["upgrade"]).await.expect(1);
    folder.remove(file);
    folder.remove("20240101000000_test.down.sql");
    let said = database.run_in(&folder, &["upgrade"]).await.expect(3);
    assert!(said.text.contains("missing here"), "{}", said.text);
}

#[tokio::test]
async fn temporary_objects_are_refused_outside_of_a_transaction() {
    let database = Database::empty().await;
    for sql in [
        "CREATE TEMP TABLE x ()",
        "CREATE TEMPORARY TABLE x AS SELECT 1",
        "CREATE OR REPLACE TEMP VIEW x AS SELECT 1",
        "PREPARE x AS SELECT 1",
    ] {
        let folder = Folder::of(&[(ONE, &format!("-- migrate: no-transaction\n{sql};"), "")]);
        let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
        assert!(said.text.contains("another session"), "{}", said.text);
    }
    let permanent = "-- migrate: no-transaction\nCREATE TABLE templates ();";
    let folder = Folder::of(&[(ONE, permanent, "")]);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    assert_eq!(database.tables().await, "templates");
}

#[tokio::test]
async fn a_constraint_that_fails_at_commit_ends_the_run() {
    let database = Database::empty().await;
    let up = "CREATE TABLE a (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO a VALUES (1), (1);";
    let folder = Folder::of(&[(ONE, up, "")]);
    let said = database
        .run_in(&folder, &["upgrade"])
        .await
        .expect(1)
        .json();
    assert_eq!(said["error"]["sqlstate"], "23505");
}

#[tokio::test]
async fn a_prepared_statement_of_a_migration_does_not_affect_the_next() {
    let database = Database::empty().await;
    let prepare = "PREPARE x AS SELECT 1;";
    let folder = Folder::of(&[(ONE, prepare, ""), (TWO, prepare, "")]);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
}

#[tokio::test]
async fn session_settings_of_a_migration_do_not_affect_the_next() {
    let database = Database::empty().await;
    let spoil = "SET search_path = '';\nSET ROLE interview_catalogue;\nSET statement_timeout = 300;\nSELECT set_config('role', 'interview_catalogue', false);";
    let no_transaction = format!("-- migrate: no-transaction\n{spoil}");
    let folder = Folder::of(&[
        (ONE, spoil, spoil),
        (TWO, "CREATE TABLE public.a (id int);", "DROP TABLE a;"),
        (THREE, &no_transaction, &no_transaction),
        (
            "20240104000000",
            "CREATE TABLE b (id int);",
            "DROP TABLE b;",
        ),
    ]);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let owner: String = database
        .value(
            "SELECT tableowner::text FROM pg_tables WHERE tablename = 'b'",
            &[],
        )
        .await;
    assert_eq!(owner, "interview_migrator");
    database
        .run_in(&folder, &["downgrade", "base"])
        .await
        .expect(0);
}

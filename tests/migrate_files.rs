//! Migration files that the migrate command refuses, and what it says of them.

use crate::harness::{
    Database,
    migrations::{Folder, ONE, THREE, TWO},
};

/// Applies the first and the third migration, changes the folder, and expects these words.
async fn divergence(words: &str, change: impl Fn(&Folder)) {
    let (database, folder) = (Database::empty().await, Folder::three());
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
async fn a_changed_file_is_divergent() {
    divergence("20240101000000_test.up.sql was changed", |folder| {
        folder.write(
            &format!("{ONE}_test.up.sql"),
            "CREATE TABLE one (id bigint);",
        );
    })
    .await;
}

#[tokio::test]
async fn a_missing_file_is_divergent() {
    divergence(
        "20240101000000_test.up.sql is applied, but missing",
        |folder| {
            folder.remove(&format!("{ONE}_test.up.sql"));
            folder.remove(&format!("{ONE}_test.down.sql"));
        },
    )
    .await;
}

#[tokio::test]
async fn a_file_out_of_order_is_divergent() {
    divergence("20240102000000_test.up.sql is out of order", |folder| {
        folder.write(&format!("{TWO}_test.up.sql"), "SELECT 2;");
        folder.write(&format!("{TWO}_test.down.sql"), "SELECT 2;");
    })
    .await;
}

#[tokio::test]
async fn upgrade_accepts_a_database_that_is_ahead_if_everything_else_matches() {
    let (database, folder) = (Database::empty().await, Folder::three());
    let remove = |version: &str| {
        folder.remove(&format!("{version}_test.up.sql"));
        folder.remove(&format!("{version}_test.down.sql"));
    };
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    remove(THREE);
    database.run_in(&folder, &["upgrade"]).await.expect(3);
    let arguments = ["upgrade", "--ahead", "ok"];
    let said = database.run_in(&folder, &arguments).await.expect(0).json();
    assert_eq!(said["status"], "noop");
    let note = said["notes"][0].as_str().expect("a note");
    assert!(note.contains("ahead") && note.contains(THREE), "{note}");

    // Not one that would run after a newer one, nor one that is lost in between.
    let pending = "20240102120000_test";
    folder.write(&format!("{pending}.up.sql"), "SELECT 1;");
    folder.write(&format!("{pending}.down.sql"), "SELECT 1;");
    let said = database.run_in(&folder, &arguments).await.expect(3);
    assert!(said.text.contains("out of order"), "{}", said.text);
    remove("20240102120000");
    remove(ONE);
    let said = database.run_in(&folder, &arguments).await.expect(3);
    assert!(said.text.contains("missing"), "{}", said.text);
}

#[tokio::test]
async fn line_endings_and_a_changed_down_file_are_not_divergent() {
    let (database, folder) = (Database::empty().await, Folder::three());
    folder.write(
        &format!("{ONE}_test.up.sql"),
        "-- Why.\nCREATE TABLE one (id int);\n",
    );
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    folder.write(
        &format!("{ONE}_test.up.sql"),
        "\u{FEFF}-- Why.\r\nCREATE TABLE one (id int);\r\n",
    );
    folder.write(&format!("{ONE}_test.down.sql"), "SELECT 1;");
    database.run_in(&folder, &["verify"]).await.expect(0);
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
    assert_eq!(database.tables().await, "");
}

#[tokio::test]
async fn a_transaction_cannot_be_ended_from_within() {
    let database = Database::empty().await;
    let folder = Folder::of(&[(ONE, "CREATE TABLE x ();\nCOMMIT;\nSELECT 1 / 0;", "")]);
    let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
    assert!(
        said.text
            .contains("_test.up.sql:2: `COMMIT` begins or ends"),
        "{}",
        said.text
    );
    assert_eq!(database.tables().await, "");
}

#[tokio::test]
async fn lint_names_a_rule_until_the_file_allows_it() {
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
async fn lint_refuses_a_migration_without_a_statement() {
    let (database, folder) = (Database::empty().await, Folder::new(&[]));
    let revision = ["revision", "-m", "Add film.budget"];
    database.run_in(&folder, &revision).await.expect(0);
    let said = database.run_in(&folder, &["lint"]).await.expect(1);
    let message = said.json()["error"]["message"].to_string();
    assert!(
        message.contains("_add_film_budget.up.sql has no statement"),
        "{message}"
    );
}

/// What lint says of one migration.
async fn lint(up: &str) -> String {
    let database = Database::empty().await;
    let folder = Folder::of(&[(ONE, up, "SELECT 1;")]);
    let said = database.run_in(&folder, &["lint"]).await;
    said.json()["error"]["message"].to_string()
}

#[tokio::test]
async fn lint_finds_an_update_of_all_rows_under_the_lock_of_alter_table() {
    const ALTER: &str = "ALTER TABLE public.t ADD COLUMN note text;";
    for all in [
        "UPDATE public.t SET note = '';",
        "DELETE FROM public.t;",
        "UPDATE public.t SET note = '' WHERE note IS NULL;",
        "WITH x AS (SELECT 1) UPDATE public.other SET note = '';",
    ] {
        let said = lint(&format!("{ALTER}\n{all}")).await;
        assert!(
            said.contains("_test.up.sql:2: ") && said.contains("line 1"),
            "{all}: {said}"
        );
        assert!(said.contains("allow=rewrite-under-lock"), "{said}");
    }
    for harmless in [
        format!("-- migrate: allow=rewrite-under-lock\n{ALTER}\nUPDATE public.t SET note = '';"),
        format!("-- migrate: no-transaction\n{ALTER}\nUPDATE public.t SET note = '';"),
        format!("{ALTER}\nUPDATE public.t SET note = '' WHERE id = 1;"),
        format!("UPDATE public.t SET id = 1;\n{ALTER}"),
        // SHARE UPDATE EXCLUSIVE keeps no reader and no writer waiting.
        "ALTER TABLE public.t VALIDATE CONSTRAINT c;\nUPDATE public.t SET note = '';".to_owned(),
        "ALTER TABLE t ALTER COLUMN id SET STATISTICS 500, ALTER id SET (n_distinct = 5), SET (fillfactor = 70),
         CLUSTER ON i; UPDATE public.t SET note = '';".to_owned(),
        format!("CREATE TABLE public.t (id bigint);\n{ALTER}\nUPDATE public.t SET note = '';"),
    ] {
        assert_eq!(lint(&harmless).await, "null", "{harmless}");
    }
    let strong =
        "ALTER TABLE t VALIDATE CONSTRAINT c, DROP COLUMN x; -- migrate\nUPDATE t SET note = '';";
    assert!(lint(strong).await.contains("allow=rewrite-under-lock"));
}

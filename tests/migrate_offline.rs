//! `upgrade A:B --sql` and `downgrade B:A --sql`: scripts that are written without a database.

use crate::harness::{
    Database,
    migrations::{Finished, Folder, ONE, THREE, TWO, command},
};

/// What `upgrade RANGE --sql` prints, without any variable that names a database.
async fn script(folder: &Folder, range: &str) -> Finished {
    script_of("upgrade", folder, range).await
}

async fn script_of(name: &str, folder: &Folder, range: &str) -> Finished {
    let path = folder.path();
    let words = ["--dir", path.to_str().expect("UTF-8"), name, range, "--sql"];
    let output = command(&[], &words).await.output().await;
    Finished::new(output.expect("it runs"))
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), text).expect("it is written");
    file
}

#[tokio::test]
async fn two_scripts_do_the_same_as_a_run() {
    let (printed, run) = (Database::empty().await, Database::empty().await);
    let folder = Folder::three();
    for range in [format!("base:{ONE}"), format!("{ONE}:head")] {
        let said = script(&folder, &range).await.expect(0);
        printed.psql(file(&said.text).path()).await;
    }
    let states =
        "SELECT string_agg(version || name || checksum || down || state, ' ' ORDER BY version)
        FROM migrate.history";
    run.run_in(&folder, &["upgrade"]).await.expect(0);
    let (one, other): (String, String) = (
        printed.value(states, &[]).await,
        run.value(states, &[]).await,
    );
    assert_eq!(one, other);
    assert_eq!(printed.tables().await, run.tables().await);
}

#[tokio::test]
async fn a_script_fails_in_a_database_that_is_not_where_it_begins() {
    let folder = Folder::three();
    let database = Database::empty().await;
    database.run_in(&folder, &["upgrade", TWO]).await.expect(0);
    for range in ["base:head".to_owned(), format!("{ONE}:head")] {
        let said = script(&folder, &range).await.expect(0);
        let script = said.text.replace("\\set ON_ERROR_STOP on", "");
        let client = database.connect().await;
        let error = client.batch_execute(&script).await.expect_err("a refusal");
        let error = error.as_db_error().map(|error| error.message().to_owned());
        assert!(error.is_some_and(|error| error.contains(&format!("is at {TWO}"))));
    }
    assert_eq!(database.tables().await, "one two");
}

#[tokio::test]
async fn a_wrong_range_is_refused() {
    let folder = Folder::three();
    for (range, words) in [
        (format!("{THREE}:{ONE}"), "older version first"),
        ("1:head".to_owned(), "not `1`"),
        (":head".to_owned(), "not ``"),
        ("base:".to_owned(), "not ``"),
    ] {
        let said = script(&folder, &range).await.expect(1);
        assert!(said.error.contains(words), "{}", said.error);
    }
    let database = Database::empty().await;
    let said = database.run_in(&folder, &["upgrade", "base:head"]).await;
    assert!(said.expect(1).text.contains("add --sql"));
}

#[tokio::test]
async fn the_script_keeps_comments_and_lets_nothing_leak_from_a_file_to_the_next() {
    let outside =
        "-- migrate: no-transaction\n-- Why one.\nSELECT 1; -- Why two.\nSELECT 2;\n-- The end.";
    let leaking = "PREPARE x AS SELECT 1; CREATE TEMP TABLE y ();";
    let folder = Folder::of(&[(ONE, leaking, ""), (TWO, leaking, ""), (THREE, outside, "")]);
    let said = script(&folder, "base:head").await.expect(0);
    for comment in ["-- Why one.\n", "-- Why two.\n", "-- The end.\n"] {
        assert!(said.text.contains(comment), "{}", said.text);
    }
    let database = Database::empty().await;
    database.psql(file(&said.text).path()).await;
    let rows: i64 = database
        .value("SELECT count(*) FROM migrate.history", &[])
        .await;
    assert_eq!(rows, 3);
}

#[tokio::test]
async fn a_script_leads_back_with_the_ways_back_of_the_files() {
    let database = Database::empty().await;
    let folder = Folder::three();
    let outside = "-- migrate: no-transaction\nDROP TABLE two;";
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    // The history keeps the text before this one.
    folder.write(&format!("{TWO}_test.down.sql"), outside);
    let range = format!("head:{ONE}");
    let said = script_of("downgrade", &folder, &range).await.expect(0);
    database.psql(file(&said.text).path()).await;
    assert_eq!(database.tables().await, "one");
    let said = database.run_in(&folder, &["current"]).await.expect(0);
    assert_eq!(said.json()["to"], ONE, "{}", said.text);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let said = script_of("downgrade", &folder, "head:base").await.expect(0);
    database.psql(file(&said.text).path()).await;
    assert_eq!(database.tables().await, "");
}

#[tokio::test]
async fn a_script_back_fails_where_other_migrations_were_applied() {
    let folder = Folder::three();
    let database = Database::empty().await;
    let fails = async |folder: &Folder, range: &str, words: &str| {
        let said = script_of("downgrade", folder, range).await.expect(0);
        let script = said.text.replace("\\set ON_ERROR_STOP on", "");
        let client = database.connect().await;
        let error = client.batch_execute(&script).await.expect_err("a refusal");
        let error = error.as_db_error().map(|error| error.message().to_owned());
        assert!(
            error.clone().is_some_and(|error| error.contains(words)),
            "{error:?}"
        );
    };
    database.run_in(&folder, &["upgrade", TWO]).await.expect(0);
    fails(&folder, "head:base", &format!("is at {TWO}")).await;
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let changed = Folder::three();
    changed.write(&format!("{TWO}_test.up.sql"), "CREATE TABLE other ();");
    fails(
        &changed,
        &format!("head:{ONE}"),
        &format!("other migrations after {ONE}"),
    )
    .await;
    let fewer = Folder::three();
    for name in ["up", "down"] {
        fewer.remove(&format!("{TWO}_test.{name}.sql"));
    }
    fails(&fewer, "head:base", "other migrations after base").await;
    assert_eq!(database.tables().await, "one three two");
}

#[tokio::test]
async fn a_wrong_range_back_is_refused() {
    let folder = Folder::three();
    folder.write(
        &format!("{TWO}_test.up.sql"),
        "-- migrate: irreversible\nSELECT 1;",
    );
    folder.remove(&format!("{TWO}_test.down.sql"));
    for (range, words) in [
        (format!("{ONE}:{THREE}"), "newer version first"),
        (
            "head:1".to_owned(),
            "must be base or an existing version, not `1`",
        ),
        (
            "base:head".to_owned(),
            "must be head or an existing version, not `base`",
        ),
        ("head:base".to_owned(), "is irreversible"),
    ] {
        let said = script_of("downgrade", &folder, &range).await.expect(1);
        assert!(said.error.contains(words), "{}", said.error);
    }
    let database = Database::empty().await;
    let said = database.run_in(&folder, &["downgrade", "head:base"]).await;
    assert!(said.expect(1).text.contains("add --sql"));
    let from = ["downgrade", "head:base", "--sql", "--from", THREE];
    let said = database.run_in(&folder, &from).await.expect(1);
    assert!(said.text.contains("leave out --from"), "{}", said.text);
}

//! `upgrade A:B --sql`: a script that is written without a database.

use crate::harness::{
    Database,
    migrations::{Finished, Folder, ONE, THREE, TWO, command},
};

/// What `upgrade RANGE --sql` prints, without any variable that names a database.
async fn script(folder: &Folder, range: &str) -> Finished {
    let path = folder.path();
    let words = [
        "--dir",
        path.to_str().expect("UTF-8"),
        "upgrade",
        range,
        "--sql",
    ];
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

//! Files with `-- migrate: repeat`: what is refused, what lint says, and what `--sql` prints.

use crate::{
    harness::migrations::{Folder, ONE},
    migrate_repeat::{assert_filled, rows},
};

#[tokio::test]
async fn a_file_that_cannot_be_repeated_is_refused_in_words() {
    let database = rows(1).await;
    for (sql, words) in [
        (
            "UPDATE t SET n = 1; SELECT 1;",
            "exactly one statement, and here are 2",
        ),
        ("", "here are 0"),
        ("SELECT fill();", "needs an INSERT, UPDATE, DELETE or MERGE"),
        ("CALL fill();", "needs an INSERT, UPDATE, DELETE or MERGE"),
        (
            "WITH x AS (UPDATE t SET n = 1 RETURNING id) SELECT id FROM x;",
            "needs an INSERT",
        ),
    ] {
        let folder = Folder::of(&[(ONE, &format!("-- migrate: repeat\n{sql}"), "")]);
        let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
        assert!(said.text.contains(words), "{sql}: {}", said.text);
    }
}

#[tokio::test]
async fn lint_finds_a_repetition_that_may_not_end() {
    let database = rows(1).await;
    let lint = async |sql: &str, directives: &str| {
        let up = format!("-- migrate: {directives}\n{sql};");
        let folder = Folder::of(&[(ONE, &up, "")]);
        let said = database.run_in(&folder, &["lint", "--all"]).await;
        (said.status, said.text)
    };
    for (sql, words) in [
        ("UPDATE t SET n = 1", "Without WHERE"),
        ("UPDATE t SET n = 1", "Without LIMIT"),
        ("DELETE FROM t WHERE n = 0", "Without LIMIT"),
        (
            "DELETE FROM t WHERE id IN (SELECT id FROM t WHERE n = 0 LIMIT 9 FOR UPDATE SKIP LOCKED)",
            "SKIP LOCKED",
        ),
    ] {
        let (status, text) = lint(sql, "repeat").await;
        assert!(status == 1 && text.contains(words), "{sql}: {text}");
        assert!(text.contains("allow=endless-repeat"), "{text}");
        let (status, text) = lint(sql, "repeat, allow=endless-repeat").await;
        assert_eq!(status, 0, "{sql}: {text}");
    }
    for fine in [
        "UPDATE t SET n = 1 WHERE id IN (SELECT id FROM t WHERE n = 0 LIMIT 9)",
        "WITH batch AS (SELECT id FROM t WHERE n = 0 FETCH FIRST 9 ROWS ONLY) DELETE FROM t USING batch WHERE t.id = batch.id",
    ] {
        let (status, text) = lint(fine, "repeat").await;
        assert_eq!(status, 0, "{fine}: {text}");
    }
}

#[tokio::test]
async fn the_script_of_sql_repeats_too() {
    let database = rows(25).await;
    let up = "-- migrate: repeat, statement_timeout=1min
UPDATE t SET n = n + 1 WHERE id IN (SELECT id FROM t WHERE n = 0 AND '$round$' <> 'it''s' LIMIT 10) RETURNING id -- Why.";
    let folder = Folder::of(&[(ONE, up, "")]);
    let said = database
        .run_in(&folder, &["upgrade", "--sql"])
        .await
        .expect(0);
    let script = tempfile::NamedTempFile::new().expect("a file");
    let json = said.json();
    std::fs::write(script.path(), json["sql"].as_str().expect("text")).expect("it is written");
    database.psql(script.path()).await;
    assert_filled(&database, "after a script").await;
    database.run_in(&folder, &["check"]).await.expect(0);
}

//! REINDEX and DETACH PARTITION CONCURRENTLY, killed while they wait for another session: the next
//! `upgrade` brings them to their end.

use std::time::Duration;

use crate::harness::{
    Database,
    migrations::{Folder, ONE},
};
use serde_json::Value;
use tokio::process::Child;

const TABLES: &str = "CREATE TABLE t (id int PRIMARY KEY, note text);
    CREATE INDEX t_note ON t (note); INSERT INTO t VALUES (1, 'x');
    CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE INDEX p_id ON p (id);
    CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
    CREATE TABLE p_2 PARTITION OF p FOR VALUES IN (2); INSERT INTO p VALUES (1), (2);
    ALTER TABLE t OWNER TO interview_migrator; ALTER TABLE p OWNER TO interview_migrator;
    ALTER TABLE p_1 OWNER TO interview_migrator; ALTER TABLE p_2 OWNER TO interview_migrator;
    ALTER SCHEMA public OWNER TO interview_migrator";
/// Holds up the build of an index.
const WRITER: &str = "BEGIN; INSERT INTO t VALUES (2, 'y')";
/// Holds up the switch from the old index to the new one.
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM t";
/// Holds up the removal of the old index, or of the partition.
const READER: &str = "BEGIN; SELECT FROM t; SELECT FROM p";

const INVALID: &str = "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '')
    FROM pg_index JOIN pg_class ON oid = indexrelid WHERE NOT indisvalid";

async fn prepared() -> Database {
    let database = Database::empty().await;
    database.execute(TABLES).await;
    // Who calls REINDEX DATABASE must own it.
    let owner = format!(
        "ALTER DATABASE {} OWNER TO interview_migrator",
        database.name
    );
    database.execute(&owner).await;
    database
}

/// Waits until the migrator has or has not got such a session.
async fn sessions(database: &Database, condition: &str, exist: bool) {
    let client = database.connect().await;
    let sql = format!(
        "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND usename = 'interview_migrator' AND {condition}"
    );
    let seen = async {
        loop {
            let row = client.query_one(&sql, &[]).await.expect("a count");
            if (row.get::<_, i64>(0) > 0) == exist {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let seen = tokio::time::timeout(Duration::from_secs(20), seen).await;
    seen.expect("it comes to that");
}

async fn kill(database: &Database, mut runner: Child, death: &str) {
    match death {
        "the process" => runner.kill().await.expect("it dies"),
        _ => {
            let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND usename = 'interview_migrator'";
            database.execute(sql).await;
            let status = runner.wait().await.expect("it ends");
            assert!(!status.success(), "{status}");
        }
    }
}

/// Runs a statement, kills it while this session holds it up, and runs `upgrade` again. Returns what was
/// invalid in between, and the report of the second run.
async fn interrupted(statement: &str, holder: &str, death: &str) -> (Database, String, Value) {
    let database = prepared().await;
    // REINDEX DATABASE takes no other name.
    let statement = statement.replace("this_database", &database.name);
    let folder = Folder::of(&[(
        ONE,
        &format!("-- migrate: no-transaction\n{statement};"),
        "",
    )]);
    let holding = database.connect().await;
    holding.batch_execute(holder).await.expect("it holds");
    let runner = database.spawn_in(&folder, &["upgrade"]).await;
    sessions(&database, "wait_event_type = 'Lock'", true).await;
    kill(&database, runner, death).await;
    sessions(&database, "true", false).await;
    let invalid = database.value(INVALID, &[]).await;
    holding.batch_execute("ROLLBACK").await.expect("it ends");
    let said = database.run_in(&folder, &["upgrade"]).await;
    assert_eq!(said.status, 0, "{statement}: {}\n{}", said.text, said.error);
    database.run_in(&folder, &["check"]).await.expect(0);
    (database, invalid, said.json())
}

async fn reindex(statement: &str, holder: &str, death: &str, left: &str) {
    let when = format!("{statement} with {holder}, death of {death}");
    let (database, invalid, report) = interrupted(statement, holder, death).await;
    assert!(
        invalid.split(' ').any(|name| name == left),
        "{when}: {invalid}"
    );
    let toast = |names: &str| {
        let names = names.split(' ').filter(|name| name.starts_with("pg_toast"));
        names.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    // The owner of the table may not drop them, and is told.
    let now: String = database.value(INVALID, &[]).await;
    assert_eq!(toast(&now), toast(&invalid), "{when}: {now}");
    assert!(
        !now.replace("pg_toast_", "").contains("t_"),
        "{when}: {now}"
    );
    for name in toast(&invalid) {
        let told = format!("DROP INDEX CONCURRENTLY pg_toast.{name}");
        assert!(
            report["notices"].to_string().contains(&told),
            "{when}: {report}"
        );
    }
    let valid = "SELECT bool_and(indisvalid) FROM pg_index
        WHERE indexrelid IN ('t_pkey'::regclass, 't_note'::regclass, 'p_1_id_idx'::regclass)";
    assert!(database.value::<bool>(valid, &[]).await, "{when}");
    // All was rebuilt where only old indexes are left, unless the statement has more to rebuild.
    let is_one = !statement.contains("SCHEMA") && !statement.contains("DATABASE");
    let is_done = left.ends_with("_ccold") && is_one && !left.starts_with("p_");
    let ran = report["migrations"][0]["statements"]
        .as_array()
        .map(Vec::len);
    assert_eq!(ran, Some(usize::from(!is_done)), "{when}: {report}");
}

#[tokio::test]
async fn an_interrupted_reindex_leaves_no_invalid_index() {
    const INDEX: &str = "REINDEX INDEX CONCURRENTLY t_note";
    const TABLE: &str = "REINDEX (CONCURRENTLY) TABLE t";
    const SCHEMA: &str = "REINDEX SCHEMA CONCURRENTLY public";
    const DATABASE: &str = "REINDEX DATABASE CONCURRENTLY this_database";
    tokio::join!(
        reindex(INDEX, WRITER, "the process", "t_note_ccnew"),
        reindex(INDEX, SNAPSHOT, "the session", "t_note_ccnew"),
        reindex(INDEX, READER, "the process", "t_note_ccold"),
        reindex(INDEX, READER, "the session", "t_note_ccold"),
        reindex(
            "REINDEX INDEX CONCURRENTLY t_pkey",
            READER,
            "the session",
            "t_pkey_ccold"
        ),
        reindex(TABLE, WRITER, "the session", "t_pkey_ccnew"),
        reindex(TABLE, SNAPSHOT, "the process", "t_pkey_ccnew"),
        reindex(TABLE, READER, "the session", "t_pkey_ccold"),
        reindex(SCHEMA, SNAPSHOT, "the session", "t_note_ccnew"),
        reindex(SCHEMA, READER, "the process", "t_note_ccold"),
        reindex(DATABASE, SNAPSHOT, "the process", "t_note_ccnew"),
        reindex(DATABASE, READER, "the session", "t_note_ccold"),
        reindex(
            "REINDEX INDEX CONCURRENTLY p_id",
            READER,
            "the process",
            "p_1_id_idx_ccold"
        ),
        reindex(
            "REINDEX TABLE CONCURRENTLY p",
            READER,
            "the session",
            "p_1_id_idx_ccold"
        ),
    );
}

#[tokio::test]
async fn an_interrupted_detachment_is_finalized() {
    const DETACH: &str = "ALTER TABLE p DETACH PARTITION p_1 CONCURRENTLY";
    for death in ["the process", "the session"] {
        let (database, _, report) = interrupted(DETACH, READER, death).await;
        let partitions = "SELECT string_agg(inhrelid::regclass::text, ' ') FROM pg_inherits
            WHERE inhparent = 'p'::regclass";
        let partitions: String = database.value(partitions, &[]).await;
        assert_eq!(partitions, "p_2", "{death}");
        let ran = report["migrations"][0]["statements"]
            .as_array()
            .map(Vec::len);
        assert_eq!(ran, Some(0), "{death}: {report}");
    }
}

#[tokio::test]
async fn an_invalid_index_or_detachment_of_another_time_is_left_alone() {
    let database = prepared().await;
    database
        .execute(
            "CREATE INDEX t_note_ccnew ON t (note);
             UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_note_ccnew'::regclass;
             UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'p_1'::regclass",
        )
        .await;
    for (statement, words) in [
        (
            "REINDEX TABLE CONCURRENTLY t",
            "t_note_ccnew exists, and this migration did not create it",
        ),
        (
            "ALTER TABLE p DETACH PARTITION p_1 CONCURRENTLY",
            "already pending detach",
        ),
    ] {
        let folder = Folder::of(&[(
            ONE,
            &format!("-- migrate: no-transaction\n{statement};"),
            "",
        )]);
        for _ in 0..2 {
            let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
            assert!(said.text.contains(words), "{}", said.text);
        }
        database
            .run_in(&folder, &["repair", ONE, "reverted"])
            .await
            .expect(0);
    }
    let kept = "SELECT (SELECT count(*) FROM pg_index WHERE NOT indisvalid)
        + (SELECT count(*) FROM pg_inherits WHERE inhdetachpending)";
    assert_eq!(database.value::<i64>(kept, &[]).await, 2);
}

#[tokio::test]
async fn a_reindex_that_fails_leaves_no_invalid_index() {
    let database = prepared().await;
    let function = |returned: &str| {
        format!(
            "CREATE OR REPLACE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT {returned}'"
        )
    };
    database.execute(&function("$1")).await;
    database.execute("CREATE INDEX t_f ON t (f(id))").await;
    database.execute(&function("1 / ($1 - $1)")).await;
    let up = "-- migrate: no-transaction\nREINDEX INDEX CONCURRENTLY t_f;";
    let folder = Folder::of(&[(ONE, up, "")]);
    let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
    assert_eq!(said.json()["error"]["sqlstate"], "22012", "{}", said.text);
    assert_eq!(database.value::<String>(INVALID, &[]).await, "");
    database.execute(&function("$1")).await;
    database.run_in(&folder, &["upgrade"]).await.expect(0);
}

#[tokio::test]
async fn a_reindex_that_times_out_is_cleaned_up_by_the_next_run() {
    let database = prepared().await;
    let up =
        "-- migrate: no-transaction, statement_timeout=300ms\nREINDEX INDEX CONCURRENTLY t_note;";
    let folder = Folder::of(&[(ONE, up, "")]);
    let holding = database.connect().await;
    holding.batch_execute(SNAPSHOT).await.expect("it holds");
    let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
    assert_eq!(said.json()["error"]["sqlstate"], "57014", "{}", said.text);
    holding.batch_execute("ROLLBACK").await.expect("it ends");
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    assert_eq!(database.value::<String>(INVALID, &[]).await, "");
}

//! The advisory lock, when a statement takes it away: nothing runs twice, and a runner says so.

use std::time::Duration;

use crate::harness::{
    Database,
    migrations::{Finished, Folder, ONE, TWO},
};

const UNLOCK: &str = "DO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$;";

#[tokio::test]
async fn a_statement_that_releases_the_lock_is_refused_with_its_line() {
    let database = Database::empty().await;
    for sql in ["DISCARD ALL", "SELECT pg_advisory_unlock_all()"] {
        for head in ["", "-- migrate: no-transaction"] {
            let folder = Folder::of(&[(ONE, &format!("{head}\nCREATE TABLE t ();\n{sql};"), "")]);
            let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
            let words = format!("test.up.sql:3: `{sql}` releases the lock");
            assert!(said.text.contains(&words), "{}", said.text);
        }
    }
    assert_eq!(database.tables().await, "");
}

#[tokio::test]
async fn a_runner_without_the_lock_stops_before_the_next_bare_statement() {
    let database = Database::empty().await;
    let outside = format!("-- migrate: no-transaction\n{UNLOCK}\nCREATE TABLE t (id int);");
    let folder = Folder::of(&[(ONE, &outside, "")]);
    let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
    let error = &said.json()["error"];
    assert!(
        error["message"].to_string().contains("lock is lost"),
        "{error}"
    );
    assert_eq!(error["line"], 3);
    assert_eq!(database.tables().await, "");
    // The statement that released it does not run again.
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    assert_eq!(database.tables().await, "t");

    // In a transaction, the record's key is enough. The next file is not begun.
    let database = Database::empty().await;
    let outside = "-- migrate: no-transaction\nCREATE TABLE t (id int);";
    let folder = Folder::of(&[(ONE, UNLOCK, ""), (TWO, outside, "")]);
    let said = database.run_in(&folder, &["upgrade"]).await.expect(1);
    assert!(said.text.contains("lock is lost"), "{}", said.text);
    assert_eq!(said.json()["to"], ONE);
    let begun: i64 = database
        .value("SELECT count(*) FROM migrate.history", &[])
        .await;
    assert_eq!(begun, 1);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
}

/// Waits until a runner waits for an advisory lock of this test.
async fn blocked(database: &Database) {
    let client = database.connect().await;
    let sql = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()";
    let waits = async {
        while client
            .query_one(sql, &[])
            .await
            .expect("a count")
            .get::<_, i64>(0)
            == 0
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let waits = tokio::time::timeout(Duration::from_secs(20), waits).await;
    waits.expect("it waits for a lock");
}

#[tokio::test]
async fn a_second_runner_stops_while_the_first_has_lost_the_lock() {
    const WORK: &str = "BEGIN PERFORM pg_advisory_unlock_all(); PERFORM pg_advisory_xact_lock(7);
        INSERT INTO t VALUES (1);";
    // In a transaction of its record, and in some of its own.
    let block = format!("DO $$ {WORK} END $$;");
    for first in [block.as_str(), "CALL work();"] {
        let database = Database::empty().await;
        let prepare = format!(
            "CREATE TABLE t (id int); GRANT ALL ON t TO public;
             CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ {WORK} COMMIT; END $$"
        );
        database.execute(&prepare).await;
        let up = format!(
            "-- migrate: no-transaction, lock_timeout=1min\n{first}\nINSERT INTO t VALUES (2);"
        );
        let folder = Folder::of(&[(ONE, &up, "")]);
        let holder = database.connect().await;
        holder
            .batch_execute("SELECT pg_advisory_lock(7)")
            .await
            .expect("a lock");
        let runner = database.spawn_in(&folder, &["upgrade"]).await;
        blocked(&database).await;

        let second = database.run_in(&folder, &["upgrade"]).await.expect(4);
        let report = second.json();
        let words = "another runner is at work on this migration";
        assert!(
            report["error"]["message"].to_string().contains(words),
            "{report}"
        );
        let pid: i32 = database
            .value(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                &[],
            )
            .await;
        assert_eq!(report["error"]["blockers"][0]["pid"], pid, "{report}");

        holder
            .batch_execute("SELECT pg_advisory_unlock(7)")
            .await
            .expect("an end");
        let output = runner.wait_with_output().await.expect("it ends");
        let first = Finished::new(output).expect(1);
        assert!(first.text.contains("lock is lost"), "{}", first.text);
        database.run_in(&folder, &["upgrade"]).await.expect(0);
        let rows: String = database
            .value("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t", &[])
            .await;
        assert_eq!(rows, "1 2", "nothing runs twice");
    }
}

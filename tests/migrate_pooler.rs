//! Migrations behind a connection pooler.

use crate::harness::{
    Database,
    migrations::{Finished, Folder, ONE, TWO, command},
    pooler::Pooler,
    stack,
};

/// Runs the command through the pooler.
async fn run(
    pooler: &Pooler,
    database: &Database,
    folder: &Folder,
    command_name: &str,
) -> Finished {
    let mut variables = database.migrator_url().await;
    let server = format!(":{}/", stack().await.postgres.port);
    variables[0].1 = variables[0]
        .1
        .replace(&server, &format!(":{}/", pooler.port));
    variables[1].1 = pooler.ca_file.display().to_string();
    let path = folder.path();
    let arguments = [
        "--json",
        "--dir",
        path.to_str().expect("UTF-8"),
        command_name,
    ];
    let output = command(&variables, &arguments).await.output().await;
    Finished::new(output.expect("it runs"))
}

fn outside() -> Folder {
    Folder::of(&[
        (ONE, "CREATE TABLE t (id int);", "DROP TABLE t;"),
        (
            TWO,
            "-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY t_id ON t (id);",
            "-- migrate: no-transaction\nDROP INDEX CONCURRENTLY t_id;",
        ),
    ])
}

#[tokio::test]
async fn a_pooler_in_transaction_mode_is_named_before_anything_has_run_outside_of_a_transaction() {
    let Some(pooler) = Pooler::start().await else {
        return;
    };
    let database = Database::empty().await;
    let folder = outside();
    let words = "connection pooler in transaction mode";
    let said = run(&pooler, &database, &folder, "upgrade").await.expect(1);
    assert!(said.text.contains(words), "{}", said.text);
    let schemas: i64 = database
        .value(
            "SELECT count(*) FROM pg_namespace WHERE nspname = 'migrate'",
            &[],
        )
        .await;
    assert_eq!((schemas, database.tables().await.as_str()), (0, ""));
    database.run_in(&folder, &["upgrade"]).await.expect(0);
    let said = run(&pooler, &database, &folder, "downgrade")
        .await
        .expect(1);
    assert!(said.text.contains(words), "{}", said.text);
    // Nobody holds a lock that the pooler keeps.
    database
        .run_in(&folder, &["downgrade", "base"])
        .await
        .expect(0);
}

#[tokio::test]
async fn a_pooler_in_transaction_mode_that_is_busy_is_named_too() {
    let Some(pooler) = Pooler::start().await else {
        return;
    };
    let database = Database::empty().await;
    let folder = outside();
    // Both server connections exist, and the pooler hands them out in turns.
    let busy = |_| async {
        let mut said = Vec::new();
        for _ in 0..3 {
            said.push(run(&pooler, &database, &folder, "upgrade").await.expect(1));
        }
        said
    };
    let (one, two, three) = tokio::join!(busy(1), busy(2), busy(3));
    for said in [one, two, three].into_iter().flatten() {
        assert!(said.text.contains("in transaction mode"), "{}", said.text);
    }
    assert_eq!(database.tables().await, "");
}

#[tokio::test]
async fn a_pooler_in_session_mode_is_no_hindrance() {
    let Some(pooler) = Pooler::start_in("session").await else {
        return;
    };
    let database = Database::empty().await;
    let folder = outside();
    run(&pooler, &database, &folder, "upgrade").await.expect(0);
    run(&pooler, &database, &folder, "downgrade")
        .await
        .expect(0);
    database.run_in(&folder, &["upgrade"]).await.expect(0);
}

#[tokio::test]
async fn a_migration_in_a_transaction_runs_through_a_pooler() {
    let Some(pooler) = Pooler::start().await else {
        return;
    };
    let database = Database::empty().await;
    let folder = Folder::three();
    run(&pooler, &database, &folder, "upgrade").await.expect(0);
    assert_eq!(database.tables().await, "one three two");
}

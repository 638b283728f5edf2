//! What the migrate command prints for a person while it runs.

use crate::harness::{
    Database,
    migrations::{Folder, Said},
};

/// Applies one migration, and returns what was printed to standard error.
async fn upgrade(up: &str) -> String {
    let database = Database::empty().await;
    let folder = Folder::of(&[("20240101000000", up, "")]);
    let Said { error, .. } = database.run_in(&folder, &["upgrade"]).await.expect(0);
    error
}

#[tokio::test]
async fn only_a_statement_that_takes_five_seconds_is_reported_as_running() {
    const SHORT: &str = "CREATE TABLE t (id int);\nSELECT pg_sleep(1.2);\n";
    let long = format!("{SHORT}SELECT pg_sleep(6);");
    let outside = format!("-- migrate: no-transaction\n{long}");
    let (short, long, outside) = tokio::join!(upgrade(SHORT), upgrade(&long), upgrade(&outside));
    assert!(!short.contains("still running"), "{short}");
    for printed in [long, outside] {
        let lines: Vec<_> = printed
            .lines()
            .filter(|line| line.contains("still running"))
            .collect();
        assert_eq!(lines, ["  still running after 5 s: SELECT pg_sleep(6)"]);
    }
}

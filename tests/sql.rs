use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::harness::Database;
use local::paths;

fn sql_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sql_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            files.push(path);
        }
    }
}

/// Against the migrated database, as the superuser, who may see every table there is.
#[tokio::test]
async fn every_query_can_be_prepared() {
    let database = Database::sample().await;
    // Only where Alembic has been is there what one query looks for.
    database
        .execute("CREATE TABLE alembic_version (version_num varchar(32))")
        .await;
    let client = database.connect().await;
    let mut files = Vec::new();
    for folder in ["functions", "shared/src"] {
        sql_files(&paths::root().join(folder), &mut files);
    }
    assert!(files.len() > 10, "only {files:?}");
    for file in files {
        let sql = fs::read_to_string(&file).expect("UTF-8");
        assert!(
            sql.starts_with("-- "),
            "{} has no reason on top",
            file.display()
        );
        // The one file of several statements is run, not prepared.
        if file.ends_with("sql/create.sql") {
            client.batch_execute(&sql).await.expect("it can run again");
            continue;
        }
        if let Err(error) = client.prepare(&sql).await {
            panic!("{}: {error:?}", file.display());
        }
    }
}

//! What the migrate command costs besides the migrations: 200 empty ones, and a run with none.

use crate::contender::release;
use crate::figures::percentile;
use crate::table::{Table, milliseconds};
use local::{Error, Result, Role, StackInfo};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::process::Command;

const EMPTY: usize = 200;
const NOOPS: usize = 20;

/// How long 200 empty migrations take, and a run after them (median), as whole processes.
///
/// # Errors
/// When migrate fails.
pub async fn measure(info: &StackInfo) -> Result<Table> {
    let folder = tempfile::tempdir().map_err(|error| Error::new(error.to_string()))?;
    for number in 0..EMPTY {
        for direction in ["up", "down"] {
            let (minute, second) = (number / 60, number % 60);
            let name = format!("2024010100{minute:02}{second:02}_empty.{direction}.sql");
            let written = fs::write(folder.path().join(name), "-- Nothing.\n");
            written.map_err(|error| Error::new(format!("cannot write a migration: {error}")))?;
        }
    }
    // The real migrations are there already, and this folder has none of them.
    info.postgres.create_database("empty", None).await?;
    let all = upgrade(folder.path(), info).await?;
    let mut noops = Vec::with_capacity(NOOPS);
    for _ in 0..NOOPS {
        noops.push(upgrade(folder.path(), info).await?);
    }
    noops.sort_unstable();
    let mut table = Table::new("migrate", &["", "milliseconds"]);
    for (name, took) in [
        ("200 empty migrations", Some(all)),
        ("nothing to do", percentile(&noops, 50)),
    ] {
        table.rows.push(vec![name.to_owned(), milliseconds(took)]);
    }
    table.note = "Whole processes.".to_owned();
    Ok(table)
}

async fn upgrade(folder: &Path, info: &StackInfo) -> Result<Duration> {
    let mut command = Command::new(release("migrate"));
    command
        .args(["upgrade", "--dir"])
        .arg(folder)
        .env("DATABASE_URL", info.url(Role::Migrator, "empty"))
        .env("DB_CA_FILE", &info.postgres.ca_file);
    let started = Instant::now();
    let output = command.output().await;
    let output = output.map_err(|error| Error::new(format!("cannot run migrate: {error}")))?;
    match output.status.success() {
        true => Ok(started.elapsed()),
        false => Err(Error::new(String::from_utf8_lossy(&output.stderr).trim())),
    }
}

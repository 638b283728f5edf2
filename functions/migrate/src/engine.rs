//! The engine: a migration is one transaction, one runner works at a time, a table remembers.

use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Value, json};
use shared::{Error, tokio_postgres::Client};
use time::OffsetDateTime;

use crate::{
    command::Command,
    files::{Migration, migrations},
};

const CREATE_HISTORY: &str = include_str!("create_history.sql");
const HISTORY: &str = include_str!("history.sql");
const RECORD: &str = include_str!("record.sql");
const FORGET: &str = include_str!("forget.sql");
const LOCK: &str = include_str!("lock.sql");
const HAS_FILMS: &str = include_str!("has_films.sql");
const SCHEMA: &str = include_str!("../../../sql/01-pagila-schema.sql");
const DATA: &str = include_str!("../../../sql/02-pagila-data.sql");

/// How long to wait for another runner to finish.
const LOCK_WAIT: Duration = Duration::from_secs(20);
const LOCK_POLL: Duration = Duration::from_millis(100);

/// Why a command failed, for the person who reads the invocation's error.
#[derive(Debug)]
pub struct Failure(pub String);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(fault) | Error::Timeout(fault) | Error::Internal(fault) => {
                Self(match fault.sqlstate() {
                    Some(sqlstate) => format!("{fault} (SQLSTATE {sqlstate})"),
                    None => fault.to_string(),
                })
            }
            other => Self(format!("{other:?}")),
        }
    }
}

/// The whole message: who migrates may read what PostgreSQL says.
impl From<shared::tokio_postgres::Error> for Failure {
    fn from(error: shared::tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(database) => Self(format!(
                "{} (SQLSTATE {})",
                database.message(),
                database.code().code()
            )),
            None => Error::from(error).into(),
        }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self(message)
    }
}

/// A migration that was applied.
#[derive(Serialize)]
struct Applied {
    version: String,
    name: String,
    #[serde(with = "time::serde::rfc3339")]
    applied_at: OffsetDateTime,
}

/// Runs `command` over `client`.
///
/// # Errors
/// What was wrong with the command or the files, or what PostgreSQL said. Migrations that were
/// finished before stay applied; the one that failed has left nothing behind.
pub async fn run(client: &mut Client, command: Command) -> Result<Value, Failure> {
    match command {
        Command::Current {} => {
            let revision = applied(client).await?.pop().map(|last| last.version);
            Ok(json!({ "ok": true, "revision": revision }))
        }
        Command::History {} => Ok(json!({ "ok": true, "migrations": applied(client).await? })),
        Command::Restore { scale } => restore(client, scale).await,
        Command::Upgrade { target } => locked(client, Direction::Up, &target).await,
        Command::Downgrade { target } => locked(client, Direction::Down, &target).await,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

/// The lock is the session's, and goes with the connection, which the caller drops.
async fn locked(client: &mut Client, direction: Direction, target: &str) -> Result<Value, Failure> {
    let started = Instant::now();
    while !client.query_one(LOCK, &[]).await?.try_get::<_, bool>(0)? {
        if started.elapsed() > LOCK_WAIT {
            return Err(Failure(
                "another runner holds the migration lock".to_owned(),
            ));
        }
        tokio::time::sleep(LOCK_POLL).await;
    }
    client.batch_execute(CREATE_HISTORY).await?;
    let applied = applied(client).await?;
    let from = applied.last().map(|last| last.version.clone());
    let steps = match direction {
        Direction::Up => pending(&applied, target)?,
        Direction::Down => revertible(&applied, target)?,
    };
    let mut done = Vec::new();
    for migration in steps {
        let started = Instant::now();
        step(client, direction, &migration)
            .await
            .map_err(|Failure(reason)| {
                Failure(format!(
                    "{}_{}: {reason}",
                    migration.version, migration.name
                ))
            })?;
        let duration_ms = started.elapsed().as_millis() as u64;
        let Migration { version, name, .. } = migration;
        done.push(json!({ "version": version, "name": name, "duration_ms": duration_ms }));
    }
    let to = self::applied(client).await?.pop().map(|last| last.version);
    let status = if done.is_empty() { "noop" } else { "applied" };
    Ok(json!({ "ok": true, "status": status, "from": from, "to": to, "migrations": done }))
}

/// The history row goes first: its key stops a second runner even without the lock.
async fn step(
    client: &mut Client,
    direction: Direction,
    migration: &Migration,
) -> Result<(), Failure> {
    let transaction = client.transaction().await?;
    match direction {
        Direction::Up => {
            transaction
                .execute(RECORD, &[&migration.version, &migration.name])
                .await?;
            transaction.batch_execute(migration.up).await?;
        }
        Direction::Down => {
            transaction.execute(FORGET, &[&migration.version]).await?;
            transaction.batch_execute(migration.down).await?;
        }
    }
    Ok(transaction.commit().await?)
}

async fn applied(client: &Client) -> Result<Vec<Applied>, Failure> {
    let exists = client
        .query_one("SELECT to_regclass('migrate.history') IS NOT NULL", &[])
        .await?;
    if !exists.try_get::<_, bool>(0)? {
        return Ok(Vec::new());
    }
    let rows = client.query(HISTORY, &[]).await?;
    let applied = rows.iter().map(|row| {
        Ok(Applied {
            version: row.try_get("version")?,
            name: row.try_get("name")?,
            applied_at: row.try_get("applied_at")?,
        })
    });
    applied.collect()
}

fn pending(applied: &[Applied], target: &str) -> Result<Vec<Migration>, Failure> {
    let all = migrations()?;
    let is_applied = |migration: &Migration| applied.iter().any(|a| a.version == migration.version);
    let mut pending: Vec<_> = all
        .iter()
        .copied()
        .filter(|migration| !is_applied(migration))
        .collect();
    if let Some(count) = target
        .strip_prefix('+')
        .and_then(|count| count.parse().ok())
    {
        pending.truncate(count);
    } else if all.iter().any(|migration| migration.version == target) {
        pending.retain(|migration| migration.version <= target);
    } else if target != "head" {
        return Err(Failure(format!(
            "target must be head, +N or a version, not `{target}`"
        )));
    }
    Ok(pending)
}

fn revertible(applied: &[Applied], target: &str) -> Result<Vec<Migration>, Failure> {
    let count = target
        .strip_prefix('-')
        .and_then(|count| count.parse::<usize>().ok());
    let position = applied
        .iter()
        .position(|migration| migration.version == target);
    let keep = match (target, count, position) {
        ("base", ..) => 0,
        (_, Some(count), _) => applied.len().saturating_sub(count),
        (_, None, Some(position)) => position + 1,
        _ => {
            return Err(Failure(format!(
                "target must be -N, base or an applied version, not `{target}`"
            )));
        }
    };
    let all = migrations()?;
    let find = |applied: &Applied| {
        let migration = all
            .iter()
            .find(|migration| migration.version == applied.version);
        migration
            .copied()
            .ok_or_else(|| Failure(format!("this build has no migration {}", applied.version)))
    };
    applied[keep..].iter().rev().map(find).collect()
}

async fn restore(client: &mut Client, scale: u16) -> Result<Value, Failure> {
    let started = Instant::now();
    let transaction = client.transaction().await?;
    if transaction
        .query_one(HAS_FILMS, &[])
        .await?
        .try_get("has_table")?
    {
        return Err(Failure(
            "the database has films already; restore only fills an empty one".to_owned(),
        ));
    }
    transaction
        .batch_execute(&format!("SET LOCAL pagila.scale = {scale}"))
        .await?;
    transaction.batch_execute(SCHEMA).await?;
    transaction.batch_execute(DATA).await?;
    transaction.commit().await?;
    let duration_ms = started.elapsed().as_millis() as u64;
    Ok(json!({ "ok": true, "status": "applied", "scale": scale, "duration_ms": duration_ms }))
}

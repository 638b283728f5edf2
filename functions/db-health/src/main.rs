//! `GET /health/db`: whether the database answers, how fast, and at which revision it is.

use std::time::{Duration, Instant};

use serde::Serialize;
use shared::{
    Database, Error, Fault, Request, Response, Result, RuntimeError, response, telemetry,
    tokio_postgres::error::SqlState,
};
use time::OffsetDateTime;

const REVISION: &str = include_str!("revision.sql");
/// A monitor that waits 3 seconds gets its answer, even after a start-up that took its 1.2.
const PATIENCE: Duration = Duration::from_millis(1600);

#[derive(Serialize)]
struct Health {
    status: &'static str,
    database: &'static str,
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    #[serde(flatten)]
    finding: Finding,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Finding {
    Healthy {
        latency_ms: f64,
        revision: Option<String>,
    },
    Unhealthy {
        error: &'static str,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RuntimeError> {
    shared::run(handler, &[REVISION]).await
}

async fn handler(database: Database, request: Request) -> Result<Response> {
    request.query().finish()?;
    let started = Instant::now();
    let revision = tokio::time::timeout(PATIENCE, revision(&database)).await;
    let latency_ms = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    let finding = match revision {
        Ok(Ok(revision)) => Finding::Healthy {
            latency_ms,
            revision,
        },
        Ok(Err(Error::Unavailable(fault) | Error::Timeout(fault) | Error::Internal(fault))) => {
            telemetry::failed(&fault);
            Finding::Unhealthy { error: fault.class }
        }
        Ok(Err(error)) => return Err(error),
        Err(_) => Finding::Unhealthy { error: "timeout" },
    };
    let (http_status, status, database) = match finding {
        Finding::Healthy { .. } => (200, "healthy", "connected"),
        Finding::Unhealthy { .. } => (503, "unhealthy", "disconnected"),
    };
    let timestamp = OffsetDateTime::now_utc();
    response::with_status(
        http_status,
        &Health {
            status,
            database,
            timestamp,
            finding,
        },
    )
}

/// None before the first migrations, when there is no history, or none that we may read.
async fn revision(database: &Database) -> Result<Option<String>> {
    match database.query_one(REVISION, &[]).await {
        Ok(row) => Ok(row.try_get("revision")?),
        Err(Error::Internal(fault)) if is_absent(&fault) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_absent(fault: &Fault) -> bool {
    let absent = [
        SqlState::UNDEFINED_TABLE,
        SqlState::INVALID_SCHEMA_NAME,
        SqlState::INSUFFICIENT_PRIVILEGE,
    ];
    let sqlstate = fault.sqlstate();
    absent.iter().any(|state| sqlstate == Some(state.code()))
}

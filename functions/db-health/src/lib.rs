//! `GET /health/db`: whether the database answers, how fast, and at which revision it is.

use std::time::{Duration, Instant};

use serde::Serialize;
use shared::{
    Database, Error, Fault, Request, Response, Result,
    response::{self, Caching},
    telemetry,
    tokio_postgres::error::SqlState,
};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// The statement of a request.
pub const REVISION: &str = include_str!("revision.sql");
/// A monitor that waits 3 seconds gets its answer, even after a start-up that took its 1.2.
const PATIENCE: Duration = Duration::from_millis(1600);

/// How the database is.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `healthy` or `unhealthy`.
    #[schema(example = "healthy")]
    status: &'static str,
    /// `connected` or `disconnected`.
    #[schema(example = "connected")]
    database: &'static str,
    /// When it was asked.
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    #[serde(flatten)]
    finding: Finding,
}

/// What was found.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Finding {
    /// It answers.
    Healthy {
        /// What the question took, in milliseconds.
        #[schema(minimum = 0, example = 0.7)]
        latency_ms: f64,
        /// The newest migration that it has; null before the first.
        #[schema(required = true, example = "20241118090000")]
        revision: Option<String>,
    },
    /// It does not.
    Unhealthy {
        /// Why, in a word.
        #[schema(example = "timeout")]
        error: &'static str,
    },
}

/// Whether the database answers, how fast, and at which revision it is
#[utoipa::path(
    get, path = "/health/db", operation_id = "db_health", tag = "health",
    responses(
        (status = 200, description = "The database answers.", body = Health),
        (status = 503, description = "The database does not answer.", body = Health),
    )
)]
pub async fn handler(database: Database, request: Request) -> Result<Response> {
    request.parameters().finish()?;
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
        Caching::Never,
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

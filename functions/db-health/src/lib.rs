//! `GET /health/db`: whether the database responds, how fast, and at which revision it is.

use std::time::{Duration, Instant};

use serde::Serialize;
use shared::{
    Error, Fault, Request, Response, Result, Session,
    database::Sql,
    http::response::{self, Caching},
    sql,
    tokio_postgres::error::SqlState,
};
use time::OffsetDateTime;
use utoipa::ToSchema;

const REVISION: Sql = sql!("revision.sql");
/// A monitor that waits 3 seconds gets its response even after a start-up of 1.2 s.
const LIMIT: Duration = Duration::from_millis(1600);

/// The health of the database.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `healthy` or `unhealthy`.
    #[schema(example = "healthy")]
    status: &'static str,
    /// `connected` or `disconnected`.
    #[schema(example = "connected")]
    database: &'static str,
    /// When the database was queried.
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    #[serde(flatten)]
    finding: Finding,
}

/// The result of the query.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Finding {
    /// The database responded.
    Healthy {
        /// How long the query took, in milliseconds.
        #[schema(minimum = 0, example = 0.7)]
        latency_ms: f64,
        /// The newest migration that was applied completely; null before the first.
        #[schema(required = true, example = "20241118090000")]
        revision: Option<String>,
        /// The statement_timeout of the role, in milliseconds. At 0, nothing ends a statement whose
        /// client is gone. Absent before the first migration.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false, minimum = 0, example = 5000)]
        statement_timeout_ms: Option<i32>,
    },
    /// The database did not respond.
    Unhealthy {
        /// The reason, in one word.
        #[schema(example = "timeout")]
        error: &'static str,
    },
}

/// Check the database
///
/// Returns whether the database responds, how fast, and at which revision it is.
#[utoipa::path(
    get, path = "/health/db", operation_id = "db_health", tag = "health",
    responses(
        (status = 200, description = "The database responds.", body = Health),
        (status = 503, description = "The database does not respond.", body = Health),
    )
)]
pub async fn handler(session: Session, request: Request) -> Result<Response> {
    request.read(|_| ())?;
    let started = Instant::now();
    let row = query(&session.within(LIMIT)).await;
    let latency_ms = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    match row {
        Ok((revision, statement_timeout_ms)) => {
            let finding = Finding::Healthy {
                latency_ms,
                revision,
                statement_timeout_ms,
            };
            respond(200, finding)
        }
        Err(Error::Unavailable(fault) | Error::Timeout(fault) | Error::Internal(fault)) => {
            let finding = Finding::Unhealthy { error: fault.class };
            Ok(respond(503, finding)?.with_fault(fault))
        }
        Err(error) => Err(error),
    }
}

fn respond(http_status: u16, finding: Finding) -> Result<Response> {
    let (status, database) = match finding {
        Finding::Healthy { .. } => ("healthy", "connected"),
        Finding::Unhealthy { .. } => ("unhealthy", "disconnected"),
    };
    let health = Health {
        status,
        database,
        timestamp: OffsetDateTime::now_utc(),
        finding,
    };
    response::with_status(http_status, &health, Caching::Never)
}

/// The revision, and the statement_timeout in milliseconds.
async fn query(session: &Session) -> Result<(Option<String>, Option<i32>)> {
    match session.query_one(REVISION, &[]).await {
        Ok(row) => Ok((
            row.try_get("revision")?,
            row.try_get("statement_timeout_ms")?,
        )),
        // Before the first migration there is no history, or none that this role may read.
        Err(Error::Internal(fault)) if is_absent(&fault) => Ok((None, None)),
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

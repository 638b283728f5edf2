//! Log lines: JSON, one a request, as Lambda's JSON log format wants them.

use std::env;

use tracing::{Level, error, info};
use tracing_subscriber::filter::LevelFilter;

use crate::{Error, Fault, Request, service::Timing};

/// Begins to log to standard output, at AWS_LAMBDA_LOG_LEVEL or INFO.
pub fn start() {
    let level = env::var("AWS_LAMBDA_LOG_LEVEL").ok();
    let level = level.and_then(|level| level.parse::<Level>().ok());
    // At TRACE lambda_runtime logs whole events, and so tokens and names.
    let level = level.unwrap_or(Level::INFO).min(Level::DEBUG);
    // Without the spans that lambda_runtime opens: each line stands for itself.
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(LevelFilter::from(level))
        .init();
}

/// Logs an answer. The route stands for the path, which may name a person.
pub(crate) fn answered(request: &Request, status: u16, took: &Timing, error: Option<&Error>) {
    let request_id = request.invocation();
    // What the client calls it by, where that is another name.
    let client_request_id = request.client_id();
    let method = request.method().as_str();
    let route = request.route();
    let duration_ms = took.total.as_secs_f64() * 1e3;
    let database_ms = took.database.as_secs_f64() * 1e3;
    match error.and_then(fault) {
        None => info!(
            request_id,
            client_request_id, method, route, status, duration_ms, database_ms, "answered"
        ),
        Some(fault) => error!(
            request_id,
            client_request_id,
            method,
            route,
            status,
            duration_ms,
            database_ms,
            class = fault.class,
            sqlstate = fault.sqlstate(),
            cause = %fault,
            "failed"
        ),
    }
}

/// Logs a line of what happens.
pub fn line(message: &str) {
    info!("{message}");
}

/// Logs that start-up failed: requests are answered all the same, with 503 until it works.
pub fn not_started(error: &Error) {
    match fault(error) {
        Some(fault) => {
            error!(class = fault.class, sqlstate = fault.sqlstate(), cause = %fault, "start-up failed")
        }
        None => error!(?error, "start-up failed"),
    }
}

/// Logs a fault that is no error to the client.
pub fn failed(fault: &Fault) {
    error!(class = fault.class, sqlstate = fault.sqlstate(), cause = %fault, "failed");
}

fn fault(error: &Error) -> Option<&Fault> {
    match error {
        Error::Unavailable(fault) | Error::Timeout(fault) | Error::Internal(fault) => Some(fault),
        _ => None,
    }
}

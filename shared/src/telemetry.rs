//! Log lines in JSON, in Lambda's format.

use tracing::{error, info};
use tracing_subscriber::filter::LevelFilter;

use crate::{Fault, config};

/// Starts to log to standard output.
pub fn start() {
    // Without the spans that lambda_runtime opens: each line stands for itself.
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(LevelFilter::from(config::log_level()))
        .init();
}

/// Logs a line.
pub fn line(message: &str) {
    info!("{message}");
}

/// Logs that start-up failed. Requests are answered with 503 until it would succeed.
pub(crate) fn start_up_failed(fault: &Fault) {
    error!(class = fault.class, sqlstate = fault.sqlstate(), cause = %fault, "start-up failed");
}

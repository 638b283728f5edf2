//! Log lines: flat JSON with the keys of AWS Powertools, to standard output.
//!
//! The line of a request also has its metrics, in CloudWatch's embedded metric format.

mod events;
mod request;

use std::{
    io::{self, Write},
    panic::{self, PanicHookInfo},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use lambda_runtime::Context;
use serde::Serialize;
use time::OffsetDateTime;
use tokio::task_local;
use tracing::{Level, debug, error, info, warn};

use crate::{
    Fault,
    config::{self, Function},
};

use request::Metrics;
pub(crate) use request::Request;

/// The name of this API, and of its metrics.
const SERVICE: &str = "interview-api";

/// What Lambda says of this function. Nothing is logged before it is set.
static FUNCTION: OnceLock<Function> = OnceLock::new();

task_local! {
    static INVOCATION: Invocation;
}

/// The keys that the lines of an invocation have in common.
#[derive(Serialize)]
struct Invocation {
    cold_start: bool,
    function_request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    xray_trace_id: Option<String>,
}

time::serde::format_description!(
    milliseconds,
    OffsetDateTime,
    "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
);

/// A line.
#[derive(Serialize)]
struct Line<'a, T> {
    level: &'static str,
    #[serde(serialize_with = "milliseconds::serialize")]
    timestamp: OffsetDateTime,
    message: &'a str,
    #[serde(flatten)]
    fields: T,
    service: &'static str,
    #[serde(flatten)]
    function: &'static Function,
    #[serde(flatten)]
    invocation: Option<&'a Invocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    _aws: Option<&'a Metrics>,
}

/// Starts to log what is at least as important as AWS_LAMBDA_LOG_LEVEL says, and every panic.
pub fn start() {
    FUNCTION.get_or_init(config::function);
    // It fails if there is one already.
    let _ = tracing::subscriber::set_global_default(events::Lines(config::log_level()));
    panic::set_hook(Box::new(panicked));
}

/// Logs a line.
pub fn line(message: &str) {
    info!("{message}");
}

/// Does the `work` of an invocation, whose lines have its ids.
pub async fn invocation<F: Future>(context: &Context, work: F) -> F::Output {
    static IS_WARM: AtomicBool = AtomicBool::new(false);
    let trace = context.xray_trace_id.as_deref().unwrap_or_default();
    let root = trace.split(';').find_map(|part| part.strip_prefix("Root="));
    let invocation = Invocation {
        cold_start: !IS_WARM.swap(true, Ordering::Relaxed),
        function_request_id: context.request_id.clone(),
        xray_trace_id: root.map(ToOwned::to_owned),
    };
    INVOCATION.scope(invocation, work).await
}

/// Logs that start-up failed. Requests are answered with 503 until it would succeed.
pub(crate) fn start_up_failed(fault: &Fault) {
    error!(class = fault.class, sqlstate = fault.sqlstate(), cause = %fault, "start-up failed");
}

/// Logs how long a statement took, by the name of its file: as a warning when it was `slow`.
pub(crate) fn statement(statement: &str, took: Duration, slow: Duration) {
    let statement_ms = rounded(took);
    match took >= slow {
        true => warn!(statement, statement_ms, "slow statement"),
        false => debug!(statement, statement_ms, "statement"),
    }
}

/// Milliseconds, to the microsecond.
fn rounded(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// Logs where a panic was. A message with values is left out, because they may be a client's.
fn panicked(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(tracing::field::display);
    let cause = panic.payload().downcast_ref::<&'static str>();
    error!(location, cause, "panicked");
}

/// Writes a line.
fn write(
    level: Level,
    timestamp: OffsetDateTime,
    message: &str,
    fields: impl Serialize,
    metrics: Option<&Metrics>,
) {
    let Some(function) = FUNCTION.get() else {
        return;
    };
    let text = |invocation: Option<&Invocation>| {
        serde_json::to_vec(&Line {
            level: level.as_str(),
            timestamp,
            message,
            fields: &fields,
            service: SERVICE,
            function,
            invocation,
            _aws: metrics,
        })
    };
    let text = INVOCATION
        .try_with(|invocation| text(Some(invocation)))
        .unwrap_or_else(|_| text(None));
    if let Ok(mut text) = text {
        text.push(b'\n');
        // In one piece. There is no other place to report a failure.
        let _ = io::stdout().lock().write_all(&text);
    }
}

//! The line of a request, which is also its metrics.

use std::time::Duration;

use serde::Serialize;
use time::OffsetDateTime;
use tracing::Level;

use super::{SERVICE, rounded};
use crate::Fault;

/// The metrics of a request. A function's name starts with its stack's, so stacks share a namespace.
const METRICS: [Directive; 2] = [
    Directive {
        namespace: SERVICE,
        dimensions: [&["function_name"]],
        metrics: &[
            metric("duration_ms", "Milliseconds"),
            metric("db_ms", "Milliseconds"),
        ],
    },
    Directive {
        namespace: SERVICE,
        dimensions: [&["function_name", "function_version"]],
        metrics: &[metric("faults", "Count")],
    },
];

/// A request and its response. The route stands for the path, which may name a person.
#[derive(Default)]
pub(crate) struct Request<'a> {
    pub method: &'a str,
    pub route: &'a str,
    pub status: i64,
    pub duration: Duration,
    pub database: Duration,
    pub statements: u32,
    pub client_request_id: Option<&'a str>,
    pub gateway_request_id: Option<&'a str>,
    pub fault: Option<&'a Fault>,
}

/// The keys of its line.
#[derive(Serialize)]
struct Fields<'a> {
    method: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    route: &'a str,
    status: i64,
    duration_ms: f64,
    db_ms: f64,
    db_statements: u32,
    /// 1 for a fault of the code. 503 and 504 are the database's.
    faults: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sqlstate: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway_request_id: Option<&'a str>,
}

/// What CloudWatch takes from a line:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Metrics {
    /// Milliseconds since 1970.
    timestamp: i128,
    cloud_watch_metrics: [Directive; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: &'static str,
    dimensions: [&'static [&'static str]; 1],
    metrics: &'static [Metric],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    name: &'static str,
    unit: &'static str,
}

const fn metric(name: &'static str, unit: &'static str) -> Metric {
    Metric { name, unit }
}

impl Request<'_> {
    /// Writes the line, whatever AWS_LAMBDA_LOG_LEVEL says: the metrics are in it.
    pub(crate) fn log(&self) {
        let now = OffsetDateTime::now_utc();
        let (level, message) = match self.fault {
            None => (Level::INFO, "answered"),
            Some(_) => (Level::ERROR, "failed"),
        };
        let fields = Fields {
            method: self.method,
            route: self.route,
            status: self.status,
            duration_ms: rounded(self.duration),
            db_ms: rounded(self.database),
            db_statements: self.statements,
            faults: (self.status == 500).into(),
            class: self.fault.map(|fault| fault.class),
            sqlstate: self.fault.and_then(Fault::sqlstate),
            cause: self.fault.map(ToString::to_string),
            client_request_id: self.client_request_id,
            gateway_request_id: self.gateway_request_id,
        };
        let metrics = Metrics {
            timestamp: now.unix_timestamp_nanos() / 1_000_000,
            cloud_watch_metrics: METRICS,
        };
        super::write(level, now, message, fields, Some(&metrics));
    }
}

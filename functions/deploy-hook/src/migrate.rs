//! Runs commands of the function migrate, each until it has ended.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};

use crate::{
    http::Http,
    lambda::{self, InvokeError},
};

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The function migrate.
pub struct Migrate {
    pub http: Http,
    /// The ARN of one of its versions.
    pub function: String,
    /// When to give up.
    pub end: Instant,
}

impl Migrate {
    /// Runs a command and returns its report. It is invoked again when Lambda or another runner is
    /// busy, and continued when migrate ran out of time. Two invocations at once are harmless,
    /// because migrate locks the database.
    ///
    /// # Errors
    /// Why it failed, in a sentence.
    pub async fn run(&self, mut event: Value) -> Result<Value, String> {
        let command = event["command"].as_str().unwrap_or_default().to_owned();
        let mut pause = Duration::from_millis(100);
        let mut last = "it had not answered".to_owned();
        loop {
            // The only limit. One of a single attempt would have to exceed the timeout of migrate.
            let invoke = lambda::invoke(&self.http, &self.function, &event);
            let Ok(result) = timeout_at(self.end, invoke).await else {
                break;
            };
            last = match result.or_else(report_in) {
                Ok(report) if report["ok"] == true => return Ok(report),
                Ok(report) if report["resume"].is_object() => {
                    event = report["resume"].clone();
                    described(&report)
                }
                Ok(report) if report["status"] == "locked" => described(&report),
                Ok(report) => return Err(failed(&command, &described(&report))),
                Err(InvokeError::Busy(reason)) => reason,
                Err(InvokeError::Refused(reason)) => return Err(failed(&command, &reason)),
                Err(InvokeError::Function(error)) => {
                    let message = error["errorMessage"].as_str();
                    return Err(failed(&command, message.unwrap_or("it crashed")));
                }
            };
            if Instant::now() + pause >= self.end {
                break;
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Err(failed(&command, &format!("the time is up, and {last}")))
    }
}

fn failed(command: &str, reason: &str) -> String {
    format!("migrate could not {command}: {reason}")
}

/// The report of a command that is not ok: the message of the error that it failed with.
fn report_in(error: InvokeError) -> Result<Value, InvokeError> {
    let InvokeError::Function(function_error) = &error else {
        return Err(error);
    };
    let message = function_error["errorMessage"].as_str().unwrap_or_default();
    match serde_json::from_str::<Value>(message) {
        Ok(report) if report.is_object() => Ok(report),
        _ => Err(error),
    }
}

/// The error of a report, without the rows and queries that it may quote.
fn described(report: &Value) -> String {
    let error = &report["error"];
    let mut text = match (error["file"].as_str(), error["line"].as_u64()) {
        (Some(file), Some(line)) => format!("{file}:{line}: "),
        _ => String::new(),
    };
    text += error["message"]
        .as_str()
        .unwrap_or("its report has no error");
    for (name, key) in [("SQLSTATE", "sqlstate"), ("hint:", "hint")] {
        if let Some(value) = error[key].as_str() {
            text += &format!("; {name} {value}");
        }
    }
    text
}

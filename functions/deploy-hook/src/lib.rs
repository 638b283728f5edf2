//! The function behind the custom resource of a deployment. CloudFormation invokes it and waits for
//! an answer at a URL. It has migrate prepare the database, which it cannot reach itself.
//!
//! CloudFormation waits for minutes, and then rolls back, when no answer comes. So each path ends
//! with one.

mod answer;
mod deployment;
mod http;
mod lambda;
mod migrate;

use std::time::{Duration, SystemTime};

use lambda_runtime::LambdaEvent;
use serde_json::Value;
use shared::{RuntimeError, telemetry};
use tokio::time::Instant;

use crate::{answer::Answer, http::Http};

/// The time that is kept for the answer.
const RESERVE: Duration = Duration::from_secs(20);

/// Handles one event of CloudFormation.
///
/// # Errors
/// When CloudFormation cannot be answered. Lambda then repeats the event, which is harmless.
pub async fn handler(event: LambdaEvent<Value>) -> Result<(), RuntimeError> {
    let end = SystemTime::UNIX_EPOCH + Duration::from_millis(event.context.deadline);
    let left = end.duration_since(SystemTime::now()).unwrap_or_default();
    let end = Instant::now() + left;
    // An invocation that begins late needs half of its time for the answer.
    let work_end = end - RESERVE.min(left / 2);

    let http = Http::new()?;
    let answer = Answer::to(&event.payload)?;
    let result = outcome(deployment::run(http.clone(), event.payload, work_end)).await;
    telemetry::line(match &result {
        Ok(summary) | Err(summary) => summary,
    });
    answer.send(&http, &result, end).await
}

/// Waits for work that may panic.
async fn outcome(
    work: impl Future<Output = Result<String, String>> + Send + 'static,
) -> Result<String, String> {
    let result = tokio::spawn(work).await;
    result.unwrap_or_else(|_| Err("deploy-hook panicked: its log says where".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::outcome;

    #[tokio::test]
    async fn a_panic_is_a_failure_with_a_reason() {
        let result = outcome(async { panic!("with a secret") }).await;
        let reason = result.expect_err("a failure");
        assert!(reason.contains("panicked"), "{reason}");
        assert!(!reason.contains("secret"), "{reason}");
    }
}

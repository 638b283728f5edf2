//! The Lambda function: it takes an event, and returns a report or fails with it.

use std::time::SystemTime;

use lambda_runtime::{Context, Diagnostic, LambdaEvent, service_fn};
use migrate::{Clock, Command, Engine, Migrations, Report};
use serde::Deserialize;
use serde_json::Value;
use shared::{Connector, RuntimeError, config::Config, telemetry};

pub async fn run() -> Result<(), RuntimeError> {
    telemetry::start();
    lambda_runtime::run_concurrent(service_fn(handler)).await
}

/// What becomes of a report that is not ok.
#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OnFailure {
    /// It fails the invocation, so that a pipeline, alarms and retries see it.
    #[default]
    Fail,
    /// The invocation returns it.
    Return,
}

async fn handler(event: LambdaEvent<Value>) -> Result<Report, Diagnostic> {
    let (event, context) = event.into_parts();
    telemetry::invocation(&context, report(event, &context)).await
}

async fn report(mut event: Value, context: &Context) -> Result<Report, Diagnostic> {
    let invalid = |error_message| Diagnostic {
        error_type: "InvalidEvent".to_owned(),
        error_message,
    };
    let on_failure = on_failure(&mut event).map_err(invalid)?;
    let mut report = invoke(event, context).await.map_err(invalid)?;
    telemetry::line(&format!("{} ended: {:?}", report.command, report.status));
    if on_failure == OnFailure::Return {
        if let Some(resume) = &mut report.resume {
            resume["on_failure"] = "return".into();
        }
        return Ok(report);
    }
    match report.ok {
        true => Ok(report),
        false => Err(Diagnostic {
            error_type: format!("{:?}", report.status),
            error_message: report.into_error_message(),
        }),
    }
}

/// Takes this field out of an event.
fn on_failure(event: &mut Value) -> Result<OnFailure, String> {
    let Some(value) = take(event, "on_failure") else {
        return Ok(OnFailure::default());
    };
    let message = format!("on_failure must be \"fail\" or \"return\", not {value}");
    serde_json::from_value(value).map_err(|_| message)
}

fn take(event: &mut Value, field: &str) -> Option<Value> {
    event.as_object_mut()?.remove(field)
}

async fn invoke(mut event: Value, context: &Context) -> Result<Report, String> {
    if !event.is_object() {
        let example = "{\"command\": \"check\"}";
        return Err(format!(
            "the event must be an object such as {example}, not {event}"
        ));
    }
    let confirm = take(&mut event, "confirm");
    let confirm = confirm.and_then(|confirm| confirm.as_str().map(ToOwned::to_owned));
    let command: Command = serde_json::from_value(event)
        .map_err(|error| format!("the event is not a valid command: {error}"))?;
    let engine = Engine {
        migrations: Migrations::embedded(),
        connector: connector().await,
        clock: Clock::until(
            SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(context.deadline),
        ),
        confirm: Some(confirm),
        progress: Box::new(telemetry::line),
    };
    Ok(engine.run(&command).await)
}

/// A connector to the database that the environment names.
pub async fn connector() -> Result<Connector, String> {
    let config = Config::from_env().map_err(|error| error.to_string())?;
    Connector::to_writer(config)
        .await
        .map_err(|error| migrate::Failure::from(error).to_string())
}

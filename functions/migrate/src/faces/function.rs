//! The Lambda function: it takes an event and returns a report.

use std::time::SystemTime;

use lambda_runtime::{Context, Diagnostic, LambdaEvent, service_fn};
use migrate::{Clock, Command, Engine, Migrations, Report, Status};
use serde_json::Value;
use shared::{Connector, RuntimeError, config::Config, telemetry};

pub async fn run() -> Result<(), RuntimeError> {
    telemetry::start();
    lambda_runtime::run_concurrent(service_fn(handler)).await
}

/// A failure that needs a person fails the invocation, so that alarms and retries see it. Its message
/// is the report without personal data, because the runtime logs it. When another runner is at work or
/// time has run out, the invocation returns the report, with `ok` false and, when the same command can
/// continue, `resume`.
async fn handler(event: LambdaEvent<Value>) -> Result<Report, Diagnostic> {
    let (event, context) = event.into_parts();
    telemetry::invocation(&context, report(event, &context)).await
}

async fn report(event: Value, context: &Context) -> Result<Report, Diagnostic> {
    let mut report = invoke(event, context)
        .await
        .map_err(|error_message| Diagnostic {
            error_type: "InvalidEvent".to_owned(),
            error_message,
        })?;
    telemetry::line(&format!("{} ended: {:?}", report.command, report.status));
    match report.status {
        Status::Failed | Status::Divergent | Status::Incomplete if report.resume.is_none() => {
            if let Some(error) = &mut report.error {
                error.detail = None;
                error
                    .blockers
                    .iter_mut()
                    .for_each(|blocker| blocker.query = None);
            }
            // A migration may raise what it reads from a row.
            report.notices_omitted += report.notices.len();
            report.notices.clear();
            Err(Diagnostic {
                error_type: format!("{:?}", report.status),
                error_message: serde_json::to_string(&report).unwrap_or_default(),
            })
        }
        _ => Ok(report),
    }
}

async fn invoke(mut event: Value, context: &Context) -> Result<Report, String> {
    let confirm = event
        .as_object_mut()
        .and_then(|event| event.remove("confirm"));
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

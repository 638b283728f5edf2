//! `migrate`: invoked with a command, at deployment, on a schedule or by a person.

mod command;
mod engine;
mod files;

use command::Command;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::Value;
use shared::{Connector, RuntimeError, config::Config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RuntimeError> {
    shared::require_runtime()?;
    telemetry::start();
    lambda_runtime::run(service_fn(handler)).await
}

/// A failure fails the invocation, so that alarms and retries see it.
async fn handler(event: LambdaEvent<Value>) -> Result<Value, Diagnostic> {
    invoke(event.payload)
        .await
        .map_err(|engine::Failure(error_message)| Diagnostic {
            error_type: "MigrationError".to_owned(),
            error_message,
        })
}

async fn invoke(event: Value) -> Result<Value, engine::Failure> {
    let command: Command = serde_json::from_value(event)
        .map_err(|error| format!("the event is no command: {error}"))?;
    let config = Config::from_env().map_err(|error| error.to_string())?;
    let mut client = Connector::new(config).await?.client().await?;
    engine::run(&mut client, command).await
}

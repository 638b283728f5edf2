//! `rotate-secret`: gives the role of a secret a new password, in the four steps of a rotation by
//! Secrets Manager. Each step may be repeated.

mod rotation;
mod versions;

use lambda_runtime::{LambdaEvent, service_fn};
use rotation::Rotation;
use serde::Deserialize;
use shared::{RuntimeError, telemetry};

/// The event that Secrets Manager sends for each step.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    /// The ARN of the secret.
    secret_id: String,
    /// The id of the version with the new password.
    client_request_token: String,
    step: Step,
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum Step {
    /// Stores a new password as the version AWSPENDING.
    #[serde(rename = "createSecret")]
    Create,
    /// Sets it in the database.
    #[serde(rename = "setSecret")]
    Set,
    /// Connects with it.
    #[serde(rename = "testSecret")]
    Test,
    /// Makes it the version AWSCURRENT.
    #[serde(rename = "finishSecret")]
    Finish,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RuntimeError> {
    shared::require_runtime()?;
    telemetry::start();
    lambda_runtime::run(service_fn(handler)).await
}

async fn handler(event: LambdaEvent<Event>) -> Result<(), RuntimeError> {
    let (event, context) = event.into_parts();
    telemetry::invocation(&context, rotate(event)).await
}

async fn rotate(event: Event) -> Result<(), RuntimeError> {
    let Event {
        secret_id,
        client_request_token,
        step,
    } = event;
    let rotation = Rotation::new(secret_id, client_request_token).await?;
    match step {
        Step::Create => rotation.create().await?,
        Step::Set => rotation.set().await?,
        Step::Test => rotation.test().await?,
        Step::Finish => rotation.finish().await?,
    }
    telemetry::line(&format!("{step:?} ended").to_lowercase());
    Ok(())
}

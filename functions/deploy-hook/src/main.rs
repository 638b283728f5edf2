//! `deploy-hook`: has migrate prepare the database at each deployment.

use lambda_runtime::service_fn;
use shared::{RuntimeError, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RuntimeError> {
    shared::require_runtime()?;
    telemetry::start();
    lambda_runtime::run(service_fn(deploy_hook::handler)).await
}

//! A function's life: start-up, then a response to each event.

use std::{env, future::Future, time::Duration};

use lambda_http::{LambdaEvent, lambda_runtime, service_fn};
use serde_json::value::RawValue;

use crate::{
    Database, Error, Fault, Request, Response, Result,
    config::{Access, Config, ConfigError},
    service::Service,
    telemetry,
};

/// What ends a function: the Lambda runtime's own error.
pub type RuntimeError = lambda_runtime::Error;

/// What start-up may take, beyond which requests are answered before it has worked. With what
/// db-health allows itself, a health check of a cold function ends within 3 seconds.
const START_UP: Duration = Duration::from_millis(1200);

/// Serves a function: starts, then answers each request with what `handler` makes of it.
///
/// `statements` are prepared at start-up, so that the first request finds a warm connection. A
/// start-up that fails is logged, and requests are answered with 503 until it would work.
///
/// # Errors
/// When this is not run by Lambda, or by something that does as Lambda does.
pub async fn run<H, F>(handler: H, statements: &[&str]) -> Result<(), RuntimeError>
where
    H: Fn(Database, Request) -> F,
    F: Future<Output = Result<Response>>,
{
    require_runtime()?;
    telemetry::start();
    let config = Config::from_env();
    let access = config.as_ref().map(|config| config.access.clone());
    let access = access.unwrap_or_default();
    let database = start(config, statements).await;
    serve(&Service::new(handler, database, access)).await
}

/// As [`run`], for a function that needs no database.
///
/// # Errors
/// As [`run`].
pub async fn run_without_database<H, F>(handler: H) -> Result<(), RuntimeError>
where
    H: Fn(Database, Request) -> F,
    F: Future<Output = Result<Response>>,
{
    require_runtime()?;
    telemetry::start();
    let access = Access::from_env().unwrap_or_else(|error| {
        telemetry::not_started(&Error::Unavailable(Fault::new("configuration", error)));
        Access::default()
    });
    serve(&Service::new(handler, Database::unconfigured(), access)).await
}

async fn serve<H, F>(service: &Service<H>) -> Result<(), RuntimeError>
where
    H: Fn(Database, Request) -> F,
    F: Future<Output = Result<Response>>,
{
    lambda_runtime::run(service_fn(|event: LambdaEvent<Box<RawValue>>| async move {
        let id = &event.context.request_id;
        Ok::<_, RuntimeError>(service.respond(event.payload.get(), id).await)
    }))
    .await
}

/// Says how to run a function, to a person who has started its binary.
///
/// # Errors
/// When Lambda's environment is missing, without which lambda_runtime panics.
pub fn require_runtime() -> Result<(), RuntimeError> {
    match env::var_os("AWS_LAMBDA_RUNTIME_API") {
        Some(_) => Ok(()),
        None => Err(
            "this is a Lambda function, which only Lambda can run; locally, `make run` does".into(),
        ),
    }
}

async fn start(config: Result<Config, ConfigError>, statements: &[&str]) -> Database {
    let database = match config {
        Ok(config) => Database::new(config).await,
        Err(error) => Err(Error::Unavailable(Fault::new("configuration", error))),
    };
    let (database, failure) = match database {
        Ok(database) => {
            let warm = tokio::time::timeout(START_UP, database.warm_up(statements)).await;
            let warm = warm.unwrap_or_else(|late| Err(Error::Timeout(Fault::new("timeout", late))));
            (database, warm.err())
        }
        Err(error) => (Database::unconfigured(), Some(error)),
    };
    if let Some(error) = failure {
        telemetry::not_started(&error);
    }
    database
}

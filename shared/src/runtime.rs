//! A function's life: start-up, then a response to each event.

use std::{
    env,
    future::Future,
    time::{Duration, Instant},
};

use lambda_http::{
    LambdaEvent, aws_lambda_events::apigw::ApiGatewayV2httpResponse, lambda_runtime, service_fn,
};
use serde_json::value::RawValue;

use crate::{
    Database, Error, Fault, Request, Response, Result,
    config::{Authorization, Config, ConfigError},
    problem::Problem,
    response, telemetry,
};

/// What ends a function: the Lambda runtime's own error.
pub type RuntimeError = lambda_runtime::Error;

/// What a handler may take: longer than a statement (5 s), shorter than the function (10 s).
const HANDLER: Duration = Duration::from_secs(8);

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
    let authorization = match &config {
        Ok(config) => config.authorization,
        Err(_) => Authorization::Jwt,
    };
    let (database, handler) = (&start(config, statements).await, &handler);
    lambda_runtime::run(service_fn(|event: LambdaEvent<Box<RawValue>>| async move {
        Ok::<_, RuntimeError>(respond(database, handler, event, authorization).await)
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

async fn respond<H, F>(
    database: &Database,
    handler: &H,
    event: LambdaEvent<Box<RawValue>>,
    authorization: Authorization,
) -> ApiGatewayV2httpResponse
where
    H: Fn(Database, Request) -> F,
    F: Future<Output = Result<Response>>,
{
    let started = Instant::now();
    let id = event.context.request_id;
    let (request, result) = match Request::parse(event.payload.get(), &id, authorization) {
        Ok(request) => (request.clone(), answer(database, handler, request).await),
        Err(error) => (Request::unreadable(&id), Err(error)),
    };
    let (response, error) = match result {
        Ok(response) => (response, None),
        Err(error) => (Problem::new(&error, &request).into_response(), Some(error)),
    };
    let status = response.status().as_u16();
    telemetry::answered(&request, status, started.elapsed(), error.as_ref());
    response::to_gateway(response)
}

async fn answer<H, F>(database: &Database, handler: &H, request: Request) -> Result<Response>
where
    H: Fn(Database, Request) -> F,
    F: Future<Output = Result<Response>>,
{
    tokio::time::timeout(HANDLER, handler(database.clone(), request))
        .await
        .unwrap_or_else(|late| Err(Error::Timeout(Fault::new("handler_timeout", late))))
}

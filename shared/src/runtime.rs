//! The life of a function: a start-up, then a response to each event.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::{
    Database, Fault, Request, Response, Result, Service, Session, WarmUp,
    config::{self, Access, Config, ConfigError},
    http::response::JSON,
    telemetry,
};

/// The error that ends a function: the Lambda runtime's own.
pub type RuntimeError = lambda_runtime::Error;

/// How long a start-up may take before requests are answered. Together with the limit of db-health,
/// a health check of a cold function takes less than 3 seconds.
const START_UP: Duration = Duration::from_millis(1200);
/// How long a request may take: longer than a statement (5 s), shorter than the function (10 s).
const REQUEST: Duration = Duration::from_secs(8);
/// How long before the invocation's deadline a response has to be ready.
const RESERVE: Duration = Duration::from_millis(500);

/// Serves a function: starts it, then answers each request by `handler`, which responds with JSON.
///
/// Start-up handles each of `warm_ups`, so that the first request finds an open connection, warm
/// caches and the privileges that it needs. A start-up that fails is logged, and requests are
/// answered with 503 until it would succeed.
///
/// # Errors
/// When this is not run by Lambda, or by something that takes its place.
pub async fn run<H, F>(handler: H, warm_ups: &[WarmUp]) -> Result<(), RuntimeError>
where
    H: Fn(Session, Request) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Response>> + Send + 'static,
{
    require_runtime()?;
    telemetry::start();
    let config = Config::from_env();
    let access = config.as_ref().map(|config| config.access.clone());
    let access = access.unwrap_or_default();
    let (database, mut fault) = match open(config).await {
        Ok(database) => (database, None),
        Err(fault) => (Database::unconfigured(), Some(fault)),
    };
    let service = Service::new(handler, database, access, Some(JSON));
    let deadline = Instant::now() + START_UP;
    for warm_up in warm_ups {
        if fault.is_none() {
            fault = service.warm_up(warm_up, deadline).await.err();
        }
    }
    if let Some(fault) = fault {
        telemetry::start_up_failed(&fault);
    }
    serve(service).await
}

/// As [`run`], for a function without a database, whose responses have any media type.
///
/// # Errors
/// As [`run`].
pub async fn run_without_database<H, F>(handler: H) -> Result<(), RuntimeError>
where
    H: Fn(Session, Request) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Response>> + Send + 'static,
{
    require_runtime()?;
    telemetry::start();
    let access = Access::from_env().unwrap_or_else(|error| {
        telemetry::start_up_failed(&Fault::new("configuration", error));
        Access::default()
    });
    serve(Service::new(
        handler,
        Database::unconfigured(),
        access,
        None,
    ))
    .await
}

async fn serve<H, F>(service: Service<H>) -> Result<(), RuntimeError>
where
    H: Fn(Session, Request) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Response>> + Send + 'static,
{
    let service = Arc::new(service);
    lambda_runtime::run_concurrent(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        let service = service.clone();
        async move {
            let context = &event.context;
            let deadline = deadline(context.deadline);
            let payload = service.respond(event.payload.get(), &context.request_id, deadline);
            Ok::<_, RuntimeError>(telemetry::invocation(context, payload).await)
        }
    }))
    .await
}

/// When a request must have its response, if its invocation ends at `invocation`, in milliseconds
/// since 1970. A moment in the past does not count: `cargo lambda watch` sends one.
fn deadline(invocation: u64) -> Instant {
    let end = SystemTime::UNIX_EPOCH + Duration::from_millis(invocation);
    let left = end.duration_since(SystemTime::now()).ok();
    let left = left.map_or(REQUEST, |left| left.saturating_sub(RESERVE).min(REQUEST));
    Instant::now() + left
}

/// Fails with an explanation for a person who has started a function's binary.
///
/// # Errors
/// When Lambda's environment is missing, without which lambda_runtime panics.
pub fn require_runtime() -> Result<(), RuntimeError> {
    match config::has_runtime() {
        true => Ok(()),
        false => Err("this is a Lambda function; `make run` runs it on your machine".into()),
    }
}

async fn open(config: Result<Config, ConfigError>) -> Result<Database, Fault> {
    let config = config.map_err(|error| Fault::new("configuration", error))?;
    let database = Database::new(config).await;
    database.map_err(|error| {
        let cause = format!("{error:?}");
        error
            .into_fault()
            .unwrap_or_else(|| Fault::new("configuration", cause))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_ends_before_its_invocation_and_after_8_s_at_most() {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.expect("after 1970").as_millis();
        let left = |milliseconds: u128| {
            let invocation = u64::try_from(milliseconds).expect("a moment");
            deadline(invocation) - Instant::now()
        };
        let about = |left: Duration, seconds: f64| (left.as_secs_f64() - seconds).abs() < 0.2;
        assert!(about(left(now + 3000), 2.5));
        assert!(about(left(now + 60_000), 8.0));
        assert!(left(now + 400).is_zero());
        // In the past.
        assert!(about(left(now - 60_000), 8.0));
    }
}

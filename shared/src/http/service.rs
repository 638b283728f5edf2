//! From an event to a payload, whatever the event.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
    time::Instant as Started,
};

use lambda_http::{aws_lambda_events::apigw::ApiGatewayV2httpResponse, http::Method};
use tokio::time::Instant;

use super::{
    problem::Problem,
    request::{Request, WarmUp},
    response::{self, Response, Timing},
};
use crate::{
    Error, Fault, Result,
    config::Access,
    database::{Database, Session},
    telemetry,
};

/// A handler with everything between it and its clients.
pub struct Service<H> {
    handler: H,
    database: Database,
    access: Access,
    media_type: Option<&'static str>,
}

impl<H, F> Service<H>
where
    H: Fn(Session, Request) -> F,
    F: Future<Output = Result<Response>>,
{
    /// A service over this database. Where all responses have one `media_type`, a client that does
    /// not accept it is refused before the handler runs.
    pub fn new(
        handler: H,
        database: Database,
        access: Access,
        media_type: Option<&'static str>,
    ) -> Self {
        Self {
            handler,
            database,
            access,
            media_type,
        }
    }

    /// Runs the handler once, so that the first request finds an open connection and warm caches.
    ///
    /// # Errors
    /// The fault that a request would find.
    pub(crate) async fn warm_up(&self, warm_up: &WarmUp, deadline: Instant) -> Result<(), Fault> {
        let session = Session::new(self.database.clone(), deadline);
        match self.handle(session, Request::warm_up(warm_up)).await {
            Ok(mut response) => response.take_fault().map_or(Ok(()), Err),
            // It may look for something that does not exist.
            Err(Error::NotFound(_)) => Ok(()),
            Err(error) => {
                let cause = format!("{error:?}");
                Err(error
                    .into_fault()
                    .unwrap_or_else(|| Fault::new("warm_up", cause)))
            }
        }
    }

    /// The payload for `event`, a JSON text, of the invocation with this id. The database has time
    /// until `deadline`.
    pub async fn respond(
        &self,
        event: &str,
        invocation: &str,
        deadline: Instant,
    ) -> ApiGatewayV2httpResponse {
        let started = Started::now();
        let session = Session::new(self.database.clone(), deadline);
        let (request, result) = match Request::parse(event, invocation, &self.access.authorization)
        {
            Ok(request) => {
                let result = self.answer(session.clone(), request.clone()).await;
                (request, result)
            }
            Err(error) => (Request::unreadable(invocation), Err(error)),
        };
        let (response, fault) = match result {
            Ok(mut response) => {
                let fault = response.take_fault();
                (response, fault)
            }
            Err(error) => {
                let response = Problem::new(&error, &request).into_response();
                (response, error.into_fault())
            }
        };
        let timing = Timing {
            total: started.elapsed(),
            database: session.spent(),
        };
        let payload = response.into_payload(&request, &self.access.origins, &timing);
        let line = telemetry::Request {
            method: request.method().as_str(),
            route: request.route(),
            status: payload.status_code,
            duration: timing.total,
            database: timing.database,
            statements: session.statements(),
            client_request_id: request.client_id(),
            gateway_request_id: request.gateway_id(),
            fault: fault.as_ref(),
        };
        line.log();
        payload
    }

    async fn answer(&self, session: Session, request: Request) -> Result<Response> {
        match *request.method() {
            Method::GET | Method::HEAD => {}
            Method::OPTIONS => return Ok(response::options()),
            _ => return Err(Error::MethodNotAllowed),
        }
        if let Some(media_type) = self.media_type {
            request.accept(media_type)?;
        }
        self.handle(session, request).await
    }

    /// Runs the handler. A panic in it ends this request only, as a fault.
    async fn handle(&self, session: Session, request: Request) -> Result<Response> {
        let mut response = pin!(async { (self.handler)(session, request).await });
        poll_fn(|context| {
            // The handler is not polled again, and its session is the request's own.
            let poll = AssertUnwindSafe(|| response.as_mut().poll(context));
            catch_unwind(poll).unwrap_or_else(|_| {
                let (class, source) = ("panic", None);
                Poll::Ready(Err(Error::Internal(Fault { class, source })))
            })
        })
        .await
    }
}

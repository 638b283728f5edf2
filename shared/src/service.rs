//! From an event to a response, whatever the event.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use lambda_http::{
    Body,
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    http::{
        HeaderName, HeaderValue, Method, StatusCode,
        header::{
            ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
        },
    },
};

use crate::{
    Database, Error, Fault, Request, Response, Result, config::Access, encoding, negotiation,
    problem::Problem, response, telemetry,
};

/// What a handler may take: longer than a statement (5 s), shorter than the function (10 s).
const HANDLER: Duration = Duration::from_secs(8);

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A handler, and all that stands between it and its clients.
pub struct Service<H> {
    handler: H,
    database: Database,
    access: Access,
}

impl<H, F> Service<H>
where
    H: Fn(Database, Request) -> F,
    F: Future<Output = Result<Response>>,
{
    /// A service over this database.
    pub fn new(handler: H, database: Database, access: Access) -> Self {
        Self {
            handler,
            database,
            access,
        }
    }

    /// The response to `event`, a JSON text, of the invocation with this id.
    pub async fn respond(&self, event: &str, invocation: &str) -> ApiGatewayV2httpResponse {
        let started = Instant::now();
        let database = self.database.measured();
        let (request, result) = match Request::parse(event, invocation, self.access.authorization) {
            Ok(request) => {
                let result = self.answer(database.clone(), request.clone()).await;
                (request, result)
            }
            Err(error) => (Request::unreadable(invocation), Err(error)),
        };
        let (mut response, error) = match result {
            Ok(response) => (response, None),
            Err(error) => (Problem::new(&error, &request).into_response(), Some(error)),
        };
        tag(&request, &mut response);
        encoding::encode(&request, &mut response);
        self.access.origins.permit(&request, &mut response);
        let took = Timing {
            total: started.elapsed(),
            database: database.spent(),
        };
        identify(&request, &mut response, &took);
        if request.method() == Method::HEAD {
            *response.body_mut() = Body::Empty;
        }
        telemetry::answered(&request, response.status().as_u16(), &took, error.as_ref());
        response::to_gateway(response)
    }

    async fn answer(&self, database: Database, request: Request) -> Result<Response> {
        match *request.method() {
            Method::GET | Method::HEAD => {}
            Method::OPTIONS => return Ok(response::options()),
            _ => return Err(Error::MethodNotAllowed),
        }
        let answer = (self.handler)(database, request.clone());
        let late = |late| Error::Timeout(Fault::new("handler_timeout", late));
        let response = tokio::time::timeout(HANDLER, answer)
            .await
            .map_err(late)??;
        let media_type = response.headers().get(CONTENT_TYPE);
        match media_type.and_then(|media_type| media_type.to_str().ok()) {
            Some(media_type) if !negotiation::accepts(request.header(ACCEPT), media_type) => {
                Err(Error::NotAcceptable(media_type.to_owned()))
            }
            _ => Ok(response),
        }
    }
}

/// What a request took.
pub(crate) struct Timing {
    /// From the event to the response.
    pub(crate) total: Duration,
    /// Of that, waiting for the database.
    pub(crate) database: Duration,
}

/// Gives a tag to what may be kept, and leaves the body out where the client has it already.
fn tag(request: &Request, response: &mut Response) {
    let control = response.headers().get(CACHE_CONTROL);
    let may_be_kept = control.is_some_and(|control| control.as_bytes().starts_with(b"public"));
    if response.status() != StatusCode::OK || !may_be_kept {
        return;
    }
    // Whether it is compressed or not: a cache must know either way.
    let encoding = HeaderValue::from_static("accept-encoding");
    response.headers_mut().insert(VARY, encoding);
    let tag = negotiation::entity_tag(response.body());
    let unchanged = request
        .header(IF_NONE_MATCH)
        .is_some_and(|given| negotiation::none_match(given, &tag));
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::Empty;
        response.headers_mut().remove(CONTENT_TYPE);
        response.headers_mut().remove(CONTENT_ENCODING);
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
}

/// Says which request this answers, and how long that took.
fn identify(request: &Request, response: &mut Response, took: &Timing) {
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1e3;
    let (total, database) = (milliseconds(took.total), milliseconds(took.database));
    let timing = format!("total;dur={total:.3}, db;dur={database:.3}");
    let values = [
        (X_REQUEST_ID, HeaderValue::from_str(request.id())),
        (SERVER_TIMING, HeaderValue::from_str(&timing)),
    ];
    for (name, value) in values {
        if let Ok(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
}

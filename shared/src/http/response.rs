//! A response, and the payload that API Gateway turns into HTTP.

use std::{borrow::Cow, time::Duration};

use lambda_http::{
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{
            ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
            IF_NONE_MATCH, LOCATION, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
        },
    },
};
use serde::Serialize;

use super::{
    cors::{self, METHODS},
    encoding::{self, Body},
    negotiation,
    request::Request,
};
use crate::{Error, Fault, Result, config::Origins};

/// The media type of every endpoint but the documentation.
pub const JSON: &str = "application/json";

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a page may load: files of its own origin, and the images that are inlined in its style
/// sheets. It may run no inline script, and no other page may embed it.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Who may cache a response, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// Everybody for a minute, and after that as long as the ETag is unchanged.
    Minute,
    /// Everybody for a year: the URL changes with the content.
    Immutable,
    /// Nobody, because it is personal.
    Private,
    /// Nobody, because it is only true now.
    Never,
}

impl Caching {
    fn control(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Minute => "public, max-age=60",
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Private => "private, no-store",
            Self::Never => "no-store",
        })
    }

    fn is_public(self) -> bool {
        matches!(self, Self::Minute | Self::Immutable)
    }
}

/// A response of a handler. What depends on the request (ETag, compression, CORS, HEAD) is decided
/// when it becomes a payload.
#[derive(Debug)]
pub struct Response {
    status: StatusCode,
    media_type: &'static str,
    body: Body,
    caching: Caching,
    headers: HeaderMap,
    fault: Option<Fault>,
}

/// How long a request took.
pub(super) struct Timing {
    /// From the event to the response.
    pub(super) total: Duration,
    /// The database's share.
    pub(super) database: Duration,
}

/// 200 with `body` as JSON.
///
/// # Errors
/// [`Error::Internal`] when `body` has a value that JSON or RFC 3339 cannot represent.
pub fn ok(body: &impl Serialize, caching: Caching) -> Result<Response> {
    with_status(200, body, caching)
}

/// `body` as JSON, with another status than 200.
///
/// # Errors
/// As [`ok`].
pub fn with_status(status: u16, body: &impl Serialize, caching: Caching) -> Result<Response> {
    let body = serde_json::to_string(body)
        .map_err(|error| Error::Internal(Fault::new("serialise", error)))?;
    Ok(Response::new(
        status,
        JSON,
        Body::Text(body.into()),
        caching,
    ))
}

/// 200 with a page for a browser, which may load only what is of the same origin.
pub fn page(html: impl Into<Cow<'static, str>>, caching: Caching) -> Response {
    Response::new(
        200,
        "text/html; charset=utf-8",
        Body::Text(html.into()),
        caching,
    )
    .with_header(CONTENT_SECURITY_POLICY, POLICY)
    .with_header(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
}

/// 200 with a file that was compressed by gzip when the function was built.
pub fn gzip(media_type: &'static str, bytes: &'static [u8], caching: Caching) -> Response {
    Response::new(200, media_type, Body::Gzip(bytes), caching)
}

/// 307 to another URL, which may be relative to the request's.
///
/// # Errors
/// [`Error::Internal`] when `location` cannot be the value of a header.
pub fn redirect(location: &str) -> Result<Response> {
    let location = HeaderValue::from_str(location)
        .map_err(|error| Error::Internal(Fault::new("redirect", error)))?;
    let response = Response::new(307, "", Body::Empty, Caching::Minute);
    Ok(response.with_header(LOCATION, location))
}

/// 204 with the methods that are allowed.
pub(super) fn options() -> Response {
    Response::new(204, "", Body::Empty, Caching::Never).with_header(ALLOW, METHODS)
}

impl Response {
    pub(super) fn new(status: u16, media_type: &'static str, body: Body, caching: Caching) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or_default(),
            media_type,
            body,
            caching,
            headers: HeaderMap::new(),
            fault: None,
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Adds a fault, which is logged and not shown to the client.
    #[must_use]
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// The media type of the body, if there is one.
    pub fn media_type(&self) -> Option<&'static str> {
        (!self.body.bytes().is_empty()).then_some(self.media_type)
    }

    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }

    /// The payload for API Gateway. Decides, in this order: caching, compression, CORS, HEAD.
    pub(super) fn into_payload(
        self,
        request: &Request,
        origins: &Origins,
        timing: &Timing,
    ) -> ApiGatewayV2httpResponse {
        let Self {
            mut status,
            media_type,
            mut body,
            caching,
            mut headers,
            ..
        } = self;
        let mut vary = Vec::new();
        headers.insert(CACHE_CONTROL, caching.control());
        headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        if status == StatusCode::OK && caching.is_public() {
            let tag = negotiation::entity_tag(body.bytes());
            let sent = request.header(IF_NONE_MATCH);
            if sent.is_some_and(|sent| negotiation::matches(sent, &tag)) {
                status = StatusCode::NOT_MODIFIED;
                body = Body::Empty;
            }
            headers.extend(HeaderValue::from_str(&tag).map(|tag| (ETAG, tag)));
            vary.push("accept-encoding");
        }
        if !body.bytes().is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        let encoding = encoding::choose(request, &body);
        headers.extend(encoding.header().map(|value| (CONTENT_ENCODING, value)));
        cors::permit(origins, request, &mut headers, &mut vary);
        // On one line: API Gateway's payload has only the first of several.
        if !vary.is_empty() {
            headers.extend(HeaderValue::from_str(&vary.join(", ")).map(|names| (VARY, names)));
        }
        identify(request, timing, &mut headers);

        let mut payload = ApiGatewayV2httpResponse::default();
        payload.status_code = status.as_u16().into();
        payload.headers = headers;
        if request.method() != Method::HEAD {
            payload.body = encoding.apply(body);
            payload.is_base64_encoded = matches!(payload.body, Some(lambda_http::Body::Binary(_)));
        }
        payload
    }
}

/// Adds the request's id, and how long it took.
fn identify(request: &Request, timing: &Timing, headers: &mut HeaderMap) {
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1e3;
    let (total, database) = (milliseconds(timing.total), milliseconds(timing.database));
    let timing = format!("total;dur={total:.3}, db;dur={database:.3}");
    let id = HeaderValue::from_str(request.echoed_id());
    headers.extend(id.map(|id| (X_REQUEST_ID, id)));
    headers.extend(HeaderValue::from_str(&timing).map(|timing| (SERVER_TIMING, timing)));
}

//! Answers, and how they are told to API Gateway.

use lambda_http::{
    Body,
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    http::{
        HeaderValue, StatusCode,
        header::{
            ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
            LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
        },
    },
};
use serde::Serialize;

use crate::{Error, Fault, Result};

/// An HTTP response.
pub type Response = lambda_http::Response<Body>;

/// The methods of every route: the API is read only.
pub(crate) const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// What a page may load: files of its own origin, and the pictures that stand in its style sheets.
/// It may run no script that stands in itself, and stand in no other page.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Who may keep an answer, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// Everybody for a minute, and then as long as its ETag is that of a new answer.
    Minute,
    /// Everybody for a year, without asking again: the URL changes with the content.
    Immutable,
    /// Nobody, for it is personal.
    Private,
    /// Nobody, for it is only true now.
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
}

/// 200 with `body` as JSON.
///
/// # Errors
/// [`Error::Internal`] when `body` has a value that JSON or RFC 3339 cannot say.
pub fn ok(body: &impl Serialize, caching: Caching) -> Result<Response> {
    with_status(200, body, caching)
}

/// `body` as JSON under another status than 200.
///
/// # Errors
/// As [`ok`].
pub fn with_status(status: u16, body: &impl Serialize, caching: Caching) -> Result<Response> {
    let body = serde_json::to_string(body)
        .map_err(|error| Error::Internal(Fault::new("serialise", error)))?;
    Ok(text(status, "application/json", body, caching))
}

/// A body of another media type than JSON.
pub fn text(
    status: u16,
    media_type: &'static str,
    body: impl Into<Body>,
    caching: Caching,
) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, caching.control());
    response
}

/// 200 with a page for a browser, which lets it load only what is of this origin.
pub fn page(html: impl Into<Body>, caching: Caching) -> Response {
    let mut response = text(200, "text/html; charset=utf-8", html, caching);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// 200 with a file that was packed by gzip when the function was built.
pub fn packed(media_type: &'static str, gzip: &'static [u8], caching: Caching) -> Response {
    let mut response = text(200, media_type, gzip, caching);
    let headers = response.headers_mut();
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// 307 to another URL, which may be relative to that of the request.
///
/// # Errors
/// [`Error::Internal`] when `location` cannot be a header's value.
pub fn redirect(location: &str) -> Result<Response> {
    let location = HeaderValue::from_str(location)
        .map_err(|error| Error::Internal(Fault::new("redirect", error)))?;
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    let headers = response.headers_mut();
    headers.insert(LOCATION, location);
    headers.insert(CACHE_CONTROL, Caching::Minute.control());
    Ok(response)
}

/// 204 with what OPTIONS asks for.
pub(crate) fn options() -> Response {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(ALLOW, METHODS);
    response
}

/// The payload that API Gateway makes an HTTP response of.
pub(crate) fn to_gateway(response: Response) -> ApiGatewayV2httpResponse {
    let (parts, body) = response.into_parts();
    let mut payload = ApiGatewayV2httpResponse::default();
    payload.status_code = parts.status.as_u16().into();
    payload.headers = parts.headers;
    payload.is_base64_encoded = matches!(body, Body::Binary(_));
    payload.body = Some(body).filter(|body| !body.is_empty());
    payload
}

//! Answers, and how they are told to API Gateway.

use lambda_http::{
    Body,
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
};
use serde::Serialize;

use crate::{Error, Fault, Result};

/// An HTTP response with a text body.
pub type Response = lambda_http::Response<String>;

/// 200 with `body` as JSON.
///
/// # Errors
/// [`Error::Internal`] when `body` has a value that JSON or RFC 3339 cannot say.
pub fn ok(body: &impl Serialize) -> Result<Response> {
    with_status(200, body)
}

/// `body` as JSON under another status than 200.
///
/// # Errors
/// As [`ok`].
pub fn with_status(status: u16, body: &impl Serialize) -> Result<Response> {
    let body = serde_json::to_string(body)
        .map_err(|error| Error::Internal(Fault::new("serialise", error)))?;
    Ok(text(status, "application/json", body))
}

pub(crate) fn text(status: u16, media_type: &'static str, body: String) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// The payload that API Gateway makes an HTTP response of.
pub(crate) fn to_gateway(response: Response) -> ApiGatewayV2httpResponse {
    let (parts, body) = response.into_parts();
    let mut payload = ApiGatewayV2httpResponse::default();
    payload.status_code = parts.status.as_u16().into();
    payload.headers = parts.headers;
    payload.body = Some(Body::Text(body));
    payload
}

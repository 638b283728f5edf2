//! What every response must be, whatever the event was.

use std::io::Read;

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::read::GzDecoder;
use lambda_http::{Body, aws_lambda_events::apigw::ApiGatewayV2httpResponse};
use serde_json::Value;
use shared::http::problem::KINDS;

use crate::Case;

/// A response that is as it must be.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: i64,
    /// The headers, as API Gateway reads them.
    pub headers: Value,
    /// The body, unpacked; a text where it is no JSON, null where there is none.
    pub body: Value,
}

impl Answer {
    /// The query string of the next page, with its `?`.
    pub fn next(&self) -> Option<&str> {
        self.body["next"].as_str()
    }
}

/// The answer that a response to `case` is.
///
/// # Errors
/// What is wrong with it.
pub fn judge(case: &Case, response: &ApiGatewayV2httpResponse) -> Result<Answer, String> {
    // What Lambda sends; a header that is no ASCII cannot be sent.
    let payload = serde_json::to_value(response).map_err(|error| error.to_string())?;
    let status = response.status_code;
    // The stub always answers, and in time.
    if !(200..=599).contains(&status) || [500, 503, 504].contains(&status) {
        return Err(format!("the status is {status}: {payload}"));
    }
    let answer = Answer {
        status,
        headers: payload["headers"].clone(),
        body: body(response).map_err(|error| format!("{error}: {payload}"))?,
    };
    let fault = fault(&answer).or_else(|| emptiness(case, &answer));
    match fault {
        Some(fault) => Err(format!("{fault}: {payload}")),
        None => Ok(answer),
    }
}

fn body(response: &ApiGatewayV2httpResponse) -> Result<Value, String> {
    let is_packed = response.headers.contains_key("content-encoding");
    let text = match &response.body {
        None => return Ok(Value::Null),
        Some(Body::Text(text)) if !is_packed => text.clone(),
        Some(Body::Binary(packed)) if is_packed => unpack(packed)?,
        Some(_) => return Err("the body is packed where its headers are not".to_owned()),
    };
    let media_type = response.headers.get("content-type");
    let media_type = media_type.map_or(&b""[..], |media_type| media_type.as_bytes());
    match media_type.ends_with(b"json") {
        true => serde_json::from_str(&text).map_err(|error| format!("this is no JSON, {error}")),
        false => Ok(Value::String(text)),
    }
}

fn unpack(packed: &[u8]) -> Result<String, String> {
    // As it goes over the wire.
    let packed = STANDARD.decode(STANDARD.encode(packed));
    let packed = packed.map_err(|error| error.to_string())?;
    let mut text = String::new();
    let read = GzDecoder::new(packed.as_slice()).read_to_string(&mut text);
    read.map(|_| text).map_err(|error| error.to_string())
}

fn fault(answer: &Answer) -> Option<&'static str> {
    let Answer {
        status,
        headers,
        body,
    } = answer;
    let is_problem = *status >= 400;
    let has = |name: &str| headers[name].is_string();
    let link = answer.next().map(|next| format!("<{next}>; rel=\"next\""));
    let faults = [
        (!has("x-request-id"), "there is no id"),
        (!has("server-timing"), "there are no times"),
        (
            *status == 200 && !has("content-type"),
            "there is no media type",
        ),
        (
            is_problem != (headers["content-type"] == "application/problem+json"),
            "the media type is wrong",
        ),
        (
            [204, 304, 307].contains(status) && !body.is_null(),
            "there is a body",
        ),
        (
            is_problem && !body.is_null() && !is_said(answer),
            "the problem is not said",
        ),
        (
            !body.is_null() && headers["link"].as_str() != link.as_deref(),
            "the link is not next",
        ),
    ];
    let fault = faults.into_iter().find(|(is_wrong, _)| *is_wrong);
    fault.map(|(_, fault)| fault)
}

/// Only what has no body, or what HEAD asked for, may be without one.
fn emptiness(case: &Case, answer: &Answer) -> Option<&'static str> {
    // JSON may write it otherwise.
    let may_be_head = case.event.contains("HEAD") || case.event.contains("\\u");
    let has_none = [204, 304, 307].contains(&answer.status);
    (answer.body.is_null() && !has_none && !may_be_head).then_some("there is no body")
}

/// Whether the body of a problem says which it is.
fn is_said(answer: &Answer) -> bool {
    let body = &answer.body;
    let kind = KINDS.iter().find(|kind| body["code"] == kind.code);
    kind.is_some_and(|kind| {
        body["status"] == answer.status
            && body["status"] == kind.status
            && body["title"] == kind.title
            && ["type", "detail", "instance", "request_id"]
                .iter()
                .all(|field| body[field].is_string())
            && (kind.code == "invalid") == body["errors"].is_array()
    })
}

//! The checks that every response must pass.

use std::io::Read;

use flate2::read::GzDecoder;
use lambda_http::{Body, aws_lambda_events::apigw::ApiGatewayV2httpResponse};
use serde_json::Value;
use shared::http::problem::KINDS;

use crate::Case;

const PROBLEM: &str = "application/problem+json";

/// A response that has passed every check.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: i64,
    /// The headers as API Gateway reads them.
    pub headers: Value,
    /// The uncompressed body: JSON, a text, or null if there is none.
    pub body: Value,
}

impl Answer {
    /// The query string of the next page, with its `?`.
    pub fn next(&self) -> Option<&str> {
        self.body["next"].as_str()
    }
}

/// Checks the response to `case`, and returns the first fault.
pub(crate) fn judge(case: &Case, response: &ApiGatewayV2httpResponse) -> Result<Answer, String> {
    // Fails for a header that is not ASCII, as it would in Lambda.
    let payload = serde_json::to_value(response).map_err(|error| error.to_string())?;
    let answer = Answer {
        status: response.status_code,
        headers: payload["headers"].clone(),
        body: body(response).map_err(|error| format!("{error}: {payload}"))?,
    };
    match fault(case, &answer) {
        None => Ok(answer),
        Some(fault) => Err(format!("{fault}: {payload}")),
    }
}

fn body(response: &ApiGatewayV2httpResponse) -> Result<Value, String> {
    let is_compressed = response.headers.contains_key("content-encoding");
    let mut text = String::new();
    match &response.body {
        None => return Ok(Value::Null),
        Some(Body::Text(body)) if !is_compressed => text.push_str(body),
        Some(Body::Binary(body)) if is_compressed => {
            let read = GzDecoder::new(body.as_slice()).read_to_string(&mut text);
            read.map_err(|error| format!("the body is not gzip, {error}"))?;
        }
        Some(_) => return Err("content-encoding does not match the body".to_owned()),
    }
    let media_type = response.headers.get("content-type");
    if media_type.is_some_and(|media_type| media_type.as_bytes().ends_with(b"json")) {
        return serde_json::from_str(&text)
            .map_err(|error| format!("the body is not JSON, {error}"));
    }
    Ok(Value::String(text))
}

fn fault(case: &Case, answer: &Answer) -> Option<&'static str> {
    let (status, headers, body) = (answer.status, &answer.headers, &answer.body);
    let (is_problem, is_empty) = (status >= 400, [204, 304, 307].contains(&status));
    let media_type = headers["content-type"].as_str();
    let link = answer.next().map(|next| format!("<{next}>; rel=\"next\""));
    // JSON may escape the letters of HEAD.
    let may_be_head = case.event.contains("HEAD") || case.event.contains("\\u");
    #[rustfmt::skip]
    let faults = [
        (!(200..=599).contains(&status), "the response has no HTTP status"),
        ([500, 503, 504].contains(&status), "the response is a 5xx"),
        (!headers["x-request-id"].is_string(), "the response has no x-request-id"),
        (!headers["server-timing"].is_string(), "the response has no server-timing"),
        (status == 200 && media_type.is_none(), "the response has no content-type"),
        (is_problem != (media_type == Some(PROBLEM)), "the response has a wrong content-type"),
        (is_empty && !body.is_null(), "the response has a body"),
        (!is_empty && !may_be_head && body.is_null(), "the response has no body"),
        (is_problem && !body.is_null() && !is_complete(answer), "the problem is incomplete"),
        (!body.is_null() && headers["link"].as_str() != link.as_deref(), "link differs from next"),
    ];
    let fault = faults.into_iter().find(|(is_wrong, _)| *is_wrong);
    fault.map(|(_, fault)| fault)
}

/// Whether a problem has the status and the title of its code, and every field.
fn is_complete(answer: &Answer) -> bool {
    let body = &answer.body;
    let kind = KINDS.iter().find(|kind| body["code"] == kind.code);
    let texts = ["type", "detail", "instance", "request_id"];
    kind.is_some_and(|kind| {
        answer.status == i64::from(kind.status)
            && body["status"] == kind.status
            && body["title"] == kind.title
            && texts.iter().all(|field| body[field].is_string())
            && (kind.code == "invalid") == body["errors"].is_array()
    })
}

//! Problem details for HTTP APIs, RFC 9457.

use lambda_http::http::{
    HeaderValue,
    header::{RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde::Serialize;

use crate::{Error, Request, Response, Violation, response};

/// The body of every answer that is an error, `application/problem+json`.
#[derive(Debug, Serialize)]
pub struct Problem {
    /// What kind of problem this is; `about:blank` says that the status does.
    pub r#type: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong with this request, for a person.
    pub detail: String,
    /// The path of the request.
    pub instance: String,
    /// The kind in one word, for a program.
    pub code: &'static str,
    /// Names this request in the logs.
    pub request_id: String,
    /// Each parameter that was wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Violation>,
}

impl Problem {
    /// The problem that `error` is to the sender of `request`; nothing of a fault's cause is in it.
    pub fn new(error: &Error, request: &Request) -> Self {
        let (status, title, code) = kind(error);
        let (detail, errors) = match error {
            Error::BadRequest(detail) => ((*detail).to_owned(), vec![]),
            Error::Invalid(violations) => (summary(violations), violations.clone()),
            Error::Unauthorized => ("this needs a bearer token".to_owned(), vec![]),
            Error::Forbidden => ("the token does not allow this".to_owned(), vec![]),
            Error::NotFound(what) => (format!("{what} not found"), vec![]),
            Error::Unavailable(_) => (
                "the service cannot answer now; try again".to_owned(),
                vec![],
            ),
            Error::Timeout(_) => ("the request took too long".to_owned(), vec![]),
            Error::Internal(_) => (
                "an error of the service, not of the request".to_owned(),
                vec![],
            ),
        };
        Self {
            r#type: "about:blank",
            title,
            status,
            detail,
            instance: request.path().to_owned(),
            code,
            request_id: request.id().to_owned(),
            errors,
        }
    }

    /// The response with this body, and the headers that its status asks for.
    pub fn into_response(self) -> Response {
        // Text and numbers alone, which cannot fail to serialise.
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = response::text(self.status, "application/problem+json", body);
        let headers = response.headers_mut();
        match self.status {
            401 => headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            503 => headers.insert(RETRY_AFTER, HeaderValue::from_static("1")),
            _ => None,
        };
        response
    }
}

fn kind(error: &Error) -> (u16, &'static str, &'static str) {
    match error {
        Error::BadRequest(_) => (400, "Bad Request", "bad_request"),
        Error::Unauthorized => (401, "Unauthorized", "unauthorized"),
        Error::Forbidden => (403, "Forbidden", "forbidden"),
        Error::NotFound(_) => (404, "Not Found", "not_found"),
        Error::Invalid(_) => (422, "Unprocessable Content", "invalid"),
        Error::Internal(_) => (500, "Internal Server Error", "internal"),
        Error::Unavailable(_) => (503, "Service Unavailable", "unavailable"),
        Error::Timeout(_) => (504, "Gateway Timeout", "timeout"),
    }
}

fn summary(violations: &[Violation]) -> String {
    let sentences: Vec<String> = violations
        .iter()
        .map(|violation| format!("{} {}", violation.name, violation.reason))
        .collect();
    sentences.join("; ")
}

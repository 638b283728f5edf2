//! Problem details for HTTP APIs, RFC 9457.

use lambda_http::http::{
    HeaderValue,
    header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Error, Request, Response, Violation,
    response::{self, Caching, METHODS},
};

/// A kind of problem, as the page behind its `type` explains it.
#[derive(Debug)]
pub struct Kind {
    /// The kind in one word, for a program.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The status in words.
    pub title: &'static str,
    /// What it means and what to do, for a person.
    pub explanation: &'static str,
}

/// Every kind of problem that there is.
pub const KINDS: [Kind; 10] = [
    Kind {
        code: "bad_request",
        status: 400,
        title: "Bad Request",
        explanation: "The request cannot be read at all. The detail says what is wrong with it.",
    },
    Kind {
        code: "unauthorized",
        status: 401,
        title: "Unauthorized",
        explanation: "This is personal: send a bearer token in the Authorization header.",
    },
    Kind {
        code: "forbidden",
        status: 403,
        title: "Forbidden",
        explanation: "The token is valid, and does not allow this: its customer_id must be that \
                      customer's, or its scope have the word rentals:read.",
    },
    Kind {
        code: "not_found",
        status: 404,
        title: "Not Found",
        explanation: "There is no such thing. The detail says what was looked for.",
    },
    Kind {
        code: "method_not_allowed",
        status: 405,
        title: "Method Not Allowed",
        explanation: "This can only be read: send GET, HEAD or OPTIONS, which Allow lists.",
    },
    Kind {
        code: "not_acceptable",
        status: 406,
        title: "Not Acceptable",
        explanation: "The Accept header leaves out the one media type that there is here, which \
                      the detail names.",
    },
    Kind {
        code: "invalid",
        status: 422,
        title: "Unprocessable Content",
        explanation: "Parameters are wrong. Each is in errors: where it stands (in, name), what it \
                      must be (reason) and what came (value).",
    },
    Kind {
        code: "internal",
        status: 500,
        title: "Internal Server Error",
        explanation: "An error of the service, not of the request. It is in the service's log \
                      under the request_id.",
    },
    Kind {
        code: "unavailable",
        status: 503,
        title: "Service Unavailable",
        explanation: "The service or its database cannot answer now. The same request may work \
                      after the seconds that Retry-After gives.",
    },
    Kind {
        code: "timeout",
        status: 504,
        title: "Gateway Timeout",
        explanation: "The request took too long. Ask for less: fewer items, or more filters.",
    },
];

/// What every answer that is an error says, as application/problem+json (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "/docs/problems#invalid", "title": "Unprocessable Content", "status": 422,
    "code": "invalid", "detail": "limit must be 1 to 100", "instance": "/films",
    "request_id": "8f5f1f3e-0000-4000-8000-000000000001",
    "errors": [{"in": "query", "name": "limit", "reason": "must be 1 to 100", "value": "0"}],
}))]
pub struct Problem {
    /// The URL of a page that explains this kind of problem.
    #[schema(format = "uri-reference")]
    pub r#type: String,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
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
    #[schema(required = false)]
    pub errors: Vec<Violation>,
}

impl Problem {
    /// The problem that `error` is to the sender of `request`; nothing of a fault's cause is in it.
    pub fn new(error: &Error, request: &Request) -> Self {
        let kind = kind(error);
        let errors = match error {
            Error::Invalid(violations) => violations.clone(),
            _ => vec![],
        };
        Self {
            r#type: format!("/docs/problems#{}", kind.code),
            title: kind.title,
            status: kind.status,
            detail: detail(error, request),
            instance: request.path().to_owned(),
            code: kind.code,
            request_id: request.id().to_owned(),
            errors,
        }
    }

    /// The response with this body, and the headers that its status asks for.
    pub fn into_response(self) -> Response {
        // Text and numbers alone, which cannot fail to serialise.
        let body = serde_json::to_string(&self).unwrap_or_default();
        let media_type = "application/problem+json";
        let mut response = response::text(self.status, media_type, body, Caching::Never);
        let headers = response.headers_mut();
        match self.status {
            401 => headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            405 => headers.insert(ALLOW, METHODS),
            503 => headers.insert(RETRY_AFTER, HeaderValue::from_static("1")),
            _ => None,
        };
        response
    }
}

fn kind(error: &Error) -> &'static Kind {
    let code = match error {
        Error::BadRequest(_) => "bad_request",
        Error::Unauthorized => "unauthorized",
        Error::Forbidden => "forbidden",
        Error::NotFound(_) => "not_found",
        Error::MethodNotAllowed => "method_not_allowed",
        Error::NotAcceptable(_) => "not_acceptable",
        Error::Invalid(_) => "invalid",
        Error::Unavailable(_) => "unavailable",
        Error::Timeout(_) => "timeout",
        Error::Internal(_) => "internal",
    };
    let kind = KINDS.iter().find(|kind| kind.code == code);
    kind.unwrap_or(&KINDS[0])
}

fn detail(error: &Error, request: &Request) -> String {
    match error {
        Error::BadRequest(detail) => (*detail).to_owned(),
        Error::Invalid(violations) => summary(violations),
        Error::Unauthorized => "this needs a bearer token".to_owned(),
        Error::Forbidden => "the token does not allow this".to_owned(),
        Error::NotFound(what) => format!("{what} not found"),
        Error::MethodNotAllowed => format!(
            "{} is not allowed here: send GET, HEAD or OPTIONS",
            crate::error::shorten(request.method().as_str())
        ),
        Error::NotAcceptable(media_type) => {
            format!("this answers with {media_type}, which the Accept header leaves out")
        }
        Error::Unavailable(_) => "the service cannot answer now; try again".to_owned(),
        Error::Timeout(_) => "the request took too long".to_owned(),
        Error::Internal(_) => "an error of the service, not of the request".to_owned(),
    }
}

fn summary(violations: &[Violation]) -> String {
    let sentences: Vec<String> = violations
        .iter()
        .map(|violation| format!("{} {}", violation.name, violation.reason))
        .collect();
    sentences.join("; ")
}

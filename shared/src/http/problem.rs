//! Problem details for HTTP APIs, RFC 9457.

use lambda_http::http::{
    HeaderValue,
    header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    cors::METHODS,
    encoding::Body,
    request::Request,
    response::{Caching, Response},
};
use crate::{
    Error, Violation,
    error::{Invalid, truncate},
};

/// What a path may contain unencoded.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A kind of problem, explained on the page behind its `type`.
#[derive(Debug)]
pub struct Kind {
    /// One word, for programs.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The name of the status.
    pub title: &'static str,
    /// What it means and what to do about it.
    pub explanation: &'static str,
    /// The detail of an example, as the API sends it.
    pub example: &'static str,
}

/// Every kind of problem.
pub const KINDS: [Kind; 10] = [
    Kind {
        code: "bad_request",
        status: 400,
        title: "Bad Request",
        explanation: "The request cannot be read at all. The detail says why.",
        example: "the event is not a request of an HTTP API",
    },
    Kind {
        code: "unauthorized",
        status: 401,
        title: "Unauthorized",
        explanation: "This data is personal. Send a bearer token in the Authorization header.",
        example: "a bearer token is required",
    },
    Kind {
        code: "forbidden",
        status: 403,
        title: "Forbidden",
        explanation: "The token is valid but does not allow this. It must be this customer's, or \
                      have the scope that may read every customer's rentals. By default, these \
                      are the claim customer_id and the scope rentals:read.",
        example: "the token does not allow this",
    },
    Kind {
        code: "not_found",
        status: 404,
        title: "Not Found",
        explanation: "The thing does not exist. The detail says what was looked for.",
        example: "film not found",
    },
    Kind {
        code: "method_not_allowed",
        status: 405,
        title: "Method Not Allowed",
        explanation: "The API is read-only. Send GET, HEAD or OPTIONS, as the Allow header says.",
        example: "POST is not allowed; send GET, HEAD or OPTIONS",
    },
    Kind {
        code: "not_acceptable",
        status: 406,
        title: "Not Acceptable",
        explanation: "The Accept header excludes the only media type available. The detail names \
                      it.",
        example: "only application/json is available, which the Accept header excludes",
    },
    Kind {
        code: "invalid",
        status: 422,
        title: "Unprocessable Content",
        explanation: "One or more parameters are invalid. Each is listed in errors: where it is \
                      (in, name), what is required (reason) and what was sent (value). At most 20 \
                      are listed.",
        example: "limit must be 0 to 100",
    },
    Kind {
        code: "internal",
        status: 500,
        title: "Internal Server Error",
        explanation: "The service has a defect. Its log has the cause under the request_id.",
        example: "the service failed; the request is not to blame",
    },
    Kind {
        code: "unavailable",
        status: 503,
        title: "Service Unavailable",
        explanation: "The service or its database is unavailable. Send the request again after \
                      the seconds in the Retry-After header.",
        example: "the service is unavailable; try again",
    },
    Kind {
        code: "timeout",
        status: 504,
        title: "Gateway Timeout",
        explanation: "The request took too long. Ask for less: fewer items or more filters.",
        example: "the request took too long",
    },
];

/// The body of every error response, as application/problem+json (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The URL of the page that explains this kind of problem, relative to the request's URL.
    #[schema(format = "uri-reference")]
    pub r#type: String,
    /// The name of the HTTP status.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What was wrong with this request.
    pub detail: String,
    /// The path of the request.
    #[schema(format = "uri-reference")]
    pub instance: String,
    /// The kind of problem, for programs.
    pub code: &'static str,
    /// The request's id in the service's log.
    pub request_id: String,
    /// The parameters that are invalid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<Violation>,
}

impl Problem {
    /// The problem that `error` is to the sender of `request`. It says nothing of a fault's cause.
    pub fn new(error: &Error, request: &Request) -> Self {
        let kind = kind(error);
        let errors = match error {
            Error::Invalid(Invalid { violations, .. }) => violations.clone(),
            _ => vec![],
        };
        // Relative, because an API mapping of a custom domain is not in any event.
        let depth = request.path().matches('/').count().saturating_sub(1);
        Self {
            r#type: format!("{}docs/problems#{}", "../".repeat(depth), kind.code),
            title: kind.title,
            status: kind.status,
            detail: detail(error, kind, request),
            instance: utf8_percent_encode(request.raw_path(), PATH).to_string(),
            code: kind.code,
            request_id: request.invocation().to_owned(),
            errors,
        }
    }

    /// The response with this body, and the headers that its status requires.
    pub fn into_response(self) -> Response {
        // Text and numbers only, which serialise without fail.
        let body = serde_json::to_string(&self).unwrap_or_default();
        let media_type = "application/problem+json";
        let body = Body::Text(body.into());
        let response = Response::new(self.status, media_type, body, Caching::Never);
        match self.status {
            401 => response.with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            405 => response.with_header(ALLOW, METHODS),
            503 => response.with_header(RETRY_AFTER, HeaderValue::from_static("1")),
            _ => response,
        }
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
        Error::Internal(_) => "internal",
        Error::Unavailable(_) => "unavailable",
        Error::Timeout(_) => "timeout",
    };
    let kind = KINDS.iter().find(|kind| kind.code == code);
    kind.unwrap_or(&KINDS[0])
}

fn detail(error: &Error, kind: &Kind, request: &Request) -> String {
    match error {
        Error::BadRequest(detail) => (*detail).to_owned(),
        Error::Invalid(Invalid { detail, .. }) => detail.clone(),
        Error::NotFound(what) => format!("{what} not found"),
        Error::MethodNotAllowed => {
            let method = truncate(request.method().as_str());
            format!("{method} is not allowed; send GET, HEAD or OPTIONS")
        }
        Error::NotAcceptable(media_type) => {
            format!("only {media_type} is available, which the Accept header excludes")
        }
        // The same for every request.
        Error::Unauthorized
        | Error::Forbidden
        | Error::Internal(_)
        | Error::Unavailable(_)
        | Error::Timeout(_) => kind.example.to_owned(),
    }
}

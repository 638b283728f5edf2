//! Cross-origin resource sharing: which pages of other origins may read responses.

use lambda_http::http::{
    HeaderMap, HeaderValue, Method,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
        ORIGIN,
    },
};

use super::request::Request;
use crate::config::Origins;

/// The methods of every route: the API is read-only.
pub(super) const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

const EXPOSED: HeaderValue =
    HeaderValue::from_static("etag, link, retry-after, server-timing, x-request-id");
const ALLOWED_HEADERS: HeaderValue =
    HeaderValue::from_static("authorization, if-none-match, x-request-id");
/// Seconds that a browser may cache the answer to a preflight. None does so for more than a day.
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

/// Adds the headers that a browser checks before it shows the response to the page that asked.
pub(super) fn permit(
    origins: &Origins,
    request: &Request,
    headers: &mut HeaderMap,
    vary: &mut Vec<&str>,
) {
    let allowed = match origins {
        Origins::None => None,
        // Without an Origin as well: a shared cache may hand the response to a browser.
        Origins::Any => Some(HeaderValue::from_static("*")),
        Origins::These(origins) => {
            vary.push("origin");
            allowed_origin(origins, request)
        }
    };
    let Some(allowed) = allowed else {
        return;
    };
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    let is_preflight = request.method() == Method::OPTIONS
        && request.header(ACCESS_CONTROL_REQUEST_METHOD).is_some();
    if is_preflight {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
        headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    } else {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}

fn allowed_origin(origins: &[String], request: &Request) -> Option<HeaderValue> {
    let origin = request.header(ORIGIN)?;
    let mut origins = origins.iter();
    let is_allowed = origins.any(|allowed| allowed.eq_ignore_ascii_case(origin));
    is_allowed.then(|| HeaderValue::from_str(origin).ok())?
}

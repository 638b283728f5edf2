//! Cross-origin resource sharing: which pages of other origins may read the answers.

use lambda_http::http::{
    HeaderValue, Method,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
        ORIGIN, VARY,
    },
};

use crate::{Request, Response};

const EXPOSED: HeaderValue =
    HeaderValue::from_static("etag, link, retry-after, server-timing, x-request-id");
const ALLOWED_HEADERS: HeaderValue =
    HeaderValue::from_static("authorization, if-none-match, x-request-id");
const ALLOWED_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
/// Seconds that a browser keeps a preflight's answer; none keeps it longer than a day.
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

/// The origins whose pages may read answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origins {
    /// No other than the API's own.
    #[default]
    None,
    /// Every origin: answers depend on a token at most, which no browser sends by itself.
    Any,
    /// These, each as a browser writes it: `https://app.example.com`.
    These(Vec<String>),
}

impl Origins {
    /// Reads `*`, or origins between commas.
    ///
    /// # Errors
    /// What an origin must be.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let origins = text.split(',').map(|origin| {
            let origin = origin.trim().to_ascii_lowercase();
            let host = origin
                .strip_prefix("https://")
                .or_else(|| origin.strip_prefix("http://"));
            match host {
                Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ', '*']) => Ok(origin),
                _ => Err(format!(
                    "must be * or origins like https://app.example.com between commas, not `{origin}`"
                )),
            }
        });
        origins.collect::<Result<_, _>>().map(Self::These)
    }

    /// Adds to a response what a browser must know before it shows it to the page that asked.
    pub(crate) fn permit(&self, request: &Request, response: &mut Response) {
        let headers = response.headers_mut();
        if matches!(self, Self::These(_)) {
            // One line: of two, the payload to API Gateway would only have the first.
            let vary = match headers.contains_key(VARY) {
                true => "accept-encoding, origin",
                false => "origin",
            };
            headers.insert(VARY, HeaderValue::from_static(vary));
        }
        let Some(allowed) = self.allowed(request) else {
            return;
        };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        let preflight = request.method() == Method::OPTIONS
            && request.header(ACCESS_CONTROL_REQUEST_METHOD).is_some();
        if preflight {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS);
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
            headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        } else {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }

    fn allowed(&self, request: &Request) -> Option<HeaderValue> {
        let origin = request.header(ORIGIN)?;
        match self {
            Self::None => None,
            Self::Any => Some(HeaderValue::from_static("*")),
            Self::These(origins) => {
                let allowed = origins
                    .iter()
                    .any(|allowed| allowed.eq_ignore_ascii_case(origin));
                allowed.then(|| HeaderValue::from_str(origin).ok())?
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_a_star_or_a_list() {
        assert_eq!(Origins::parse("*"), Ok(Origins::Any));
        let two = ["https://a.example", "http://localhost:3000"].map(ToOwned::to_owned);
        assert_eq!(
            Origins::parse("https://A.example, http://localhost:3000"),
            Ok(Origins::These(two.into()))
        );
        for wrong in [
            "a.example",
            "https://",
            "https://a.example/",
            "https://*.example",
            "*,*",
            ",",
        ] {
            assert!(Origins::parse(wrong).is_err(), "{wrong}");
        }
    }
}

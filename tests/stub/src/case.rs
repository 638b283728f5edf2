//! An event for an endpoint.

use arbitrary::{Arbitrary, Result, Unstructured};
use openapi::Endpoint;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::{composed, route::Route};

/// An event, which may be any text, and the endpoint that receives it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The event.
    pub event: String,
    /// JSON to forge cursors with, if the response has a cursor.
    pub key: Option<String>,
}

impl Case {
    /// The lowest first byte of an event that is composed from the bytes after it. After a lower
    /// one, the bytes are the event.
    pub const COMPOSED: u8 = 0x80;

    /// An event for an endpoint.
    pub fn new(endpoint: Endpoint, event: impl Into<String>) -> Self {
        Self {
            endpoint,
            event: event.into(),
            key: None,
        }
    }

    /// GET of a path with an optional query, or `None` if no endpoint has the path.
    pub fn get(url: &str) -> Option<Self> {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut routes = Route::all().iter();
        let (route, parameters) = routes.find_map(|route| Some((route, route.matches(path)?)))?;
        let decode = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let parameters = parameters.into_iter();
        let parameters = parameters.map(|(name, value)| (name.to_owned(), decode(value).into()));
        let event = get(route, parameters.collect(), query);
        Some(Self::new(route.endpoint, event.to_string()))
    }

    /// The case with another value at `place`, a JSON pointer such as `/headers/accept`. It is
    /// unchanged if the event has no such place.
    pub fn with(&self, place: &str, value: Value) -> Self {
        self.changed(place, value).unwrap_or_else(|| self.clone())
    }

    /// The case with the query of `url`, or `None` if the event is not JSON: lambda_http reads some
    /// such events, because it skips most of their fields.
    pub(crate) fn with_query(&self, url: &str) -> Option<Self> {
        let (_, query) = url.split_once('?')?;
        self.changed("/rawQueryString", query.into())
    }

    /// The path of the event.
    pub(crate) fn path(&self) -> Option<String> {
        let event: Value = serde_json::from_str(&self.event).ok()?;
        event["rawPath"].as_str().map(ToOwned::to_owned)
    }

    fn changed(&self, place: &str, value: Value) -> Option<Self> {
        let mut event: Value = serde_json::from_str(&self.event).ok()?;
        let (parent, name) = place.rsplit_once('/')?;
        let parent = event.pointer_mut(parent)?.as_object_mut()?;
        parent.insert(name.to_owned(), value);
        Some(Self::new(self.endpoint, event.to_string()))
    }

    /// The fuzzer's bytes for this event.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut endpoints = Endpoint::ALL.iter().zip(0_u8..);
        let number = endpoints.find(|(endpoint, _)| endpoint.name == self.endpoint.name);
        let number = number.map_or(0, |(_, number)| number);
        [&[number], self.event.as_bytes()].concat()
    }
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let first: u8 = bytes.arbitrary()?;
        let number = usize::from(first % Self::COMPOSED) % Endpoint::ALL.len();
        let endpoint = Endpoint::ALL[number];
        if first < Self::COMPOSED {
            let event = String::from_utf8_lossy(bytes.bytes(bytes.len())?);
            return Ok(Self::new(endpoint, event));
        }
        let mut case = Self::new(endpoint, composed::event(endpoint, bytes)?);
        case.key = composed::key(bytes)?;
        Ok(case)
    }
}

/// The event of a GET as API Gateway sends it: the path and its parameters are decoded.
pub(crate) fn get(route: &Route, parameters: Map<String, Value>, query: &str) -> Value {
    let mut path = route.path.clone();
    for (name, value) in &parameters {
        path = path.replace(&format!("{{{name}}}"), value.as_str().unwrap_or_default());
    }
    let route_key = format!("ANY {}", route.path);
    json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": { "accept": "*/*", "host": "api.example.com" },
        "pathParameters": parameters,
        "requestContext": {
            "authorizer": { "jwt": { "claims": { "scope": "rentals:read" }, "scopes": null } },
            "domainName": "api.example.com",
            "http": {
                "method": "GET",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "stub",
            },
            "requestId": "request",
            "routeKey": route_key,
            "stage": "$default",
            "time": "01/Jul/2026:00:00:00 +0000",
            "timeEpoch": 1_782_864_000_000_i64,
        },
        "isBase64Encoded": false,
    })
}

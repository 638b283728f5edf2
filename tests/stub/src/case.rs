//! An event for an endpoint.

use arbitrary::{Arbitrary, Result, Unstructured};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::{Endpoint, composed};

/// An event, which need not be one, and the endpoint that it comes to.
#[derive(Clone, Debug)]
pub struct Case {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The event.
    pub event: String,
    /// A key to forge a cursor with, where the answer has one.
    pub key: Option<String>,
}

impl Case {
    /// From this first byte on an event is composed of what follows; below, what follows is it.
    pub const COMPOSED: u8 = 0x80;

    /// An event for an endpoint.
    pub fn new(endpoint: Endpoint, event: impl Into<String>) -> Self {
        let (event, key) = (event.into(), None);
        Self {
            endpoint,
            event,
            key,
        }
    }

    /// GET of a path and perhaps a query, where an endpoint answers this path.
    pub fn get(url: &str) -> Option<Self> {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let (endpoint, parameters) = Endpoint::of(path)?;
        let decode = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let parameters = parameters.into_iter();
        let parameters = parameters.map(|(name, value)| (name.to_owned(), decode(value).into()));
        let event = get(endpoint, &decode(path), query, parameters.collect());
        Some(Self::new(endpoint, event.to_string()))
    }

    /// The same, with another value at this place, a JSON pointer such as `/headers/accept`; where
    /// the event has no such place, unchanged.
    pub fn with(&self, place: &str, value: Value) -> Self {
        self.changed(place, value).unwrap_or_else(|| self.clone())
    }

    /// The same for the next page, whose URL this is; None where this is an event to lambda_http,
    /// which skips much of it, and not to a stricter reader.
    pub(crate) fn next(&self, url: &str) -> Option<Self> {
        let (_, query) = url.split_once('?')?;
        self.changed("/rawQueryString", query.into())
    }

    /// The path of the event, if it is one.
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

    /// What the fuzzer makes this event of.
    pub fn to_bytes(&self) -> Vec<u8> {
        let place = Endpoint::ALL.iter().zip(0_u8..);
        let place = place.filter(|(endpoint, _)| **endpoint == self.endpoint);
        let mut bytes: Vec<u8> = place.map(|(_, place)| place).collect();
        bytes.extend(self.event.as_bytes());
        bytes
    }
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let first: u8 = bytes.arbitrary()?;
        let place = usize::from(first % Self::COMPOSED) % Endpoint::ALL.len();
        let endpoint = Endpoint::ALL[place];
        if first < Self::COMPOSED {
            let event = String::from_utf8_lossy(bytes.bytes(bytes.len())?);
            return Ok(Self::new(endpoint, event));
        }
        let event = composed::event(endpoint, bytes)?;
        let key = composed::key(bytes)?;
        Ok(Self {
            endpoint,
            event,
            key,
        })
    }
}

/// The event of a GET, as API Gateway sends it: the path and its parameters are decoded.
pub(crate) fn get(
    endpoint: Endpoint,
    path: &str,
    query: &str,
    parameters: Map<String, Value>,
) -> Value {
    let route_key = format!("ANY {}", endpoint.paths()[0]);
    json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": { "accept": "*/*", "host": "api.example.com" },
        "pathParameters": parameters,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
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

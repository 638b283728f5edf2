//! Events as API Gateway's HTTP API sends them, payload format 2.0.

use serde_json::{Value, json};

use super::route::{Route, decode};

/// The event of a GET for `url`, a path and perhaps a query.
pub fn get(route: &Route, url: &str, claims: Option<Value>) -> Value {
    let mut event = request("GET", route, url, &[]);
    if let Some(claims) = claims {
        event["requestContext"]["authorizer"] =
            json!({ "jwt": { "claims": claims, "scopes": null } });
    }
    event
}

/// The event of a request with these headers, whose names are in lower case.
pub fn request(method: &str, route: &Route, url: &str, headers: &[(&str, &str)]) -> Value {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut event = json!({
        "version": "2.0",
        "routeKey": route.key(),
        "rawPath": decode(path),
        "rawQueryString": query,
        "headers": { "accept": "*/*", "host": "api.example.com", "user-agent": "tests" },
        "pathParameters": route.parameters(path),
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.example.com",
            "http": {
                "method": method,
                "path": decode(path),
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "tests",
            },
            "requestId": "request",
            "routeKey": route.key(),
            "stage": "$default",
            "time": "01/Jul/2026:00:00:00 +0000",
            "timeEpoch": 1_782_864_000_000_i64,
        },
        "isBase64Encoded": false,
    });
    for (name, value) in headers {
        event["headers"][name] = json!(value);
    }
    event
}

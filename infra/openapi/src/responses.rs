//! What all operations have in common: headers, problems, and the parameters in headers.

use serde_json::{Map, Value, json};
use shared::http::problem::{KINDS, Kind};

pub(crate) fn complete(document: &mut Value) {
    document["components"]["headers"] = headers();
    document["components"]["parameters"] = parameters();
    document["components"]["responses"] = problems();
    let Some(paths) = document["paths"].as_object_mut() else {
        return;
    };
    for (path, item) in paths {
        if let Some(operation) = item.get_mut("get") {
            complete_operation(path, operation);
        }
    }
}

fn complete_operation(path: &str, operation: &mut Value) {
    let has_database = operation["tags"][0] != "documentation";
    let may_be_kept = ["films", "documentation"].map(Value::from);
    let is_kept =
        may_be_kept.contains(&operation["tags"][0]) && operation["responses"]["200"].is_object();
    let is_personal = operation["security"].is_array();
    if !is_personal {
        operation["security"] = json!([]);
    }
    let has_pages = operation["parameters"]
        .as_array()
        .is_some_and(|parameters| {
            parameters
                .iter()
                .any(|parameter| parameter["name"] == "cursor")
        });
    add_headers(&mut operation["responses"], is_kept, has_pages);
    let mut codes = vec!["bad_request", "not_acceptable", "invalid", "internal"];
    if has_database {
        codes.extend(["unavailable", "timeout"]);
    }
    if path.contains('{') {
        codes.push("not_found");
    }
    if is_personal {
        codes.extend(["unauthorized", "forbidden"]);
    }
    let kinds = KINDS.iter().filter(|kind| codes.contains(&kind.code));
    for kind in kinds {
        let responses = &mut operation["responses"];
        if responses[kind.status.to_string()].is_null() {
            responses[kind.status.to_string()] = reference("responses", &name(kind));
        }
    }
    if is_kept {
        operation["responses"]["304"] = reference("responses", "NotModified");
    }
    let parameters = &mut operation["parameters"];
    if parameters.is_null() {
        *parameters = json!([]);
    }
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.push(reference("parameters", "RequestId"));
        if is_kept {
            parameters.push(reference("parameters", "IfNoneMatch"));
        }
    }
}

fn add_headers(responses: &mut Value, is_kept: bool, has_pages: bool) {
    let Some(responses) = responses.as_object_mut() else {
        return;
    };
    for (status, response) in responses {
        let mut names = vec!["x-request-id", "server-timing", "cache-control"];
        if status == "200" && is_kept {
            names.extend(["etag", "vary"]);
        }
        if status == "200" && has_pages {
            names.push("link");
        }
        response["headers"] = references(&names);
    }
}

/// The headers of responses, by their names.
fn headers() -> Value {
    let header = |description: &str, example: &str| {
        json!({
            "description": description,
            "schema": { "type": "string", "examples": [example] },
        })
    };
    json!({
        "x-request-id": header("The id of the request: the client's x-request-id, or otherwise the id of the invocation.", "8f5f1f3e-0000-4000-8000-000000000001"),
        "server-timing": header("How long the request took in milliseconds, and the database's share.", "total;dur=1.204, db;dur=0.893"),
        "cache-control": header("Who may cache the response, and for how long.", "public, max-age=60"),
        "etag": header("The entity tag, which changes with the response.", "W/\"Zm9ydHktdHdv\""),
        "vary": header("The request headers that the response depends on.", "accept-encoding"),
        "link": header("The next page, if there is one (RFC 8288).", "<?limit=20&cursor=bnVtYmVyIDIw>; rel=\"next\""),
        "retry-after": header("The seconds after which to send the request again.", "1"),
        "www-authenticate": header("How to authenticate.", "Bearer"),
    })
}

fn parameters() -> Value {
    let header = |name: &str, description: &str, example: &str| {
        json!({
            "name": name,
            "in": "header",
            "description": description,
            "required": false,
            "schema": { "type": "string", "examples": [example] },
        })
    };
    json!({
        "RequestId": header("x-request-id", "An id for the request, of 1 to 128 characters. The response and the service's log repeat it.", "order-7"),
        "IfNoneMatch": header("if-none-match", "The ETags of cached responses. If one is current, the response is 304.", "W/\"Zm9ydHktdHdv\""),
    })
}

/// A response for each kind of problem, and 304.
fn problems() -> Value {
    let mut responses = Map::new();
    // The document has GET alone, which no route refuses.
    let kinds = KINDS.iter().filter(|kind| kind.status != 405);
    for kind in kinds {
        let mut names = vec!["x-request-id", "server-timing", "cache-control"];
        match kind.status {
            401 => names.push("www-authenticate"),
            503 => names.push("retry-after"),
            _ => {}
        }
        let response = json!({
            "description": kind.explanation,
            "headers": references(&names),
            "content": {
                "application/problem+json": {
                    "schema": reference("schemas", "Problem"),
                    "example": example(kind),
                },
            },
        });
        responses.insert(name(kind), response);
    }
    let unchanged = json!({
        "description": "The cached response is current: If-None-Match contains its ETag.",
        "headers": references(&["x-request-id", "server-timing", "cache-control", "etag"]),
    });
    responses.insert("NotModified".to_owned(), unchanged);
    Value::Object(responses)
}

/// A problem as the API sends it. A test compares it with a real one.
fn example(kind: &Kind) -> Value {
    let (prefix, instance) = match kind.code {
        // The path of an event that cannot be read is unknown.
        "bad_request" => ("", ""),
        "unauthorized" | "forbidden" => ("../../", "/customers/1/rentals"),
        "not_found" => ("../", "/films/9999"),
        _ => ("", "/films"),
    };
    let mut problem = json!({
        "type": format!("{prefix}docs/problems#{}", kind.code),
        "title": kind.title,
        "status": kind.status,
        "detail": kind.example,
        "instance": instance,
        "code": kind.code,
        "request_id": "8f5f1f3e-0000-4000-8000-000000000001",
    });
    if kind.code == "invalid" {
        problem["errors"] = json!([
            { "in": "query", "name": "limit", "reason": "must be 0 to 100", "value": "101" },
        ]);
    }
    problem
}

/// The name of its component, such as `UnprocessableContent`.
fn name(kind: &Kind) -> String {
    kind.title.replace(' ', "")
}

fn reference(of: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{of}/{name}") })
}

fn references(headers: &[&str]) -> Value {
    let references = headers
        .iter()
        .map(|name| ((*name).to_owned(), reference("headers", name)));
    Value::Object(references.collect())
}

//! The OpenAPI document of the API, generated from its code: paths, parameters and bodies come
//! from the functions, problems from [`KINDS`](shared::http::problem::KINDS). This crate adds what
//! all responses share. [`Endpoint::ALL`] lists the functions, here and for the fuzzer.

mod endpoint;
mod responses;
mod schemas;

pub use endpoint::Endpoint;

use serde_json::{Value, json};
use shared::http::problem::Problem;
use utoipa::OpenApi;

const DESCRIPTION: &str = "\
A read-only API for a film rental shop: films, categories, rentals. Responses are JSON.

**Pagination.** A list has `items` and `next`. `next` is a URL relative to the list's own: only a \
query, such as `?limit=20&cursor=…`. It is null on the last page. A cursor marks the last item of a \
page, so items that are added or removed in the meantime do not shift the next page.

**Errors.** An error is a problem (RFC 9457, `application/problem+json`). Its `errors` list every \
invalid parameter. Its `type` is the URL of an explanation, relative to the request's URL: \
`docs/problems#invalid` for `/films`, `../docs/problems#not_found` for `/films/1`.

**Methods.** Every path also supports HEAD and OPTIONS. Other methods get a 405.

**Caching.** Cacheable responses carry an ETag; send it as `If-None-Match` to get a 304.

**Compression.** Responses are compressed with gzip if the request accepts it.

**Request ids.** The header `x-request-id` echoes the one that the request sent. The `request_id` of \
a problem is always the service's own id; the service logs both.";

#[derive(OpenApi)]
#[openapi(
    info(title = "Film rentals", description = DESCRIPTION, license(name = "Apache License 2.0", identifier = "Apache-2.0")),
    servers((url = ".", description = "The API that serves this document.")),
    tags(
        (name = "films", description = "The catalogue."),
        (name = "rentals", description = "Who rented what. Personal data."),
        (name = "health", description = "The health of the service."),
        (name = "documentation", description = "The documentation of the API."),
    ),
    components(schemas(Problem))
)]
struct Api;

/// The document.
pub fn document() -> Value {
    let mut api = Api::openapi();
    for endpoint in Endpoint::ALL {
        api.merge(endpoint.document());
    }
    let mut document = serde_json::to_value(api).unwrap_or_default();
    document["components"]["securitySchemes"]["token"] = json!({
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of the issuer that API Gateway's authorizer trusts.",
    });
    schemas::tidy(&mut document);
    responses::complete(&mut document);
    document
}

/// The document as it is checked in.
pub fn text() -> String {
    format!("{:#}\n", document())
}

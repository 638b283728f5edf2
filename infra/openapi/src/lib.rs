//! The OpenAPI document, made from the code: routes, parameters and bodies from the functions,
//! problems from their table, and what all responses have in common from here.

mod responses;
mod schemas;

use serde_json::{Value, json};
use shared::http::problem::Problem;
use utoipa::OpenApi;

const DESCRIPTION: &str = "\
A read-only API for a film rental shop: films, categories, rentals. Responses are JSON.

A list has `items`, and `next`, which is null on the last page. `next` is a query string: append it to \
the path of the request to get the next page. A page begins where the previous one ended, so that \
items that are added meanwhile are neither repeated nor skipped.

Every error response is a problem (RFC 9457, `application/problem+json`), which names each invalid \
parameter. Its `type` is the URL of an explanation, relative to the request.

Every path also answers HEAD and OPTIONS, and other methods with 405. Cacheable responses carry an \
ETag; send it as If-None-Match to get a 304. Responses are compressed by gzip for clients that accept \
it. Responses repeat the client's `x-request-id`. The `request_id` of a problem is the service's own.";

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
    components(schemas(Problem)),
    paths(
        search_films::handler,
        get_film::handler,
        list_categories::handler,
        films_by_category::handler,
        rentals_by_customer::handler,
        db_health::handler,
        api_docs::home,
        api_docs::docs,
        api_docs::file,
        api_docs::document,
    )
)]
struct Api;

/// The document.
pub fn document() -> Value {
    let mut document = serde_json::to_value(Api::openapi()).unwrap_or_default();
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

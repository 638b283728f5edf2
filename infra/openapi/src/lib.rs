//! The OpenAPI document of the API, made from its code: routes, parameters and bodies from the
//! functions, problems from their table, and here what every response has.

mod responses;
mod schemas;

use serde_json::{Value, json};
use shared::http::problem::Problem;
use utoipa::OpenApi;

const DESCRIPTION: &str = "\
Films, categories and rentals of a shop, to be read. Everything is JSON.

A list has its `items`, and `next`: the URL of its next page, or null on the last one. A page begins \
where the one before ended, so that what is added meanwhile neither repeats items nor hides them.

What is wrong is a problem (RFC 9457, `application/problem+json`) that names each parameter at fault; \
its `type` leads to an explanation. Every path answers HEAD and OPTIONS as well, and other methods \
with 405. What may be kept has an ETag: sent as If-None-Match, it spares the body. Compression is \
gzip. A request's `x-request-id` comes back in its response, in a problem and in the logs.";

#[derive(OpenApi)]
#[openapi(
    info(title = "Film rentals", description = DESCRIPTION, license(name = "Apache License 2.0", identifier = "Apache-2.0")),
    servers((url = ".", description = "The API that serves this document.")),
    tags(
        (name = "films", description = "The catalogue."),
        (name = "rentals", description = "Who has rented what. Personal."),
        (name = "health", description = "Whether it works."),
        (name = "documentation", description = "This."),
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

//! `GET /docs`: the API's documentation, made in the browser from `GET /openapi.json`.
//!
//! `GET /` leads to it, and every path that no function has ends here, as a 404 that names it.

mod problems;

use shared::{
    Database, Error, Request, Response, Result,
    response::{self, Caching},
};

const DOCS: &str = include_str!(concat!(env!("OUT_DIR"), "/docs.html"));

const OPENAPI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz"));

/// A file that a page loads. Its name has a hash of its content.
struct File {
    name: &'static str,
    media_type: &'static str,
    gzip: &'static [u8],
}

/// Every such file, as build.rs has made it.
const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The documentation, or one of its files.
pub async fn handler(_: Database, request: Request) -> Result<Response> {
    let response = match request.path() {
        "/" => home(),
        "/docs" => docs(),
        "/openapi.json" => document(),
        path => match path.strip_prefix("/docs/") {
            Some(name) => page(name)?,
            None => {
                let what = "path (/docs lists those that there are)";
                return Err(Error::NotFound(what));
            }
        },
    };
    // After the path: where there is nothing, no parameter is the reason.
    request.parameters().finish()?;
    Ok(response)
}

/// To the documentation
#[utoipa::path(
    get, path = "/", operation_id = "home", tag = "documentation",
    responses((status = 307, description = "The documentation is at /docs."))
)]
pub fn home() -> Response {
    response::redirect("/docs")
}

/// This documentation, as a page on which everything can be tried
#[utoipa::path(
    get, path = "/docs", operation_id = "docs", tag = "documentation",
    responses((status = 200, description = "The page.", body = String, content_type = "text/html"))
)]
pub fn docs() -> Response {
    response::page(DOCS, Caching::Minute)
}

/// A page of the documentation, or a file that one loads
#[utoipa::path(
    get, path = "/docs/{page}", operation_id = "docs_page", tag = "documentation",
    params(("page" = String, Path, description = "`problems` explains every kind of problem.", example = "problems")),
    responses((status = 200, description = "The page or the file.", content(
        (String = "text/html"), (String = "text/css"), (String = "text/javascript"),
        (String = "text/plain"), (String = "image/svg+xml"),
    )))
)]
pub fn page(name: &str) -> Result<Response> {
    match name {
        "problems" => Ok(response::page(problems::page(), Caching::Minute)),
        _ => {
            let file = FILES.iter().find(|file| file.name == name);
            let file = file.ok_or(Error::NotFound("file"))?;
            let response = response::packed(file.media_type, file.gzip, Caching::Immutable);
            Ok(response)
        }
    }
}

/// This documentation, as OpenAPI 3.1
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "documentation",
    responses((status = 200, description = "The document.", body = Object))
)]
pub fn document() -> Response {
    response::packed("application/json", OPENAPI, Caching::Minute)
}

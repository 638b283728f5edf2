//! `GET /docs`: the API's documentation, a page that shows `GET /openapi.json` with Swagger UI.
//!
//! The function also answers `GET /`, which redirects to the documentation, and every path without
//! a route, with a 404. All its links are relative, so that they work behind any prefix: the name
//! of a stage, or the API mapping of a custom domain.

mod problems;

use shared::{
    Error, Request, Response, Result, Session,
    http::response::{self, Caching, JSON},
};

const DOCS: &str = include_str!(concat!(env!("OUT_DIR"), "/docs.html"));
const OPENAPI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz"));

/// A file that a page loads. Its name contains a hash of its content.
struct File {
    name: &'static str,
    media_type: &'static str,
    gzip: &'static [u8],
}

/// Every such file; build.rs generates the list.
const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Answers with the documentation or one of its files.
///
/// # Errors
/// [`Error::NotFound`] for any other path.
pub async fn handler(_: Session, request: Request) -> Result<Response> {
    let path = path(&request);
    let response = match path.as_str() {
        "/" => home(&request)?,
        "/docs" => docs(),
        "/openapi.json" => document(),
        path => match path.strip_prefix("/docs/") {
            Some(name) => file(name)?,
            None => return Err(Error::NotFound("path")),
        },
    };
    // Checked last: a wrong path is a 404, whatever its query is.
    request.read(|_| ())?;
    if let Some(media_type) = response.media_type() {
        request.accept(media_type)?;
    }
    Ok(response)
}

/// The path within the API, such as `/docs/problems`.
///
/// It comes from the route: on a custom domain, a path may begin with a word that happens to be the
/// name of the stage. `cargo lambda watch` calls every route `$default`.
fn path(request: &Request) -> String {
    match request.route().split_once(' ') {
        Some((_method, route)) => route.replace("{file}", request.path_parameter("file")),
        None => request.path().to_owned(),
    }
}

/// Redirect to the documentation
#[utoipa::path(
    get, path = "/", operation_id = "home", tag = "documentation",
    responses((status = 307, description = "Location is the URL of the documentation, relative to this one."))
)]
pub fn home(request: &Request) -> Result<Response> {
    match request.stage() {
        // Relative to `/prod`, `docs` is `/docs`; to `/prod/` it is `/prod/docs`.
        Some(stage) if request.raw_path() == format!("/{stage}") => {
            response::redirect(&format!("{stage}/docs"))
        }
        _ => response::redirect("docs"),
    }
}

/// This documentation, as a page where you can try every endpoint
#[utoipa::path(
    get, path = "/docs", operation_id = "docs", tag = "documentation",
    responses((status = 200, description = "The page.", body = String, content_type = "text/html"))
)]
pub fn docs() -> Response {
    response::page(DOCS, Caching::Minute)
}

/// The problem types, or a file that a page loads
#[utoipa::path(
    get, path = "/docs/{file}", operation_id = "docs_file", tag = "documentation",
    params(("file" = String, Path, description = "`problems` is a page that explains every type of problem.", example = "problems")),
    responses((status = 200, description = "The page or the file.", content(
        (String = "text/html"), (String = "text/css"), (String = "text/javascript"),
        (String = "text/plain"), (String = "image/svg+xml"),
    )))
)]
pub fn file(name: &str) -> Result<Response> {
    if name == "problems" {
        return Ok(response::page(problems::page(), Caching::Minute));
    }
    let file = FILES.iter().find(|file| file.name == name);
    let file = file.ok_or(Error::NotFound("file"))?;
    let response = response::gzip(file.media_type, file.gzip, Caching::Immutable);
    Ok(response)
}

/// This documentation, as an OpenAPI 3.1 document
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "documentation",
    responses((status = 200, description = "The document.", body = Object))
)]
pub fn document() -> Response {
    response::gzip(JSON, OPENAPI, Caching::Minute)
}

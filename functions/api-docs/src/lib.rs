//! `GET /docs`: the API's documentation, a page that shows `GET /openapi.json` with Swagger UI.
//!
//! The function also answers `GET /`, which redirects to the documentation, and every path without
//! a route, with a 404. All its links are relative, so that they work behind any prefix: the name
//! of a stage, or the API mapping of a custom domain.

mod problems;

use shared::{
    Database, Error, Request, Response, Result,
    response::{self, Caching},
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
pub async fn handler(_: Database, request: Request) -> Result<Response> {
    let path = path(&request);
    let response = match path.as_str() {
        "/" => home(&request)?,
        "/docs" => docs(),
        "/openapi.json" => document(),
        path => match path.strip_prefix("/docs/") {
            Some(name) => file(name)?,
            None => return Err(Error::NotFound("path (see /docs)")),
        },
    };
    // Checked last: a wrong path is a 404, whatever its query is.
    request.parameters().finish()?;
    Ok(response)
}

/// The path of the request without a prefix, such as `/docs/problems`.
///
/// API Gateway puts the name of the stage into the event's path, but not on a custom domain, so
/// the path comes from the route. `cargo lambda watch` calls every route `$default`.
fn path(request: &Request) -> String {
    match request.route().split_once(' ') {
        Some((_method, route)) => route.replace("{file}", request.path_parameter("file")),
        None => without_stage(request.path(), request.stage()).to_owned(),
    }
}

fn without_stage<'a>(path: &'a str, stage: Option<&str>) -> &'a str {
    let rest = stage.and_then(|stage| path.strip_prefix('/')?.strip_prefix(stage));
    match rest {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
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
        Some(stage) if request.path() == format!("/{stage}") => {
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
    let response = response::packed(file.media_type, file.gzip, Caching::Immutable);
    Ok(response)
}

/// This documentation, as an OpenAPI 3.1 document
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "documentation",
    responses((status = 200, description = "The document.", body = Object))
)]
pub fn document() -> Response {
    response::packed("application/json", OPENAPI, Caching::Minute)
}

#[cfg(test)]
mod tests {
    use super::without_stage;

    #[test]
    fn only_a_whole_segment_is_the_stage() {
        for (path, expected) in [
            ("/prod", "/"),
            ("/prod/", "/"),
            ("/prod/docs", "/docs"),
            ("/prod/prod/docs", "/prod/docs"),
            ("/product", "/product"),
            ("/docs", "/docs"),
            ("/", "/"),
            ("", ""),
        ] {
            assert_eq!(without_stage(path, Some("prod")), expected, "{path}");
            assert_eq!(without_stage(path, None), path);
        }
    }
}

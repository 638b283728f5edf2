//! `GET /docs`: the API's documentation, made in the browser from `GET /openapi.json`.
//!
//! `GET /` leads to it, and every path that no function has ends here, as a 404 that names it.

mod problems;

use shared::{
    Database, Error, Request, Response, Result,
    response::{self, Caching},
};

const DOCS: &str = include_str!("page/docs.html");

/// A file that a page loads, packed by gzip in build.rs.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    packed: &'static [u8],
}

const ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The documentation, or one of its files.
pub async fn handler(_: Database, request: Request) -> Result<Response> {
    let response = match request.path() {
        "/" => response::redirect("/docs"),
        "/docs" => response::page(DOCS, Caching::Minute),
        "/docs/problems" => response::page(problems::page(), Caching::Minute),
        "/openapi.json" => asset("openapi.json", Caching::Minute)?,
        path => match path.strip_prefix("/docs/") {
            Some(name) => asset(name, Caching::Day)?,
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

fn asset(name: &str, caching: Caching) -> Result<Response> {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    let asset = asset.ok_or(Error::NotFound("page"))?;
    Ok(response::packed(asset.media_type, asset.packed, caching))
}

//! The documentation's pages and files, and the 404 of every path without a route.

mod prefixes;

use std::{collections::BTreeSet, fs};

use crate::harness::api::Api;
use local::paths;
use serde_json::Value;
use sha2::{Digest, Sha256};
use shared::http::problem::KINDS;

const PAGES: [&str; 2] = ["/docs", "/docs/problems"];

/// What a page loads and where it leads: every `src` and `href`, without the part after `#`.
fn links(html: &str) -> BTreeSet<String> {
    let attributes = html.split(['<', '>', ' ', '\n']);
    let values = attributes.filter_map(|attribute| {
        let value = attribute
            .strip_prefix("src=\"")
            .or(attribute.strip_prefix("href=\""))?;
        value.split(['"', '#']).next()
    });
    values.map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn the_description_is_the_file_that_is_committed() {
    let api = Api::start("api-docs").await;
    let description = api.get("/openapi.json").await.ok();
    let file = fs::read_to_string(paths::root().join("infra/openapi.json")).expect("a file");
    assert_eq!(description.text, file);
    let version = description.body["openapi"].as_str().expect("a version");
    assert!(version.starts_with("3.1."), "{version}");
}

#[tokio::test]
async fn a_page_may_load_nothing_from_elsewhere() {
    let api = Api::start("api-docs").await;
    for page in PAGES {
        let answer = api.get(page).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{policy}"
        );
        assert!(
            !policy.contains("unsafe") && !policy.contains("http"),
            "{policy}"
        );
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert!(!answer.text.contains("://"), "{}", answer.text);
    }
}

#[tokio::test]
async fn every_kind_of_problem_has_its_anchor() {
    let api = Api::start("api-docs").await;
    let page = api.get("/docs/problems").await.text;
    for kind in KINDS {
        let anchor = format!("id=\"{}\"", kind.code);
        assert_eq!(page.matches(&anchor).count(), 1, "{anchor}");
    }
    let missing = api.get("/docs/nothing").await;
    let (path, anchor) = missing.body["type"]
        .as_str()
        .and_then(|url| url.split_once('#'))
        .expect("a link");
    assert_eq!(path, "../docs/problems");
    assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
}

/// The path of each file that the documentation loads or links.
async fn files(api: &Api) -> Vec<String> {
    let links = links(&api.get("/docs").await.text);
    let files = links
        .iter()
        .filter(|link| link.starts_with("docs/") && link.contains('.'));
    files.map(|link| format!("/{link}")).collect()
}

#[tokio::test]
async fn a_file_is_the_same_compressed_or_not() {
    let api = Api::start("api-docs").await;
    for url in files(&api).await {
        let plain = api.get(&url).await;
        assert!(plain.headers["content-encoding"].is_null(), "{url}");
        let gzip = api.send("GET", &url, &[("accept-encoding", "gzip")]).await;
        assert_eq!(gzip.header("content-encoding"), "gzip", "{url}");
        assert!(gzip.text == plain.text, "{url} differs");
        let tag = plain.header("etag");
        assert_eq!(tag, gzip.header("etag"), "{url}");
        let again = api.send("GET", &url, &[("if-none-match", tag)]).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{url}");
        assert!(again.headers["content-encoding"].is_null(), "{url}");
        let head = api.send("HEAD", &url, &[("accept-encoding", "gzip")]).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""), "{url}");
        for name in ["content-type", "content-encoding", "etag"] {
            assert_eq!(head.headers[name], gzip.headers[name], "{name}");
        }
    }
}

#[tokio::test]
async fn a_file_is_cached_for_a_year_under_the_hash_of_its_content_and_has_no_other_name() {
    let api = Api::start("api-docs").await;
    let files = files(&api).await;
    assert_eq!(files.len(), 7, "{files:?}");
    for url in files {
        let file = api.get(&url).await;
        let year = "public, max-age=31536000, immutable";
        assert_eq!(file.header("cache-control"), year, "{url}");
        assert_eq!(file.header("vary"), "accept-encoding", "{url}");
        let parts: Vec<&str> = url.split('.').collect();
        let [name, hash, extension] = parts[..] else {
            panic!("{url} has no hash");
        };
        let digest = Sha256::digest(&file.text);
        let expected: String = digest[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(hash, expected, "{url}");
        for other in [
            format!("{name}.{extension}"),
            format!("{name}.0000000000000000.{extension}"),
        ] {
            api.get(&other).await.assert_problem(404, "file");
        }
    }
    api.get("/docs/openapi.json")
        .await
        .assert_problem(404, "file");
    for url in ["/docs", "/docs/problems", "/openapi.json", "/"] {
        let control = api.get(url).await.header("cache-control").to_owned();
        assert_eq!(control, "public, max-age=60", "{url}");
    }
}

#[tokio::test]
async fn where_there_is_nothing_a_problem_leads_to_the_documentation() {
    let api = Api::start("api-docs").await;
    for path in [
        "/nothing",
        "/films/",
        "/films/1/x",
        "/a/b/c",
        "/docs/",
        "/docs/a/b",
        "/nothing?x=1",
        "/Docs",
        "//",
        "/%2e%2e/docs",
    ] {
        let answer = api.get(path).await;
        answer.assert_problem(404, "not found");
        assert_eq!(answer.body["code"], "not_found", "{path}");
    }
    api.get("/nothing")
        .await
        .assert_problem(404, "path not found");
    api.get("/docs/nothing").await.assert_problem(404, "file");
    let written = api.send("POST", "/nothing", &[]).await;
    written.assert_problem(405, "POST is not allowed");
}

#[tokio::test]
async fn a_parameter_is_unknown_here() {
    let api = Api::start("api-docs").await;
    for path in ["/", "/docs", "/docs/problems", "/openapi.json"] {
        api.get(&format!("{path}?x=1"))
            .await
            .assert_invalid("x", "1");
    }
}

#[tokio::test]
async fn it_needs_no_database() {
    let without = [("DB_SECRET_ID", ""), ("DB_CA_FILE", "")];
    let api = Api::start_with("api-docs", &without).await;
    assert_eq!(api.get("/docs").await.status, 200);
    let logs = api.function.logs();
    let lines: Vec<Value> = logs
        .iter()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    assert!(lines.iter().all(|line| line["level"] == "INFO"), "{logs:?}");
}

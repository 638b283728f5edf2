//! The documentation's pages, and what stands where there is nothing else.

use std::{collections::BTreeSet, fs};

use crate::harness::api::Api;
use local::paths;
use serde_json::Value;
use shared::problem::KINDS;

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
async fn a_page_loads_and_leads_only_to_what_there_is() {
    let api = Api::start("api-docs").await;
    for page in PAGES {
        let answer = api.get(page).await;
        assert_eq!(answer.status, 200, "{page}");
        let links = links(&answer.text);
        assert!(links.len() >= 3, "{links:?}");
        for link in links {
            let linked = api.get(&link).await;
            assert_eq!(linked.status, 200, "{page}: {link}");
            let media_type = match link.rsplit('.').next() {
                Some("css") => "text/css; charset=utf-8",
                Some("js") => "text/javascript; charset=utf-8",
                Some("json") => "application/json",
                Some("svg") => "image/svg+xml",
                _ => "text/html; charset=utf-8",
            };
            assert_eq!(linked.header("content-type"), media_type, "{link}");
            assert_eq!(linked.header("x-content-type-options"), "nosniff", "{link}");
        }
    }
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
    assert_eq!(path, "/docs/problems");
    assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
}

#[tokio::test]
async fn a_file_is_the_same_packed_and_unpacked_and_is_kept_for_a_day() {
    let api = Api::start("api-docs").await;
    for file in ["swagger-ui.js", "swagger-ui.css"] {
        let url = format!("/docs/{file}");
        let plain = api.get(&url).await;
        assert!(plain.headers["content-encoding"].is_null(), "{url}");
        let packed = api.send("GET", &url, &[("accept-encoding", "gzip")]).await;
        assert_eq!(packed.header("content-encoding"), "gzip", "{url}");
        for answer in [&plain, &packed] {
            assert!(answer.text == plain.text, "{url} differs");
            assert_eq!(answer.header("cache-control"), "public, max-age=86400");
            assert_eq!(answer.header("vary"), "accept-encoding");
        }
        let tag = plain.header("etag");
        assert_eq!(tag, packed.header("etag"), "{url}");
        let again = api.send("GET", &url, &[("if-none-match", tag)]).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{url}");
        assert!(again.headers["content-encoding"].is_null(), "{url}");
        let head = api.send("HEAD", &url, &[("accept-encoding", "gzip")]).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""), "{url}");
        for name in ["content-type", "content-encoding", "etag"] {
            assert_eq!(head.headers[name], packed.headers[name], "{name}");
        }
    }
}

#[tokio::test]
async fn the_root_leads_to_the_documentation() {
    let api = Api::start("api-docs").await;
    let answer = api.get("/").await;
    assert_eq!((answer.status, answer.header("location")), (307, "/docs"));
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
    api.get("/nothing").await.assert_problem(404, "/docs");
    api.get("/docs/nothing").await.assert_problem(404, "page");
    let written = api.send("POST", "/nothing", &[]).await;
    written.assert_problem(405, "POST is not allowed here");
}

#[tokio::test]
async fn a_parameter_is_unknown_here() {
    let api = Api::start("api-docs").await;
    for path in [
        "/",
        "/docs",
        "/docs/problems",
        "/docs/docs.css",
        "/openapi.json",
    ] {
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

//! The documentation behind the prefixes that a deployment can put in front of its paths.

use reqwest::Url;
use serde_json::json;

use super::links;
use crate::harness::{
    api::{Answer, Api},
    event,
    route::{self, Route},
};

/// How clients reach the API, and what the function's events say then.
#[derive(Debug)]
struct Entrance {
    /// What is in front of the paths in the client's URLs.
    prefix: &'static str,
    stage: &'static str,
    /// Whether the event's path starts with the name of the stage.
    stage_in_path: bool,
    /// Whether the event names the route, or calls it `$default`.
    named_route: bool,
}

/// In this order: API Gateway's default stage, `cargo lambda watch`, a named stage, a named stage
/// that has only the route `$default`, and API mappings of a custom domain to three stages.
const ENTRANCES: [Entrance; 7] = [
    Entrance::new("", "$default", false, true),
    Entrance::new("", "$default", false, false),
    Entrance::new("/prod", "prod", true, true),
    Entrance::new("/prod", "prod", true, false),
    Entrance::new("/v1", "$default", false, true),
    Entrance::new("/v1", "prod", false, true),
    Entrance::new("/v1", "docs", false, true),
];

impl Entrance {
    const fn new(
        prefix: &'static str,
        stage: &'static str,
        stage_in_path: bool,
        named_route: bool,
    ) -> Self {
        Self {
            prefix,
            stage,
            stage_in_path,
            named_route,
        }
    }

    /// The client's URL of a path such as `/docs`.
    fn url(&self, path: &str) -> Url {
        let url = format!("https://api.example.com{}{path}", self.prefix);
        url.parse().expect("a URL")
    }

    /// GET of a URL, which must be one of the API.
    async fn get(&self, api: &Api, url: &Url) -> Answer {
        let path = url
            .as_str()
            .strip_prefix(self.url("").as_str().trim_end_matches('/'));
        let path = path.unwrap_or_else(|| panic!("{url} is not of {self:?}"));
        let routes = route::all_of("api-docs");
        let route: Route = route::matching(&routes, if path.is_empty() { "/" } else { path });
        let mut event = event::get(&route, path, None);
        event["requestContext"]["stage"] = json!(self.stage);
        if self.stage_in_path {
            let path = format!("/{}{path}", self.stage);
            event["rawPath"] = json!(path);
            event["requestContext"]["http"]["path"] = json!(path);
        }
        if !self.named_route {
            event["routeKey"] = json!("$default");
            event["requestContext"]["routeKey"] = json!("$default");
        }
        api.request(url.as_str(), event).await
    }
}

#[tokio::test]
async fn every_link_of_a_page_works() {
    let api = Api::start("api-docs").await;
    for entrance in &ENTRANCES {
        for page in ["/docs", "/docs/problems"] {
            let page = entrance.url(page);
            let answer = entrance.get(&api, &page).await;
            assert_eq!(answer.status, 200, "{page} of {entrance:?}");
            let links = links(&answer.text);
            assert!(links.len() >= 3, "{links:?}");
            for link in links {
                let link = page.join(&link).expect("a URL");
                let linked = entrance.get(&api, &link).await;
                assert_eq!(linked.status, 200, "{link} in {page} of {entrance:?}");
                let media_type = match link.path().rsplit('.').next() {
                    Some("css") => "text/css; charset=utf-8",
                    Some("js") => "text/javascript; charset=utf-8",
                    Some("json") => "application/json",
                    Some("svg") => "image/svg+xml",
                    Some("txt") => "text/plain; charset=utf-8",
                    _ => "text/html; charset=utf-8",
                };
                assert_eq!(linked.header("content-type"), media_type, "{link}");
                assert_eq!(linked.header("x-content-type-options"), "nosniff", "{link}");
            }
        }
    }
}

#[tokio::test]
async fn the_root_redirects_to_the_documentation() {
    let api = Api::start("api-docs").await;
    for entrance in &ENTRANCES {
        let mut roots = vec![entrance.url("/")];
        if entrance.stage_in_path {
            roots.push(entrance.url(""));
        }
        for root in roots {
            let answer = entrance.get(&api, &root).await;
            assert_eq!(answer.status, 307, "{root} of {entrance:?}");
            let location = root.join(answer.header("location")).expect("a URL");
            assert_eq!(location, entrance.url("/docs"), "{entrance:?}");
        }
    }
}

#[tokio::test]
async fn the_page_loads_the_document_and_the_document_names_the_api() {
    let api = Api::start("api-docs").await;
    for entrance in &ENTRANCES {
        let page = entrance.url("/docs");
        let links = links(&entrance.get(&api, &page).await.text);
        let script = links.iter().find(|link| link.contains("initializer"));
        let script = page.join(script.expect("a script")).expect("a URL");
        let script = entrance.get(&api, &script).await.text;
        let url = script.split("url: \"").nth(1);
        let url = url.and_then(|rest| rest.split('"').next()).expect("a URL");
        // A browser resolves it against the page, not against the script.
        let document = page.join(url).expect("a URL");
        assert_eq!(document, entrance.url("/openapi.json"), "{entrance:?}");
        let body = entrance.get(&api, &document).await.ok().body;
        let server = body["servers"][0]["url"].as_str().expect("a server");
        let server = document.join(server).expect("a URL");
        assert_eq!(server, entrance.url("/"), "{entrance:?}");
    }
}

#[tokio::test]
async fn any_other_path_is_404() {
    let api = Api::start("api-docs").await;
    for entrance in &ENTRANCES {
        for path in ["/nothing", "/docs/", "/docs/nothing", "/docs/docs.css"] {
            let answer = entrance.get(&api, &entrance.url(path)).await;
            assert_eq!(answer.status, 404, "{path} of {entrance:?}");
        }
    }
}

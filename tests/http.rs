//! What every endpoint does alike: methods, negotiation, caching, compression, origins, ids.

use crate::harness::api::Api;
use serde_json::json;

#[tokio::test]
async fn head_is_get_without_the_body_and_options_lists_the_methods() {
    let api = Api::start("get-film").await;
    let get = api.get("/films/1").await.ok();
    let head = api.send("HEAD", "/films/1", &[]).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    for name in ["content-type", "etag", "cache-control"] {
        assert_eq!(head.headers[name], get.headers[name], "{name}");
    }
    assert_eq!(api.send("HEAD", "/films/9999", &[]).await.status, 404);
    let options = api.send("OPTIONS", "/films/1", &[]).await;
    assert_eq!((options.status, options.text.as_str()), (204, ""));
    assert_eq!(options.header("allow"), "GET, HEAD, OPTIONS");
}

#[tokio::test]
async fn a_method_that_would_write_is_405_with_those_that_are_allowed() {
    let api = Api::start("search-films").await;
    for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "FROB"] {
        let answer = api.send(method, "/films?limit=0", &[]).await;
        answer.assert_problem(405, &format!("{method} is not allowed"));
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    }
}

#[tokio::test]
async fn a_client_that_takes_no_json_is_told_what_there_is() {
    let api = Api::start("list-categories").await;
    for accept in ["text/html", "application/json;q=0, text/*", "image/png"] {
        let answer = api.send("GET", "/categories", &[("accept", accept)]).await;
        answer.assert_problem(406, "application/json");
    }
    for accept in ["application/json", "text/html,*/*;q=0.8", "application/*"] {
        let answer = api.send("GET", "/categories", &[("accept", accept)]).await;
        assert_eq!(answer.status, 200, "{accept}");
    }
    // Decided before the query runs, and before its parameters are read.
    let html = [("accept", "text/html")];
    api.database
        .execute("ALTER TABLE category RENAME TO hidden")
        .await;
    let answer = api.send("GET", "/categories", &html).await;
    answer.assert_problem(406, "application/json");
}

#[tokio::test]
async fn what_a_client_has_already_is_304_without_the_body_until_it_changes() {
    let api = Api::start("search-films").await;
    let first = api.get("/films?limit=2").await.ok();
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    assert_eq!(first.header("cache-control"), "public, max-age=60");
    for given in [&tag, "*", &format!("\"other\", {tag}")] {
        let again = api
            .send("GET", "/films?limit=2", &[("if-none-match", given)])
            .await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{given}");
        assert_eq!(again.header("etag"), tag);
        assert_eq!(again.header("cache-control"), "public, max-age=60");
        assert_eq!(again.header("vary"), "accept-encoding");
        assert!(again.headers["content-type"].is_null());
    }
    api.database
        .execute("UPDATE film SET title = 'CHANGED' WHERE film_id = 1")
        .await;
    let changed = api
        .send("GET", "/films?limit=2", &[("if-none-match", &tag)])
        .await;
    assert_eq!(changed.ok().items()[0]["title"], "CHANGED");
}

#[tokio::test]
async fn what_is_personal_or_only_true_now_is_not_kept() {
    let api = Api::start("rentals-by-customer").await;
    let rentals = api.get("/customers/1/rentals").await.ok();
    assert_eq!(rentals.header("cache-control"), "private, no-store");
    assert!(rentals.headers["etag"].is_null());
    let problem = api.get("/customers/1/rentals?limit=x").await;
    assert_eq!(problem.header("cache-control"), "no-store");
    let health = Api::start_on(api.database, "db-health", &[]).await;
    let health = health.get("/health/db").await.ok();
    assert_eq!(health.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_large_body_is_gzip_for_those_who_take_it() {
    let api = Api::start("search-films").await;
    let plain = api.get("/films?limit=100").await.ok();
    assert!(plain.headers["content-encoding"].is_null());
    assert_eq!(plain.header("vary"), "accept-encoding");
    let gzip = [("accept-encoding", "gzip, br")];
    let packed = api.send("GET", "/films?limit=100", &gzip).await.ok();
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(packed.text, plain.text);
    assert_eq!(packed.headers["etag"], plain.headers["etag"]);
    let small = api.send("GET", "/films?limit=1", &gzip).await.ok();
    assert!(small.headers["content-encoding"].is_null());
    let refused = [("accept-encoding", "gzip;q=0, *")];
    let refused = api.send("GET", "/films?limit=100", &refused).await.ok();
    assert!(refused.headers["content-encoding"].is_null());
}

#[tokio::test]
async fn a_request_keeps_its_id_or_gets_one() {
    let api = Api::start("get-film").await;
    let named = [("x-request-id", "order-7")];
    let answer = api.send("GET", "/films/x", &named).await;
    assert_eq!(answer.header("x-request-id"), "order-7");
    let id = answer.body["request_id"].as_str().expect("an id");
    assert_eq!(id.len(), 36, "{id}");
    let logs = api.function.logs().join("\n");
    for (name, id) in [
        ("function_request_id", id),
        ("client_request_id", "order-7"),
        ("gateway_request_id", "request"),
    ] {
        let field = format!(r#""{name}":"{id}""#);
        assert!(logs.contains(&field), "{field} is not in {logs}");
    }
    let long = "x".repeat(129);
    for named in [&[][..], &[("x-request-id", long.as_str())][..]] {
        let answer = api.send("GET", "/films/x", named).await;
        let id = answer.header("x-request-id");
        assert!(id.len() == 36, "{id}");
        assert_eq!(answer.body["request_id"], id);
    }
}

#[tokio::test]
async fn the_time_of_the_database_is_a_part_of_the_whole() {
    let api = Api::start("get-film").await;
    let timing = async |url: &str| -> (f64, f64) {
        let answer = api.get(url).await;
        let timing = answer.header("server-timing").to_owned();
        let part = |name: &str| -> f64 {
            let part = timing.split(", ").find_map(|part| part.strip_prefix(name));
            part.and_then(|text| text.parse().ok())
                .unwrap_or_else(|| panic!("{timing}"))
        };
        (part("total;dur="), part("db;dur="))
    };
    let (total, database) = timing("/films/1").await;
    assert!(0.0 < database && database < total, "{database} of {total}");
    let (_, database) = timing("/films/x").await;
    assert_eq!(database, 0.0);
}

#[tokio::test]
async fn a_page_of_another_origin_reads_answers_only_where_the_configuration_says_so() {
    let (ours, theirs) = ("https://app.example.com", "https://evil.example.com");
    let preflight = |origin| {
        [
            ("origin", origin),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "authorization"),
        ]
    };
    for (configured, asks, allowed) in [
        ("", ours, None),
        ("*", theirs, Some("*")),
        (ours, ours, Some(ours)),
        (ours, theirs, None),
        (
            "http://localhost:3000, https://app.example.com",
            ours,
            Some(ours),
        ),
    ] {
        let api = Api::start_with("get-film", &[("CORS_ORIGINS", configured)]).await;
        let answer = api.send("GET", "/films/1", &[("origin", asks)]).await.ok();
        let origin = "access-control-allow-origin";
        assert_eq!(answer.headers[origin], json!(allowed), "{configured}");
        let exposed = answer.header("access-control-expose-headers");
        assert_eq!(exposed.contains("etag"), allowed.is_some());
        let varies = answer.header("vary").contains("origin");
        assert_eq!(varies, !["", "*"].contains(&configured), "{configured}");
        assert!(answer.header("vary").contains("accept-encoding"));
        let answer = api.send("OPTIONS", "/films/1", &preflight(asks)).await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.headers[origin], json!(allowed), "{configured}");
        let headers = answer.header("access-control-allow-headers");
        assert_eq!(headers.contains("authorization"), allowed.is_some());
        // A shared cache may hand this response to a browser.
        let answer = api.send("GET", "/films/1", &[]).await.ok();
        let always = (configured == "*").then_some("*");
        assert_eq!(answer.headers[origin], json!(always), "{configured}");
        assert_eq!(answer.header("vary").contains("origin"), varies);
        // Problems too, or a page could not tell what was wrong.
        let answer = api.send("GET", "/films/x", &[("origin", asks)]).await;
        assert_eq!(answer.headers[origin], json!(allowed), "{configured}");
    }
}

#[tokio::test]
async fn a_response_does_not_grow_with_the_violations_of_its_request() {
    let api = Api::start("search-films").await;
    let same = vec!["a"; 5000].join("&");
    let answer = api.get(&format!("/films?{same}")).await;
    answer.assert_problem(422, "a is unknown; known parameters are ");
    assert_eq!(answer.body["errors"].as_array().map(Vec::len), Some(1));
    assert!(answer.text.len() < 1500, "{}", answer.text.len());
    let names: Vec<_> = (0..2000).map(|n| format!("a{n}=1")).collect();
    let answer = api.get(&format!("/films?{}", names.join("&"))).await;
    answer.assert_problem(422, "a19 is unknown; and 1980 more; known parameters are");
    assert_eq!(answer.body["errors"].as_array().map(Vec::len), Some(20));
    assert!(answer.text.len() < 4000, "{}", answer.text.len());
}

#[tokio::test]
async fn no_response_may_be_taken_for_another_media_type() {
    let api = Api::start("get-film").await;
    for url in ["/films/1", "/films/x", "/films/9999"] {
        let answer = api.get(url).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{url}");
    }
}

#[tokio::test]
async fn a_wrong_origin_in_the_configuration_is_reported() {
    let api = Api::start_with("get-film", &[("CORS_ORIGINS", "example.com")]).await;
    api.get("/films/1").await.assert_problem(503, "try again");
    let logs = api.function.logs().join("\n");
    assert!(
        logs.contains("CORS_ORIGINS must be * or a comma-separated list"),
        "{logs}"
    );
}

#[tokio::test]
async fn violations_of_path_and_query_come_together() {
    let api = Api::start("films-by-category").await;
    let answer = api.get("/categories/a%00/films?limit=0&x=1").await;
    for (name, value) in [("category", "a\0"), ("limit", "0"), ("x", "1")] {
        answer.assert_invalid(name, value);
    }
    assert_eq!(answer.body["type"], "../../docs/problems#invalid");
    assert_eq!(answer.body["errors"][0]["in"], "path");
    assert_eq!(answer.body["errors"][1]["in"], "query");
}

#[tokio::test]
async fn a_header_that_is_not_ascii_is_no_reason_to_refuse() {
    let api = Api::start("get-film").await;
    for name in [
        "user-agent",
        "accept",
        "x-request-id",
        "origin",
        "if-none-match",
    ] {
        let answer = api.send("GET", "/films/1", &[(name, "Zoë/1.0")]).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text);
    }
}

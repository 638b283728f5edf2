//! What is made of paths, queries and headers as API Gateway sends them: paths and their parameters
//! decoded, the query as it came, headers that were repeated joined by commas.

use serde_json::{Value, json};
use stub::{Answer, Api, Case};

async fn api() -> Api {
    Api::start().await.expect("the stub starts")
}

fn get(url: &str) -> Case {
    Case::get(url).expect("an endpoint")
}

async fn answer(api: &Api, case: &Case) -> Answer {
    let answer = api.check(case).await;
    answer.unwrap_or_else(|error| panic!("{error}"))
}

/// What the query is to the endpoint: `next` without its cursor. The stub likes to have a next page
/// or not; with some `skip`, which is not part of it, it has one.
async fn base(api: &Api, case: &Case) -> String {
    let event: Value = serde_json::from_str(&case.event).expect("JSON");
    let query = event["rawQueryString"].as_str().unwrap_or_default();
    for skip in 0..8 {
        let query = format!("{query}&limit=1&skip={skip}");
        let answer = answer(api, &case.with("/rawQueryString", query.into())).await;
        assert_eq!(answer.status, 200, "{case:?}: {answer:?}");
        if let Some(next) = answer.next() {
            let base = next.split("limit=").next().expect("a start");
            return base.to_owned();
        }
    }
    panic!("no page of {case:?} has a next");
}

/// What is wrong with a request: name, value and what must be.
async fn violation(api: &Api, case: &Case) -> (String, String, String) {
    let answer = answer(api, case).await;
    assert_eq!(answer.status, 422, "{case:?}: {answer:?}");
    let first = &answer.body["errors"][0];
    let text = |field| first[field].as_str().expect("a text").to_owned();
    (text("name"), text("value"), text("reason"))
}

#[tokio::test]
async fn a_query_is_decoded_once_and_a_plus_is_a_space() {
    let api = api().await;
    for (given, decoded) in [
        ("starts_with=a+b%2Bc", "starts_with=a%20b%2Bc&"),
        ("starts_with=a%20b%2bc", "starts_with=a%20b%2Bc&"),
        ("starts_with=%2541", "starts_with=%2541&"),
        ("starts_with=100%25", "starts_with=100%25&"),
        ("st%61rts_with=%C3%A9", "starts_with=%C3%A9&"),
        ("starts_with=é", "starts_with=%C3%A9&"),
        ("starts_with=a=b", "starts_with=a%3Db&"),
        (
            "language=%26&starts_with=%3D",
            "language=%26&starts_with=%3D&",
        ),
        ("&&starts_with=a&&", "starts_with=a&"),
        // What is no percent-encoding is what it says, as browsers have it.
        ("starts_with=50%", "starts_with=50%25&"),
        ("starts_with=%zz", "starts_with=%25zz&"),
    ] {
        let base = base(&api, &get(&format!("/films?{given}"))).await;
        assert_eq!(base, format!("?{decoded}"), "{given}");
    }
}

#[tokio::test]
async fn a_list_is_the_same_between_commas_and_one_by_one() {
    let api = api().await;
    for given in ["rating=PG&rating=R", "rating=PG,R", "rating=PG%2CR"] {
        assert_eq!(
            answer(&api, &get(&format!("/films?{given}"))).await.status,
            200
        );
    }
    let wrong = ["rating=PG&rating=X", "rating=PG,X", "rating=PG%2CX"];
    for given in wrong {
        let (name, value, _) = violation(&api, &get(&format!("/films?{given}"))).await;
        assert_eq!((&*name, &*value), ("rating", "X"), "{given}");
    }
    // What is one value has none between commas, and must come once.
    let (name, value, _) = violation(&api, &get("/films?limit=1,2")).await;
    assert_eq!((&*name, &*value), ("limit", "1,2"));
    let (_, _, reason) = violation(&api, &get("/films?limit=1&limit=2")).await;
    assert_eq!(reason, "must not be repeated");
}

#[tokio::test]
async fn the_query_is_read_from_what_came_and_not_from_what_the_gateway_joined() {
    let api = api().await;
    let joined = json!({ "limit": "1,2", "title": "x" });
    let case = get("/films?starts_with=a").with("/queryStringParameters", joined);
    assert_eq!(base(&api, &case).await, "?starts_with=a&");
}

#[tokio::test]
async fn bytes_that_are_no_utf_8_are_refused_by_name() {
    let api = api().await;
    for (given, name, value) in [
        ("starts_with=%FF", "starts_with", "%FF"),
        ("starts_with=%C3", "starts_with", "%C3"),
        ("%FF=1", "%FF", "1"),
    ] {
        let violation = violation(&api, &get(&format!("/films?{given}"))).await;
        let (found, what, reason) = (&*violation.0, &*violation.1, &*violation.2);
        assert_eq!((found, what), (name, value));
        assert_eq!(reason, "must be percent-encoded UTF-8");
    }
    // The gateway decodes a path itself, and leaves this of such bytes.
    for category in ["%FF", "%00"] {
        let case = get(&format!("/categories/{category}/films"));
        let (name, _, reason) = violation(&api, &case).await;
        assert_eq!(
            (&*name, &*reason),
            ("category", "must be UTF-8 without NUL")
        );
    }
}

#[tokio::test]
async fn a_path_is_taken_as_decoded_already() {
    let api = api().await;
    for (category, path) in [
        ("a%20b", "/categories/a%20b/films"),
        ("100%25", "/categories/100%25/films"),
        // Decoded once: this is `%41`, and not `A`.
        ("%2541", "/categories/%2541/films"),
        // In a path, a plus is a plus.
        ("a+b", "/categories/a%2Bb/films"),
        ("%C3%A9", "/categories/%C3%A9/films"),
    ] {
        let case = get(&format!("/categories/{category}/films?limit=101"));
        let problem = answer(&api, &case).await;
        assert_eq!(problem.body["instance"], path, "{category}");
    }
    let (_, value, _) = violation(&api, &get("/films/1%2520")).await;
    assert_eq!(value, "1%20");
}

#[tokio::test]
async fn a_path_parameter_is_never_cut_from_the_path() {
    let api = api().await;
    let case = get("/films/1").with("/pathParameters/film_id", "x/y".into());
    let (_, value, _) = violation(&api, &case).await;
    assert_eq!(value, "x/y");
    let case = get("/films/1").with("/pathParameters", Value::Null);
    let (name, value, _) = violation(&api, &case).await;
    assert_eq!((&*name, &*value), ("film_id", ""));
}

#[tokio::test]
async fn what_the_local_router_leaves_encoded_is_decoded() {
    let api = api().await;
    let case = get("/categories/x/films?limit=101")
        .with("/routeKey", "$default".into())
        .with("/rawPath", "/categories/a%20b/films".into())
        .with("/pathParameters/category", "a%20b".into());
    let problem = answer(&api, &case).await;
    assert_eq!(problem.body["instance"], "/categories/a%20b/films");
}

#[tokio::test]
async fn a_query_that_is_absent_or_null_is_empty() {
    let api = api().await;
    let case = get("/films");
    let absent = case.event.replace(r#""rawQueryString":"","#, "");
    assert_ne!(absent, case.event);
    let null = case.with("/rawQueryString", Value::Null).event;
    for event in [absent, null] {
        let case = Case::new(case.endpoint, event);
        assert_eq!(answer(&api, &case).await.status, 200);
    }
}

#[tokio::test]
async fn urls_are_right_under_every_prefix() {
    let api = api().await;
    let case = get("/films?starts_with=a")
        .with("/rawPath", "/prod/films".into())
        .with("/requestContext/stage", "prod".into());
    // A query alone, which keeps whatever path the client used.
    assert_eq!(base(&api, &case).await, "?starts_with=a&");
    let case = case.with("/rawQueryString", "limit=0".into());
    let problem = answer(&api, &case).await;
    assert_eq!(problem.body["instance"], "/prod/films");
    // Relative to the path without the stage. An API mapping is not in any event.
    for (stage, path, kind) in [
        ("$default", "/films", "docs/problems#invalid"),
        ("prod", "/prod/films", "docs/problems#invalid"),
        ("prod", "/films", "docs/problems#invalid"),
        ("$default", "/v1/films", "../docs/problems#invalid"),
        ("prod", "/production/films", "../docs/problems#invalid"),
    ] {
        let case = case
            .with("/rawPath", path.into())
            .with("/requestContext/stage", stage.into());
        let problem = answer(&api, &case).await;
        assert_eq!(problem.body["type"], kind, "{stage} {path}");
    }
}

#[tokio::test]
async fn headers_that_were_repeated_are_read_as_one() {
    let api = api().await;
    for (accept, status) in [
        ("text/html,application/json", 200),
        ("application/json,text/html", 200),
        ("text/html,image/png", 406),
    ] {
        let case = get("/films/1").with("/headers/accept", accept.into());
        assert_eq!(answer(&api, &case).await.status, status, "{accept}");
    }
    let tag = answer(&api, &get("/films/1")).await.headers["etag"].clone();
    let tags = format!("W/\"x\",{}", tag.as_str().expect("a tag"));
    let case = get("/films/1").with("/headers/if-none-match", tags.into());
    assert_eq!(answer(&api, &case).await.status, 304);
    // Their names are in lower case, unless somebody else sends the event.
    let case = get("/films/1").with("/headers", json!({ "Accept": "text/html" }));
    assert_eq!(answer(&api, &case).await.status, 406);
}

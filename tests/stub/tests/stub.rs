//! The stub answers valid requests in the form in which PostgreSQL does.

use serde_json::{Value, json};
use stub::{Answer, Api, Case, Endpoint, ordinary_cases};

async fn api() -> Api {
    Api::start().await.expect("the stub starts")
}

async fn get(api: &Api, url: &str) -> Answer {
    let case = Case::get(url).expect("an endpoint");
    let answer = api.check(&case).await;
    answer.unwrap_or_else(|error| panic!("{url}: {error}"))
}

#[tokio::test]
async fn every_endpoint_answers_the_examples_of_the_document() {
    let api = api().await;
    let mut answered = Vec::new();
    for case in ordinary_cases() {
        let answer = api.check(&case).await.expect("a proper response");
        let statuses = [200, 307, 404];
        assert!(statuses.contains(&answer.status), "{case:?}: {answer:?}");
        if answer.status == 200 {
            answered.push(case.endpoint.name);
        }
    }
    for endpoint in Endpoint::ALL {
        assert!(answered.contains(&endpoint.name), "{endpoint:?}");
    }
}

#[tokio::test]
async fn a_list_has_items_and_may_have_a_next_page() {
    let api = api().await;
    for (url, is_last) in [
        ("/films", true),
        ("/films?limit=2", false),
        ("/films?q=dinosaur&limit=1&skip=1&count=exact", false),
        ("/categories/1/films?limit=1&skip=3", false),
        ("/customers/1/rentals?limit=2", false),
    ] {
        let answer = get(&api, url).await;
        assert_eq!(answer.status, 200, "{url}: {answer:?}");
        let items = answer.body["items"].as_array().expect("items");
        assert!(!items.is_empty(), "{url}");
        assert_eq!(answer.next().is_none(), is_last, "{url}: {answer:?}");
    }
    let total = &get(&api, "/films?count=exact").await.body["total"];
    assert!(total.is_u64(), "{total}");
}

#[tokio::test]
async fn an_id_is_known_or_unknown() {
    let api = api().await;
    let film = get(&api, "/films/1").await;
    assert_eq!(film.body["actors"], json!([{ "name": "Ä" }]));
    assert_eq!(film.body["rental_rate"].to_string(), "1.9");
    assert_eq!(get(&api, "/films/4").await.status, 404);
    assert_eq!(get(&api, "/health/db").await.body["status"], "healthy");
    assert_eq!(get(&api, "/films/x").await.status, 422);
}

#[tokio::test]
async fn an_event_that_only_lambda_http_can_read_is_answered() {
    let api = api().await;
    let mut case = Case::get("/films?limit=2").expect("an endpoint");
    case.event = case.event.replace("1782864000000", "1,\"unknown\":1e999");
    assert!(serde_json::from_str::<Value>(&case.event).is_err());
    let answer = api.check(&case).await.expect("a proper response");
    assert!(answer.next().is_some(), "{answer:?}");
}

//! The stub answers ordinary requests as PostgreSQL would, in form.

use serde_json::{Value, json};
use stub::{Answer, Api, Case, Endpoint, ordinary_cases};

async fn get(api: &Api, url: &str) -> Answer {
    let case = Case::get(url).expect("an endpoint");
    let answer = api.exercise(&case).await;
    answer.unwrap_or_else(|error| panic!("{url}: {error}"))
}

#[tokio::test]
async fn every_ordinary_request_has_its_answer() {
    let api = Api::start().await.expect("it starts");
    let mut found = Vec::new();
    for case in ordinary_cases() {
        let answer = api.exercise(&case).await.expect("an answer");
        assert!(
            [200, 307, 404].contains(&answer.status),
            "{case:?}: {answer:?}"
        );
        if answer.status == 200 {
            found.push(case.endpoint);
        }
    }
    for endpoint in Endpoint::ALL {
        assert!(found.contains(endpoint), "{endpoint:?}");
    }
}

#[tokio::test]
async fn a_list_has_items_and_some_have_a_next_page() {
    let api = Api::start().await.expect("it starts");
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
async fn one_thing_is_there_or_not() {
    let api = Api::start().await.expect("it starts");
    let film = get(&api, "/films/1").await;
    assert_eq!(film.body["actors"], json!([{ "name": "Ä" }]));
    assert_eq!(film.body["rental_rate"].to_string(), "1.9");
    assert_eq!(get(&api, "/films/4").await.status, 404);
    assert_eq!(get(&api, "/health/db").await.body["status"], "healthy");
    assert_eq!(get(&api, "/films/x").await.status, 422);
}

#[tokio::test]
async fn an_event_that_only_lambda_http_can_read_is_no_finding() {
    let api = Api::start().await.expect("it starts");
    let mut case = Case::get("/films?limit=2").expect("an endpoint");
    case.event = case.event.replace("1782864000000", "1,\"unknown\":1e999");
    assert!(serde_json::from_str::<Value>(&case.event).is_err());
    let answer = api.exercise(&case).await.expect("an answer");
    assert!(answer.next().is_some(), "{answer:?}");
}

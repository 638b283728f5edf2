//! The document says what the code does.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    time::Duration,
};

use crate::harness::{
    Database,
    api::{Answer, Api},
    route,
};
use local::paths;
use openapi::{document, text};
use serde_json::{Value, json};

#[test]
fn the_document_that_is_checked_in_is_made_from_this_code() {
    let file = paths::root().join("infra/openapi.json");
    let checked_in = fs::read_to_string(&file).expect("infra/openapi.json");
    assert!(
        checked_in == text(),
        "{} is stale: `make openapi` writes it anew",
        file.display()
    );
}

#[test]
fn the_document_and_the_router_have_the_same_routes() {
    let document = document();
    let documented: BTreeSet<&String> = document["paths"]
        .as_object()
        .expect("paths")
        .keys()
        .collect();
    let mut routes = route::all();
    routes.retain(|route| !route.takes_the_rest());
    let routed = routes.iter().map(|route| &route.path);
    assert_eq!(documented, routed.collect());
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 20, "{references:?}");
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect<'a>(value: &'a Value, references: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(map) => {
            references.extend(map.get("$ref").and_then(Value::as_str));
            map.values().for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

/// The names of an operation's parameters of the query.
fn query_parameters(operation: &Value) -> BTreeSet<String> {
    let none = vec![];
    let parameters = operation["parameters"].as_array().unwrap_or(&none);
    let names = parameters
        .iter()
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| parameter["name"].as_str());
    names.map(ToOwned::to_owned).collect()
}

/// What a path is with the examples of its parameters.
fn example(path: &str, operation: &Value) -> String {
    let none = vec![];
    let parameters = operation["parameters"].as_array().unwrap_or(&none);
    let mut url = path.to_owned();
    for parameter in parameters
        .iter()
        .filter(|parameter| parameter["in"] == "path")
    {
        let name = parameter["name"].as_str().expect("a name");
        let value = parameter["example"].to_string();
        url = url.replace(&format!("{{{name}}}"), value.trim_matches('"'));
    }
    url
}

/// An instance of each function, on one database.
async fn apis() -> BTreeMap<String, Api> {
    let mut apis = BTreeMap::new();
    for route in route::all() {
        if route.takes_the_rest() {
            continue;
        }
        let database = Database::sample().await;
        let api = Api::start_on(database, &route.function, &[]).await;
        apis.insert(route.path, api);
    }
    apis
}

#[tokio::test]
async fn every_operation_takes_the_parameters_and_answers_with_the_fields_of_the_document() {
    let document = document();
    for (path, api) in apis().await {
        let operation = &document["paths"][&path]["get"];
        let url = example(&path, operation);
        let refused = api.get(&format!("{url}?no_such_parameter=1")).await;
        refused.assert_invalid("no_such_parameter", "1");
        let detail = refused.body["detail"].as_str().expect("a detail");
        let known = detail.split_once("known parameters are ");
        let known = known.map_or(BTreeSet::new(), |(_, names)| {
            names.split(", ").map(ToOwned::to_owned).collect()
        });
        assert_eq!(known, query_parameters(operation), "{path}");

        let answer = api.get(&url).await;
        let response = &operation["responses"][answer.status.to_string()];
        assert!(
            response.is_object(),
            "{url}: {} is not there",
            answer.status
        );
        assert!(answer.status < 400, "{url}: {}", answer.text);
        let schema = &response["content"]["application/json"]["schema"];
        assert_is_of(&answer.body, schema, &document, &url);
        for name in response["headers"].as_object().expect("headers").keys() {
            // Only where there is a next page, or something to compress.
            let sometimes = ["link", "vary"].contains(&name.as_str());
            assert!(
                sometimes || answer.headers[name].is_string(),
                "{url}: no {name}"
            );
        }
    }
}

/// Checks that objects have the properties of their schema, no others and all that are required.
fn assert_is_of(value: &Value, schema: &Value, document: &Value, place: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = document.pointer(reference.trim_start_matches('#'));
        return assert_is_of(value, schema.expect("a schema"), document, place);
    }
    match value {
        Value::Object(map) => {
            let properties = schema["properties"].as_object();
            // What is one of several is for the contract's test.
            let Some(properties) = properties else { return };
            for name in schema["required"].as_array().into_iter().flatten() {
                assert!(
                    map.contains_key(name.as_str().expect("a name")),
                    "{place}: no {name}"
                );
            }
            for (name, value) in map {
                let place = format!("{place} {name}");
                let schema = properties.get(name).unwrap_or_else(|| panic!("{place}"));
                assert_is_of(value, schema, document, &place);
            }
        }
        Value::Array(items) => {
            for item in items {
                assert_is_of(item, &schema["items"], document, place);
            }
        }
        _ => {}
    }
}

#[test]
fn every_operation_says_whether_it_needs_a_token() {
    let document = document();
    for (path, item) in document["paths"].as_object().expect("paths") {
        assert!(item["get"]["security"].is_array(), "{path}");
    }
}

#[test]
fn every_component_is_used() {
    let document = document();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    for (kind, components) in document["components"].as_object().expect("components") {
        for name in components.as_object().expect("components").keys() {
            let reference = format!("#/components/{kind}/{name}");
            let is_used = kind == "securitySchemes" || references.contains(&*reference);
            assert!(is_used, "{reference}");
        }
    }
}

/// A real problem of each kind that the document has.
async fn problems() -> Vec<Answer> {
    let mut films = Api::start("search-films").await;
    let film = Api::start("get-film").await;
    let rentals = Api::start_with("rentals-by-customer", &[("AUTHORIZATION", "jwt")]).await;
    let unreachable = Api::start_with("search-films", &[("DB_PORT", "1")]).await;
    let mut problems = vec![
        films.request("/films", json!({ "version": 2 })).await,
        rentals.get("/customers/1/rentals").await,
        rentals
            .get_as("/customers/1/rentals", json!({ "sub": "1" }))
            .await,
        film.get("/films/9999").await,
        films
            .send("GET", "/films", &[("accept", "text/html")])
            .await,
        films.get("/films?limit=101").await,
        unreachable.get("/films").await,
    ];
    let blocker = films.database.connect().await;
    let lock = "BEGIN; LOCK TABLE film IN ACCESS EXCLUSIVE MODE";
    blocker.batch_execute(lock).await.expect("a lock");
    films.function.deadline = Duration::from_secs(1);
    problems.push(films.get("/films").await);
    blocker.batch_execute("COMMIT").await.expect("no lock");
    films
        .database
        .execute("ALTER TABLE film RENAME TO hidden")
        .await;
    problems.push(films.get("/films").await);
    problems
}

#[tokio::test]
async fn the_examples_of_problems_are_real() {
    let document = document();
    let responses = document["components"]["responses"].as_object();
    let mut examples: BTreeMap<&str, Value> = responses
        .expect("responses")
        .values()
        .map(|response| &response["content"]["application/problem+json"]["example"])
        .filter_map(|example| Some((example["code"].as_str()?, example.clone())))
        .collect();
    for problem in problems().await {
        let code = problem.body["code"].as_str().expect("a code");
        let mut example = examples.remove(code).expect("one example of each kind");
        example["request_id"] = problem.body["request_id"].clone();
        assert_eq!(problem.body, example, "{}", problem.url);
    }
    assert!(examples.is_empty(), "{examples:?}");
}

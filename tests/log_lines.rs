//! The log lines of the real functions: flat JSON, metrics in the line of each request, nothing personal.

pub mod line;

use local::{
    Role,
    lambda::{Function, InvocationError},
};
use serde_json::{Value, json};

use crate::harness::{Database, api::Api, event, route, stack, start_function};
use line::Format;

const LEVELS: [&str; 4] = ["ERROR", "WARN", "INFO", "DEBUG"];
/// What no line may contain. The customer's id is 4815162.
const CANARIES: [&str; 4] = [
    "4815162",
    "canary.token",
    "canary@example.com",
    "canarytitle",
];
/// A request to each route, and requests that are refused: function, URL, status.
const REQUESTS: [(&str, &str, u64); 14] = [
    ("search-films", "/films?q=canarytitle", 200),
    (
        "search-films",
        "/films?title=canarytitle&limit=canarytitle",
        422,
    ),
    ("get-film", "/films/1", 200),
    ("get-film", "/films/4815162", 404),
    ("list-categories", "/categories", 200),
    ("films-by-category", "/categories/canarytitle/films", 404),
    ("rentals-by-customer", "/customers/4815162/rentals", 404),
    (
        "rentals-by-customer",
        "/customers/canary@example.com/rentals",
        422,
    ),
    ("db-health", "/health/db", 200),
    ("api-docs", "/", 307),
    ("api-docs", "/docs", 200),
    ("api-docs", "/docs/canarytitle", 404),
    ("api-docs", "/openapi.json", 200),
    ("api-docs", "/canary@example.com", 404),
];

/// A GET with everything that must not be logged: a token, and claims about a person.
fn personal(url: &str) -> Value {
    let path = url.split('?').next().unwrap_or_default();
    let route = route::matching(&route::all(), path);
    let claims = json!({"scope": "rentals:read", "email": "canary@example.com"});
    let mut event = event::get(&route, url, Some(claims));
    event["headers"]["authorization"] = "Bearer canary.token".into();
    event
}

/// The lines of a function at its end, each of which is checked, and without `secrets`.
async fn lines(name: &str, function: Function, secrets: &[&str]) -> Vec<Value> {
    let texts = function.stop().await;
    for secret in CANARIES.iter().chain(secrets) {
        let leak = texts.iter().find(|text| text.contains(secret));
        assert!(leak.is_none(), "{secret}: {leak:?}");
    }
    texts.iter().map(|text| line::parse(name, text)).collect()
}

/// Those of requests.
fn of_requests(lines: &[Value]) -> Vec<&Value> {
    lines
        .iter()
        .filter(|line| line["_aws"].is_object())
        .collect()
}

#[tokio::test]
async fn every_request_has_one_line_with_its_metrics_at_every_level() {
    let (format, mut database) = (Format::new(), Database::sample().await);
    let passwords = &stack().await.passwords;
    let passwords = [Role::Catalogue, Role::Rentals].map(|role| passwords.of(role));
    for level in LEVELS {
        for requests in REQUESTS.chunk_by(|(one, ..), (other, ..)| one == other) {
            let function = requests[0].0;
            let variables = [("AWS_LAMBDA_LOG_LEVEL", level), ("AUTHORIZATION", "jwt")];
            let api = Api::start_on(database, function, &variables).await;
            for (_, url, status) in requests {
                assert_eq!(
                    api.request(url, personal(url)).await.status,
                    *status,
                    "{url}"
                );
            }
            database = api.database;
            let lines = lines(function, api.function, &passwords).await;
            let answered = of_requests(&lines);
            assert_eq!(answered.len(), requests.len(), "{level}: {lines:?}");
            for (number, (line, (_, _, status))) in answered.iter().zip(requests).enumerate() {
                format.check(line);
                assert_eq!(line["status"], *status, "{line}");
                assert_eq!(line["message"], "answered", "{line}");
                assert_eq!(line["cold_start"], number == 0, "{line}");
            }
            let has_more = lines.len() > answered.len();
            assert_eq!(has_more, level == "DEBUG", "{level}: {lines:?}");
        }
    }
}

#[tokio::test]
async fn of_concurrent_invocations_one_is_a_cold_start() {
    let four = [("AWS_LAMBDA_MAX_CONCURRENCY", "4")];
    let api = Api::start_with("get-film", &four).await;
    let get = || api.get("/films/1");
    let answers = tokio::join!(get(), get(), get(), get());
    answers.3.ok();
    let lines = lines("get-film", api.function, &[]).await;
    let cold = lines.iter().filter(|line| line["cold_start"] == true);
    assert_eq!((lines.len(), cold.count()), (4, 1), "{lines:?}");
}

#[tokio::test]
async fn a_function_without_its_database_logs_why_it_did_not_start_and_each_503() {
    let format = Format::new();
    for level in ["ERROR", "INFO"] {
        let variables = [("DB_PORT", "1"), ("AWS_LAMBDA_LOG_LEVEL", level)];
        let api = Api::start_with("search-films", &variables).await;
        let url = "/films?q=canarytitle";
        assert_eq!(api.request(url, personal(url)).await.status, 503);
        let lines = lines("search-films", api.function, &[]).await;
        assert_eq!(lines.len(), 2, "{lines:?}");
        for line in &lines {
            assert_eq!(line["level"], "ERROR", "{line}");
            assert_eq!(line["class"], "connection_refused", "{line}");
            assert!(line["cause"].is_string(), "{line}");
        }
        assert_eq!(lines[0]["message"], "start-up failed");
        assert!(lines[0]["_aws"].is_null());
        format.check(&lines[1]);
        assert_eq!(
            (&lines[1]["status"], &lines[1]["db_statements"]),
            (&503.into(), &0.into())
        );
    }
}

#[tokio::test]
async fn a_fault_counts_once_and_has_its_sqlstate() {
    let api = Api::start("get-film").await;
    api.function.ready().await.expect("it starts");
    api.database
        .execute("ALTER TABLE film RENAME TO hidden")
        .await;
    api.get("/films/1")
        .await
        .assert_problem(500, "the service failed");
    let lines = lines("get-film", api.function, &[]).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    Format::new().check(&lines[0]);
    for (key, value) in [
        ("level", "ERROR".into()),
        ("message", "failed".into()),
        ("class", "query".into()),
        ("sqlstate", "42P01".into()),
        ("faults", Value::from(1)),
        ("db_statements", 1.into()),
    ] {
        assert_eq!(lines[0][key], value, "{key}: {}", lines[0]);
    }
}

#[tokio::test]
async fn a_panic_is_a_problem_and_a_fault_and_ends_only_its_request() {
    // It panics with the path in its message.
    let function = start_function("panicking", &[]).await;
    for _ in 0..2 {
        let event = personal("/canarytitle");
        let answer = function.invoke(event).await.expect("a response");
        assert_eq!(answer["statusCode"], 500, "{answer}");
        let body = answer["body"].as_str().unwrap_or_default();
        assert!(body.contains("the service failed"), "{answer}");
    }
    let lines = lines("panicking", function, &[]).await;
    let format = Format::new();
    for (number, pair) in lines.chunks(2).enumerate() {
        let [panicked, failed] = pair else {
            panic!("{lines:?}");
        };
        assert_eq!(panicked["message"], "panicked");
        let location = panicked["location"].as_str().expect("a place");
        assert!(
            location.starts_with("tests/harness/panicking.rs:"),
            "{location}"
        );
        let id = &failed["function_request_id"];
        assert_eq!((id, &panicked["function_request_id"]), (id, id));
        format.check(failed);
        assert_eq!(
            (&failed["class"], &failed["faults"]),
            (&"panic".into(), &1.into())
        );
        assert_eq!(failed["cold_start"], number == 0);
    }
    assert_eq!(lines.len(), 4, "{lines:?}");
}

#[tokio::test]
async fn a_slow_statement_is_a_warning_with_its_file() {
    let database = Database::sample().await;
    let slow = "CREATE OR REPLACE FUNCTION similar_titles(sought text)
        RETURNS TABLE (film_id integer, rank real) LANGUAGE plpgsql STABLE
        AS 'BEGIN PERFORM pg_sleep(0.25); END'";
    database.execute(slow).await;
    let variables = [("DB_SLOW_MS", "250"), ("AWS_LAMBDA_LOG_LEVEL", "DEBUG")];
    let api = Api::start_on(database, "search-films", &variables).await;
    let url = "/films?q=canarytitle";
    assert_eq!(api.request(url, personal(url)).await.status, 200);
    let lines = lines("search-films", api.function, &[]).await;
    let request = of_requests(&lines)[0];
    assert_eq!(request["db_statements"], 3, "{request}");
    let is_ours = |line: &&Value| line["function_request_id"] == request["function_request_id"];
    let ours = lines
        .iter()
        .filter(is_ours)
        .filter(|line| line["statement"].is_string());
    let ours: Vec<_> = ours.collect();
    let [fast, check, slow] = ours[..] else {
        panic!("not three statements: {ours:?}");
    };
    assert_eq!(
        (&fast["level"], &fast["message"]),
        (&"DEBUG".into(), &"statement".into())
    );
    assert_eq!(
        (&slow["level"], &slow["message"]),
        (&"WARN".into(), &"slow statement".into())
    );
    for line in [fast, slow] {
        assert_eq!(line["statement"], "shared/src/film.sql", "{line}");
    }
    assert_eq!(check["statement"], "search-films/src/check_words.sql");
    assert!(slow["statement_ms"].as_f64() >= Some(250.0), "{slow}");
}

#[tokio::test]
async fn a_statement_has_the_name_of_a_file() {
    let mut database = Database::sample().await;
    for (function, url, file) in [
        ("get-film", "/films/1", "get-film/src/get_film.sql"),
        (
            "list-categories",
            "/categories",
            "list-categories/src/list_categories.sql",
        ),
        ("db-health", "/health/db", "db-health/src/revision.sql"),
        (
            "films-by-category",
            "/categories/0/films",
            "films-by-category/src/find_by_id.sql",
        ),
    ] {
        let debug = [("AWS_LAMBDA_LOG_LEVEL", "DEBUG")];
        let api = Api::start_on(database, function, &debug).await;
        api.get(url).await;
        database = api.database;
        let lines = lines(function, api.function, &[]).await;
        let names = lines.iter().rev().map(|line| &line["statement"]);
        let last = names.into_iter().find(|name| name.is_string());
        assert_eq!(last, Some(&file.into()), "{lines:?}");
    }
}

#[tokio::test]
async fn events_of_other_functions_have_the_same_keys() {
    let stack = stack().await;
    let database = Database::sample().await;
    let migrate = start_function("migrate", &database.environment("migrate").await).await;
    migrate
        .invoke(json!({"command": "current"}))
        .await
        .expect("a report");
    let unknown = migrate.invoke(json!({"command": "canarytitle"})).await;
    assert!(
        matches!(unknown, Err(InvocationError::Function(_))),
        "{unknown:?}"
    );
    let password = stack.passwords.of(Role::Migrator);
    let texts = migrate.stop().await;
    let ended: Vec<_> = texts
        .iter()
        .map(|text| line::parse("migrate", text))
        .collect();
    let [ended, .., failed] = &ended[..] else {
        panic!("{texts:?}");
    };
    let message = ended["message"].as_str().unwrap_or_default();
    assert!(message.contains(" ended: "), "{ended}");
    assert_eq!(
        (&ended["cold_start"], &failed["level"]),
        (&true.into(), &"ERROR".into())
    );
    assert!(
        ended["function_request_id"].is_string() && ended["_aws"].is_null(),
        "{ended}"
    );
    assert!(!texts.join("\n").contains(password), "{texts:?}");

    let rotate = start_function("rotate-secret", &stack.variables()).await;
    let event = json!({"SecretId": "none", "ClientRequestToken": "x", "Step": "testSecret"});
    rotate.invoke(event).await.expect_err("no secret");
    let lines = lines("rotate-secret", rotate, &[]).await;
    assert_eq!(
        lines.last().map(|line| &line["level"]),
        Some(&"ERROR".into()),
        "{lines:?}"
    );
}

use std::process::Command;

use crate::harness::{Database, api::Api, binary, relay::Relay, route, stack};
use serde_json::Value;
use tokio::net::TcpListener;

#[tokio::test]
async fn a_function_that_started_without_its_database_answers_503_until_it_is_there() {
    // The port is known before anything listens on it.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let api = Api::start_with("search-films", &[("DB_PORT", &address.port().to_string())]).await;
    let answer = api.get("/films").await;
    answer.assert_problem(503, "try again");
    assert_eq!(answer.headers["retry-after"], "1");
    assert_eq!(answer.body["code"], "unavailable");

    let _relay = Relay::forwarding(&address.to_string()).await;
    api.get("/films").await.ok();
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_replaced_unseen() {
    let api = Api::start("search-films").await;
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for _ in 0..20 {
        api.get("/films").await.ok();
        api.database.execute(kill).await;
    }
    api.get("/films").await.ok();
}

#[tokio::test]
async fn a_migration_under_a_running_function_costs_it_no_request() {
    let api = Api::start("search-films").await;
    for length in [255, 260] {
        api.get("/films").await.ok();
        let sql = format!("ALTER TABLE film ALTER COLUMN title TYPE varchar({length})");
        api.database.execute(&sql).await;
        api.get("/films").await.ok();
    }
}

#[tokio::test]
async fn every_request_is_one_json_line_without_what_is_personal() {
    let api = Api::start("rentals-by-customer").await;
    api.get("/customers/1/rentals").await.ok();
    api.get("/customers/1/rentals?limit=0")
        .await
        .assert_invalid("limit", "0");
    let logs = api.function.logs();
    assert_eq!(logs.len(), 2, "{logs:?}");
    for (line, status) in logs.iter().zip([200, 422]) {
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(
            (&line["level"], &line["status"]),
            (&"INFO".into(), &status.into()),
            "{line}"
        );
        assert_eq!(line["route"], "ANY /customers/{customer_id}/rentals");
        assert!(
            line["timestamp"].is_string() && line["function_request_id"].is_string(),
            "{line}"
        );
        assert!(
            line["duration_ms"]
                .as_f64()
                .is_some_and(|duration| duration > 0.0),
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_fault_is_logged_once_with_its_sqlstate() {
    let api = Api::start("search-films").await;
    api.function.ready().await.expect("it starts");
    api.database
        .execute("ALTER TABLE film RENAME TO hidden")
        .await;
    api.get("/films?title=secret")
        .await
        .assert_problem(500, "the service failed");
    let logs = api.function.logs();
    let faults: Vec<_> = logs.iter().filter(|line| line.contains("ERROR")).collect();
    assert_eq!(faults.len(), 1, "{logs:?}");
    assert!(
        faults[0].contains(r#""sqlstate":"42P01""#) && !faults[0].contains("secret"),
        "{faults:?}"
    );
}

#[tokio::test]
async fn a_value_that_the_database_cannot_represent_is_the_clients_fault() {
    let api = Api::start("search-films").await;
    api.database
        .execute(
            "CREATE OR REPLACE FUNCTION similar_titles(sought text)
                 RETURNS TABLE (film_id integer, rank real) LANGUAGE plpgsql STABLE
                 AS 'BEGIN RAISE numeric_value_out_of_range; END'",
        )
        .await;
    let answer = api.get("/films?q=zzzz").await;
    answer.assert_problem(422, "a value that the database cannot represent");
    let logs = api.function.logs().join("\n");
    assert!(!logs.contains("22003"), "{logs}");
}

#[tokio::test]
async fn personal_data_is_not_open_in_lambda_whatever_the_configuration_says() {
    let lambda = [
        ("AUTHORIZATION", "none"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
    ];
    let api = Api::start_with("rentals-by-customer", &lambda).await;
    let answer = api.get("/customers/1/rentals").await;
    answer.assert_problem(401, "token");
    let scope = serde_json::json!({"scope": "rentals:read"});
    let answer = api.get_as("/customers/1/rentals", scope).await;
    answer.assert_problem(503, "try again");
    let logs = api.function.logs().join("\n");
    assert!(logs.contains("AUTHORIZATION must not be none"), "{logs}");
    assert!(logs.contains(r#""level":"ERROR""#), "{logs}");
}

#[tokio::test]
async fn a_function_of_one_request_at_a_time_starts_without_a_warning() {
    let one = [("AWS_LAMBDA_MAX_CONCURRENCY", "1")];
    let api = Api::start_with("get-film", &one).await;
    api.get("/films/1").await.ok();
    let logs = api.function.logs();
    assert_eq!(logs.len(), 1, "{logs:?}");
    let migrate = Api::start_with("migrate", &one).await.function;
    migrate.ready().await.expect("it starts");
    assert!(migrate.logs().is_empty(), "{:?}", migrate.logs());
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_504() {
    let database = Database::migrated().await;
    let api = Api::start_on(database, "search-films", &[]).await;
    let blocker = api.database.connect().await;
    blocker
        .batch_execute("BEGIN; LOCK TABLE film IN ACCESS EXCLUSIVE MODE")
        .await
        .expect("a lock");
    api.get("/films").await.assert_problem(504, "took too long");
    blocker.batch_execute("ROLLBACK").await.expect("no lock");
    api.get("/films").await.ok();
}

#[tokio::test]
async fn what_is_no_event_of_an_http_api_is_400() {
    let api = Api::start("search-films").await;
    for event in [
        "{}",
        "[]",
        "7",
        "null",
        r#""text""#,
        r#"{"requestContext":{"http":{"method":7}}}"#,
    ] {
        let answer = api
            .function
            .invoke_raw(event.into())
            .await
            .expect("an answer");
        assert_eq!(answer["statusCode"], 400, "{event}: {answer}");
    }
    api.get("/films").await.ok();
}

#[tokio::test]
async fn hosts_and_queries_that_no_url_can_have_are_answered() {
    let api = Api::start("search-films").await;
    let mut event = crate::harness::event::get(&route::of("search-films"), "/films", None);
    for (host, query, status) in [
        ("a b", "", 200),
        ("[", "limit=1", 200),
        ("x", "title=abc b<\"", 200),
        ("\u{7f}", "&&=&", 422),
    ] {
        event["headers"]["host"] = host.into();
        event["headers"]["x-forwarded-proto"] = "a b".into();
        event["rawQueryString"] = query.into();
        let answer = api.function.invoke(event.clone()).await.expect("an answer");
        assert!(
            [status, 400].contains(&answer["statusCode"].as_u64().unwrap_or_default()),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_binary_that_a_person_starts_says_what_runs_it() {
    stack().await;
    for function in ["search-films", "db-health"] {
        let output = Command::new(binary(function))
            .env_clear()
            .output()
            .expect("it runs");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success());
        assert!(
            error.contains("make run") && !error.contains("panicked"),
            "{error}"
        );
    }
}

use std::time::{Duration, Instant};

use crate::harness::{Database, api::Api};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::net::TcpListener;

#[tokio::test]
async fn a_database_that_answers_is_healthy() {
    let api = Api::start("db-health").await;
    let body = api.get("/health/db").await.ok().body;
    assert_eq!(
        (&body["status"], &body["database"]),
        (&"healthy".into(), &"connected".into())
    );
    assert!(
        body["latency_ms"]
            .as_f64()
            .is_some_and(|latency| latency > 0.0),
        "{body}"
    );
    let newest: String = api
        .database
        .value("SELECT max(version) FROM migrate.history", &[])
        .await;
    assert_eq!(body["revision"], newest);
    let timestamp = OffsetDateTime::parse(body["timestamp"].as_str().expect("text"), &Rfc3339);
    let age = OffsetDateTime::now_utc() - timestamp.expect("RFC 3339");
    assert!(age.unsigned_abs() < Duration::from_secs(60), "{age}");
}

#[tokio::test]
async fn a_role_without_a_statement_timeout_is_noticed() {
    // A clone lacks the settings of its roles.
    for (database, timeout) in [
        (Database::migrated().await, 5000),
        (Database::sample().await, 0),
    ] {
        let api = Api::start_on(database, "db-health", &[]).await;
        let body = api.get("/health/db").await.ok().body;
        assert_eq!(body["statement_timeout_ms"], timeout, "{body}");
    }
}

#[tokio::test]
async fn a_database_without_migrations_has_no_revision() {
    let api = Api::start_on(Database::empty().await, "db-health", &[]).await;
    let body = api.get("/health/db").await.ok().body;
    assert!(body["revision"].is_null(), "{body}");
}

/// What a health check says of a database that it cannot reach.
async fn unhealthy(variables: &[(&str, &str)], class: &str) {
    let api = Api::start_with("db-health", variables).await;
    api.function.ready().await.expect("it starts all the same");
    let started = Instant::now();
    let answer = api.get("/health/db").await;
    let took = started.elapsed();
    assert!(took < Duration::from_secs(3), "{class}: {took:?}");
    assert_eq!(answer.status, 503, "{}", answer.text);
    let timestamp = answer.body["timestamp"].as_str().expect("a timestamp");
    let expected = format!(
        r#"{{"status":"unhealthy","database":"disconnected","timestamp":"{timestamp}","error":"{class}"}}"#
    );
    assert_eq!(answer.text, expected);
    // Once at start-up, and once for the request.
    let logs = api.function.logs();
    let class = format!(r#""class":"{class}""#);
    assert_eq!(logs.len(), 2, "{logs:?}");
    assert!(logs.iter().all(|line| line.contains("ERROR")), "{logs:?}");
    assert!(logs[0].contains("start-up failed"), "{}", logs[0]);
    for part in [&class, r#""status":503"#] {
        assert!(logs[1].contains(part), "{}", logs[1]);
    }
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_is_unhealthy() {
    unhealthy(&[("DB_PORT", "1")], "connection_refused").await;
}

#[tokio::test]
async fn a_server_that_never_answers_is_unhealthy_in_time() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = silent.local_addr().expect("an address").port().to_string();
    unhealthy(&[("DB_PORT", &port)], "timeout").await;
}

#[tokio::test]
async fn a_database_that_does_not_exist_is_unhealthy() {
    unhealthy(&[("DB_NAME", "nowhere")], "no_database").await;
}

#[tokio::test]
async fn a_secret_that_does_not_exist_is_unhealthy() {
    unhealthy(&[("DB_SECRET_ID", "nothing")], "credentials").await;
}

#[tokio::test]
async fn a_secret_that_cannot_be_fetched_is_unhealthy_in_time() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}", silent.local_addr().expect("an address"));
    unhealthy(
        &[("AWS_ENDPOINT_URL_SECRETS_MANAGER", &endpoint)],
        "credentials",
    )
    .await;
}

#[tokio::test]
async fn a_wrong_configuration_is_unhealthy() {
    unhealthy(&[("DB_PORT", "many")], "configuration").await;
    unhealthy(&[("DB_SECRET_ID", "")], "configuration").await;
    unhealthy(&[("DB_CA_FILE", "/nowhere.pem")], "configuration").await;
}

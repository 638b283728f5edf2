//! The API behind a pooler in transaction mode, which gives each statement any server connection.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crate::harness::{Database, api::Api, event, pooler::Pooler, route, stack, start_function};
use local::{Role, lambda::Function};
use serde_json::Value;
use shared::{
    Connector,
    config::{Config, Source},
    tokio_postgres::{Client, types::Type},
};
use tokio::task::JoinSet;

const REQUESTS: [(&str, &[&str]); 6] = [
    (
        "search-films",
        &[
            "/films",
            "/films?q=dinosaur",
            "/films?q=dinosuar&count=exact",
            "/films?category=action&rating=PG,R&sort=-length",
            "/films?actor=penelope&length_max=90",
            "/films?q=zzzz",
        ],
    ),
    ("get-film", &["/films/1", "/films/2", "/films/9999"]),
    ("list-categories", &["/categories"]),
    (
        "films-by-category",
        &[
            "/categories/1/films",
            "/categories/tion/films",
            "/categories/zzzz/films",
        ],
    ),
    (
        "rentals-by-customer",
        &[
            "/customers/1/rentals",
            "/customers/2/rentals?status=returned",
            "/customers/0/rentals",
        ],
    ),
    ("db-health", &["/health/db"]),
];
const INSTANCES: usize = 3;
const ROUNDS: usize = 10;

/// The answer to a request, without what differs from one time to the next.
async fn answer(function: &Function, name: &str, url: &str) -> (u64, Value) {
    let route = route::of(name);
    let mut event = event::get(&route, url, None);
    event["headers"]["x-request-id"] = "same".into();
    let answer = function.invoke(event).await.expect("an answer");
    let body = answer["body"].as_str().unwrap_or_default();
    let mut body: Value = serde_json::from_str(body).expect("JSON");
    for varies in ["request_id", "timestamp", "latency_ms"] {
        body[varies] = Value::Null;
    }
    (answer["statusCode"].as_u64().expect("a status"), body)
}

/// The answers of functions that are connected directly.
async fn direct_answers(database: &Database) -> Answers {
    let mut answers = BTreeMap::new();
    for (name, urls) in REQUESTS {
        let function = start_function(name, &database.environment(name).await).await;
        for url in urls {
            answers.insert(*url, answer(&function, name, url).await);
        }
    }
    answers
}

/// Three instances of each function behind the pooler.
async fn instances(pooler: &Pooler, database: &Database) -> Vec<Instance> {
    let mut instances = Vec::new();
    for (name, urls) in REQUESTS {
        for _ in 0..INSTANCES {
            let variables = pooler.through(database.environment(name).await);
            let function = start_function(name, &variables).await;
            instances.push(Arc::new((name, urls, function)));
        }
    }
    instances
}

/// The name of a function, what it is asked, and one of its instances.
type Instance = Arc<(&'static str, &'static [&'static str], Function)>;
type Answers = BTreeMap<&'static str, (u64, Value)>;

#[tokio::test]
async fn every_endpoint_answers_through_a_pooler_as_it_does_directly() {
    let Some(pooler) = Pooler::start().await else {
        return;
    };
    let database = Database::migrated().await;
    let expected = Arc::new(direct_answers(&database).await);
    let instances = instances(&pooler, &database).await;
    for _ in 0..ROUNDS {
        ask_all(&instances, &expected).await;
    }
    let sql = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'interview_catalogue'";
    let connections: i64 = database.value(sql, &[]).await;
    assert!((1..=2).contains(&connections), "{connections}");
    // A connection is checked when it was idle for more than a second.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    ask_all(&instances, &expected).await;
    for instance in instances {
        let logs = instance.2.logs();
        let has_error = logs.iter().any(|line| line.contains("ERROR"));
        assert!(!has_error, "{}: {logs:?}", instance.0);
    }
}

/// Sends the requests of all instances at once, and compares each answer.
async fn ask_all(instances: &[Instance], expected: &Arc<Answers>) {
    let mut asking = JoinSet::new();
    for instance in instances {
        let (instance, expected) = (instance.clone(), expected.clone());
        asking.spawn(async move {
            let (name, urls, function) = &*instance;
            for url in *urls {
                let found = answer(function, name, url).await;
                assert_eq!(found, expected[url], "{url}");
            }
        });
    }
    while let Some(asked) = asking.join_next().await {
        asked.expect("equal answers");
    }
}

/// A connector to a database through the pooler.
async fn connector(pooler: &Pooler, database: &Database) -> Connector {
    let mut url = shared::tokio_postgres::Config::new();
    url.host("localhost")
        .port(pooler.port)
        .user(Role::Catalogue.name())
        .password(stack().await.passwords.of(Role::Catalogue))
        .dbname(&database.name)
        .ssl_mode(shared::tokio_postgres::config::SslMode::Require);
    let config = Config {
        ca_file: Some(pooler.ca_file.clone()),
        ..Config::new(Source::Url(Box::new(url)))
    };
    Connector::new(config).await.expect("a connector")
}

/// Of queries for a number, how many returned another one, and how many failed.
async fn wrong_and_failed(connector: &Connector, is_named: bool) -> (usize, usize) {
    let mut clients = JoinSet::new();
    for number in 0..6_i32 {
        let client = connector.client().await.expect("a connection");
        clients.spawn(async move {
            let (mut wrong, mut failed) = (0, 0);
            for _ in 0..50 {
                match ask(&client, number, is_named).await {
                    Ok(found) => wrong += usize::from(found != number),
                    Err(_) => failed += 1,
                }
            }
            (wrong, failed)
        });
    }
    let mut total = (0, 0);
    while let Some(counts) = clients.join_next().await {
        let (wrong, failed) = counts.expect("counts");
        total = (total.0 + wrong, total.1 + failed);
    }
    total
}

/// The number, by a statement of this client that has the shape of the others' statements.
async fn ask(
    client: &Client,
    number: i32,
    is_named: bool,
) -> Result<i32, shared::tokio_postgres::Error> {
    let sql = format!("SELECT {number} + $1::integer");
    let row = if is_named {
        let statement = client.prepare_typed(&sql, &[Type::INT4]).await?;
        client.query_one(&statement, &[&0]).await?
    } else {
        client.query_typed_one(&sql, &[(&0, Type::INT4)]).await?
    };
    row.try_get(0)
}

#[tokio::test]
async fn named_statements_fail_or_are_wrong_where_unnamed_ones_are_right() {
    let Some(pooler) = Pooler::start().await else {
        return;
    };
    let database = Database::sample().await;
    let connector = connector(&pooler, &database).await;
    let (wrong, failed) = wrong_and_failed(&connector, false).await;
    assert_eq!((wrong, failed), (0, 0));
    let (wrong, failed) = wrong_and_failed(&connector, true).await;
    println!("of 300 named statements, {wrong} were wrong and {failed} failed");
    assert!(wrong + failed > 0);
}

#[tokio::test]
async fn a_pooler_without_channel_binding_is_refused_where_it_is_required() {
    let Some(pooler) = Pooler::start().await else {
        return;
    };
    let database = Database::sample().await;
    let mut variables = pooler.through(database.environment("db-health").await);
    variables.push(("DB_CHANNEL_BINDING".to_owned(), "require".to_owned()));
    let function = start_function("db-health", &variables).await;
    let (status, body) = answer(&function, "db-health", "/health/db").await;
    assert_eq!((status, &body["error"]), (503, &"channel_binding".into()));
    let logs = function.logs().join("\n");
    assert!(logs.contains("set DB_CHANNEL_BINDING=prefer"), "{logs}");
    // PostgreSQL itself offers it.
    let direct = Api::start_on(database, "db-health", &[("DB_CHANNEL_BINDING", "require")]).await;
    direct.get("/health/db").await.ok();
}

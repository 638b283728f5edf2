//! How a request uses its connection: how many statements, how long, and what happens when the
//! connection or its host fails.

use std::time::{Duration, Instant};

use crate::harness::{Database, api::Api, log::ServerLog, relay::Relay};

/// A URL for each endpoint with a database. What each finds is on its first page.
const REQUESTS: [(&str, &str); 8] = [
    ("search-films", "/films"),
    ("search-films", "/films?q=dinosaur"),
    ("search-films", "/films?sort=-length&rating=PG&fields=title"),
    ("get-film", "/films/1"),
    ("list-categories", "/categories"),
    ("films-by-category", "/categories/1/films"),
    (
        "rentals-by-customer",
        "/customers/1/rentals?status=returned",
    ),
    ("db-health", "/health/db"),
];
/// Requests that need to look again, and how many statements they run.
const FURTHER: [(&str, &str, usize); 13] = [
    ("search-films", "/films?count=exact&limit=1", 2),
    // Whether the count or what is skipped would cost too much.
    ("search-films", "/films?count=exact&title=zzzz", 2),
    ("search-films", "/films?rating=PG&skip=101", 2),
    ("search-films", "/films?rating=PG&skip=100", 1),
    // Whether filters of a search would cost too much.
    ("search-films", "/films?q=dinosaur&category=1", 2),
    // A page that is not filled by the next titles.
    ("search-films", "/films?title=ter&sort=title", 1),
    ("search-films", "/films?title=zzzz&sort=title", 2),
    ("search-films", "/films?q=zzzz", 3),
    ("search-films", "/films?q=zzzz&count=exact", 3),
    // Whether any film has the words, before it looks for similar titles.
    ("search-films", "/films?q=dinosuar", 3),
    (
        "search-films",
        "/films?category=action&actor=greta&language=english",
        2,
    ),
    ("films-by-category", "/categories/tion/films", 2),
    ("rentals-by-customer", "/customers/0/rentals", 2),
];

/// The function on a database that logs every statement, after a first request.
async fn logged(function: &str, url: &str) -> (Api, ServerLog) {
    let database = Database::sample().await;
    let mut log = ServerLog::of(&database, &[("log_statement", "'all'")]).await;
    let api = Api::start_on(database, function, &[]).await;
    api.get(url).await;
    log.follow(&api, function).await;
    log.take();
    (api, log)
}

fn statements(log: &str) -> usize {
    let starts = ["execute <unnamed>:", "statement:"];
    log.lines()
        .filter(|line| starts.iter().any(|start| line.contains(start)))
        .count()
}

#[tokio::test]
async fn a_request_runs_one_statement_on_a_connection_in_use() {
    for (function, url) in REQUESTS {
        let (api, mut log) = logged(function, url).await;
        api.get(url).await.ok();
        let lines = log.take();
        assert_eq!(statements(&lines), 1, "{url}: {lines}");
    }
}

#[tokio::test]
async fn a_request_that_looks_again_runs_further_statements() {
    for (function, url, count) in FURTHER {
        let (api, mut log) = logged(function, url).await;
        let answer = api.get(url).await;
        assert!([200, 404].contains(&answer.status), "{}", answer.text);
        let lines = log.take();
        assert_eq!(statements(&lines), count, "{url}: {lines}");
        let logs = api.function.logs().pop().expect("a line");
        let told = format!(r#""db_statements":{count},"#);
        assert!(logs.contains(&told), "{told}: {logs}");
    }
}

#[tokio::test]
async fn start_up_runs_a_statement_of_every_function() {
    for (function, _) in REQUESTS {
        let database = Database::sample().await;
        let mut log = ServerLog::of(&database, &[("log_statement", "'all'")]).await;
        let api = Api::start_on(database, function, &[]).await;
        api.function.ready().await.expect("it starts");
        log.follow(&api, function).await;
        let at_start = log.take();
        assert!(statements(&at_start) > 0, "{function}: {at_start}");
        // Such as a privilege that the role lacks.
        assert!(api.function.logs().is_empty(), "{:?}", api.function.logs());
    }
}

/// The state of the function's connections as PostgreSQL sees them.
async fn count(api: &Api, condition: &str) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'search-films' AND {condition}"
    );
    api.database.value(&sql, &[]).await
}

async fn wait_for(api: &Api, condition: &str, expected: i64) {
    let started = Instant::now();
    while count(api, condition).await != expected {
        let waited = started.elapsed();
        assert!(
            waited < Duration::from_secs(5),
            "not {expected}: {condition}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

const TERMINATE: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'search-films'";

#[tokio::test]
async fn a_request_whose_backend_is_terminated_in_mid_query_is_answered() {
    let api = Api::start("search-films").await;
    api.get("/films").await.ok();
    let blocker = api.database.connect().await;
    for _ in 0..5 {
        blocker
            .batch_execute("BEGIN; LOCK TABLE film IN ACCESS EXCLUSIVE MODE")
            .await
            .expect("a lock");
        let request = api.get("/films");
        let accident = async {
            wait_for(&api, "wait_event_type = 'Lock'", 1).await;
            let ended: i64 = api.database.value(TERMINATE, &[]).await;
            assert_eq!(ended, 1);
            wait_for(&api, "wait_event_type = 'Lock'", 1).await;
            blocker.batch_execute("COMMIT").await.expect("no lock");
        };
        tokio::join!(request, accident).0.ok();
    }
    let logs = api.function.logs().join("\n");
    assert!(!logs.contains("ERROR"), "{logs}");
    // The retries count.
    let twice = logs.matches(r#""db_statements":2,"#).count();
    assert_eq!(twice, 5, "{logs}");
}

#[tokio::test]
async fn a_query_that_is_given_up_is_cancelled() {
    // The clone lacks the role's settings, and so its statement_timeout.
    let mut api = Api::start("search-films").await;
    api.get("/films").await.ok();
    api.function.deadline = Duration::from_secs(2);
    let blocker = api.database.connect().await;
    blocker
        .batch_execute("BEGIN; LOCK TABLE film IN ACCESS EXCLUSIVE MODE")
        .await
        .expect("a lock");
    for _ in 0..2 {
        let started = Instant::now();
        let answer = api.get("/films").await;
        let took = started.elapsed();
        answer.assert_problem(504, "took too long");
        assert!(took < Duration::from_secs(2), "{took:?}");
        assert_eq!(count(&api, "state = 'active'").await, 0);
    }
    blocker.batch_execute("COMMIT").await.expect("no lock");
    api.get("/films").await.ok();
}

#[tokio::test]
async fn a_plan_that_a_migration_made_stale_is_made_again() {
    let api = Api::start_with("get-film", &[("DB_PREPARED", "on")]).await;
    api.get("/films/1").await.ok();
    api.database
        .execute("ALTER TABLE film ALTER COLUMN title TYPE varchar(255)")
        .await;
    api.get("/films/1").await.ok();
    api.get("/films/1").await.ok();
}

/// The host of a reader that accepts connections and says nothing, and of a writer, on one port.
async fn silent_reader() -> (Relay, Relay) {
    let writer = Relay::forwarding("127.0.0.1:0").await;
    let reader = Relay::silent(&format!("[::1]:{}", writer.port)).await;
    (reader, writer)
}

/// The function with both hosts.
async fn with_reader(port: u16) -> Api {
    let port = port.to_string();
    let variables = [
        ("DB_HOST", "127.0.0.1"),
        ("DB_READER_HOST", "::1"),
        ("DB_PORT", &port),
    ];
    Api::start_with("search-films", &variables).await
}

#[tokio::test]
async fn a_reader_that_says_nothing_costs_a_second_once() {
    let (reader, writer) = silent_reader().await;
    let api = with_reader(writer.port).await;
    let ready = api.function.ready().await.expect("it starts");
    assert!(ready < Duration::from_millis(1900), "{ready:?}");
    api.get("/films").await.ok();
    assert_eq!((reader.opened(), writer.opened()), (1, 1));
    // The reader is remembered.
    let ended: i64 = api.database.value(TERMINATE, &[]).await;
    assert_eq!(ended, 1);
    let started = Instant::now();
    api.get("/films").await.ok();
    let took = started.elapsed();
    assert!(took < Duration::from_millis(800), "{took:?}");
    assert_eq!((reader.opened(), writer.opened()), (1, 2));
}

#[tokio::test]
async fn a_reader_that_is_back_is_used_after_half_a_minute() {
    let (reader, writer) = silent_reader().await;
    let api = with_reader(writer.port).await;
    api.get("/films").await.ok();
    reader.wake_up();
    let started = Instant::now();
    while reader.opened() == 1 {
        assert!(started.elapsed() < Duration::from_secs(40));
        tokio::time::sleep(Duration::from_millis(200)).await;
        api.get("/films").await.ok();
    }
    assert!(started.elapsed() > Duration::from_secs(28));
    assert_eq!((reader.opened(), writer.opened()), (2, 1));
}

#[tokio::test]
async fn a_reader_is_preferred() {
    let writer = Relay::silent("127.0.0.1:0").await;
    let reader = Relay::forwarding(&format!("[::1]:{}", writer.port)).await;
    let api = with_reader(writer.port).await;
    api.get("/films").await.ok();
    assert_eq!((reader.opened(), writer.opened()), (1, 0));
}

#[tokio::test]
async fn a_peer_that_vanished_is_noticed_before_the_query() {
    let relay = Relay::forwarding("127.0.0.1:0").await;
    let port = relay.port.to_string();
    let api = Api::start_with("search-films", &[("DB_PORT", &port)]).await;
    api.get("/films").await.ok();
    relay.fall_silent();
    // A connection is checked when it was idle for more than a second.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let started = Instant::now();
    api.get("/films").await.ok();
    let took = started.elapsed();
    assert!(took < Duration::from_millis(900), "{took:?}");
    assert_eq!(relay.opened(), 2);
}

#[tokio::test]
async fn an_old_connection_is_replaced_between_requests() {
    let relay = Relay::forwarding("127.0.0.1:0").await;
    let port = relay.port.to_string();
    let variables = [("DB_PORT", &*port), ("DB_POOL_RECYCLE", "1")];
    let api = Api::start_with("search-films", &variables).await;
    api.get("/films").await.ok();
    assert_eq!(relay.opened(), 1);
    let started = Instant::now();
    while relay.opened() == 1 {
        assert!(started.elapsed() < Duration::from_secs(5));
        api.get("/films").await.ok();
    }
    assert!(started.elapsed() > Duration::from_millis(500));
}

#[tokio::test]
async fn sixteen_requests_share_four_connections() {
    let variables = [("AWS_LAMBDA_MAX_CONCURRENCY", "16"), ("DB_POOL_SIZE", "4")];
    let api = Api::start_with("search-films", &variables).await;
    api.get("/films").await.ok();
    let blocker = api.database.connect().await;
    blocker
        .batch_execute("BEGIN; LOCK TABLE film IN ACCESS EXCLUSIVE MODE")
        .await
        .expect("a lock");
    let api = std::sync::Arc::new(api);
    let mut requests = tokio::task::JoinSet::new();
    for film in 1..=16 {
        let api = api.clone();
        requests.spawn(async move {
            let answer = api.get(&format!("/films?film_id={film}")).await.ok();
            assert_eq!(answer.each("film_id"), [film]);
        });
    }
    wait_for(&api, "wait_event_type = 'Lock'", 4).await;
    blocker.batch_execute("COMMIT").await.expect("no lock");
    while let Some(request) = requests.join_next().await {
        request.expect("an answer");
    }
    assert_eq!(count(&api, "true").await, 4);
}

//! How often a function waits for PostgreSQL: the round trips of a start, of a request on an open
//! connection, and of a request that has to connect again.

use std::{future::Future, time::Duration};

use local::trips::Trips;

use crate::harness::{Database, api::Api, stack};

/// A new connection: TCP, SSLRequest, TLS 1.3 and three of SCRAM.
const CONNECT: usize = 6;
/// A busy machine makes the count too high, and never too low.
const ATTEMPTS: usize = 10;

/// The round trips of a function.
struct Figures {
    function: &'static str,
    url: &'static str,
    /// From the start of the process until it is ready: a connection, and the statements that warm
    /// it up.
    start: usize,
    /// A request on an open connection.
    warm: usize,
}

const fn figures(function: &'static str, url: &'static str, [start, warm]: [usize; 2]) -> Figures {
    Figures {
        function,
        url,
        start,
        warm,
    }
}

const FIGURES: [Figures; 8] = [
    figures("search-films", "/films?q=dinosaur", [CONNECT + 1, 1]),
    figures("search-films", "/films?category=action", [CONNECT + 1, 2]),
    figures("get-film", "/films/1", [CONNECT + 1, 1]),
    figures("list-categories", "/categories", [CONNECT + 1, 1]),
    figures("films-by-category", "/categories/1/films", [CONNECT + 3, 1]),
    figures(
        "films-by-category",
        "/categories/action/films",
        [CONNECT + 3, 2],
    ),
    figures(
        "rentals-by-customer",
        "/customers/1/rentals",
        [CONNECT + 2, 1],
    ),
    figures("db-health", "/health/db", [CONNECT + 1, 1]),
];

async fn count_trips() -> Trips {
    let trips = Trips::start(stack().await.postgres.port).await;
    trips.expect("a free port")
}

/// Starts the function; returns it and the round trips until it was ready.
async fn start(trips: &Trips, function: &str) -> (Api, usize) {
    let database = Database::sample().await;
    let port = trips.port.to_string();
    trips.take();
    let api = Api::start_on(database, function, &[("DB_PORT", &port)]).await;
    api.function.ready().await.expect("it starts");
    (api, trips.take())
}

/// The round trips of a request.
async fn request(trips: &Trips, api: &Api, url: &str) -> usize {
    trips.take();
    api.get(url).await.ok();
    trips.take()
}

/// Checks that there are no more than `expected`, nor fewer, which would make the table wrong.
async fn assert_trips<F>(what: &str, expected: usize, count: impl Fn() -> F)
where
    F: Future<Output = usize>,
{
    let mut counts = Vec::new();
    while counts.last() != Some(&expected) {
        let count = count().await;
        counts.push(count);
        assert!(
            count >= expected && counts.len() < ATTEMPTS,
            "{what}: {counts:?} round trips, not {expected}"
        );
    }
}

#[tokio::test]
async fn every_function_waits_for_the_database_as_often_as_it_must() {
    let trips = count_trips().await;
    for Figures {
        function,
        url,
        start: expected,
        warm,
    } in FIGURES
    {
        let what = format!("the start of {function}");
        assert_trips(&what, expected, async || start(&trips, function).await.1).await;

        let (api, _) = start(&trips, function).await;
        assert_trips(url, warm, async || request(&trips, &api, url).await).await;

        let what = format!("{url} on a new connection");
        assert_trips(&what, CONNECT + warm, async || {
            trips.close().await;
            request(&trips, &api, url).await
        })
        .await;
    }
}

#[tokio::test]
async fn a_connection_that_was_idle_costs_one_round_trip_more() {
    let trips = count_trips().await;
    let (api, _) = start(&trips, "get-film").await;
    assert_trips("/films/1 after a second", 2, async || {
        tokio::time::sleep(Duration::from_millis(1100)).await;
        request(&trips, &api, "/films/1").await
    })
    .await;
}

//! How PostgreSQL answers `GET /films` among a hundred thousand films: never by reading them all.

use std::{fs, path::PathBuf};

use crate::film_list::{FILTERS, ORDERS};
use crate::harness::{Database, api::Api, stack};
use crate::search::{SEARCHES, encode};
use serde_json::json;

/// The plans that the function's statements have, as auto_explain writes them into the log.
struct Plans {
    log: PathBuf,
    read: usize,
    /// The log's prefix of what the function's connection does.
    prefix: String,
}

impl Plans {
    /// From here on; the function must have its one connection already.
    async fn of(api: &Api) -> Self {
        let sql = "SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'search-films'";
        let pid: i32 = api.database.value(sql, &[]).await;
        let server = &stack().await.postgres;
        let log = server.data_directory.with_file_name("postgresql.log");
        let read = fs::read(&log).expect("a log").len();
        let prefix = format!("[{pid}]");
        Self { log, read, prefix }
    }

    /// The plans since the last call.
    fn take(&mut self) -> String {
        let log = fs::read(&self.log).expect("a log");
        let new = String::from_utf8_lossy(&log[self.read..]).into_owned();
        self.read = log.len();
        let mut is_ours = false;
        let ours = new.lines().filter(|line| {
            // The lines of a plan follow that of its statement, each after a tab.
            if !line.starts_with('\t') {
                is_ours = line.contains(&self.prefix);
            }
            is_ours
        });
        ours.collect::<Vec<_>>().join("\n")
    }
}

/// A hundred thousand films, with every plan logged.
async fn large() -> Database {
    let database = Database::empty().await;
    for event in [
        json!({"command": "restore", "scale": 100}),
        json!({"command": "upgrade"}),
    ] {
        database.migrate(event).await.expect("a migrated database");
    }
    let settings = [
        ("session_preload_libraries", "'auto_explain'"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_nested_statements", "on"),
    ];
    for (name, value) in settings {
        let sql = format!("ALTER DATABASE {} SET {name} = {value}", database.name);
        database.execute(&sql).await;
    }
    database
}

#[tokio::test]
async fn no_search_filter_or_order_reads_all_films_where_there_are_many() {
    let api = Api::start_on(large().await, "search-films", &[]).await;
    api.get("/films?limit=1").await.ok();
    let mut plans = Plans::of(&api).await;
    let searches = SEARCHES.map(|(typed, ..)| format!("q={}", encode(typed)));
    let filters = FILTERS.map(|(filter, _)| filter.to_owned());
    let orders = ORDERS.map(|(sort, _)| format!("sort={sort}&skip=100"));
    let queries = searches.into_iter().chain(filters).chain(orders);
    for query in queries {
        let first = api.get(&format!("/films?{query}")).await.ok();
        assert_index(&query, &plans.take());
        // A page goes on where the one before ended, and does not read that again.
        if let Some(next) = first.next() {
            api.get(&next).await.ok();
            assert_index(&next, &plans.take());
        }
    }
}

fn assert_index(query: &str, plans: &str) {
    assert!(plans.contains("Query Text"), "{query} has no plan: {plans}");
    assert!(plans.contains("Index"), "{query} uses no index: {plans}");
    // This names film_actor and film_category too.
    assert!(!plans.contains("Seq Scan on film"), "{query}: {plans}");
}

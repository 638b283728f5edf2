//! How many rows PostgreSQL really reads for a page among a hundred thousand films.

use crate::film_list::{FILTERS, ORDERS};
use crate::harness::{Database, api::Api, log::ServerLog};
use crate::search::{SEARCHES, encode};
use local::{Role, paths};
use serde_json::{Value, json};
use std::fs;

/// The tables that grow with the catalogue.
const GROWING: [&str; 3] = ["film", "film_actor", "film_category"];
/// What a page may read: a search ranks at most a thousand films by their words, and as many by the
/// words of their titles, and joins them.
const MOST: i64 = 4_000;
/// What the first or next page of an order may read: itself, and what it skips.
const MOST_IN_ORDER: i64 = 150;
/// Combinations that no index serves: PostgreSQL reads what one of their filters leaves.
const COMBINED: [&str; 2] = [
    "title=ter&starts_with=s&actor=felix&length_max=150",
    "q=vampire&category=drama&rating=R,PG,G,PG-13",
];
const MOST_COMBINED: i64 = 25_000;
/// The worst requests that are known, and what each may read. `must` is in all films, `drama` in a
/// twelfth, and no film has what contradicts itself. The first 20,000 films are before the first part
/// three of any. `aca` stands in the first titles only: the last 10,000 are read, and then all with it.
const WORST: [(&str, i64); 27] = [
    ("q=drama", 16_000),
    ("q=drama&sort=-title", 16_000),
    ("q=drama&count=exact", 28_000),
    ("q=drama&count=estimated", 16_000),
    ("q=must", 3_000),
    ("q=must+-drama", 3_200),
    ("q=must+-must", 12_000),
    ("q=%22find+must%22", 40_000),
    ("q=drama+comedy", 1_000),
    ("q=drama+or+comedy+or+must", 4_000),
    ("q=xxxxxxxx", 1_200),
    ("q=acadmy+dinosar+zepelin", 3_000),
    ("skip=10000", 10_100),
    ("title=xxx", 0),
    ("title=zzzz", 0),
    ("title=iii", 22_000),
    ("count=exact&limit=0", 5_001),
    ("actor=9999", 50),
    ("category=nothing&actor=greta", 0),
    ("length_min=30000", 0),
    ("length_min=180&sort=length", 50),
    ("release_year_max=1992&sort=-release_year", 50),
    ("length_min=185&rating=G&language=2", 800),
    ("title=ter&count=exact", 60_000),
    ("title=aca&sort=-title", 12_000),
    ("title=aca&sort=-title&skip=101", 12_000),
    ("category=3&rating=R&sort=-film_id", 2_000),
];

/// To the ninety-ninth page.
const SKIP: &str = "skip=1960";

/// A hundred thousand films, vacuumed and analysed, with as many rentals as ever.
async fn large() -> Database {
    let database = Database::empty().await;
    let mut restore = String::from("SET pagila.film_scale = 100;");
    for file in ["01-pagila-schema.sql", "02-pagila-data.sql"] {
        let sql = fs::read_to_string(paths::root().join("sql").join(file));
        restore += &sql.expect("a file");
    }
    let migrator = database.connect_as(Role::Migrator).await;
    migrator.batch_execute(&restore).await.expect("films");
    let upgrade = json!({"command": "upgrade"});
    database.migrate(upgrade).await.expect("a new revision");
    // As autovacuum leaves it: PostgreSQL need not look into the table for what an index has.
    database.execute("VACUUM ANALYZE").await;
    database
}

/// Every plan with the rows that it really read.
const EXPLAIN: [(&str, &str); 6] = [
    ("session_preload_libraries", "'auto_explain'"),
    ("auto_explain.log_min_duration", "0"),
    ("auto_explain.log_nested_statements", "on"),
    ("auto_explain.log_analyze", "on"),
    ("auto_explain.log_timing", "off"),
    ("auto_explain.log_format", "json"),
];

#[tokio::test]
async fn no_page_reads_all_films_where_there_are_many() {
    let database = large().await;
    let mut log = ServerLog::of(&database, &EXPLAIN).await;
    let api = Api::start_on(database, "search-films", &[]).await;
    api.get("/films?limit=1").await.ok();
    log.follow(&api, "search-films").await;
    log.take();
    let searches = SEARCHES.map(|(typed, ..)| (format!("q={}", encode(typed)), MOST));
    let filters = FILTERS.map(|(filter, _)| match COMBINED.contains(&filter) {
        true => (filter.to_owned(), MOST_COMBINED),
        false => (filter.to_owned(), MOST),
    });
    let orders = ORDERS.map(|(sort, _)| (format!("sort={sort}&skip=100"), MOST_IN_ORDER));
    let worst = WORST.map(|(query, most)| (query.to_owned(), most));
    let queries = searches
        .into_iter()
        .chain(filters)
        .chain(orders)
        .chain(worst);
    for (query, most) in queries {
        let first = api.get(&format!("/films?{query}")).await.ok();
        assert_reads_at_most(most, &query, &log.take());
        // A page continues where the previous one ended, and does not read that again.
        let before_hundredth = match query.contains("skip=") || query.contains("limit=") {
            true => None,
            false => {
                let deep = api.get(&format!("/films?{query}&{SKIP}")).await;
                // It is refused where the planner finds it too costly.
                match deep.status {
                    422 => None,
                    _ => deep.ok().next(),
                }
            }
        };
        log.take();
        for next in first.next().into_iter().chain(before_hundredth) {
            api.get(&next).await.ok();
            assert_reads_at_most(most, &next, &log.take());
        }
    }
    // Nearly all films would be read to skip so many of one category.
    let far = api.get("/films?category=1&sort=-title&skip=10000").await;
    assert_eq!(far.status, 422, "{}", far.text);
    assert_reads_at_most(0, "a skip that is refused", &log.take());
    let categories = Api::start_on(api.database, "list-categories", &[]).await;
    categories.get("/categories").await.ok();
    log.follow(&categories, "list-categories").await;
    log.take();
    categories.get("/categories").await.ok();
    assert_reads_at_most(0, "/categories", &log.take());
    let categories = Api::start_on(categories.database, "films-by-category", &[]).await;
    let before = format!("/categories/1/films?{SKIP}");
    let deep = categories.get(&before).await.ok().next();
    let deep = deep.expect("a hundredth page");
    log.follow(&categories, "films-by-category").await;
    log.take();
    for (category, status) in [("action", 200), ("tion", 200), ("zzzz", 404), ("99", 404)] {
        let url = format!("/categories/{category}/films");
        assert_eq!(categories.get(&url).await.status, status, "{url}");
        assert_reads_at_most(MOST, &url, &log.take());
    }
    categories.get(&deep).await.ok();
    assert_reads_at_most(MOST_IN_ORDER * 4, &deep, &log.take());
}

fn assert_reads_at_most(most: i64, url: &str, log: &str) {
    assert!(log.contains("plan:"), "{url} has no plan: {log}");
    let rows = rows_read(log);
    assert!(rows <= most, "{url} reads {rows} rows: {log}");
}

/// The rows of film and its relations that the plans in a log read, those that a filter removed
/// included.
fn rows_read(log: &str) -> i64 {
    let plans = log.split("plan:\n").skip(1).map(|plan| {
        let json: String = plan
            .lines()
            .take_while(|line| line.starts_with('\t'))
            .collect();
        let plan: Value = serde_json::from_str(&json).expect("a plan in JSON");
        rows_of(&plan["Plan"])
    });
    plans.sum()
}

fn rows_of(node: &Value) -> i64 {
    let number = |name: &str| node[name].as_f64().unwrap_or_default();
    let is_scan = GROWING.map(Value::from).contains(&node["Relation Name"]);
    let rows = number("Actual Rows")
        + number("Rows Removed by Filter")
        + number("Rows Removed by Index Recheck");
    #[expect(clippy::cast_possible_truncation, reason = "a count of rows")]
    let own = match is_scan {
        true => (rows * number("Actual Loops")) as i64,
        false => 0,
    };
    let children = node["Plans"].as_array().into_iter().flatten();
    own + children.map(rows_of).sum::<i64>()
}

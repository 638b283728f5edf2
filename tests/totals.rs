//! Totals of `GET /films`, and what is too costly to count or skip.

use crate::harness::{Database, api::Api};
use serde_json::{Value, json};

#[tokio::test]
async fn nothing_is_counted_unasked_and_a_total_is_of_all_pages() {
    let api = Api::start("search-films").await;
    let page = api.get("/films?limit=3").await.ok();
    assert!(page.body["total"].is_null());
    let page = api.get("/films?limit=3&count=exact").await.ok();
    assert_eq!(page.body["total"], 1000);
    let next = page.next().expect("a next page");
    assert!(!next.contains("count"), "{next}");
    let next = api.get(&format!("{next}&count=exact")).await.ok();
    assert_eq!(
        (&next.body["total"], &next.items()[0]["film_id"]),
        (&1000.into(), &4.into())
    );
    api.get("/films?limit=0").await.assert_invalid("limit", "0");
    api.get("/films?count=all")
        .await
        .assert_invalid("count", "all");
    let estimated = api.get("/films?limit=0&count=estimated").await.ok();
    let estimated = estimated.body["total"].as_f64().expect("an estimate");
    assert!((900.0..1100.0).contains(&estimated), "{estimated}");
    let more = "INSERT INTO film (title, language_id)
        SELECT 'NEW', 1 FROM generate_series(1, $1::integer)";
    for (films, total) in [(4_000, json!(5_000)), (1, Value::Null)] {
        let client = api.database.connect().await;
        client.execute(more, &[&films]).await.expect("films");
        let page = api.get("/films?limit=0&count=exact").await.ok();
        assert_eq!(page.body.get("total"), Some(&total));
    }
}

/// Makes each row of an index as costly as a hundred thousand are by default.
pub const COSTLY: &str = "DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET cpu_index_tuple_cost = 500', current_database());
    EXECUTE format('ALTER DATABASE %I SET cpu_tuple_cost = 500', current_database());
END $$";

#[tokio::test]
async fn what_filters_make_too_costly_to_count_or_skip_is_not_done() {
    let database = Database::sample().await;
    database.execute(COSTLY).await;
    let api = Api::start_on(database, "search-films", &[]).await;
    for filters in ["category=action&rating=PG", "title=aca", "actor=greta"] {
        let page = api.get(&format!("/films?{filters}&count=exact")).await.ok();
        assert_eq!(page.body.get("total"), Some(&Value::Null));
        assert!(!page.items().is_empty(), "{filters}");
        let far = api.get(&format!("/films?{filters}&skip=101")).await;
        far.assert_invalid("skip", "101");
        assert!(far.text.contains("follow `next`"), "{}", far.text);
        api.get(&format!("/films?{filters}&skip=100")).await.ok();
    }
    // No film can have two years.
    let none = "release_year=2006&release_year_min=2007&release_year_max=2008";
    let none = api.get(&format!("/films?{none}&count=exact")).await.ok();
    assert_eq!((none.items().len(), &none.body["total"]), (0, &0.into()));
    // What no filter narrows, and a search, are bounded otherwise.
    for bounded in ["limit=1", "q=dinosaur"] {
        let page = api.get(&format!("/films?{bounded}&count=exact")).await.ok();
        assert!(page.body["total"].is_u64(), "{bounded}: {}", page.text);
        api.get(&format!("/films?{bounded}&skip=101")).await.ok();
    }
    let films = Api::start_on(api.database, "films-by-category", &[]).await;
    films.get("/categories/1/films?skip=101").await.ok();
}

use std::sync::atomic::{AtomicBool, Ordering};

use crate::harness::{Database, api::Api};
use serde_json::{Value, json};

/// What the function must return, counted anew.
const COUNT: &str = "SELECT coalesce(jsonb_agg(films ORDER BY category_id), '[]')::text
    FROM (SELECT category_id, count(film_id) AS films
          FROM category LEFT JOIN film_category USING (category_id) GROUP BY category_id) AS counted";
const KEPT: &str = "SELECT coalesce(jsonb_agg(films ORDER BY category_id), '[]')::text
    FROM (SELECT category_id, coalesce(sum(films), 0) AS films
          FROM category LEFT JOIN category_film_count USING (category_id) GROUP BY category_id) AS kept";

#[tokio::test]
async fn every_category_comes_with_the_number_of_its_films() {
    let api = Api::start("list-categories").await;
    api.database
        .execute(
            "DELETE FROM film_category WHERE category_id = 1;
             INSERT INTO film_category (film_id, category_id) VALUES (1, 1), (2, 1);
             INSERT INTO category (category_id, name) VALUES (17, 'Zen')",
        )
        .await;
    let answer = api.get("/categories").await.ok();
    assert_eq!(answer.items().len(), 17);
    assert_eq!(
        answer.items()[0],
        json!({"category_id": 1, "name": "Action", "films": 2})
    );
    assert_eq!(
        answer.items()[16],
        json!({"category_id": 17, "name": "Zen", "films": 0})
    );
    assert!(answer.body["next"].is_null());
}

#[tokio::test]
async fn a_query_is_refused() {
    let api = Api::start("list-categories").await;
    api.get("/categories?limit=5")
        .await
        .assert_invalid("limit", "5");
}

#[tokio::test]
async fn the_counts_are_right_after_every_kind_of_write() {
    let api = Api::start("list-categories").await;
    for write in [
        "INSERT INTO film_category (film_id, category_id)
         SELECT film_id, 1 + film_id % 16 FROM film ON CONFLICT DO NOTHING",
        "UPDATE film_category SET category_id = 2 WHERE category_id = 3
             AND film_id NOT IN (SELECT film_id FROM film_category WHERE category_id = 2)",
        "UPDATE film_category SET last_update = now()",
        "DELETE FROM film_category WHERE category_id IN (4, 5)",
        "BEGIN; DELETE FROM film_category; ROLLBACK",
        "BEGIN ISOLATION LEVEL SERIALIZABLE; DELETE FROM film_category WHERE film_id < 50; COMMIT",
        // The category's films follow their key.
        "INSERT INTO category (category_id, name) VALUES (90, 'New');
         UPDATE category SET category_id = 91 WHERE category_id = 90;
         UPDATE category SET category_id = 60 WHERE category_id = 6",
        "TRUNCATE film_category",
        "INSERT INTO film_category (film_id, category_id) VALUES (1, 1), (2, 1), (1, 2)",
    ] {
        api.database.execute(write).await;
        let counted: String = api.database.value(COUNT, &[]).await;
        let answer = api.get("/categories").await.ok();
        let mut items = answer.items().to_vec();
        items.sort_by_key(|category| category["category_id"].as_i64());
        let films: Vec<Value> = items.iter().map(|item| item["films"].clone()).collect();
        let counted: Value = serde_json::from_str(&counted).expect("JSON");
        assert_eq!(Value::from(films), counted, "{write}");
    }
}

#[tokio::test]
async fn a_writer_waits_for_no_other_and_its_films_count_when_it_commits() {
    let database = Database::sample().await;
    let open = database.connect().await;
    let write = "BEGIN; DELETE FROM film_category WHERE film_id <= 500";
    open.batch_execute(write).await.expect("it is written");
    let other = "SET lock_timeout = '1s'; DELETE FROM film_category WHERE film_id > 900";
    database.execute(other).await;
    let counts = async || -> [String; 2] {
        let counted = database.value(COUNT, &[]).await;
        [counted, database.value(KEPT, &[]).await]
    };
    let [counted, kept] = counts().await;
    assert_eq!(counted, kept);
    open.batch_execute("COMMIT").await.expect("it is committed");
    let [now_counted, now_kept] = counts().await;
    assert_eq!(now_counted, now_kept);
    assert_ne!(now_kept, kept);
}

/// Writers change the same categories at once, one rolls back, and some see an old snapshot. Every
/// reader sees the counts that fit the rows that it sees.
#[tokio::test]
async fn the_counts_are_right_while_many_write() {
    let database = Database::sample().await;
    let is_done = AtomicBool::new(false);
    let writers = async {
        tokio::join!(
            write(&database, 0),
            write(&database, 1),
            write(&database, 2),
            write(&database, 3),
            write(&database, 4),
            write(&database, 5)
        );
        is_done.store(true, Ordering::Relaxed);
    };
    let reader = async {
        let mut client = database.connect().await;
        let mut reads = 0;
        while !is_done.load(Ordering::Relaxed) {
            let snapshot = client
                .build_transaction()
                .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead);
            let snapshot = snapshot.start().await.expect("a snapshot");
            let counted = snapshot.query_one(COUNT, &[]).await.expect("counts");
            let kept = snapshot.query_one(KEPT, &[]).await.expect("counts");
            assert_eq!(counted.get::<_, String>(0), kept.get::<_, String>(0));
            reads += 1;
        }
        reads
    };
    let ((), reads) = tokio::join!(writers, reader);
    assert!(reads > 1, "{reads}");
    let counted: String = database.value(COUNT, &[]).await;
    let kept: String = database.value(KEPT, &[]).await;
    assert_eq!(counted, kept);
    // One more write takes in what the writers left.
    database.execute("DELETE FROM film_category").await;
    let rows: i64 = database
        .value("SELECT count(*) FROM category_film_count", &[])
        .await;
    assert!(rows <= 16, "{rows} rows");
}

async fn write(database: &Database, writer: i32) {
    let client = database.connect().await;
    let isolation = ["READ COMMITTED", "REPEATABLE READ"][usize::from(writer % 3 == 2)];
    let end = if writer == 4 { "ROLLBACK" } else { "COMMIT" };
    for round in 0..12 {
        // Each writer has films of its own.
        let films = format!("film_id % 6 = {writer} AND film_id % 30 <> {round}");
        let sql = format!(
            "BEGIN ISOLATION LEVEL {isolation};
             DELETE FROM film_category WHERE {films};
             INSERT INTO film_category (film_id, category_id)
             SELECT film_id, 1 + (film_id + {round}) % 16 FROM film WHERE {films}
             ON CONFLICT DO NOTHING;
             {end}"
        );
        client.batch_execute(&sql).await.expect("it is written");
    }
}

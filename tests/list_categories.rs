use crate::harness::api::Api;
use serde_json::json;

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

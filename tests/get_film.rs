use crate::harness::api::Api;
use serde_json::json;

#[tokio::test]
async fn a_film_comes_with_its_categories_and_actors() {
    let api = Api::start("get-film").await;
    api.database
        .execute(
            "DELETE FROM film_category WHERE film_id = 1;
             INSERT INTO film_category (film_id, category_id) VALUES (1, 15), (1, 6);
             DELETE FROM film_actor WHERE film_id = 1;
             UPDATE actor SET first_name = 'B', last_name = 'SAME' WHERE actor_id = 1;
             UPDATE actor SET first_name = 'A', last_name = 'SAME' WHERE actor_id = 2;
             INSERT INTO film_actor (film_id, actor_id) VALUES (1, 1), (1, 2)",
        )
        .await;
    let answer = api.get("/films/1").await.ok();
    assert!(
        answer
            .text
            .contains(r#""categories":[{"category_id":6,"name":"Documentary"},{"#)
    );
    let film = answer.body;
    assert_eq!(film["title"], "ACADEMY DINOSAUR");
    assert_eq!(film["language"], "English");
    let categories =
        json!([{"category_id": 6, "name": "Documentary"}, {"category_id": 15, "name": "Sports"}]);
    assert_eq!(film["categories"], categories);
    let actors = json!([
        {"actor_id": 2, "first_name": "A", "last_name": "SAME"},
        {"actor_id": 1, "first_name": "B", "last_name": "SAME"},
    ]);
    assert_eq!(film["actors"], actors);
}

#[tokio::test]
async fn a_film_without_categories_or_actors_has_empty_lists() {
    let api = Api::start("get-film").await;
    let bare =
        "DELETE FROM film_category WHERE film_id = 2; DELETE FROM film_actor WHERE film_id = 2";
    api.database.execute(bare).await;
    let film = api.get("/films/2").await.ok().body;
    assert_eq!(
        (&film["categories"], &film["actors"]),
        (&json!([]), &json!([]))
    );
}

#[tokio::test]
async fn categories_and_actors_of_equal_names_are_ordered_by_id() {
    let api = Api::start("get-film").await;
    api.database
        .execute(
            "DELETE FROM film_category WHERE film_id = 1;
             UPDATE category SET name = 'Same' WHERE category_id IN (4, 9, 14);
             INSERT INTO film_category (film_id, category_id) VALUES (1, 14), (1, 4), (1, 9)",
        )
        .await;
    let film = api.get("/films/1").await.ok().body;
    let ids = film["categories"].as_array().expect("categories").iter();
    let ids: Vec<_> = ids.map(|category| &category["category_id"]).collect();
    assert_eq!(ids, [4, 9, 14]);
}

#[tokio::test]
async fn an_unknown_film_is_404() {
    let api = Api::start("get-film").await;
    for id in ["1001", "0", "-1", "2147483647"] {
        api.get(&format!("/films/{id}"))
            .await
            .assert_problem(404, "film not found");
    }
}

#[tokio::test]
async fn an_id_that_is_no_32_bit_integer_is_refused() {
    let api = Api::start("get-film").await;
    for id in [
        "2147483648",
        "ten",
        "1.0",
        "1e3",
        "--1",
        "0x10",
        "1%20",
        "%FF",
        "-",
    ] {
        api.get(&format!("/films/{id}"))
            .await
            .assert_problem(422, "film_id must be a 32-bit integer");
    }
}

#[tokio::test]
async fn a_query_is_refused() {
    let api = Api::start("get-film").await;
    api.get("/films/1?fields=title")
        .await
        .assert_invalid("fields", "title");
}

use crate::harness::api::Api;

/// Film 1 is in Action and Animation, film 2 in Action, film 3 in Sci-Fi; no other is in any.
async fn few_films() -> Api {
    let api = Api::start("films-by-category").await;
    api.database
        .execute(
            "DELETE FROM film_category;
             INSERT INTO film_category (film_id, category_id) VALUES (1, 1), (1, 2), (2, 1), (3, 14)",
        )
        .await;
    api
}

#[tokio::test]
async fn digits_are_an_id() {
    let api = few_films().await;
    assert_eq!(
        api.get("/categories/1/films").await.ok().each("film_id"),
        [1, 2]
    );
    assert_eq!(
        api.get("/categories/014/films").await.ok().each("film_id"),
        [3]
    );
}

#[tokio::test]
async fn a_name_is_found_whatever_its_case() {
    let api = few_films().await;
    for name in ["Action", "action", "ACTION"] {
        assert_eq!(
            api.get(&format!("/categories/{name}/films"))
                .await
                .ok()
                .each("film_id"),
            [1, 2]
        );
    }
    assert_eq!(
        api.get("/categories/sci-fi/films")
            .await
            .ok()
            .each("film_id"),
        [3]
    );
}

#[tokio::test]
async fn a_part_of_names_finds_all_of_them_and_each_film_once() {
    let api = few_films().await;
    assert_eq!(
        api.get("/categories/tion/films").await.ok().each("film_id"),
        [1, 2]
    );
    assert_eq!(
        api.get("/categories/i/films").await.ok().each("film_id"),
        [1, 2, 3]
    );
}

#[tokio::test]
async fn a_whole_name_wins_over_a_part_of_another() {
    let api = few_films().await;
    api.database
        .execute("INSERT INTO category (category_id, name) VALUES (17, 'Action Heroes'); INSERT INTO film_category (film_id, category_id) VALUES (9, 17)")
        .await;
    assert_eq!(
        api.get("/categories/action/films")
            .await
            .ok()
            .each("film_id"),
        [1, 2]
    );
    assert_eq!(
        api.get("/categories/action%20h/films")
            .await
            .ok()
            .each("film_id"),
        [9]
    );
}

#[tokio::test]
async fn a_category_without_films_is_an_empty_list() {
    let api = few_films().await;
    assert!(
        api.get("/categories/travel/films")
            .await
            .ok()
            .items()
            .is_empty()
    );
}

#[tokio::test]
async fn no_match_is_404() {
    let api = few_films().await;
    for category in ["17", "0", "99999999999", "western", "%25", "_ction", "a%5C"] {
        api.get(&format!("/categories/{category}/films"))
            .await
            .assert_problem(404, "category not found");
    }
}

#[tokio::test]
async fn pages_go_by_cursor_and_stay_in_their_category() {
    let api = few_films().await;
    let page = api.get("/categories/action/films?limit=1").await.ok();
    let next = page.next().expect("a next page");
    assert!(
        next.starts_with("/categories/action/films?limit=1&cursor="),
        "{next}"
    );
    let second = api.get(&next).await.ok();
    assert_eq!((second.each("film_id").len(), second.next()), (1, None));
    let elsewhere = next.replace("action", "animation");
    api.get(&elsewhere).await.assert_problem(422, "cursor");
    let skipped = api.get("/categories/action/films?skip=1").await.ok();
    assert_eq!(skipped.each("film_id"), [2]);
}

#[tokio::test]
async fn a_name_with_a_space_has_a_next_that_can_be_followed() {
    let api = few_films().await;
    api.database
        .execute("UPDATE category SET name = 'Söng & Dance' WHERE category_id = 1")
        .await;
    let films = api
        .all("/categories/s%C3%B6ng%20%26%20dance/films?limit=1")
        .await;
    assert_eq!(films.len(), 2);
}

#[tokio::test]
async fn a_wrong_category_is_refused() {
    let api = few_films().await;
    api.get("/categories/a%00/films")
        .await
        .assert_problem(422, "category");
    api.get("/categories/%FF/films")
        .await
        .assert_problem(422, "category");
    let long = "x".repeat(10_000);
    api.get(&format!("/categories/{long}/films"))
        .await
        .assert_problem(422, "category");
    api.get("/categories/1/films?title=x")
        .await
        .assert_invalid("title", "x");
}

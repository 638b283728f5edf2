//! `GET /films?q=` with words that more films have than a search ranks or examines.

use crate::harness::api::Api;
use crate::search::film_ids;
use crate::totals::COSTLY;
use serde_json::Value;
use std::collections::BTreeSet;

/// A thousand films with the word in the description, and then one with it in the title.
#[tokio::test]
async fn a_word_that_is_too_common_says_so_and_the_titles_come_first() {
    let api = Api::start("search-films").await;
    let all = api.get("/films?q=dinosaur&count=exact").await.ok();
    assert_eq!(
        (&all.body["ranked"], &all.body["total"]),
        (&"all".into(), &10.into())
    );
    api.database
        .execute(
            "INSERT INTO film (film_id, title, description, language_id)
             SELECT 1000 + n, 'FILM ' || n, 'A common dinosaur', 1 FROM generate_series(1, 1500) AS n;
             INSERT INTO film (film_id, title, description, language_id)
             VALUES (9000, 'COMMON PEOPLE', 'At last', 1);
             ANALYZE film",
        )
        .await;
    let some = api.get("/films?q=common&count=exact").await.ok();
    assert_eq!(
        (&some.body["match"], &some.body["ranked"]),
        (&"words".into(), &"some".into())
    );
    assert!(some.text.contains(r#""total":null"#), "{}", some.text);
    assert_eq!(some.items()[0]["title"], "COMMON PEOPLE");
    let found = film_ids(&api.all("/films?q=common&limit=100").await);
    let distinct: BTreeSet<_> = found.iter().collect();
    assert_eq!((found.len(), distinct.len()), (1001, 1001));
    let count = api.get("/films?q=common&count=exact&limit=0").await.ok();
    assert_eq!(
        (&count.body["ranked"], &count.body["total"]),
        (&"some".into(), &Value::Null)
    );
    let estimated = api.get("/films?q=common&count=estimated").await.ok();
    let total = estimated.body["total"].as_f64().expect("an estimate");
    assert!((1300.0..1700.0).contains(&total), "{total}");
    assert_eq!(estimated.body["ranked"], "some");
    // Another word narrows the search; a filter as well.
    let narrow = api.get("/films?q=common+1234&count=exact").await.ok();
    assert_eq!(
        (&narrow.body["ranked"], &narrow.body["total"]),
        (&"all".into(), &1.into())
    );
    let filter = api
        .get("/films?q=common&starts_with=film+12&count=exact")
        .await
        .ok();
    assert_eq!(
        (&filter.body["ranked"], &filter.body["total"]),
        (&"all".into(), &111.into())
    );
    // What is excluded, or a phrase, is looked for among the films that have all words.
    let excluded = api.get("/films?q=common+-film&count=exact").await.ok();
    assert_eq!(film_ids(excluded.items()), [9000]);
    let phrase = api.get("/films?q=%22dinosaur+common%22").await.ok();
    assert_eq!(phrase.body["match"], "similar");
    let beyond = api.get("/films?q=common&skip=2000").await.ok();
    assert_eq!(
        (beyond.items().len(), &beyond.body["ranked"]),
        (0, &"some".into())
    );
    let phrase = api.get("/films?q=%22common+people%22").await.ok();
    assert_eq!(film_ids(phrase.items()), [9000]);
}

/// 2,000 films have both words, and three of them the phrase.
#[tokio::test]
async fn a_phrase_of_common_words_is_looked_for_in_some_films_only() {
    let api = Api::start("search-films").await;
    api.database
        .execute(
            "INSERT INTO film (film_id, title, description, language_id)
             SELECT 4000 + n, 'FILM', 'A teapot and a zither', 1 FROM generate_series(1, 2000) AS n;
             UPDATE film SET description = 'A zither teapot' WHERE film_id BETWEEN 4001 AND 4003;
             ANALYZE film",
        )
        .await;
    let all = "q=%22zither+teapot%22&count=exact";
    for query in [
        format!("{all}&limit=1"),
        format!("{all}&limit=0"),
        format!("{all}&skip=100"),
    ] {
        let answer = api.get(&format!("/films?{query}")).await.ok();
        let told = (
            &answer.body["match"],
            &answer.body["ranked"],
            &answer.body["total"],
        );
        assert_eq!(
            told,
            (&"words".into(), &"some".into(), &Value::Null),
            "{query}"
        );
    }
    // Not even a phrase that no examined film has is known to be in none.
    let none = api
        .get("/films?q=%22teapot+zither%22&count=exact")
        .await
        .ok();
    assert_eq!(
        (
            &none.body["match"],
            &none.body["ranked"],
            &none.body["total"]
        ),
        (&"words".into(), &"some".into(), &Value::Null)
    );
    let few = api
        .get("/films?q=%22zither+teapot%22&film_id=4001,4002")
        .await
        .ok();
    assert_eq!((few.items().len(), &few.body["ranked"]), (2, &"all".into()));
}

/// 10,000 films have the word, and two more: one in its title.
#[tokio::test]
async fn costly_filters_are_of_the_first_films_with_the_words() {
    let api = Api::start("search-films").await;
    api.database
        .execute(
            "INSERT INTO film (film_id, title, description, language_id, rating, release_year)
             SELECT 4000 + n, 'FILM', 'A quokka', 1,
                    CASE n % 3000 WHEN 0 THEN 'R' ELSE 'G' END::mpaa_rating, 2001
             FROM generate_series(1, 10000) AS n;
             INSERT INTO film (film_id, title, description, language_id, rating, release_year)
             VALUES (20001, 'FILM', 'A quokka', 1, 'R', 2002),
                    (20002, 'A QUOKKA', 'At last', 1, 'R', 2002);
             ANALYZE film",
        )
        .await;
    let answers = async |api: &Api, filter: &str| {
        let url = format!("/films?q=quokka&sort=film_id&count=exact&{filter}");
        let answer = api.get(&url).await.ok();
        let ranked = answer.body["ranked"].clone();
        (
            film_ids(answer.items()),
            ranked,
            answer.body["total"].clone(),
        )
    };
    let all = vec![7000, 10_000, 13_000, 20_001, 20_002];
    let [of_all, few] = ["rating=R", "release_year=2001&film_id=4001,5001,20001"];
    assert_eq!(answers(&api, of_all).await, (all, "all".into(), 5.into()));
    api.database.execute(COSTLY).await;
    let api = Api::start_on(api.database, "search-films", &[]).await;
    let some = vec![7000, 10_000, 13_000, 20_002];
    assert_eq!(
        answers(&api, of_all).await,
        (some, "some".into(), Value::Null)
    );
    // The next pages are of the same films.
    let pages = api
        .all("/films?q=quokka&sort=-film_id&limit=1&rating=R")
        .await;
    assert_eq!(film_ids(&pages), [20_002, 13_000, 10_000, 7000]);
    // Nothing is left out if the first films are all that have the words.
    api.database
        .execute("DELETE FROM film WHERE film_id IN (13000, 20001, 20002)")
        .await;
    assert_eq!(
        answers(&api, few).await,
        (vec![4001, 5001], "all".into(), 2.into())
    );
}

//! `GET /films?q=` with words that more films have than a search ranks or examines.

use crate::harness::api::Api;
use crate::search::film_ids;
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

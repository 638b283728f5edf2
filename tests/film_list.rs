//! Filters, orders, pages and fields of `GET /films`, against plain SQL.

use std::collections::BTreeSet;

use crate::harness::api::Api;
use crate::search::{film_ids, ids};

/// Filters, and the same in SQL of another kind.
pub const FILTERS: [(&str, &str); 22] = [
    (
        "category=action",
        "film_id IN (SELECT film_id FROM film_category JOIN category USING (category_id) WHERE name = 'Action')",
    ),
    (
        "category=SCI-fi",
        "film_id IN (SELECT film_id FROM film_category JOIN category USING (category_id) WHERE name = 'Sci-Fi')",
    ),
    (
        "category=3",
        "film_id IN (SELECT film_id FROM film_category WHERE category_id = 3)",
    ),
    ("category=nothing", "false"),
    (
        "actor=7",
        "film_id IN (SELECT film_id FROM film_actor WHERE actor_id = 7)",
    ),
    (
        "actor=greta",
        "film_id IN (SELECT film_id FROM film_actor JOIN actor USING (actor_id) WHERE first_name = 'GRETA')",
    ),
    (
        "actor=greta+th",
        "film_id IN (SELECT film_id FROM film_actor JOIN actor USING (actor_id) WHERE first_name = 'GRETA' AND last_name = 'THORNE')",
    ),
    ("language=French", "language_id = 5"),
    ("language=2", "language_id = 2"),
    ("rating=PG", "rating = 'PG'"),
    ("rating=PG&rating=NC-17", "rating IN ('PG', 'NC-17')"),
    ("rating=G,R,G", "rating IN ('G', 'R')"),
    ("release_year=2006", "release_year = 2006"),
    (
        "release_year_min=2000&release_year_max=2003",
        "release_year BETWEEN 2000 AND 2003",
    ),
    ("release_year_max=1991", "release_year < 1992"),
    ("length_min=180", "length > 179"),
    ("length_min=60&length_max=60", "length = 60"),
    ("streaming_available=true", "film_id % 9 = 0"),
    (
        "streaming_available=false&rating=R",
        "film_id % 9 > 0 AND rating = 'R'",
    ),
    (
        "film_id=5,1,999999,3,1&film_id=7",
        "film_id IN (1, 3, 5, 7)",
    ),
    (
        "title=ter&starts_with=s&actor=felix&length_max=150",
        "title LIKE 'S%TER%' AND length <= 150 AND film_id IN (SELECT film_id FROM film_actor JOIN actor USING (actor_id) WHERE first_name = 'FELIX')",
    ),
    (
        "q=vampire&category=drama&rating=R,PG,G,PG-13",
        "title || description ~* 'vampire' AND rating <> 'NC-17' AND film_id IN (SELECT film_id FROM film_category JOIN category USING (category_id) WHERE name = 'Drama')",
    ),
];

#[tokio::test]
async fn every_filter_leaves_what_sql_leaves() {
    let api = Api::start("search-films").await;
    let streaming = "UPDATE film SET streaming_available = (film_id % 9 = 0)";
    api.database.execute(streaming).await;
    for (filter, condition) in FILTERS {
        let sql = format!("SELECT film_id FROM film WHERE {condition} ORDER BY film_id");
        let expected = ids(&api.database, &sql).await;
        let url = format!("/films?{filter}&sort=film_id&limit=17");
        assert_eq!(film_ids(&api.all(&url).await), expected, "{filter}");
        let total = format!("/films?{filter}&limit=0&count=exact");
        let total = api.get(&total).await.ok();
        // Nothing that has the words is no reason to count what is similar here.
        assert_eq!(total.body["total"], expected.len(), "{filter}");
        assert_eq!((total.items().len(), total.next()), (0, None));
    }
}

/// The orders, and the same in SQL.
pub const ORDERS: [(&str, &str); 10] = [
    ("film_id", "film_id"),
    ("-film_id", "film_id DESC"),
    ("title", "lower(title) COLLATE \"C\", film_id"),
    ("-title", "lower(title) COLLATE \"C\" DESC, film_id DESC"),
    ("release_year", "release_year NULLS LAST, film_id"),
    (
        "-release_year",
        "release_year DESC NULLS LAST, film_id DESC",
    ),
    ("length", "length NULLS LAST, film_id"),
    ("-length", "length DESC NULLS LAST, film_id DESC"),
    ("rental_rate", "rental_rate, film_id"),
    ("-rental_rate", "rental_rate DESC, film_id DESC"),
];

/// Films of equal titles, and of unknown years and lengths.
const IRREGULAR: &str = "
    UPDATE film SET length = NULL WHERE film_id % 7 = 0;
    UPDATE film SET length = 32767 WHERE film_id % 13 = 0;
    UPDATE film SET release_year = NULL WHERE film_id % 5 = 0;
    UPDATE film SET title = 'SAME' WHERE film_id % 11 = 0;
    UPDATE film SET title = lower(title) || ' _é' WHERE film_id % 17 = 0";

#[tokio::test]
async fn every_order_pages_through_all_films_once_with_the_unknown_last() {
    let api = Api::start("search-films").await;
    api.database.execute(IRREGULAR).await;
    for (sort, order) in ORDERS {
        let expected = ids(
            &api.database,
            &format!("SELECT film_id FROM film ORDER BY {order}"),
        )
        .await;
        let url = format!("/films?sort={sort}&limit=73&fields=film_id");
        assert_eq!(film_ids(&api.all(&url).await), expected, "{sort}");
    }
}

/// Filters that an index of an order has, and others.
const NARROWED: [(&str, &str); 5] = [
    (
        "release_year_min=2000&release_year_max=2010",
        "release_year BETWEEN 2000 AND 2010",
    ),
    (
        "release_year=2006&length_max=120",
        "release_year = 2006 AND length <= 120",
    ),
    (
        "length_min=100&rating=PG,R",
        "length >= 100 AND rating IN ('PG', 'R')",
    ),
    ("title=SAM", "title ILIKE '%sam%'"),
    (
        "title=TER&category=3",
        "title ILIKE '%ter%' AND film_id IN (SELECT film_id FROM film_category WHERE category_id = 3)",
    ),
];

#[tokio::test]
async fn a_filter_leaves_the_same_films_in_every_order() {
    let api = Api::start("search-films").await;
    api.database.execute(IRREGULAR).await;
    for (filter, condition) in NARROWED {
        for (sort, order) in ORDERS {
            let sql = format!("SELECT film_id FROM film WHERE {condition} ORDER BY {order}");
            let expected = ids(&api.database, &sql).await;
            // Several pages, whether there are few films or many.
            let limit = 1 + expected.len() / 4;
            let url = format!("/films?{filter}&sort={sort}&limit={limit}&fields=film_id");
            assert_eq!(film_ids(&api.all(&url).await), expected, "{filter} {sort}");
            let second = api.get(&format!("{url}&skip={limit}")).await.ok();
            let expected = &expected[limit..expected.len().min(2 * limit)];
            assert_eq!(film_ids(second.items()), expected, "{filter} {sort}");
        }
    }
}

#[tokio::test]
async fn what_is_inserted_or_deleted_meanwhile_neither_repeats_nor_hides_others() {
    let api = Api::start("search-films").await;
    api.database.execute(IRREGULAR).await;
    let orders = ORDERS
        .map(|(sort, _)| sort)
        .into_iter()
        .chain(["relevance"]);
    for sort in orders {
        let url = format!("/films?q=drama+or+comedy+or+story&sort={sort}&limit=40&fields=film_id");
        let before: BTreeSet<i64> = film_ids(&api.all(&url).await).into_iter().collect();
        assert!(before.len() > 100, "{sort}: {}", before.len());
        let first = api.get(&url).await.ok();
        let second = api.get(&first.next().expect("a next page")).await.ok();
        // At each end of each order, and in the middle of some.
        api.database
            .execute(
                "INSERT INTO film (film_id, title, description, language_id, release_year, length, rental_rate)
                 SELECT 2000 * n, title, 'drama, comedy and story', 1, year, minutes, rate
                 FROM unnest('{-1, 1, 2, 3}'::integer[], '{AAA, ZZZ, SAME, DRAMA}'::text[], '{1901, 2155, NULL, 2006}'::integer[],
                             '{1, 999, NULL, 100}'::integer[], '{0.01, 9.99, 2.99, 4.99}'::numeric[])
                     AS new (n, title, year, minutes, rate)",
            )
            .await;
        let mut seen = film_ids(first.items());
        seen.extend(film_ids(second.items()));
        let mut next = second.next();
        while let Some(url) = next {
            let page = api.get(&url).await.ok();
            seen.extend(film_ids(page.items()));
            next = page.next();
        }
        seen.retain(|id| before.contains(id));
        let once: BTreeSet<i64> = seen.iter().copied().collect();
        assert_eq!(seen.len(), once.len(), "{sort}: some came twice");
        assert_eq!(once, before, "{sort}");
        // A page whose last film is gone goes on all the same.
        api.database
            .execute("DELETE FROM film WHERE abs(film_id) >= 2000")
            .await;
    }
}

#[tokio::test]
async fn a_cursor_is_of_its_order_and_its_search() {
    let api = Api::start("search-films").await;
    let page = api.get("/films?q=drama&limit=5").await.ok();
    let next = page.next().expect("a next page");
    let cursor = next.split_once("cursor=").expect("a cursor").1.to_owned();
    for query in [
        "sort=title",
        "q=drama&sort=title",
        "q=comedy",
        "q=drama&rating=R",
        "q=drama&fields=title",
    ] {
        let answer = api.get(&format!("/films?{query}&cursor={cursor}")).await;
        answer.assert_invalid("cursor", &cursor);
        answer.assert_problem(422, "cursor is not valid for this query");
    }
    api.get(&format!("/films?limit=9&q=drama&cursor={cursor}"))
        .await
        .ok();
}

#[tokio::test]
async fn films_by_their_keys_come_at_once_unless_limit_says_otherwise() {
    let api = Api::start("search-films").await;
    let keys: Vec<i64> = (101..=200).collect();
    let list = keys
        .iter()
        .map(i64::to_string)
        .collect::<Vec<_>>()
        .join(",");
    let page = api.get(&format!("/films?film_id={list}")).await.ok();
    assert_eq!((film_ids(page.items()), page.next()), (keys, None));
    let page = api.get("/films?film_id=1,2,3&limit=2").await.ok();
    assert_eq!(film_ids(page.items()), [1, 2]);
    let next = api.get(&page.next().expect("a next page")).await.ok();
    assert_eq!(film_ids(next.items()), [3]);
}

#[tokio::test]
async fn fields_picks_fields_to_the_digit_and_in_the_order_asked_for() {
    let api = Api::start("search-films").await;
    api.database
        .execute("UPDATE film SET rental_rate = 4.90 WHERE film_id = 1")
        .await;
    let answer = api
        .get("/films?fields=rental_rate,title,rental_rate&limit=1")
        .await
        .ok();
    let expected = r#"{"items":[{"rental_rate":4.90,"title":"ACADEMY DINOSAUR"}],"#;
    assert!(answer.text.starts_with(expected), "{}", answer.text);
    let next = api.get(&answer.next().expect("a next page")).await.ok();
    assert_eq!(
        next.items()[0].as_object().map(serde_json::Map::len),
        Some(2)
    );
    let ranked = api.get("/films?fields=rank&q=dinosaur&limit=1").await.ok();
    assert!(ranked.items()[0]["rank"].is_f64(), "{}", ranked.text);
    let unranked = api.get("/films?fields=rank,film_id&limit=1").await.ok();
    assert_eq!(unranked.items()[0], serde_json::json!({"film_id": 1}));
    let answer = api.get("/films?fields=title,fulltext&limit=1").await;
    answer.assert_invalid("fields", "fulltext");
}

#[tokio::test]
async fn what_contradicts_itself_or_is_too_much_is_told() {
    let api = Api::start("search-films").await;
    let many = (1..=101)
        .map(|id| id.to_string())
        .collect::<Vec<_>>()
        .join(",");
    api.get(&format!(
        "/films?film_id={}&limit=100",
        &many[..many.len() - 4]
    ))
    .await
    .ok();
    for (query, words) in [
        (
            format!("film_id={many}"),
            "film_id must have at most 100 values, not 101",
        ),
        (
            "sort=relevance".to_owned(),
            "sort must not be relevance without q",
        ),
        (
            "sort=-relevance".to_owned(),
            "sort must be one of film_id, -film_id,",
        ),
        (
            "release_year_min=2001&release_year_max=2000".to_owned(),
            "release_year_max must be at least release_year_min, which is 2001",
        ),
        (
            "length_min=2&length_max=1".to_owned(),
            "length_max must be at least length_min, which is 2",
        ),
        (
            "release_year=1900".to_owned(),
            "release_year must be 1901 to 2155",
        ),
        (
            "release_year=then".to_owned(),
            "release_year must be an integer from 1901 to 2155",
        ),
        ("length_min=-1".to_owned(), "length_min must be 0 to 32767"),
        (
            "rating=X,R".to_owned(),
            "rating must be one of G, PG, PG-13, R, NC-17",
        ),
        (
            "streaming_available=yes".to_owned(),
            "streaming_available must be true or false",
        ),
        (
            "film_id=1,two".to_owned(),
            "film_id must be a 32-bit integer",
        ),
        ("count=all".to_owned(), "count must be exact or estimated"),
        ("q=".to_owned(), "q must have 1 to 255 characters, not 0"),
        (
            "title=x+y-12".to_owned(),
            "title must have at least three letters or digits in a row",
        ),
        (
            "title=²²²".to_owned(),
            "title must have at least three letters or digits in a row",
        ),
        (
            "q=the&category=nothing".to_owned(),
            "q must have a word to search for",
        ),
        ("q=the".to_owned(), "q must have a word to search for"),
        ("q=-drama".to_owned(), "q must have a word to search for"),
        (
            "q=drama+or+-comedy".to_owned(),
            "q must have a word to search for",
        ),
    ] {
        api.get(&format!("/films?{query}"))
            .await
            .assert_problem(422, words);
    }
}

#[tokio::test]
async fn a_forged_cursor_is_no_failure() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let api = Api::start("search-films").await;
    let genuine = api.get("/films?sort=rental_rate&limit=1").await.ok();
    let next = genuine.next().expect("a next page");
    let cursor = next.split_once("cursor=").expect("a cursor").1;
    let bytes = URL_SAFE_NO_PAD.decode(cursor).expect("base64");
    let key = String::from_utf8_lossy(&bytes[8..]).into_owned();
    for (value, status) in [
        (r#"{"Rate":"0.99"}"#, 200),
        (r#"{"Rate":"1e999999"}"#, 422),
        (r#"{"Rate":"1e-99999"}"#, 422),
        (r#"{"Rate":"NaN"}"#, 422),
        (r#"{"Rate":"'; --"}"#, 422),
        (r#"{"Number":3}"#, 422),
        (r#""None""#, 422),
    ] {
        // The hash is no secret: whoever reads the code can make one.
        let start = key.find(r#"{"Rate""#).expect("a rate");
        let end = start + key[start..].find('}').expect("an end") + 1;
        let forged = format!("{}{value}{}", &key[..start], &key[end..]);
        let hash = {
            use sha2::{Digest, Sha256};
            let hash = Sha256::new()
                .chain_update("/films?sort=rental_rate&")
                .chain_update([0])
                .chain_update(&forged);
            hash.finalize()
        };
        let cursor = URL_SAFE_NO_PAD.encode([&hash[..8], forged.as_bytes()].concat());
        let answer = api
            .get(&format!("/films?sort=rental_rate&cursor={cursor}"))
            .await;
        assert_eq!(answer.status, status, "{forged}: {}", answer.text);
    }
}

//! `GET /films?q=`: what people type finds what they mean.

use crate::harness::{
    Database,
    api::{Answer, Api},
};
use serde_json::Value;

/// What people type, how it must be found, the title that must come first, and which films there
/// must be, by a condition of another kind.
pub const SEARCHES: [(&str, &str, &str, &str); 25] = [
    (
        "dinosaur",
        "words",
        "ACADEMY DINOSAUR",
        "title LIKE '%DINOSAUR'",
    ),
    (
        "Dinosaurs",
        "words",
        "ACADEMY DINOSAUR",
        "title LIKE '%DINOSAUR'",
    ),
    (
        "academy dinosaur",
        "words",
        "ACADEMY DINOSAUR",
        "title = 'ACADEMY DINOSAUR'",
    ),
    (
        "\"academy dinosaur\"",
        "words",
        "ACADEMY DINOSAUR",
        "title = 'ACADEMY DINOSAUR'",
    ),
    (
        "\"dinosaur academy\"",
        "similar",
        "ACADEMY DINOSAUR",
        "title ~ 'ACADEMY|DINOSAUR'",
    ),
    (
        "dinosaur -academy",
        "words",
        "MARBLE DINOSAUR",
        "title LIKE '%DINOSAUR' AND title NOT LIKE 'ACADEMY%'",
    ),
    (
        "zeppelin or whale",
        "words",
        "LUCKY ZEPPELIN",
        "title ~ 'ZEPPELIN|WHALE'",
    ),
    (
        "ACE GOLDFINGER",
        "words",
        "ACE GOLDFINGER",
        "title = 'ACE GOLDFINGER'",
    ),
    ("vampire", "words", "", "title || description ~* 'vampire'"),
    (
        "beekeeper zanzibar",
        "words",
        "",
        "description ~ 'Beekeeper.*Zanzibar'",
    ),
    (
        "\"deep sea\"",
        "words",
        "",
        "description LIKE '%the Deep Sea'",
    ),
    (
        "rescuing a moose",
        "words",
        "",
        "description LIKE '%rescue a Moose%'",
    ),
    (
        "ghost hunters in the suburbs",
        "words",
        "",
        "description ~ 'Ghost Hunter.*Suburbs'",
    ),
    ("dinosuar", "similar", "", "title LIKE '%DINOSAUR'"),
    ("dino", "similar", "", "title LIKE '%DINOSAUR'"),
    (
        "acadmy dinosar",
        "similar",
        "ACADEMY DINOSAUR",
        "title = 'ACADEMY DINOSAUR'",
    ),
    ("goldfingr", "similar", "", "title LIKE '%GOLDFINGER'"),
    (
        "academydinosaur",
        "similar",
        "ACADEMY DINOSAUR",
        "title = 'ACADEMY DINOSAUR'",
    ),
    (
        "labirinth",
        "similar",
        "ACE LABYRINTH",
        "title LIKE '%LABYRINTH'",
    ),
    ("kaleidascope", "similar", "", "title LIKE '%KALEIDOSCOPE'"),
    (
        "zepelin",
        "similar",
        "IRON ZEPPELIN",
        "title LIKE '%ZEPPELIN'",
    ),
    ("ligthouse", "similar", "", "title LIKE '%LIGHTHOUSE'"),
    ("zzzz", "words", "", "false"),
    ("'; DROP TABLE film; --", "words", "", "false"),
    (
        "nurse | & !pilot:* <-> (",
        "words",
        "",
        "description LIKE '%Nurse%' AND description LIKE '%Pilot%'",
    ),
];

/// Percent-encoded.
pub fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The ids that a query gives.
pub async fn ids(database: &Database, sql: &str) -> Vec<i64> {
    let client = database.connect().await;
    let rows = client.query(sql, &[]).await.expect("rows");
    rows.iter().map(|row| row.get::<_, i32>(0).into()).collect()
}

/// The film_id of each item.
pub fn film_ids(items: &[Value]) -> Vec<i64> {
    let ids = items.iter().map(|film| film["film_id"].as_i64());
    ids.map(|id| id.expect("film_id")).collect()
}

fn ranks(answer: &Answer) -> Vec<f64> {
    let ranks = answer.each("rank").into_iter().map(Value::as_f64);
    ranks.map(|rank| rank.expect("a rank")).collect()
}

#[tokio::test]
async fn what_people_type_finds_what_they_mean() {
    let api = Api::start("search-films").await;
    for (typed, how, first, condition) in SEARCHES {
        let url = format!("/films?q={}&limit=100", encode(typed));
        let answer = api.get(&url).await.ok();
        assert_eq!(answer.body["match"], how, "{typed}");
        let sql = format!("SELECT film_id FROM film WHERE {condition} ORDER BY film_id");
        let expected = ids(&api.database, &sql).await;
        let mut found = film_ids(&api.all(&url.replace("100", "40")).await);
        found.sort_unstable();
        assert_eq!(found, expected, "{typed}");
        let ranks = ranks(&answer);
        assert!(ranks.is_sorted_by(|a, b| a >= b), "{typed}: {ranks:?}");
        if !first.is_empty() {
            assert_eq!(answer.items()[0]["title"], first, "{typed}");
        }
    }
}

#[tokio::test]
async fn a_word_in_the_title_counts_more_than_one_in_the_description() {
    let api = Api::start("search-films").await;
    let answer = api.get("/films?q=vampire&limit=100").await.ok();
    let in_title = |film: &Value| {
        film["title"]
            .as_str()
            .is_some_and(|title| title.contains("VAMPIRE"))
    };
    let in_title: Vec<bool> = answer.items().iter().map(in_title).collect();
    assert!(in_title.is_sorted_by(|a, b| a >= b), "{in_title:?}");
    assert!(
        in_title[0] && in_title.last() == Some(&false),
        "{in_title:?}"
    );
}

#[tokio::test]
async fn a_search_is_similar_only_if_no_film_at_all_has_the_words() {
    let api = Api::start("search-films").await;
    api.database
        .execute("UPDATE film SET rating = 'PG' WHERE title LIKE '%KNIGHT%'")
        .await;
    assert!(!api.get("/films?q=knight").await.ok().items().is_empty());
    for query in ["q=knight&rating=G", "q=knight&rating=G&count=exact"] {
        let answer = api.get(&format!("/films?{query}")).await.ok();
        assert_eq!(answer.items().len(), 0, "{}", answer.text);
        assert_eq!(answer.body["match"], "words");
    }
}

#[tokio::test]
async fn a_new_title_is_found_however_it_is_misspelt() {
    let api = Api::start("search-films").await;
    api.database
        .execute(
            "INSERT INTO film (film_id, title, language_id) VALUES (9001, 'QUIXOTIC FJORD', 1);
             UPDATE film SET title = 'MNEMONIC ' || title WHERE film_id = 7",
        )
        .await;
    for (typed, film) in [("quixotik", 9001), ("fjrod quixotic", 9001), ("mnemnic", 7)] {
        let answer = api.get(&format!("/films?q={}", encode(typed))).await.ok();
        assert_eq!(answer.body["match"], "similar", "{typed}");
        assert_eq!(
            answer.items()[0]["film_id"],
            film,
            "{typed}: {}",
            answer.text
        );
    }
    api.database
        .execute("DELETE FROM film WHERE film_id = 9001")
        .await;
    let gone = api.get("/films?q=quixotik").await.ok();
    assert_eq!(
        (gone.items().len(), &gone.body["match"]),
        (0, &"words".into())
    );
}

#[tokio::test]
async fn a_filter_and_a_page_beyond_the_last_do_not_make_a_search_similar() {
    let api = Api::start("search-films").await;
    let beyond = api.get("/films?q=dinosaur&skip=50").await.ok();
    assert_eq!(
        (beyond.items().len(), &beyond.body["match"]),
        (0, &"words".into())
    );
    let total = api.get("/films?q=dinosuar&limit=0&count=exact").await.ok();
    assert_eq!(
        (&total.body["total"], &total.body["match"]),
        (&10.into(), &"similar".into())
    );
    for count in ["exact", "estimated"] {
        let url = format!("/films?q=dinosuar&skip=50&count={count}");
        let beyond = api.get(&url).await.ok();
        assert_eq!(
            (&beyond.body["total"], &beyond.body["match"]),
            (&10.into(), &"similar".into())
        );
    }
    let skipped = api.get("/films?q=dinosuar&skip=8").await.ok();
    assert_eq!(
        (skipped.items().len(), &skipped.body["match"]),
        (2, &"similar".into())
    );
    let without = api.get("/films?title=dino").await.ok();
    assert!(without.body["match"].is_null() && without.items()[0]["rank"].is_null());
}

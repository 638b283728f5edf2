use crate::harness::api::{Answer, Api};

fn titles(answer: &Answer) -> Vec<&str> {
    answer
        .each("title")
        .into_iter()
        .filter_map(|title| title.as_str())
        .collect()
}

#[tokio::test]
async fn without_a_filter_all_films_come_once_each_in_order() {
    let api = Api::start("search-films").await;
    let page = api.get("/films").await.ok();
    assert_eq!(page.items().len(), 20);
    assert_eq!(titles(&page)[..2], ["ACADEMY DINOSAUR", "ACE GOLDFINGER"]);
    let all = api.all("/films?limit=7").await;
    let ids: Vec<_> = all
        .iter()
        .filter_map(|film| film["film_id"].as_i64())
        .collect();
    assert_eq!(ids, (1..=1000).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_film_has_its_columns_as_postgresql_has_them() {
    let api = Api::start("search-films").await;
    api.database
        .execute(
            "ALTER TABLE film DISABLE TRIGGER USER;
             UPDATE film SET rental_rate = 4.90, replacement_cost = 0.10, release_year = 2006,
                 length = 86, rating = 'PG-13', special_features = '{Trailers,Commentaries}',
                 description = 'A \"quoted\" tale', streaming_available = true,
                 last_update = '2022-02-15 09:46:27+01', rental_duration = 6
             WHERE film_id = 1",
        )
        .await;
    let answer = api.get("/films?limit=1").await.ok();
    let expected = concat!(
        r#"{"film_id":1,"title":"ACADEMY DINOSAUR","description":"A \"quoted\" tale","#,
        r#""release_year":2006,"language":"English","language_id":1,"rental_duration":6,"#,
        r#""rental_rate":4.90,"length":86,"replacement_cost":0.10,"rating":"PG-13","#,
        r#""special_features":["Trailers","Commentaries"],"last_update":"2022-02-15T08:46:27Z","#,
        r#""streaming_available":true}"#
    );
    assert!(answer.text.contains(expected), "{}", answer.text);
}

#[tokio::test]
async fn columns_that_may_be_null_are_null() {
    let api = Api::start("search-films").await;
    let columns = [
        "description",
        "release_year",
        "length",
        "rating",
        "special_features",
    ];
    let nulls = columns.map(|column| format!("{column} = NULL")).join(", ");
    api.database
        .execute(&format!("UPDATE film SET {nulls} WHERE film_id = 1"))
        .await;
    let answer = api.get("/films?limit=1").await.ok();
    for column in columns {
        assert!(
            answer.items()[0][column].is_null(),
            "{column}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn title_finds_a_part_whatever_its_case() {
    let api = Api::start("search-films").await;
    for part in ["DEMY%20DINO", "demy+dino", "DeMy%20dInO"] {
        let answer = api.get(&format!("/films?title={part}")).await.ok();
        assert_eq!(titles(&answer), ["ACADEMY DINOSAUR"], "{part}");
    }
    assert!(
        api.get("/films?title=no+such+film")
            .await
            .ok()
            .items()
            .is_empty()
    );
}

#[tokio::test]
async fn starts_with_finds_a_prefix_whatever_its_case() {
    let api = Api::start("search-films").await;
    let answer = api.get("/films?starts_with=ace+gold").await.ok();
    assert_eq!(titles(&answer), ["ACE GOLDFINGER"]);
    assert!(
        api.get("/films?starts_with=goldfinger")
            .await
            .ok()
            .items()
            .is_empty()
    );
    let by_title = api.get("/films?starts_with=a&limit=100").await.ok();
    let titles_of_a = titles(&by_title);
    assert!(
        titles_of_a.len() > 20 && titles_of_a.is_sorted(),
        "{titles_of_a:?}"
    );
    let both = api.get("/films?starts_with=ac&title=FING").await.ok();
    assert_eq!(titles(&both), ["ACE GOLDFINGER"]);
}

#[tokio::test]
async fn wildcards_in_a_title_are_themselves() {
    let api = Api::start("search-films").await;
    api.database
        .execute(r"UPDATE film SET title = '100% ABC_DEF\GHI' WHERE film_id = 3")
        .await;
    for (text, found) in [
        ("%25+abc", 1),
        ("bc_def", 1),
        (r"f\ghi", 1),
        ("f%5CGHI", 1),
        ("00%25ABC", 0),
        ("A_DEMY", 0),
    ] {
        for parameter in ["title", "starts_with"] {
            let answer = api.get(&format!("/films?{parameter}={text}")).await.ok();
            let expected = if parameter == "title" { found } else { 0 };
            assert_eq!(
                answer.items().len(),
                expected,
                "{parameter}={text}: {:?}",
                titles(&answer)
            );
        }
    }
}

#[tokio::test]
async fn skip_leaves_films_out_and_goes_on_by_cursor() {
    let api = Api::start("search-films").await;
    let page = api.get("/films?skip=990&limit=6").await.ok();
    assert_eq!(page.items()[0]["film_id"], 991);
    let next = api.get(&page.next().expect("a next page")).await.ok();
    assert_eq!(next.each("film_id"), [997, 998, 999, 1000]);
    assert_eq!(next.next(), None);
    assert!(api.get("/films?skip=10000").await.ok().items().is_empty());
}

#[tokio::test]
async fn a_page_that_ends_the_list_has_no_next() {
    let api = Api::start("search-films").await;
    let page = api.get("/films?skip=980&limit=20").await.ok();
    assert_eq!((page.items().len(), page.next()), (20, None));
}

#[tokio::test]
async fn rows_that_come_meanwhile_neither_repeat_nor_hide_others() {
    let api = Api::start("search-films").await;
    let first = api.get("/films?limit=3").await.ok();
    api.database
        .execute("DELETE FROM film_actor; DELETE FROM film_category; INSERT INTO film (film_id, title, language_id) VALUES (-1, 'NEW', 1)")
        .await;
    let second = api.get(&first.next().expect("a next page")).await.ok();
    assert_eq!(second.each("film_id"), [4, 5, 6]);
}

#[tokio::test]
async fn filters_go_with_the_next_page() {
    let api = Api::start("search-films").await;
    let expected: i64 = api
        .database
        .value("SELECT count(*) FROM film WHERE title ILIKE '%dino%'", &[])
        .await;
    let found = api.all("/films?title=dino&limit=3").await;
    assert_eq!(found.len() as i64, expected);
    assert!(found.iter().all(|film| {
        film["title"]
            .as_str()
            .is_some_and(|title| title.contains("DINO"))
    }));
}

#[tokio::test]
async fn a_wrong_number_names_the_parameter_and_what_came() {
    let api = Api::start("search-films").await;
    for value in [
        "0",
        "101",
        "-1",
        "ten",
        "100000000000000000000",
        "",
        "1.5",
        "0x1",
        "+1",
        "١",
    ] {
        let encoded =
            percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
        api.get(&format!("/films?limit={encoded}"))
            .await
            .assert_invalid("limit", value);
    }
    for value in ["-1", "10001", "many"] {
        api.get(&format!("/films?skip={value}"))
            .await
            .assert_invalid("skip", value);
    }
}

#[tokio::test]
async fn every_violation_is_reported_at_once() {
    let api = Api::start("search-films").await;
    let answer = api.get("/films?limit=0&skip=x&title=&year=2006").await;
    for (name, value) in [
        ("limit", "0"),
        ("skip", "x"),
        ("title", ""),
        ("year", "2006"),
    ] {
        answer.assert_invalid(name, value);
    }
    assert_eq!(answer.body["errors"].as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn a_parameter_given_twice_is_refused() {
    let api = Api::start("search-films").await;
    api.get("/films?limit=5&limit=6")
        .await
        .assert_invalid("limit", "5");
    api.get("/films?title=abc&title=abc")
        .await
        .assert_problem(422, "must not be repeated");
}

#[tokio::test]
async fn text_that_postgresql_cannot_hold_never_reaches_it() {
    let api = Api::start("search-films").await;
    api.get("/films?title=a%00b")
        .await
        .assert_problem(422, "without NUL");
    api.get("/films?title=%FF")
        .await
        .assert_invalid("title", "%FF");
    api.get("/films?starts_with=%C3%28")
        .await
        .assert_problem(422, "UTF-8");
    let long = "x".repeat(10_000);
    let answer = api.get(&format!("/films?title={long}")).await;
    answer.assert_problem(422, "1 to 255 characters, not 10000");
    assert!(answer.text.len() < 1000, "the answer repeats all that came");
}

#[tokio::test]
async fn a_cursor_that_is_not_of_this_query_is_refused() {
    let api = Api::start("search-films").await;
    let page = api.get("/films?title=dino&limit=5").await.ok();
    let next = page.next().expect("a next page");
    let (_, cursor) = next.split_once("cursor=").expect("a cursor");
    let changed = cursor.replacen(cursor.chars().next().expect("a character"), "-", 1);
    let cut = &cursor[..cursor.len() - 1];
    for wrong in [cut, &changed, "x", "%00", &format!("{cursor}A"), ""] {
        api.get(&format!("/films?title=dino&cursor={wrong}"))
            .await
            .assert_problem(422, "cursor");
    }
    for url in ["/films?", "/films?title=din&", "/films?starts_with=a&"] {
        api.get(&format!("{url}cursor={cursor}"))
            .await
            .assert_invalid("cursor", cursor);
    }
    api.get(&format!("/films?title=dino&skip=1&cursor={cursor}"))
        .await
        .assert_problem(422, "skip");
    api.get(&format!("/films?cursor={cursor}&limit=1&title=dino"))
        .await
        .ok();
    let categories = Api::start("films-by-category").await;
    categories
        .get(&format!("/categories/1/films?cursor={cursor}"))
        .await
        .assert_problem(422, "cursor");
}

#[tokio::test]
async fn sql_in_a_title_is_text() {
    let api = Api::start("search-films").await;
    let answer = api.get("/films?title=%27;+DROP+TABLE+film;--").await.ok();
    assert!(answer.items().is_empty());
    assert_eq!(api.get("/films?limit=1").await.ok().items().len(), 1);
}

use crate::harness::{api::Api, route};
use serde_json::{Value, json};

const RENTALS: &str = "/customers/1/rentals";

/// Customer 1 has three rentals of film 1, which may be kept for 3 days: one that came back, one
/// that is overdue, and the newest, of an hour ago.
async fn three_rentals() -> Api {
    let api = Api::start("rentals-by-customer").await;
    api.database
        .execute(
            "DELETE FROM payment; DELETE FROM rental;
             UPDATE film SET rental_duration = 3 WHERE film_id = 1;
             UPDATE inventory SET film_id = 1 WHERE inventory_id = 1;
             INSERT INTO rental (rental_id, rental_date, inventory_id, customer_id, return_date, staff_id)
             VALUES (1, '2022-03-26 00:00+00', 1, 1, '2022-03-28 12:00+00', 1),
                    (2, '2022-05-24 22:53:30.123456+00', 1, 1, NULL, 1),
                    (3, now() - interval '1 hour', 1, 1, NULL, 1)",
        )
        .await;
    api
}

#[tokio::test]
async fn rentals_come_newest_first_with_their_film() {
    let api = three_rentals().await;
    let answer = api.get(RENTALS).await.ok();
    assert_eq!(answer.each("rental_id"), [3, 2, 1]);
    assert_eq!(answer.each("status"), ["open", "overdue", "returned"]);
    // The clocks of some zones change between these dates; a day stays 24 hours.
    let returned = json!({
        "rental_id": 1, "rental_date": "2022-03-26T00:00:00Z", "due_date": "2022-03-29T00:00:00Z",
        "return_date": "2022-03-28T12:00:00Z", "status": "returned", "film_id": 1,
        "title": "ACADEMY DINOSAUR", "inventory_id": 1, "staff_id": 1,
    });
    assert_eq!(answer.items()[2], returned);
    assert_eq!(
        answer.items()[1]["rental_date"],
        "2022-05-24T22:53:30.123456Z"
    );
    assert!(answer.items()[1]["return_date"].is_null());
}

#[tokio::test]
async fn status_filters() {
    let api = three_rentals().await;
    for (status, id) in [("open", 3), ("overdue", 2), ("returned", 1)] {
        let answer = api.get(&format!("{RENTALS}?status={status}")).await.ok();
        assert_eq!(answer.each("rental_id"), [id], "{status}");
    }
    api.get(&format!("{RENTALS}?status=late"))
        .await
        .assert_invalid("status", "late");
}

#[tokio::test]
async fn from_is_within_and_to_is_not() {
    let api = three_rentals().await;
    let ids = async |query: &str| -> Vec<Value> {
        let answer = api.get(&format!("{RENTALS}?{query}")).await.ok();
        answer.each("rental_id").into_iter().cloned().collect()
    };
    assert_eq!(ids("to=2022-05-25").await, [2, 1]);
    assert_eq!(ids("from=2022-03-26&to=2022-05-24").await, [1]);
    assert_eq!(ids("to=2022-05-24T22:53:30.123456Z").await, [1]);
    // The plus of an offset, encoded or as people type it.
    for plus in ["%2B", "+"] {
        let query = format!("from=2022-05-25T00:53:30.123456{plus}02:00&to=2022-06-01");
        assert_eq!(ids(&query).await, [2]);
    }
}

#[tokio::test]
async fn a_wrong_moment_is_refused() {
    let api = three_rentals().await;
    for value in [
        "yesterday",
        "2022-13-01",
        "2022-02-30",
        "2022-5-1",
        "-4800-01-01",
        "1653432810",
        "infinity",
        // In UTC these are years that neither RFC 3339 nor PostgreSQL has.
        "9999-12-31T23:59:59-23:59",
        "0000-01-01T00:00:00%2B23:59",
    ] {
        api.get(&format!("{RENTALS}?from={value}"))
            .await
            .assert_invalid("from", &route::decode(value));
    }
    api.get(&format!("{RENTALS}?from=2022-05-01&to=2022-05-01"))
        .await
        .assert_problem(422, "to must be after from");
}

#[tokio::test]
async fn pages_go_by_cursor_even_where_rentals_share_a_moment() {
    let api = three_rentals().await;
    api.database
        .execute("INSERT INTO rental (rental_id, rental_date, inventory_id, customer_id, staff_id) SELECT n, '2022-06-01', n, 1, 1 FROM generate_series(11, 20) AS n")
        .await;
    let rentals = api.all("/customers/1/rentals?limit=3").await;
    let ids: Vec<_> = rentals
        .iter()
        .filter_map(|rental| rental["rental_id"].as_i64())
        .collect();
    assert_eq!(ids, [3, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 2, 1]);
}

#[tokio::test]
async fn an_unknown_customer_is_404_and_one_without_rentals_an_empty_list() {
    let api = three_rentals().await;
    assert!(
        api.get("/customers/2/rentals")
            .await
            .ok()
            .items()
            .is_empty()
    );
    api.get("/customers/600/rentals")
        .await
        .assert_problem(404, "customer not found");
    api.get("/customers/x/rentals")
        .await
        .assert_invalid("customer_id", "x");
}

#[tokio::test]
async fn by_default_only_claims_open_what_is_personal() {
    for authorization in ["", "jwt"] {
        let api = Api::start_with("rentals-by-customer", &[("AUTHORIZATION", authorization)]).await;
        let nobody = api.get(RENTALS).await;
        nobody.assert_problem(401, "bearer token");
        assert_eq!(nobody.headers["www-authenticate"], "Bearer");
        api.get_as(RENTALS, json!({}))
            .await
            .assert_problem(401, "bearer token");
        for claims in [
            json!({"customer_id": "2"}),
            json!({"customer_id": "01"}),
            json!({"sub": "1"}),
            json!({"scope": "rentals:write xrentals:read rentals:reader"}),
            json!({"scopes": "rentals:read"}),
        ] {
            api.get_as(RENTALS, claims)
                .await
                .assert_problem(403, "does not allow");
        }
        for claims in [
            json!({"customer_id": "1"}),
            json!({"scope": "films:read rentals:read"}),
        ] {
            assert!(!api.get_as(RENTALS, claims).await.ok().items().is_empty());
        }
    }
}

#[tokio::test]
async fn a_deployment_names_the_claim_and_the_scope() {
    let names = [
        ("AUTHORIZATION", "jwt"),
        ("CUSTOMER_CLAIM", "https://example.com/customer"),
        ("RENTALS_SCOPE", "films/rentals.read"),
    ];
    let api = Api::start_with("rentals-by-customer", &names).await;
    for claims in [
        json!({"https://example.com/customer": "2", "customer_id": "1"}),
        json!({"scope": "rentals:read"}),
    ] {
        let answer = api.get_as(RENTALS, claims).await;
        answer.assert_problem(403, "does not allow");
    }
    for claims in [
        json!({"https://example.com/customer": "1"}),
        json!({"scope": "films/films.read films/rentals.read"}),
    ] {
        api.get_as(RENTALS, claims).await.ok();
    }
}

#[tokio::test]
async fn a_header_is_no_claim() {
    let api = Api::start_with("rentals-by-customer", &[("AUTHORIZATION", "jwt")]).await;
    let mut event = crate::harness::event::get(
        &crate::harness::route::of("rentals-by-customer"),
        RENTALS,
        None,
    );
    event["headers"]["authorization"] = json!("Bearer x");
    event["headers"]["x-customer-id"] = json!("1");
    api.request(RENTALS, event)
        .await
        .assert_problem(401, "bearer token");
}

//! The migrate function, with this project's migrations.

use crate::harness::Database;
use serde_json::{Value, json};

async fn migrate(database: &Database, event: Value) -> Value {
    database.migrate(event).await.expect("a result")
}

#[tokio::test]
async fn restore_and_upgrade_create_the_whole_database() {
    let database = Database::empty().await;
    let restored = migrate(&database, json!({"command": "restore"})).await;
    assert_eq!(
        (&restored["ok"], &restored["status"]),
        (&json!(true), &json!("applied"))
    );
    let upgraded = migrate(&database, json!({"command": "upgrade", "target": "head"})).await;
    assert_eq!(
        (&upgraded["status"], &upgraded["from"]),
        (&json!("applied"), &Value::Null)
    );
    let counts: Vec<i64> = database
        .value(
            "SELECT ARRAY[(SELECT count(*) FROM film), (SELECT count(*) FROM category),
                (SELECT count(*) FROM actor), (SELECT count(*) FROM customer),
                (SELECT count(*) FROM inventory), (SELECT count(*) FROM rental),
                (SELECT count(*) FROM rental WHERE return_date IS NULL),
                (SELECT count(*) FROM payment)]",
            &[],
        )
        .await;
    assert_eq!(counts, [1000, 16, 200, 599, 4581, 16044, 183, 16044]);
    let again = migrate(&database, json!({"command": "upgrade"})).await;
    assert_eq!(
        (&again["status"], &again["to"]),
        (&json!("noop"), &upgraded["to"])
    );
}

#[tokio::test]
async fn restore_refuses_a_database_that_is_not_empty() {
    let database = Database::sample().await;
    let error = database
        .migrate(json!({"command": "restore"}))
        .await
        .expect_err("a refusal");
    assert!(error.contains("the table actor exists already"), "{error}");
    let event = json!({"command": "restore", "if_empty": true});
    let report = migrate(&database, event).await;
    assert_eq!(report["status"], "noop", "{report}");
    let films: i64 = database.value("SELECT count(*) FROM film", &[]).await;
    assert_eq!(films, 1000);
}

#[tokio::test]
async fn restore_multiplies_by_its_scale() {
    let database = Database::empty().await;
    migrate(&database, json!({"command": "restore", "scale": 2})).await;
    let films: i64 = database.value("SELECT count(*) FROM film", &[]).await;
    assert_eq!(films, 2000);
}

#[tokio::test]
async fn a_downgrade_and_an_upgrade_restore_the_catalog() {
    let database = Database::migrated().await;
    let before = database.catalog().await;
    let base = migrate(&database, json!({"command": "downgrade", "target": "base"})).await;
    assert_eq!(
        (&base["status"], &base["to"]),
        (&json!("applied"), &Value::Null)
    );
    let plain = database.catalog().await;
    for gone in [
        "streaming_available",
        "interview_app",
        "interview_catalogue",
        "interview_rentals",
    ] {
        assert!(!plain.contains(gone), "{gone}: {plain}");
    }
    migrate(&database, json!({"command": "upgrade"})).await;
    assert_eq!(database.catalog().await, before);
}

#[tokio::test]
async fn each_way_back_restores_what_was_before() {
    let database = Database::schema().await;
    // A privilege that is granted again comes after others.
    let sorted = async || {
        let catalog = database.catalog().await;
        let mut lines: Vec<_> = catalog.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    // The first one also makes the tables of the history.
    migrate(&database, json!({"command": "upgrade", "target": "+1"})).await;
    let mut before = Vec::new();
    loop {
        let catalog = sorted().await;
        let report = migrate(&database, json!({"command": "upgrade", "target": "+1"})).await;
        if report["status"] != "applied" {
            break;
        }
        before.push((report["to"].clone(), catalog));
    }
    assert!(before.len() > 15, "{}", before.len());
    for (revision, catalog) in before.into_iter().rev() {
        migrate(&database, json!({"command": "downgrade", "target": "-1"})).await;
        let after = sorted().await;
        let differ = |a: &[String], b: &[String]| -> Vec<String> {
            a.iter().filter(|line| !b.contains(line)).cloned().collect()
        };
        let (lost, left) = (differ(&catalog, &after), differ(&after, &catalog));
        assert!(
            lost.is_empty() && left.is_empty(),
            "{revision}: {lost:?} {left:?}"
        );
        assert_eq!(after.len(), catalog.len(), "{revision}");
    }
}

#[tokio::test]
async fn targets_are_steps_or_versions() {
    let database = Database::empty().await;
    migrate(&database, json!({"command": "restore"})).await;
    let first = migrate(&database, json!({"command": "upgrade", "target": "+1"})).await;
    assert_eq!(first["to"], "20241109103000");
    let third = migrate(
        &database,
        json!({"command": "upgrade", "target": "20241110091000"}),
    )
    .await;
    assert_eq!(third["migrations"].as_array().map(Vec::len), Some(2));
    let current = migrate(&database, json!({"command": "current"})).await;
    assert_eq!(current["revision"], "20241110091000");
    let back = migrate(&database, json!({"command": "downgrade", "target": "-2"})).await;
    assert_eq!(
        (&back["from"], &back["to"]),
        (&json!("20241110091000"), &json!("20241109103000"))
    );
    let history = migrate(&database, json!({"command": "history"})).await;
    let list = history["history"].as_array().expect("a list");
    let states: Vec<_> = list.iter().map(|entry| &entry["state"]).collect();
    assert_eq!(states[..2], ["applied", "pending"]);
}

#[tokio::test]
async fn a_downgrade_delivered_twice_reverts_one() {
    let database = Database::migrated().await;
    let current = migrate(&database, json!({"command": "current"})).await;
    let event = json!({"command": "downgrade", "target": "-1", "from": current["revision"]});
    let report = migrate(&database, event.clone()).await;
    assert_eq!(report["migrations"].as_array().map(Vec::len), Some(1));
    let error = database.migrate(event).await.expect_err("a refusal");
    assert!(error.contains("nothing was reverted"), "{error}");
    let after = migrate(&database, json!({"command": "current"})).await;
    assert_eq!(after["revision"], report["to"]);
}

#[tokio::test]
async fn an_invalid_event_is_refused_with_its_reason() {
    let database = Database::empty().await;
    for (event, words) in [
        (json!({}), "command"),
        (json!({"command": "explode"}), "explode"),
        (json!({"command": "upgrade", "target": "tail"}), "`tail`"),
        (json!({"command": "upgrade", "to": "head"}), "to"),
        (json!({"command": "upgrade", "ahead": "yes"}), "`yes`"),
        (json!({"command": "bootstrap"}), "roles"),
        (
            json!({"command": "bootstrap", "roles": []}),
            "interview_migrator",
        ),
        (
            json!({"command": "bootstrap", "roles": ["nobody"]}),
            "credentials",
        ),
        (json!({"command": "restore", "scale": 0}), "scale"),
        (json!({"command": "restore", "scale": "all"}), "u16"),
        (json!("upgrade"), "upgrade"),
    ] {
        let error = database
            .migrate(event.clone())
            .await
            .expect_err("a refusal");
        assert!(error.contains(words), "{event}: {error}");
    }
}

#[tokio::test]
async fn a_failed_migration_leaves_nothing_behind() {
    let database = Database::empty().await;
    migrate(&database, json!({"command": "restore"})).await;
    database
        .execute("CREATE INDEX film_release_year_idx ON film (film_id)")
        .await;
    let error = database
        .migrate(json!({"command": "upgrade"}))
        .await
        .expect_err("a failure");
    assert!(
        error.contains("20241110091000") && error.contains("42P07"),
        "{error}"
    );
    let current = migrate(&database, json!({"command": "current"})).await;
    assert_eq!(current["revision"], "20241110090000");
}

#[tokio::test]
async fn only_one_of_two_runners_applies_migrations() {
    let database = Database::empty().await;
    migrate(&database, json!({"command": "restore"})).await;
    let upgrade = || database.migrate(json!({"command": "upgrade"}));
    let (one, two) = tokio::join!(upgrade(), upgrade());
    let mut statuses = [one, two].map(|result| result.expect("a result")["status"].clone());
    statuses.sort_by_key(ToString::to_string);
    assert_eq!(statuses, ["applied", "noop"]);
}

#[tokio::test]
async fn an_event_that_can_lose_data_must_name_the_database() {
    let database = Database::sample().await;
    let downgrade = json!({"command": "downgrade", "target": "base", "confirm": "pagila"});
    let repair = json!({"command": "repair", "version": "1", "outcome": "done", "confirm": ""});
    for (event, not) in [
        (downgrade, r#", not \"pagila\""#),
        (
            json!({"command": "stamp", "version": "base", "confirm": null}),
            "",
        ),
        (repair, r#", not \"\""#),
        (json!({"command": "restore", "confirm": 7}), ""),
    ] {
        let error = database.migrate(event).await.expect_err("a refusal");
        let words = format!(r#"\"confirm\": \"{}\"{not}"}}"#, database.name);
        assert!(error.contains(&words), "{error}");
    }
    let read = database
        .migrate(json!({"command": "downgrade", "sql": true}))
        .await
        .expect("a script");
    assert!(
        read["sql"]
            .as_str()
            .is_some_and(|sql| sql.contains("DELETE FROM migrate.history"))
    );
}

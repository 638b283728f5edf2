//! The real Pagila dump, where PAGILA_DIR has it: what the endpoints say is what SQL says.

use std::{env, path::PathBuf};

use crate::harness::{Database, api::Api};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

/// Columns of a film as JSON, for the comparison, by a way of their own.
const FILM: &str =
    "json_build_object('film_id', film_id, 'title', title, 'description', description,
    'release_year', release_year, 'language', trim(trailing from name), 'language_id', language_id,
    'rental_duration', rental_duration, 'rental_rate', rental_rate, 'length', length,
    'replacement_cost', replacement_cost, 'rating', rating, 'special_features', special_features,
    'last_update', film.last_update, 'streaming_available', streaming_available)";

/// A database with the dump in it, or None (and a word) where there is no dump.
async fn pagila() -> Option<Database> {
    static TOLD: OnceCell<()> = OnceCell::const_new();
    let folder = env::var_os("PAGILA_DIR").filter(|folder| !folder.is_empty());
    let Some(folder) = folder.map(PathBuf::from) else {
        TOLD.get_or_init(async || eprintln!("skipped: PAGILA_DIR is not set, so there is no dump"))
            .await;
        return None;
    };
    let database = Database::empty().await;
    let schema = local::paths::root().join("sql/01-pagila-schema.sql");
    for file in [schema, folder.join("pagila-data.sql")] {
        database.psql(&file).await;
    }
    database
        .migrate(json!({"command": "upgrade"}))
        .await
        .expect("migrations");
    Some(database)
}

/// The rows of a query that gives JSON, with moments as the API writes them.
async fn rows(database: &Database, sql: &str) -> Vec<Value> {
    let client = database.connect().await;
    let rows = client.query(sql, &[]).await.expect("rows");
    rows.iter()
        .map(|row| utc(serde_json::from_str(row.get(0)).expect("JSON")))
        .collect()
}

fn utc(mut item: Value) -> Value {
    for field in ["last_update", "rental_date", "due_date", "return_date"] {
        if let Some(text) = item[field].as_str() {
            // The server's zone is UTC, so PostgreSQL writes +00:00.
            item[field] = text.replace("+00:00", "Z").into();
        }
    }
    item
}

#[tokio::test]
async fn every_film_is_as_sql_has_it() {
    let Some(database) = pagila().await else {
        return;
    };
    let all =
        format!("SELECT {FILM}::text FROM film JOIN language USING (language_id) ORDER BY film_id");
    let expected = rows(&database, &all).await;
    let api = Api::start_on(database, "search-films", &[]).await;
    assert_eq!(api.all("/films?limit=100").await, expected);
    assert_eq!(expected.len(), 1000);
    for word in ["LOVE", "ant", "cat", "ess "] {
        let matches = |film: &&Value| {
            film["title"]
                .as_str()
                .is_some_and(|title| title.contains(&word.to_uppercase()))
        };
        let found: Vec<_> = expected.iter().filter(matches).cloned().collect();
        assert_eq!(
            api.all(&format!("/films?limit=37&title={}", word.replace(' ', "+")))
                .await,
            found
        );
    }
}

#[tokio::test]
async fn every_single_film_has_the_categories_and_actors_that_sql_has() {
    let Some(database) = pagila().await else {
        return;
    };
    let sql = format!(
        "SELECT ({FILM}::jsonb || jsonb_build_object(
             'categories', (SELECT coalesce(jsonb_agg(jsonb_build_object('category_id', c.category_id, 'name', c.name) ORDER BY c.name), '[]')
                            FROM film_category f JOIN category c ON c.category_id = f.category_id WHERE f.film_id = film.film_id),
             'actors', (SELECT coalesce(jsonb_agg(jsonb_build_object('actor_id', a.actor_id, 'first_name', a.first_name, 'last_name', a.last_name)
                                                  ORDER BY a.last_name, a.first_name, a.actor_id), '[]')
                        FROM film_actor f JOIN actor a ON a.actor_id = f.actor_id WHERE f.film_id = film.film_id)))::text
         FROM film JOIN language USING (language_id) ORDER BY film_id"
    );
    let expected = rows(&database, &sql).await;
    let api = Api::start_on(database, "get-film", &[]).await;
    for film in expected {
        let answer = api.get(&format!("/films/{}", film["film_id"])).await.ok();
        assert_eq!(answer.body, film);
    }
}

#[tokio::test]
async fn every_category_has_the_films_that_sql_has() {
    let Some(database) = pagila().await else {
        return;
    };
    let counts = "SELECT json_build_object('category_id', category_id, 'name', name,
            'films', (SELECT count(*) FROM film_category f WHERE f.category_id = category.category_id))::text
         FROM category ORDER BY name";
    let categories = rows(&database, counts).await;
    let mut films = Vec::new();
    for category in &categories {
        let sql = format!(
            "SELECT {FILM}::text FROM film JOIN language USING (language_id)
             WHERE film_id IN (SELECT film_id FROM film_category WHERE category_id = {}) ORDER BY film_id",
            category["category_id"]
        );
        films.push(rows(&database, &sql).await);
    }
    let api = Api::start_on(database, "films-by-category", &[]).await;
    for (category, films) in categories.iter().zip(films) {
        let (id, name) = (
            &category["category_id"],
            category["name"].as_str().expect("a name"),
        );
        assert_eq!(
            api.all(&format!("/categories/{id}/films?limit=100")).await,
            films,
            "{name}"
        );
        let lower = name.to_lowercase();
        assert_eq!(
            api.all(&format!("/categories/{lower}/films?limit=13"))
                .await,
            films,
            "{name}"
        );
    }
    let Api { database, .. } = api;
    let api = Api::start_on(database, "list-categories", &[]).await;
    assert_eq!(api.get("/categories").await.ok().items(), categories);
}

#[tokio::test]
async fn every_customer_has_the_rentals_that_sql_has() {
    let Some(database) = pagila().await else {
        return;
    };
    let sql = "SELECT json_build_object('customer_id', customer_id, 'rentals', (
            SELECT coalesce(json_agg(json_build_object('rental_id', rental_id, 'rental_date', rental_date,
                'due_date', rental_date + make_interval(hours => 24 * rental_duration), 'return_date', return_date,
                'status', CASE WHEN return_date IS NOT NULL THEN 'returned' ELSE 'overdue' END,
                'film_id', film_id, 'title', title, 'inventory_id', inventory_id, 'staff_id', rental.staff_id)
                ORDER BY rental_date DESC, rental_id DESC), '[]')
            FROM rental JOIN inventory USING (inventory_id) JOIN film USING (film_id)
            WHERE rental.customer_id = customer.customer_id))::text
        FROM customer ORDER BY customer_id";
    let expected = rows(&database, sql).await;
    assert_eq!(expected.len(), 599);
    let api = Api::start_on(database, "rentals-by-customer", &[]).await;
    for customer in expected {
        let rentals = customer["rentals"].as_array().expect("a list");
        let rentals: Vec<_> = rentals.iter().cloned().map(utc).collect();
        let url = format!("/customers/{}/rentals?limit=17", customer["customer_id"]);
        assert_eq!(api.all(&url).await, rentals, "{url}");
    }
}

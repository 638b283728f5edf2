//! What the roles of the functions may do in the database: what their functions need, and no more.

use crate::harness::{Database, stack};
use local::Role;
use serde_json::json;
use tokio_postgres::{Client, error::SqlState};

const READERS: [Role; 2] = [Role::Catalogue, Role::Rentals];
const EXPANDED: &str = "20261124093000";
const RETIRED: &str = "20261124094000";

async fn readable(client: &Client, sql: &str) {
    if let Err(error) = client.query(sql, &[]).await {
        panic!("{sql}: {error:?}");
    }
}

async fn refused(client: &Client, sql: &str, state: &SqlState) {
    let error = client.batch_execute(sql).await;
    let error = error.expect_err(sql);
    assert_eq!(error.code(), Some(state), "{sql}: {error:?}");
}

async fn denied(client: &Client, sql: &str) {
    refused(client, sql, &SqlState::INSUFFICIENT_PRIVILEGE).await;
}

#[tokio::test]
async fn no_reader_reads_staff_addresses_payments_or_what_is_personal_of_customers() {
    let database = Database::sample().await;
    for role in READERS {
        let client = database.connect_as(role).await;
        for table in [
            "staff",
            "store",
            "payment",
            "payment_p2022_01",
            "address",
            "city",
        ] {
            denied(&client, &format!("SELECT FROM {table}")).await;
        }
        for columns in ["email", "first_name", "address_id", "*"] {
            denied(&client, &format!("SELECT {columns} FROM customer")).await;
        }
    }
}

#[tokio::test]
async fn the_catalogue_role_reads_the_catalogue_and_no_rentals() {
    let database = Database::sample().await;
    let client = database.connect_as(Role::Catalogue).await;
    for table in [
        "film",
        "language",
        "category",
        "film_category",
        "actor",
        "film_actor",
        "title_word",
        "category_film_count",
    ] {
        readable(&client, &format!("SELECT * FROM {table}")).await;
        denied(&client, &format!("DELETE FROM {table}")).await;
    }
    for trigger in ["add_title_words", "count_films_of_categories"] {
        let may = "SELECT has_function_privilege($1, $2::text || '()', 'EXECUTE')";
        let role = Role::Catalogue.name();
        assert!(
            !database.value::<bool>(may, &[&role, &trigger]).await,
            "{trigger}"
        );
    }
    readable(&client, "SELECT * FROM similar_titles('dinosuar')").await;
    readable(&client, "SELECT * FROM migrate.history").await;
    for table in ["rental", "inventory", "customer", "migrate.statement"] {
        denied(&client, &format!("SELECT FROM {table}")).await;
    }
    denied(&client, "SELECT customer_id FROM customer").await;
}

#[tokio::test]
async fn the_rentals_role_reads_rentals_and_of_customers_only_their_keys() {
    let database = Database::sample().await;
    let client = database.connect_as(Role::Rentals).await;
    for table in ["rental", "inventory", "film"] {
        readable(&client, &format!("SELECT * FROM {table}")).await;
    }
    readable(&client, "SELECT customer_id FROM customer").await;
    for table in [
        "customer",
        "language",
        "category",
        "film_category",
        "actor",
        "film_actor",
    ] {
        denied(&client, &format!("SELECT * FROM {table}")).await;
    }
    denied(&client, "SELECT FROM migrate.history").await;
}

#[tokio::test]
async fn no_reader_writes_even_where_it_turns_its_transactions_writable() {
    let database = Database::migrated().await;
    for role in READERS {
        let client = database.connect_as(role).await;
        let writes = [
            "DELETE FROM film",
            "UPDATE film SET title = ''",
            "INSERT INTO film (title, language_id) VALUES ('', 1)",
            "CREATE TABLE mine ()",
        ];
        for sql in writes {
            refused(&client, sql, &SqlState::READ_ONLY_SQL_TRANSACTION).await;
        }
        readable(&client, "SET default_transaction_read_only = off").await;
        for sql in writes {
            denied(&client, sql).await;
        }
    }
}

#[tokio::test]
async fn a_later_table_is_read_only_once_a_migration_grants_it() {
    let database = Database::sample().await;
    let migrator = database.connect_as(Role::Migrator).await;
    let clients = [
        database.connect_as(Role::Catalogue).await,
        database.connect_as(Role::Rentals).await,
    ];
    for owner in ["interview_migrator", "interview_owner"] {
        let make = format!("SET ROLE {owner}; CREATE TABLE public.{owner}_later (id int)");
        migrator.batch_execute(&make).await.expect("a table");
        for client in &clients {
            denied(client, &format!("SELECT FROM {owner}_later")).await;
        }
    }
    let grant = "GRANT SELECT ON interview_owner_later TO interview_rentals";
    migrator.batch_execute(grant).await.expect("a grant");
    readable(&clients[1], "SELECT FROM interview_owner_later").await;
}

#[tokio::test]
async fn the_settings_of_a_reader_are_in_force() {
    let database = Database::migrated().await;
    // A server that cannot tell whether a client is gone refuses it, and goes without.
    let check_interval = "SET client_connection_check_interval = '1s'";
    let checked = database.connect().await.batch_execute(check_interval).await;
    let check_interval = if checked.is_ok() { "1s" } else { "0" };
    for (role, connections) in [(Role::Catalogue, 80), (Role::Rentals, 20)] {
        let client = database.connect_as(role).await;
        for (setting, value) in [
            ("default_transaction_read_only", "on"),
            ("statement_timeout", "5s"),
            ("idle_session_timeout", "10min"),
            ("idle_in_transaction_session_timeout", "10s"),
            ("client_connection_check_interval", check_interval),
        ] {
            let row = client.query_one(&format!("SHOW {setting}"), &[]).await;
            let row = row.expect("a setting");
            assert_eq!(row.get::<_, &str>(0), value, "{role:?} {setting}");
        }
        // Pages of a search for a common word must not differ.
        let (synchronize, workers) = match role {
            Role::Catalogue => ("off", "0"),
            _ => ("on", "2"),
        };
        for (setting, value) in [
            ("synchronize_seqscans", synchronize),
            ("max_parallel_workers_per_gather", workers),
        ] {
            let row = client.query_one(&format!("SHOW {setting}"), &[]).await;
            assert_eq!(
                row.expect("a setting").get::<_, &str>(0),
                value,
                "{role:?} {setting}"
            );
        }
        let limit = "SELECT rolconnlimit FROM pg_roles WHERE rolname = $1";
        let limit: i32 = database.value(limit, &[&role.name()]).await;
        assert_eq!(limit, connections, "{role:?}");
    }
}

/// Functions get their new secrets one by one, so the old secret must work meanwhile.
#[tokio::test]
async fn the_old_role_reads_until_it_is_retired_and_again_after_a_downgrade() {
    let database = Database::sample().await;
    let client = database.connect().await;
    readable(&client, "SET ROLE interview_app").await;
    denied(&client, "SELECT FROM film").await;
    for (command, target) in [("downgrade", EXPANDED), ("upgrade", RETIRED)] {
        let reads = ["film", "staff", "migrate.history"];
        migrate(&database, command, target).await.expect(command);
        for table in reads {
            let sql = format!("SELECT FROM {table}");
            match command {
                "downgrade" => readable(&client, &sql).await,
                _ => denied(&client, &sql).await,
            }
        }
    }
}

#[tokio::test]
async fn the_old_role_is_not_retired_while_it_is_connected() {
    let database = Database::sample().await;
    migrate(&database, "downgrade", EXPANDED)
        .await
        .expect("a downgrade");
    let password = "ALTER ROLE interview_app PASSWORD 'old'";
    database.execute(password).await;
    let server = &stack().await.postgres;
    let old = server.connect_as(&database.name, "interview_app", "old");
    let old = old.await.expect("a connection");
    let error = migrate(&database, "upgrade", RETIRED).await;
    let error = error.expect_err("a refusal");
    assert!(error.contains("still connected"), "{error}");
    assert!(error.contains("interview_catalogue"), "{error}");
    readable(&old, "SELECT FROM film").await;
}

async fn migrate(database: &Database, command: &str, target: &str) -> Result<(), String> {
    let event = json!({"command": command, "target": target});
    database.migrate(event).await.map(|_| ())
}

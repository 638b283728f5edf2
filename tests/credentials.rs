use crate::harness::{Database, api::Api, stack, start_function};
use crate::rotate_secret::STEPS;
use local::Role;
use serde_json::json;

/// search-films with a role of its own, so that no other test sees its password change.
async fn with_own_role(password: &str) -> Api {
    let database = Database::sample().await;
    let role = own_role(&database);
    let group = Role::Catalogue.name();
    database
        .execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD '{password}' IN ROLE {group}"
        ))
        .await;
    put(&database, password).await;
    Api::start_on(database, "search-films", &[("DB_SECRET_ID", &role)]).await
}

/// The name of the role, and of its secret.
fn own_role(database: &Database) -> String {
    format!("{}_own", database.name)
}

async fn put(database: &Database, password: &str) {
    let role = own_role(database);
    stack()
        .await
        .put_secret(&role, &database.name, &role, password)
        .await
        .expect("a secret");
}

async fn change_password(api: &Api, password: &str) {
    let role = own_role(&api.database);
    api.database
        .execute(&format!("ALTER ROLE {role} PASSWORD '{password}'"))
        .await;
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    api.database.execute(kill).await;
}

async fn drop_role(api: Api) {
    let role = own_role(&api.database);
    api.function.stop().await;
    api.database.execute(&format!("DROP ROLE {role}")).await;
}

#[tokio::test]
async fn a_rotated_password_is_fetched_again_without_an_error() {
    let api = with_own_role("old").await;
    api.get("/films").await.ok();
    put(&api.database, "new").await;
    change_password(&api, "new").await;
    api.get("/films").await.ok();
    drop_role(api).await;
}

/// Ends the connections of search-films, so that its next request needs a new one.
async fn disconnect(api: &Api) {
    let kill = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'search-films'";
    api.database.execute(kill).await;
}

#[tokio::test]
async fn no_request_fails_while_a_password_is_rotated() {
    let api = with_own_role("first").await;
    let variables = stack().await.variables();
    let rotate_secret = start_function("rotate-secret", &variables).await;
    let requests = async |count: usize| {
        for _ in 0..count {
            disconnect(&api).await;
            api.get("/films").await.ok();
        }
    };
    for token in 1..=2 {
        for step in STEPS {
            let token = format!("00000000-0000-4000-8000-{token:012}");
            let secret = own_role(&api.database);
            let event = json!({"SecretId": secret, "ClientRequestToken": token, "Step": step});
            let (answer, ()) = tokio::join!(rotate_secret.invoke(event), requests(4));
            answer.unwrap_or_else(|error| panic!("{step}: {error}"));
            // After setSecret, the database has a password that the secret does not call current.
            requests(1).await;
        }
    }
    drop_role(api).await;
}

#[tokio::test]
async fn a_password_that_is_not_yet_in_the_secret_is_503_until_it_is() {
    let api = with_own_role("old").await;
    change_password(&api, "new").await;
    let answer = api.get("/films").await;
    answer.assert_problem(503, "try again");
    assert_eq!(answer.headers["retry-after"], "1");
    put(&api.database, "new").await;
    api.get("/films").await.ok();
    drop_role(api).await;
}

#[tokio::test]
async fn no_secret_is_ever_logged_or_answered() {
    let api = with_own_role("hunter2hunter2").await;
    change_password(&api, "correct-horse").await;
    let answer = api.get("/films").await;
    let role = own_role(&api.database);
    for secret in ["hunter2hunter2", "correct-horse"] {
        assert!(!answer.text.contains(secret) && !api.function.logs().join("\n").contains(secret));
    }
    assert!(
        !answer.text.contains(&role) && !answer.text.contains("localhost"),
        "{}",
        answer.text
    );
    drop_role(api).await;
}

#[tokio::test]
async fn a_secret_without_a_host_takes_it_from_the_environment() {
    let database = Database::sample().await;
    let stack = stack().await;
    let secret = json!({
        "username": Role::Catalogue.name(),
        "password": stack.passwords.of(Role::Catalogue),
    });
    stack
        .secrets
        .put(&format!("{}/bare", database.name), &secret)
        .await
        .expect("a secret");
    let port = stack.postgres.port.to_string();
    let bare = format!("{}/bare", database.name);
    let name = database.name.clone();
    let given = [
        ("DB_SECRET_ID", bare.as_str()),
        ("DB_HOST", "localhost"),
        ("DB_PORT", &port),
        ("DB_NAME", &name),
    ];
    let api = Api::start_on(database, "search-films", &given).await;
    api.get("/films").await.ok();
    let without = start_function("search-films", &stack.with_secret(&bare)).await;
    without.ready().await.expect("it starts all the same");
    let logs = without.logs().join("\n");
    assert!(
        logs.contains("neither the secret nor DB_HOST is set"),
        "{logs}"
    );
}

//! The rotation of a secret: the events of its four steps, sent to the real binary.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU32, Ordering},
};

use local::lambda::{Function, InvocationError};
use serde_json::{Value, json};

use crate::harness::{
    proxy::{Cut, Proxy},
    stack, start_function,
};

pub const STEPS: [&str; 4] = ["createSecret", "setSecret", "testSecret", "finishSecret"];

/// A role with a secret, and an instance of the function.
struct Subject {
    role: String,
    function: Function,
}

impl Subject {
    /// A role that reads only, as those of the functions do.
    async fn new(variables: &[(&str, &str)]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let role = format!("rotated_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let stack = stack().await;
        let superuser = stack
            .postgres
            .connect("postgres")
            .await
            .expect("a connection");
        let create = format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'first';
             ALTER ROLE {role} SET default_transaction_read_only = on"
        );
        superuser.batch_execute(&create).await.expect("a role");
        let put = stack.put_secret(&role, "postgres", &role, "first");
        put.await.expect("a secret");
        let function = Self::instance(variables).await;
        Self { role, function }
    }

    async fn instance(variables: &[(&str, &str)]) -> Function {
        let mut all = stack().await.variables();
        let more = variables.iter();
        all.extend(more.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        start_function("rotate-secret", &all).await
    }

    async fn try_step(&self, step: &str, token: &str) -> Result<Value, InvocationError> {
        let event = json!({"SecretId": self.role, "ClientRequestToken": token, "Step": step});
        self.function.invoke(event).await
    }

    async fn step(&self, step: &str, token: &str) {
        let answer = self.try_step(step, token).await;
        answer.unwrap_or_else(|error| panic!("{step}: {error}"));
    }

    async fn rotate(&self, token: &str) {
        for step in STEPS {
            self.step(step, token).await;
        }
    }

    /// The password of the version at this stage.
    async fn password(&self, stage: &str) -> String {
        let get = json!({"SecretId": self.role, "VersionStage": stage});
        let answer = stack().await.secrets.call("GetSecretValue", &get).await;
        let answer = answer.expect("an answer");
        let text = answer["SecretString"].as_str().expect("a value");
        let value: Value = serde_json::from_str(text).expect("JSON");
        value["password"].as_str().expect("a password").to_owned()
    }

    /// The stages of each version.
    async fn stages(&self) -> HashMap<String, Vec<String>> {
        let describe = json!({"SecretId": self.role});
        let answer = stack()
            .await
            .secrets
            .call("DescribeSecret", &describe)
            .await;
        let stages = answer.expect("an answer")["VersionIdsToStages"].clone();
        serde_json::from_value(stages).expect("stages")
    }

    async fn can_log_in(&self, password: &str) -> bool {
        let server = &stack().await.postgres;
        server
            .connect_as("postgres", &self.role, password)
            .await
            .is_ok()
    }
}

fn token(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

#[tokio::test]
async fn a_rotation_sets_a_new_password_and_every_step_may_be_repeated() {
    let subject = Subject::new(&[]).await;
    let token = token(1);
    for step in STEPS {
        subject.step(step, &token).await;
        subject.step(step, &token).await;
    }
    let password = subject.password("AWSCURRENT").await;
    assert!(subject.can_log_in(&password).await);
    assert!(!subject.can_log_in("first").await);
    assert_eq!(subject.password("AWSPREVIOUS").await, "first");
    assert_eq!(subject.stages().await[&token], ["AWSCURRENT"]);
    // PostgreSQL got a verifier, never the password.
    let logs = subject.function.logs().join("\n");
    assert!(!logs.contains(&password), "{logs}");
}

#[tokio::test]
async fn a_rotation_that_never_finished_is_taken_over_by_the_next() {
    let subject = Subject::new(&[]).await;
    subject.step("createSecret", &token(1)).await;
    subject.step("setSecret", &token(1)).await;
    // From here on, the database has a password that is only pending.
    assert!(!subject.can_log_in("first").await);
    subject.rotate(&token(2)).await;
    let password = subject.password("AWSCURRENT").await;
    assert!(subject.can_log_in(&password).await);
    subject.rotate(&token(3)).await;
    assert!(!subject.can_log_in(&password).await);
}

#[tokio::test]
async fn a_password_that_does_not_work_never_becomes_current() {
    let subject = Subject::new(&[]).await;
    subject.step("createSecret", &token(1)).await;
    for step in ["testSecret", "finishSecret"] {
        let error = subject.try_step(step, &token(1)).await.expect_err(step);
        assert!(
            error.to_string().contains("authentication"),
            "{step}: {error}"
        );
    }
    assert_eq!(subject.password("AWSCURRENT").await, "first");
    let error = subject.try_step("setSecret", &token(2)).await;
    let error = error.expect_err("no value").to_string();
    assert!(error.contains("repeat createSecret"), "{error}");
}

#[tokio::test]
async fn a_step_that_is_killed_at_any_message_can_be_repeated() {
    let subject = Subject::new(&[]).await;
    let server = stack().await.postgres.port;
    let mut deaths = 0;
    for message in 1.. {
        let cut = [Cut::Before, Cut::During, Cut::After][message % 3];
        let proxy = Proxy::start(server, message, cut).await;
        let port = proxy.port.to_string();
        let victim = Subject {
            role: subject.role.clone(),
            function: Subject::instance(&[("DB_PORT", &port)]).await,
        };
        let token = token(message);
        subject.step("createSecret", &token).await;
        let was_reached = proxy.reached(victim.try_step("setSecret", &token)).await;
        victim.function.stop().await;
        subject.rotate(&token).await;
        let password = subject.password("AWSCURRENT").await;
        assert!(
            subject.can_log_in(&password).await,
            "{cut:?} message {message}"
        );
        if !was_reached {
            break;
        }
        deaths += 1;
    }
    assert!(deaths > 10, "{deaths}");
}

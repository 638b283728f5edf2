//! CloudFormation and Lambda's API, as deploy-hook sees them. Invocations reach the real migrate.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{post, put},
};
use local::lambda::{Function, InvocationError};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::{sync::watch, task::JoinSet};

use super::{stack, start_function};

const MIGRATE: &str = "arn:aws:lambda:eu-central-1:123456789012:function:interview-Migrate:7";

/// What Lambda does with an invocation.
pub enum Reply {
    /// Has migrate handle it, within this time.
    Within(Duration),
    /// Answers with a status and a type of error.
    Refuse(u16, &'static str),
    /// Says that the function returned this error.
    Error(Value),
    /// Says that the function returned this.
    Text(&'static str),
    /// Never answers.
    Silence,
}

/// A stack at CloudFormation, with its deploy-hook.
pub struct Cloud {
    pub hook: Function,
    address: String,
    shared: Arc<Shared>,
    _server: JoinSet<()>,
}

struct Shared {
    migrate: tokio::sync::Mutex<Function>,
    replies: Mutex<VecDeque<Reply>>,
    refused_puts: Mutex<VecDeque<u16>>,
    events: Mutex<Vec<Value>>,
    /// The reports of failed invocations.
    failures: watch::Sender<Vec<Value>>,
    answers: Mutex<Vec<Value>>,
}

impl Cloud {
    /// One whose migrate has these variables.
    pub async fn start(migrate: &[(String, String)]) -> Self {
        let shared = Arc::new(Shared {
            migrate: start_function("migrate", migrate).await.into(),
            replies: Mutex::default(),
            refused_puts: Mutex::default(),
            events: Mutex::default(),
            failures: watch::Sender::default(),
            answers: Mutex::default(),
        });
        let router = Router::new()
            .route("/2015-03-31/functions/{name}/invocations", post(invoke))
            .route("/answer", put(answer))
            .with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.expect("a server") });
        let mut variables = stack().await.variables();
        variables.push(("AWS_ENDPOINT_URL_LAMBDA".to_owned(), address.clone()));
        variables.push(("AWS_SESSION_TOKEN".to_owned(), "session".to_owned()));
        let mut hook = start_function("deploy-hook", &variables).await;
        // A deadline does not include the start of the process.
        hook.ready().await.expect("it starts");
        hook.deadline = Duration::from_secs(120);
        Self {
            hook,
            address,
            shared,
            _server: server,
        }
    }

    /// What happens to the next invocations, in this order. Later ones reach migrate.
    pub fn replies(&self, replies: impl IntoIterator<Item = Reply>) {
        lock(&self.shared.replies).extend(replies);
    }

    /// The statuses of the next attempts to answer. Later ones succeed.
    pub fn refuse_answers(&self, statuses: impl IntoIterator<Item = u16>) {
        lock(&self.shared.refused_puts).extend(statuses);
    }

    /// An event for the resource. `properties` are set in its properties.
    pub fn event(&self, kind: &str, properties: Value) -> Value {
        let mut event = json!({
            "RequestType": kind,
            "ResponseURL": format!("{}/answer?X-Amz-Signature=0", self.address),
            "StackId": "arn:aws:cloudformation:eu-central-1:123456789012:stack/interview/0",
            "RequestId": "request",
            "LogicalResourceId": "Migrations",
            "ResourceType": "Custom::Migrations",
            "ResourceProperties": {
                "ServiceToken": "arn:aws:lambda:eu-central-1:123456789012:function:interview-DeployHook",
                "ServiceTimeout": "960",
                "Function": MIGRATE,
                "Database": "pagila",
                "MasterSecret": "master",
                "RoleSecrets": [],
            },
        });
        for (name, value) in properties.as_object().into_iter().flatten() {
            event["ResourceProperties"][name] = value.clone();
        }
        if kind != "Create" {
            event["PhysicalResourceId"] = "migrations".into();
        }
        if kind == "Update" {
            event["OldResourceProperties"] = event["ResourceProperties"].clone();
        }
        event
    }

    /// Sends an event, and returns the one answer to it.
    pub async fn send(&self, event: Value) -> Value {
        let result = self.hook.invoke(event.clone()).await;
        result.unwrap_or_else(|error| panic!("{error}\n{}", self.hook.logs().join("\n")));
        let answers = std::mem::take(&mut *lock(&self.shared.answers));
        let [answer] = answers.as_slice() else {
            panic!("{answers:?}");
        };
        assert_eq!(answer["PhysicalResourceId"], "migrations");
        for name in ["StackId", "RequestId", "LogicalResourceId"] {
            assert_eq!(answer[name], event[name], "{name}");
        }
        answer.clone()
    }

    /// Sends an event that must succeed.
    pub async fn succeed(&self, event: Value) {
        let answer = self.send(event).await;
        let logs = self.hook.logs().join("\n");
        assert_eq!(answer["Status"], "SUCCESS", "{answer}\n{logs}");
    }

    /// Sends an event that must fail, and returns the reason.
    pub async fn fail(&self, event: Value) -> String {
        let answer = self.send(event).await;
        assert_eq!(answer["Status"], "FAILED", "{answer}");
        answer["Reason"].as_str().expect("a reason").to_owned()
    }

    /// The events that Lambda was asked to pass to migrate, since the last call.
    pub fn events(&self) -> Vec<Value> {
        std::mem::take(&mut *lock(&self.shared.events))
    }

    /// As [`Cloud::events`]: their commands.
    pub fn commands(&self) -> Vec<Value> {
        let events = self.events();
        events
            .iter()
            .map(|event| event["command"].clone())
            .collect()
    }

    /// Waits until migrate has failed with a report of this status.
    pub async fn failed_with(&self, status: &str) {
        let mut failures = self.shared.failures.subscribe();
        let is_there = |failures: &Vec<Value>| failures.iter().any(|one| one["status"] == status);
        failures.wait_for(is_there).await.expect("a report");
    }
}

async fn invoke(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    Json(event): Json<Value>,
) -> Response {
    assert_eq!(name, MIGRATE);
    for (header, part) in [
        (
            "authorization",
            "/eu-central-1/lambda/aws4_request, SignedHeaders=host;x-amz-date;",
        ),
        ("x-amz-security-token", "session"),
    ] {
        let value = headers[header].to_str().expect("text");
        assert!(value.contains(part), "{header}: {value}");
    }
    lock(&shared.events).push(event.clone());
    let reply = lock(&shared.replies).pop_front();
    let limit = match reply.unwrap_or(Reply::Within(Duration::from_secs(60))) {
        Reply::Within(limit) => limit,
        Reply::Refuse(status, kind) => {
            let status = StatusCode::from_u16(status).expect("a status");
            let message = Json(json!({"Message": "no"}));
            return (status, [("x-amzn-errortype", kind)], message).into_response();
        }
        Reply::Error(error) => return failed(error),
        Reply::Text(text) => return text.into_response(),
        Reply::Silence => return std::future::pending().await,
    };
    let mut migrate = shared.migrate.lock().await;
    migrate.deadline = limit;
    match migrate.invoke(event).await {
        Ok(report) => Json(report).into_response(),
        Err(InvocationError::Function(error)) => {
            let report = error["errorMessage"].as_str().unwrap_or_default();
            let report = serde_json::from_str(report).unwrap_or_default();
            shared
                .failures
                .send_modify(|failures| failures.push(report));
            failed(error)
        }
        Err(error) => failed(json!({"errorMessage": error.to_string()})),
    }
}

fn failed(error: Value) -> Response {
    ([("x-amz-function-error", "Unhandled")], Json(error)).into_response()
}

async fn answer(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    // S3 takes no other: the URL is signed for it.
    assert!(!headers.contains_key("content-type"), "{headers:?}");
    assert!(headers.contains_key("content-length"), "{headers:?}");
    assert!(body.len() <= 4096, "{} bytes", body.len());
    if let Some(status) = lock(&shared.refused_puts).pop_front() {
        return StatusCode::from_u16(status).expect("a status");
    }
    lock(&shared.answers).push(serde_json::from_slice(&body).expect("JSON"));
    StatusCode::OK
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

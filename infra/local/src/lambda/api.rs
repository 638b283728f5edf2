//! The Runtime API: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{Notify, oneshot, watch};

type Answer = oneshot::Sender<Result<Value, Value>>;

struct Invocation {
    id: String,
    event: Vec<u8>,
    deadline: SystemTime,
    answer: Answer,
}

/// What the function's side and the caller's side share.
pub(super) struct Api {
    queue: Mutex<VecDeque<Invocation>>,
    queued: Notify,
    pending: Mutex<HashMap<String, Answer>>,
    first_asked: watch::Sender<Option<Instant>>,
    init_error: OnceLock<String>,
}

impl Api {
    pub fn new() -> Self {
        Self {
            queue: Mutex::default(),
            queued: Notify::new(),
            pending: Mutex::default(),
            first_asked: watch::Sender::new(None),
            init_error: OnceLock::new(),
        }
    }

    pub fn enqueue(&self, event: Vec<u8>, deadline: Duration, answer: Answer) {
        let deadline = SystemTime::now() + deadline;
        let invocation = Invocation {
            id: next_id(),
            event,
            deadline,
            answer,
        };
        lock(&self.queue).push_back(invocation);
        self.queued.notify_one();
    }

    /// When the function asked for its first event; waits for it.
    pub async fn asked(&self) -> Instant {
        let mut asked = self.first_asked.subscribe();
        match asked.wait_for(Option::is_some).await {
            Ok(instant) => instant.unwrap_or_else(Instant::now),
            // The sender lives as long as we do.
            Err(_) => std::future::pending().await,
        }
    }

    pub fn first_asked(&self) -> Option<Instant> {
        *self.first_asked.borrow()
    }

    pub fn init_error(&self) -> Option<String> {
        self.init_error.get().cloned()
    }

    /// The next event whose caller still waits.
    async fn next(&self) -> Invocation {
        loop {
            // Enabled before the look into the queue, or an event that comes between would be missed.
            let mut queued = pin!(self.queued.notified());
            queued.as_mut().enable();
            let next = lock(&self.queue).pop_front();
            match next {
                Some(invocation) if invocation.answer.is_closed() => {}
                Some(invocation) => return invocation,
                None => queued.await,
            }
        }
    }

    // An answer to a caller who no longer waits is late, not wrong.
    fn complete(&self, id: &str, answer: Result<Value, Value>) -> StatusCode {
        if let Some(caller) = lock(&self.pending).remove(id) {
            let _ = caller.send(answer);
        }
        StatusCode::ACCEPTED
    }
}

pub(super) fn router(api: Arc<Api>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route(
            "/2018-06-01/runtime/invocation/{id}/response",
            post(response),
        )
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .layer(DefaultBodyLimit::disable())
        .with_state(api)
}

async fn next(State(api): State<Arc<Api>>) -> (HeaderMap, Vec<u8>) {
    api.first_asked.send_if_modified(|first| {
        let is_first = first.is_none();
        first.get_or_insert_with(Instant::now);
        is_first
    });
    let Invocation {
        id,
        event,
        deadline,
        answer,
    } = api.next().await;
    let deadline = deadline
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", id.clone()),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:123456789012:function:local".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0".to_owned(),
        ),
    ];
    lock(&api.pending).insert(id, answer);
    let headers = headers.into_iter().filter_map(|(name, value)| {
        Some((
            HeaderName::from_static(name),
            HeaderValue::from_str(&value).ok()?,
        ))
    });
    (headers.collect(), event)
}

async fn response(State(api): State<Arc<Api>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    let answer = serde_json::from_slice(&body).map_err(|error| {
        json!({"errorType": "Runtime.InvalidResponse", "errorMessage": format!("the answer is not JSON: {error}")})
    });
    api.complete(&id, answer)
}

async fn error(State(api): State<Arc<Api>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    let reported = serde_json::from_slice(&body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into_owned()));
    api.complete(&id, Err(reported))
}

async fn init_error(State(api): State<Arc<Api>>, body: Bytes) -> StatusCode {
    // Only the first is the reason; a second cannot be of this process.
    let _ = api
        .init_error
        .set(String::from_utf8_lossy(&body).into_owned());
    StatusCode::ACCEPTED
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn next_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{:08x}-0000-4000-8000-{count:012x}", std::process::id())
}

//! A function's real binary, run against a Lambda Runtime API of our own.

mod api;

use crate::error::{Context, Result};
use api::Api;
use serde_json::Value;
use std::fmt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::JoinSet;

/// How long a binary has to ask for its first event, as Lambda gives it.
const READY_WITHIN: Duration = Duration::from_secs(10);

/// Why an invocation has no answer.
#[derive(Debug)]
pub enum InvocationError {
    /// The function reported this error: `errorType` and `errorMessage`.
    Function(Value),
    /// The process ended; its status and the last line it wrote.
    Exited(String),
    /// There was no answer within this time.
    TimedOut(Duration),
}

impl fmt::Display for InvocationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(error) => match error["errorMessage"].as_str() {
                Some(message) => formatter.write_str(message),
                None => write!(formatter, "{error}"),
            },
            Self::Exited(how) => write!(formatter, "the function's process ended: {how}"),
            Self::TimedOut(after) => write!(formatter, "no answer within {after:?}"),
        }
    }
}

impl std::error::Error for InvocationError {}

type Logs = Arc<Mutex<Vec<String>>>;

/// A running function: one instance, which ends when this value goes.
pub struct Function {
    /// The deadline of an invocation, from the call to [`Function::invoke`]; 10 s unless changed.
    pub deadline: Duration,
    api: Arc<Api>,
    logs: Logs,
    pid: u32,
    spawned: Instant,
    exited: watch::Receiver<Option<ExitStatus>>,
    kill: Arc<Notify>,
    // Its tasks end with it; one of them owns the child, which is killed with its task.
    _tasks: JoinSet<()>,
}

impl Function {
    /// Starts the binary with these variables, `PATH` and what Lambda sets, and with nothing else.
    ///
    /// # Errors
    /// When no port is free or the binary cannot be started.
    pub async fn start(binary: &Path, environment: &[(String, String)]) -> Result<Self> {
        let api = Arc::new(Api::new());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.context(|| "cannot find a free port")?;
        let address = listener.local_addr().context(|| "no address")?.to_string();
        let mut tasks = JoinSet::new();
        let router = api::router(Arc::clone(&api));
        tasks.spawn(async move {
            // It serves until its task is ended.
            let _ = axum::serve(listener, router).await;
        });

        let spawned = Instant::now();
        let mut child = command(binary, &address, environment)
            .spawn()
            .context(|| format!("cannot start {}", binary.display()))?;
        let pid = child.id().unwrap_or_default();
        let logs = Logs::default();
        let mut readers = JoinSet::new();
        readers.spawn(collect(child.stdout.take(), Arc::clone(&logs)));
        readers.spawn(collect(child.stderr.take(), Arc::clone(&logs)));
        let kill = Arc::new(Notify::new());
        let (tell, exited) = watch::channel(None);
        tasks.spawn(supervise(child, readers, Arc::clone(&kill), tell));
        let deadline = Duration::from_secs(10);
        Ok(Self {
            deadline,
            api,
            logs,
            pid,
            spawned,
            exited,
            kill,
            _tasks: tasks,
        })
    }

    /// Waits until the binary asks for its first event; returns how long that took from its start.
    ///
    /// # Errors
    /// When it ends instead, or has not asked within 10 s.
    pub async fn ready(&self) -> Result<Duration, InvocationError> {
        tokio::select! {
            asked = self.api.asked() => Ok(asked - self.spawned),
            error = self.death() => Err(error),
            () = tokio::time::sleep(READY_WITHIN) => Err(InvocationError::TimedOut(READY_WITHIN)),
        }
    }

    /// From the start of the process to its first request for an event, once it made one.
    pub fn started_in(&self) -> Option<Duration> {
        self.api.first_asked().map(|asked| asked - self.spawned)
    }

    /// Hands the event to the function and waits for its answer. Concurrent calls queue.
    ///
    /// # Errors
    /// [`InvocationError`] says which.
    pub async fn invoke(&self, event: Value) -> Result<Value, InvocationError> {
        self.invoke_raw(event.to_string().into_bytes()).await
    }

    /// As [`Function::invoke`], for an event that need not be JSON.
    ///
    /// # Errors
    /// [`InvocationError`] says which. An answer that is not JSON counts as the function's error.
    pub async fn invoke_raw(&self, event: Vec<u8>) -> Result<Value, InvocationError> {
        let (sender, answer) = oneshot::channel();
        self.api.enqueue(event, self.deadline, sender);
        tokio::select! {
            // An answer that came before the death counts.
            biased;
            answer = answer => match answer {
                Ok(answer) => answer.map_err(InvocationError::Function),
                Err(_) => Err(self.death().await),
            },
            error = self.death() => Err(error),
            () = tokio::time::sleep(self.deadline) => Err(InvocationError::TimedOut(self.deadline)),
        }
    }

    /// The lines that the function has written so far, to standard output and standard error.
    pub fn logs(&self) -> Vec<String> {
        self.logs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The id of the function's process.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits until the process has ended by itself.
    pub async fn exited(&self) -> Option<ExitStatus> {
        let mut exited = self.exited.clone();
        let status = exited.wait_for(Option::is_some).await.ok()?;
        *status
    }

    /// Kills the process, as Lambda ends an instance, and waits for its end; returns all lines.
    pub async fn stop(self) -> Vec<String> {
        self.kill.notify_one();
        self.exited().await;
        self.logs()
    }

    async fn death(&self) -> InvocationError {
        let status = self.exited().await;
        let status =
            status.map_or_else(|| "unknown status".to_owned(), |status| status.to_string());
        let last = self.api.init_error().or_else(|| self.logs().pop());
        InvocationError::Exited(last.map_or(status.clone(), |line| format!("{status}: {line}")))
    }
}

fn command(binary: &Path, address: &str, environment: &[(String, String)]) -> Command {
    let name = binary.file_name().unwrap_or_default();
    let mut command = Command::new(binary);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env(
            "AWS_LAMBDA_LOG_GROUP_NAME",
            format!("/aws/lambda/{}", name.display()),
        )
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "local")
        .env("AWS_REGION", "eu-central-1")
        .envs(environment.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    command
}

// Its end is told only after its last words were read.
async fn supervise(
    mut child: Child,
    readers: JoinSet<()>,
    kill: Arc<Notify>,
    tell: watch::Sender<Option<ExitStatus>>,
) {
    let status = tokio::select! {
        status = child.wait() => status,
        () = kill.notified() => {
            // It may have ended meanwhile; its status says so.
            let _ = child.start_kill();
            child.wait().await
        }
    };
    readers.join_all().await;
    tell.send_replace(status.ok());
}

async fn collect(pipe: Option<impl AsyncRead + Unpin>, logs: Logs) {
    let Some(pipe) = pipe else { return };
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    while reader
        .read_until(b'\n', &mut line)
        .await
        .is_ok_and(|count| count > 0)
    {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        logs.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text);
        line.clear();
    }
}

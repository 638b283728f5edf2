//! A `local run` of its own folder and port, and what is said to it.

use super::{STOPPED_WITHIN, WITHIN};
use crate::harness::{binary, free_port};
use local::process::guarded;
use reqwest::{Client, Method};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, ChildStdin, Command};

const POLL: Duration = Duration::from_millis(200);

/// A running `local run`; it ends, and its data goes, with this value.
pub struct Run {
    pub port: u16,
    pub folder: TempDir,
    /// The guard of the process, which ends with the same status.
    pub guard: Child,
    // Apart from the guard, because waiting for a child closes its standard input.
    leash: Option<ChildStdin>,
    said: Arc<Mutex<String>>,
    client: Client,
}

/// A response.
pub struct Answer {
    pub url: String,
    pub status: u16,
    pub content_type: String,
    /// The body, or null where it is no JSON.
    pub body: Value,
}

impl Run {
    /// Starts it with these variables, in a folder which the account of PostgreSQL may pass through.
    pub fn start(variables: &[(String, String)]) -> Self {
        let folder = tempfile::Builder::new()
            .permissions(Permissions::from_mode(0o711))
            .tempdir()
            .expect("a folder");
        let port = free_port();
        let mut command = guarded("TERM", binary("local"));
        command
            .arg("run")
            .env("LOCAL_DIR", folder.path())
            .env("PORT", port.to_string())
            // Whatever a developer's .env has.
            .env("DATABASE_URL", "")
            .envs(variables.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut guard = command.spawn().expect("it starts");
        let said = Arc::default();
        tokio::spawn(collect(guard.stdout.take(), Arc::clone(&said)));
        tokio::spawn(collect(guard.stderr.take(), Arc::clone(&said)));
        let leash = guard.stdin.take();
        let client = Client::builder()
            .timeout(Duration::from_secs(30))
            .build()
            .expect("a client");
        Self {
            port,
            folder,
            guard,
            leash,
            said,
            client,
        }
    }

    /// Waits until it has said that the API is up.
    pub async fn is_up(&mut self) {
        let started = Instant::now();
        while !self.said().contains("The API is up") {
            let ended = self.guard.try_wait().expect("a status");
            assert!(ended.is_none(), "{ended:?}");
            assert!(started.elapsed() < WITHIN, "it is not up in time");
            tokio::time::sleep(POLL).await;
        }
    }

    /// GET of a path and perhaps a query.
    pub async fn get(&self, url: &str) -> Answer {
        self.request(Method::GET, url).await
    }

    /// A request, again while it is not answered in time: cargo starts a function, and waits for
    /// any other cargo.
    pub async fn request(&self, method: Method, url: &str) -> Answer {
        let started = Instant::now();
        loop {
            match self.try_request(method.clone(), url).await {
                Ok(answer) => return answer,
                Err(error) if started.elapsed() > WITHIN => panic!("{url}: {error}"),
                Err(_) => tokio::time::sleep(POLL).await,
            }
        }
    }

    async fn try_request(&self, method: Method, url: &str) -> reqwest::Result<Answer> {
        let whole = format!("http://127.0.0.1:{}{url}", self.port);
        let response = self.client.request(method, whole).send().await?;
        let content_type = response.headers().get("content-type");
        let content_type = content_type.and_then(|value| value.to_str().ok());
        Ok(Answer {
            url: url.to_owned(),
            status: response.status().as_u16(),
            content_type: content_type.unwrap_or_default().to_owned(),
            body: serde_json::from_str(&response.text().await?).unwrap_or_default(),
        })
    }

    /// Runs another `local` to its end, on the same folder and port but for these variables.
    pub async fn local(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new(binary("local"));
        command
            .args(arguments)
            .env("LOCAL_DIR", self.folder.path())
            .env("PORT", self.port.to_string())
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let output = tokio::time::timeout(WITHIN, command.output()).await;
        output.expect("it ends in time").expect("it runs")
    }

    /// What it has left for `psql` and `invoke`.
    pub fn state(&self) -> Value {
        let text = fs::read_to_string(self.folder.path().join("local/stack.json"));
        serde_json::from_str(&text.expect("a state")).expect("JSON")
    }

    /// What it has printed.
    pub fn said(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.clone()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("local run said:\n{}", self.said());
        }
        self.leash = None;
        let deadline = Instant::now() + STOPPED_WITHIN;
        while self.guard.try_wait().is_ok_and(|ended| ended.is_none()) {
            let group = self
                .guard
                .id()
                .map(u32::cast_signed)
                .and_then(Pid::from_raw);
            if let Some(group) = group.filter(|_| Instant::now() > deadline) {
                // It may have ended meanwhile. What it started ends with it.
                let _ = kill_process_group(group, Signal::KILL);
            }
            std::thread::sleep(POLL);
        }
        // PostgreSQL's folder may be elsewhere, where the account of PostgreSQL cannot enter this.
        let reset = std::process::Command::new(binary("local"))
            .arg("reset")
            .env("LOCAL_DIR", self.folder.path())
            .output();
        if !reset.is_ok_and(|reset| reset.status.success()) {
            eprintln!("{} stays", self.folder.path().display());
        }
    }
}

impl Answer {
    /// Its body, when it is 200.
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}: {}", self.url, self.body);
        assert_eq!(self.content_type, "application/json", "{}", self.url);
        self.body
    }
}

async fn collect(pipe: Option<impl AsyncRead + Unpin>, said: Arc<Mutex<String>>) {
    let Some(pipe) = pipe else { return };
    let mut lines = BufReader::new(pipe).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.push_str(&line);
        said.push('\n');
    }
}

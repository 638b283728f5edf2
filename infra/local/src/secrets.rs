//! Secrets Manager, simulated by moto.

use crate::error::{Context, Error, Result};
use crate::process::{Running, guarded};
use crate::tools::Tools;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fs::File;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};

const SERVER: &str = include_str!("moto.py");

// moto checks no signature; it reads from this which service is meant.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0";

/// How to reach a running Secrets Manager, also from another process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Secrets {
    /// Its URL.
    pub endpoint: String,
}

impl Secrets {
    /// Creates a secret or gives it a new value.
    ///
    /// # Errors
    /// When the service cannot be reached or refuses.
    pub async fn put(&self, name: &str, value: &Value) -> Result<()> {
        let text = value.to_string();
        let created = self
            .call("CreateSecret", &json!({"Name": name, "SecretString": text}))
            .await;
        match created? {
            answer if answer["__type"] == "ResourceExistsException" => {}
            answer => return accepted(name, &answer),
        }
        let put = self
            .call(
                "PutSecretValue",
                &json!({"SecretId": name, "SecretString": text}),
            )
            .await;
        accepted(name, &put?)
    }

    /// Calls any operation of the service, such as `RotateSecret`, and returns its answer.
    ///
    /// # Errors
    /// When the service cannot be reached. A refusal is an answer, with `__type`.
    pub async fn call(&self, operation: &str, body: &Value) -> Result<Value> {
        let request = reqwest::Client::new()
            .post(&self.endpoint)
            .header("x-amz-target", format!("secretsmanager.{operation}"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("authorization", AUTHORIZATION)
            .body(body.to_string());
        let failed = || format!("Secrets Manager at {}: {operation}", self.endpoint);
        request
            .send()
            .await
            .context(failed)?
            .json()
            .await
            .context(failed)
    }
}

fn accepted(name: &str, answer: &Value) -> Result<()> {
    match answer.get("ARN") {
        Some(_) => Ok(()),
        None => Err(Error::new(format!("cannot put secret {name}: {answer}"))),
    }
}

/// A running Secrets Manager; it ends when this value goes.
pub struct SecretsManager {
    secrets: Secrets,
    running: Running,
}

impl SecretsManager {
    /// Starts it on a free port of this machine only, without secrets; it writes to `log`.
    ///
    /// # Errors
    /// When moto cannot start within 30 s.
    pub async fn start(tools: &Tools, log: &Path) -> Result<Self> {
        let file = File::create(log).context(|| format!("cannot write {}", log.display()))?;
        let mut command = guarded("TERM", tools.program("python"));
        // -I: no module of a folder or variable of the developer's takes moto's place.
        command
            .args(["-I", "-c", SERVER])
            .stdout(Stdio::piped())
            .stderr(Stdio::from(file));
        let mut running = Running::spawn("Secrets Manager (moto)", &mut command)?;
        let mut port = String::new();
        if let Some(stdout) = running.stdout() {
            let mut stdout = BufReader::new(stdout);
            let line = stdout.read_line(&mut port);
            // No answer in time and no answer at all are told below alike.
            let _ = tokio::time::timeout(Duration::from_secs(30), line).await;
        }
        let port: u16 = port.trim().parse().map_err(|_| {
            Error::new(format!(
                "Secrets Manager (moto) did not start: see {}",
                log.display()
            ))
        })?;
        let endpoint = format!("http://127.0.0.1:{port}");
        Ok(Self {
            secrets: Secrets { endpoint },
            running,
        })
    }

    /// How to reach it.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// When the operating system does not report it.
    pub async fn exited(&mut self) -> Result<ExitStatus> {
        self.running.exited().await
    }

    /// Ends it.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

impl std::ops::Deref for SecretsManager {
    type Target = Secrets;

    fn deref(&self) -> &Secrets {
        &self.secrets
    }
}

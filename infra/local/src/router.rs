//! The functions behind `cargo lambda watch`.

use crate::error::{Context, Error, Result};
use crate::paths;
use crate::process::{Running, guarded};
use crate::tools::Tools;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::NamedTempFile;
use tokio::process::ChildStdout;
use tokio::task::JoinSet;

/// How long to wait for one answer: longer than a function gives itself.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// The router starts a function by cargo, which waits for any other cargo in this folder.
const READY_WITHIN: Duration = Duration::from_secs(180);

/// Builds every function, and says how many they are.
///
/// The router runs `cargo run --bin NAME`. Only without -p do both build with the same features,
/// and only then does the first request of each function not wait for a build of its own.
///
/// # Errors
/// When the build fails. Cargo has printed why.
pub async fn build() -> Result<usize> {
    let functions = paths::functions()?;
    let mut cargo = guarded("KILL", "cargo");
    cargo.arg("build").current_dir(paths::root());
    cargo.args(functions.iter().flat_map(|name| ["--bin", name]));
    let status = Running::spawn("cargo build", &mut cargo)?.exited().await?;
    match status.success() {
        true => Ok(functions.len()),
        false => Err(Error::new("cargo build failed: what it said is above")),
    }
}

/// The `x-request-id` of the requests of [`Router::ready`], by which logs show them.
pub const WARM_UP: &str = "warm-up";

/// How a router runs.
pub struct Options {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    /// The variables of all functions. Each function's Cargo.toml names its secret in addition.
    pub variables: Vec<(String, String)>,
    /// Whether a function is rebuilt and restarted when its code changes.
    pub reloads: bool,
    /// Where it and the functions write to.
    pub log: Stdio,
}

/// A running router; it ends when this value goes.
pub struct Router {
    /// Where it answers.
    pub url: String,
    running: Running,
    // The variables that all functions share, which the router reads at each reload.
    _environment: NamedTempFile,
}

impl Router {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(tools: &Tools, options: Options) -> Result<Self> {
        let port = options.port;
        let file = environment(&options.variables).context(|| "cannot write the variables")?;
        let mut watch = guarded("TERM", tools.program("cargo-lambda"));
        // The functions answer preflights themselves.
        watch.args(["lambda", "watch", "--quiet", "--disable-cors"]);
        watch.args(["--invoke-address", "127.0.0.1", "--invoke-port"]);
        watch
            .arg(port.to_string())
            .arg("--env-file")
            .arg(file.path());
        // One instance a function, the default: with more, 1.9.2 does not bring them back when it
        // reloads, and every later request hangs. No --timeout: it ends a function's own wait for
        // an event as well, and so every function that was idle for as long.
        if !options.reloads {
            watch.arg("--ignore-changes");
        }
        // At its default level it reports every start and end of an instance.
        if std::env::var_os("RUST_LOG").is_none() {
            watch.env("RUST_LOG", "warn");
        }
        watch.current_dir(paths::root()).stdout(options.log);
        let running = Running::spawn("the router (cargo lambda watch)", &mut watch)?;
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            running,
            _environment: file,
        })
    }

    /// What it and the functions write, once, if `log` was piped.
    pub fn log(&mut self) -> Option<ChildStdout> {
        self.running.stdout()
    }

    /// Waits until the functions behind these paths are up. They start at the same time.
    ///
    /// # Errors
    /// When the router ends instead, or a function is not up in time.
    pub async fn ready(&mut self, paths: &[String]) -> Result<()> {
        let mut starting = JoinSet::new();
        for path in paths {
            starting.spawn(answers(format!("{}{path}", self.url)));
        }
        let all = async {
            while let Some(answered) = starting.join_next().await {
                answered.context(|| "a task")??;
            }
            Ok(())
        };
        tokio::select! {
            ended = self.ended() => Err(ended),
            ready = all => ready,
        }
    }

    /// Waits until the router has ended by itself.
    pub async fn ended(&mut self) -> Error {
        match self.running.exited().await {
            Ok(status) => Error::new(format!(
                "the router (cargo lambda watch) ended unexpectedly: {status}"
            )),
            Err(error) => error,
        }
    }

    /// Ends it.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

/// The file of the variables, which only its owner may read.
fn environment(variables: &[(String, String)]) -> std::io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    // At each reload the router makes the old instance panic; a line of it is enough.
    writeln!(file, "RUST_BACKTRACE=0")?;
    for (name, value) in variables {
        let quote = if value.contains('\'') { '"' } else { '\'' };
        writeln!(file, "{name}={quote}{value}{quote}")?;
    }
    Ok(file)
}

/// The path of every operation in infra/openapi.json, with the examples of its parameters.
///
/// # Errors
/// When the document cannot be read.
pub fn example_paths() -> Result<Vec<String>> {
    let file = paths::root().join("infra/openapi.json");
    let whole = || format!("cannot read {}", file.display());
    let text = fs::read_to_string(&file).context(whole)?;
    let document: Value = serde_json::from_str(&text).context(whole)?;
    let paths = document["paths"].as_object().into_iter().flatten();
    let examples = paths.map(|(path, item)| {
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        parameters.fold(path.clone(), |path, parameter| {
            let name = parameter["name"].as_str().unwrap_or_default();
            let example = parameter["example"].to_string();
            path.replace(&format!("{{{name}}}"), example.trim_matches('"'))
        })
    });
    Ok(examples.collect())
}

/// Waits for an answer that is the function's own, while cargo starts it.
async fn answers(url: String) -> Result<()> {
    let client = reqwest::Client::builder().timeout(ANSWER_WITHIN).build();
    let client = client.context(|| "no HTTP client")?;
    let started = Instant::now();
    loop {
        let answer = client
            .get(&url)
            .header("x-request-id", WARM_UP)
            .send()
            .await;
        let said = match answer {
            // Only a function's own 503, of its database, is a problem in JSON.
            Ok(answer) if answer.status() != 503 || is_problem(&answer) => return Ok(()),
            Ok(answer) => format!("status {}", answer.status()),
            Err(error) => error.to_string(),
        };
        if started.elapsed() > READY_WITHIN {
            return Err(Error::new(format!("GET {url} has no answer: {said}")));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn is_problem(answer: &reqwest::Response) -> bool {
    let media_type = answer.headers().get("content-type");
    media_type.is_some_and(|media_type| media_type == "application/problem+json")
}

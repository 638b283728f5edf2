//! The functions behind `cargo lambda watch`, for `run` and for `contract`.

use super::functions;
use local::process::{Running, guarded};
use local::stack::StackInfo;
use local::tools::Tools;
use local::{Error, Result, paths};
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::NamedTempFile;

/// How long to wait for one answer: longer than a function gives itself.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// The router starts a function by cargo, which waits for any other cargo in this folder.
const READY_WITHIN: Duration = Duration::from_secs(180);

/// Builds every function, and says how many they are.
///
/// The router runs `cargo run --bin NAME`. Only without -p do both build with the same features,
/// and only then does the first request of each function not wait for a build of its own.
pub async fn build() -> Result<usize> {
    let functions = functions()?;
    let mut cargo = guarded("KILL", "cargo");
    cargo.arg("build").current_dir(paths::root());
    cargo.args(functions.iter().flat_map(|name| ["--bin", name]));
    let status = Running::spawn("cargo build", &mut cargo)?.exited().await?;
    match status.success() {
        true => Ok(functions.len()),
        false => Err(Error::new("cargo build failed: what it said is above")),
    }
}

/// How a router runs.
pub struct Options<'a> {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    /// The functions' variables beside those of the stack.
    pub variables: &'a [(&'a str, &'a str)],
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
    pub fn start(tools: &Tools, info: &StackInfo, options: Options<'_>) -> Result<Self> {
        let port = options.port;
        let file = environment(info, options.variables)?;
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
        watch.current_dir(paths::root()).stdout(options.log);
        let running = Running::spawn("the router (cargo lambda watch)", &mut watch)?;
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            running,
            _environment: file,
        })
    }

    /// Waits until the function behind this path is up.
    ///
    /// # Errors
    /// When the router ends instead, or the function is not up in time.
    pub async fn ready(&mut self, path: &str) -> Result<()> {
        let url = format!("{}{path}", self.url);
        tokio::select! {
            ended = self.ended() => Err(ended),
            ready = answers(&url) => ready,
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

/// The file of the variables that all functions share, which only its owner may read. Each
/// function's Cargo.toml names its secret in addition.
fn environment(info: &StackInfo, more: &[(&str, &str)]) -> Result<NamedTempFile> {
    let mut variables = info.variables();
    variables.retain(|(name, _)| !more.iter().any(|(other, _)| name == other));
    // At each reload the router makes the old instance panic; a line of it is enough.
    let more = more.iter().chain(&[("RUST_BACKTRACE", "0")]);
    variables.extend(more.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let lines = variables
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"));
    let failed = |error| Error::new(format!("cannot write the functions' variables: {error}"));
    let mut file = NamedTempFile::new().map_err(failed)?;
    file.write_all(lines.collect::<String>().as_bytes())
        .map_err(failed)?;
    Ok(file)
}

/// Waits for an answer that is the function's own, while cargo starts it.
async fn answers(url: &str) -> Result<()> {
    let client = reqwest::Client::builder().timeout(ANSWER_WITHIN).build();
    let client = client.map_err(|error| Error::new(format!("no HTTP client: {error}")))?;
    let started = Instant::now();
    loop {
        let answer = client.get(url).send().await;
        let said = match answer {
            Ok(answer) if answer.status() != 503 => return Ok(()),
            Ok(answer) => format!("status {}", answer.status()),
            Err(error) => error.to_string(),
        };
        if started.elapsed() > READY_WITHIN {
            return Err(Error::new(format!("GET {url} has no answer: {said}")));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

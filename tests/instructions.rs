//! How many instructions a request takes: whether the code has become slower, told without a clock.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::harness::{Database, binary, event, route, skip::skipped};
use local::{lambda::Function, paths};

const FUNCTION: &str = "search-films";
/// The request.
const URL: &str = "/films?title=dino&limit=10";
/// How many instructions of the debug build on x86-64 it takes. `make instructions` prints how many
/// they are now.
const INSTRUCTIONS: u64 = 5_974_000;
/// How many percent more are too many.
const TOLERANCE: u64 = 10;
/// How many requests in a row are answered. All but the first are counted.
const REQUESTS: usize = 8;
/// Under valgrind a busy machine may take too long to connect, and the function answers 503.
const ATTEMPTS: usize = 30;
/// Every request calls this function once.
const LOG: &str = "shared::telemetry::request::Request::log";

#[tokio::test]
async fn a_request_takes_no_more_instructions_than_before() {
    if let Some(reason) = missing() {
        skipped(&format!("the instructions of a request, because {reason}"));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let count = count(&folder.path().join("counts")).await;
    let most = INSTRUCTIONS + INSTRUCTIONS * TOLERANCE / 100;
    println!(
        "{URL} takes {count} instructions. At most {most} are allowed: {TOLERANCE} % more than \
         INSTRUCTIONS in tests/instructions.rs."
    );
    assert!(
        count <= most,
        "{URL} takes {count} instructions, more than {most}. If the change is worth that, set \
         INSTRUCTIONS in tests/instructions.rs to {count}."
    );
}

/// Why they cannot be counted here, or compared.
fn missing() -> Option<&'static str> {
    if !cfg!(target_arch = "x86_64") {
        return Some("the figure is one of x86-64");
    }
    let valgrind = Command::new("valgrind").arg("--version").output();
    valgrind
        .is_err()
        .then_some("valgrind is not installed (apt install valgrind)")
}

/// The instructions from one log line to the next: the least, because an accident costs more.
async fn count(counts: &Path) -> u64 {
    let database = Database::sample().await;
    let function = start(&database, counts).await;
    let event = event::get(&route::of(FUNCTION), URL, None);
    let (mut least, mut answered) = (u64::MAX, 0);
    for number in 1..=ATTEMPTS {
        let answer = function.invoke(event.clone()).await.expect("an answer");
        let has_films = answer["body"]
            .as_str()
            .is_some_and(|body| body.len() > 1000);
        answered = match answer["statusCode"] == 200 && has_films {
            true => answered + 1,
            false => 0,
        };
        if answered > 1 {
            least = least.min(total(&counts.with_extension(number.to_string())));
        }
        if answered == REQUESTS {
            return least;
        }
    }
    panic!("{FUNCTION} does not answer {REQUESTS} requests in a row");
}

/// The function under callgrind, which writes a file for each request.
async fn start(database: &Database, counts: &Path) -> Function {
    let mut environment = database.environment(FUNCTION).await;
    let variables = [
        ("AWS_LAMBDA_FUNCTION_NAME", FUNCTION.into()),
        ("BINARY", binary(FUNCTION)),
        ("COUNTS", counts.into()),
        ("BEFORE", LOG.into()),
    ];
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    environment.extend(variables.map(|(name, value)| (name.to_owned(), text(value))));
    let script = paths::root().join("tests/harness/callgrind.sh");
    let function = Function::start(&script, &environment).await;
    let mut function = function.expect("the function starts");
    function.deadline = Duration::from_secs(60);
    function
}

/// The instructions in a file of callgrind.
fn total(path: &Path) -> u64 {
    let text = fs::read_to_string(path);
    let text = text.unwrap_or_else(|error| panic!("{FUNCTION} does not call {LOG}: {error}"));
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    total.expect("a total").parse().expect("a number")
}

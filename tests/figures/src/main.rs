//! `make figures`: how fast the release builds start and respond, and how large they are.

mod gzip;
mod migrations;
mod requests;

use local::lambda::Function;
use local::process::stop_requested;
use local::stack::{self, DATABASE, StackInfo};
use local::{Error, Result, paths};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const STARTS: usize = 20;
const MIGRATE_WITHIN: Duration = Duration::from_secs(120);
const HEADER: [&str; 5] = ["function", "size", "start", "at worst", "first request"];

type Parameters = [(&'static str, &'static str)];

/// What each function is asked: path, query, and path parameters.
const EXAMPLES: [(&str, &str, &str, &Parameters); 7] = [
    ("search-films", "/films", "title=dino", &[]),
    ("get-film", "/films/1", "", &[("film_id", "1")]),
    ("list-categories", "/categories", "", &[]),
    (
        "films-by-category",
        "/categories/action/films",
        "",
        &[("category", "action")],
    ),
    (
        "rentals-by-customer",
        "/customers/1/rentals",
        "",
        &[("customer_id", "1")],
    ),
    ("db-health", "/health/db", "", &[]),
    ("api-docs", "/docs", "", &[]),
];

#[tokio::main]
async fn main() -> ExitCode {
    match figures().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures every function that has an example, on a temporary stack, and prints one table.
async fn figures() -> Result<()> {
    requests::baseline()?;
    for function in paths::functions()? {
        fs::metadata(binary(&function)).map_err(|_| {
            Error::new(format!(
                "there is no release build of {function}: `make release` builds it"
            ))
        })?;
    }
    stack::temporary(stop_requested(), async |stack| {
        let info = stack.info().clone();
        tokio::select! {
            failure = stack.failed() => Err(failure),
            result = measure_all(&info) => result,
        }
    })
    .await
}

async fn measure_all(info: &StackInfo) -> Result<()> {
    info.postgres.create_database(DATABASE, None).await?;
    migrate(info).await?;
    let mut starts = vec![HEADER.map(str::to_owned)];
    let mut requests = vec![requests::HEADER.map(str::to_owned)];
    for (function, path, query, parameters) in EXAMPLES {
        eprintln!("measuring {function} …");
        let event = event(path, query, parameters);
        starts.push(measure(&binary(function), "", &event, info).await?);
        if let Some(folder) = requests::baseline()? {
            starts.push(measure(&folder.join(function), " (baseline)", &event, info).await?);
        }
        if function != "api-docs" {
            requests.extend(requests::measure(function, &event, info).await?);
        }
    }
    eprintln!("measuring migrate …");
    let (empty, noop) = migrations::measure(info).await?;
    print(&starts);
    println!();
    print(&requests);
    let (empty, noop) = (milliseconds(empty), milliseconds(noop));
    println!(
        "\nmigrate: {empty} ms for 200 empty migrations, {noop} ms with nothing to do (whole processes)."
    );
    gzip::measure(info).await?;
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "\nMilliseconds: {STARTS} starts (median, worst), each with a first request; then 2,000 requests \
         of each build in turns.\n{cores} cores, PostgreSQL {}.",
        info.postgres.version
    );
    Ok(())
}

async fn migrate(info: &StackInfo) -> Result<()> {
    let environment = info.environment("migrate")?;
    let mut function = Function::start(&binary("migrate"), &environment).await?;
    function.deadline = MIGRATE_WITHIN;
    for event in [
        json!({"command": "restore", "confirm": DATABASE}),
        json!({"command": "upgrade"}),
    ] {
        let answer = function.invoke(event).await;
        answer.map_err(|error| Error::new(format!("migrate: {error}")))?;
    }
    function.stop().await;
    Ok(())
}

/// A row of the table.
async fn measure(
    binary: &Path,
    label: &str,
    event: &Value,
    info: &StackInfo,
) -> Result<[String; 5]> {
    let name = &*binary.file_name().unwrap_or_default().to_string_lossy();
    let environment = info.environment(name)?;
    let (mut starts, mut firsts) = (vec![], vec![]);
    for _ in 0..STARTS {
        let function = Function::start(binary, &environment).await?;
        let ready = function.ready().await;
        starts.push(ready.map_err(|error| Error::new(format!("{name}: {error}")))?);
        firsts.push(request(&function, name, event).await?);
        function.stop().await;
    }
    let size = fs::metadata(binary).map_or(0, |file| file.len());
    #[expect(clippy::cast_precision_loss, reason = "a size in megabytes")]
    let megabytes = size as f64 / 1e6;
    Ok([
        [name, label].concat(),
        format!("{megabytes:.1} MB"),
        milliseconds(percentile(&mut starts, 50)),
        milliseconds(percentile(&mut starts, 100)),
        milliseconds(percentile(&mut firsts, 50)),
    ])
}

/// How long one request takes, from the event to the answer.
async fn request(function: &Function, name: &str, event: &Value) -> Result<Duration> {
    let event = event.clone();
    let started = Instant::now();
    let answer = function.invoke(event).await;
    let took = started.elapsed();
    match answer {
        Ok(answer) if answer["statusCode"] == 200 => Ok(took),
        Ok(answer) => Err(Error::new(format!("{name} does not answer 200: {answer}"))),
        Err(error) => Err(Error::new(format!("{name}: {error}"))),
    }
}

/// An event of API Gateway's HTTP API, payload format 2.0, with as much as a function reads.
fn event(path: &str, query: &str, parameters: &Parameters) -> Value {
    let parameters = parameters
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.into()));
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": { "accept": "*/*" },
        "pathParameters": Value::Object(parameters.collect()),
        "requestContext": {
            "http": { "method": "GET", "path": path, "protocol": "HTTP/1.1" },
            "requestId": "figures",
            "routeKey": "$default",
            "stage": "$default",
            "timeEpoch": 0,
        },
        "isBase64Encoded": false,
    })
}

fn binary(function: &str) -> PathBuf {
    paths::target().join("release").join(function)
}

/// The smallest duration that this many percent of them do not exceed.
fn percentile(durations: &mut [Duration], percent: usize) -> Duration {
    durations.sort_unstable();
    let rank = (durations.len() * percent).div_ceil(100);
    let found = durations.get(rank.saturating_sub(1));
    found.copied().unwrap_or_default()
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.2}", duration.as_secs_f64() * 1e3)
}

/// Prints a table: names to the left, numbers to the right.
fn print<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) {
    for row in rows {
        let mut line = String::new();
        for (column, text) in row.iter().enumerate() {
            let widths = rows.iter().map(|row| row[column].chars().count());
            let width = widths.max().unwrap_or_default();
            line += &match column {
                0 => format!("{text:<width$}"),
                _ => format!("  {text:>width$}"),
            };
        }
        println!("{line}");
    }
}

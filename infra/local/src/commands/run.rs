//! `local run`: the whole API on this machine, until Ctrl-C.

mod database;

use super::{State, directory, try_lock};
use database::Database;
use local::process::stop_requested;
use local::router::{self, Options, Router, WARM_UP};
use local::{Error, Result, paths, tools};
use std::env;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Instant;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::ChildStdout;

/// What the router logs as errors whenever it ends an instance, to reload it or at the end.
const ENDINGS: [&str; 2] = ["command killed", "waiting on process"];

/// Starts everything and keeps it running; it all ends with this process.
pub async fn run() -> Result<()> {
    let port = port()?;
    let Some(_lock) = try_lock()? else {
        let folder = directory();
        return Err(Error::new(format!(
            "a local stack already runs in {}: stop it first (Ctrl-C in its terminal)",
            folder.display()
        )));
    };
    let mut is_up = false;
    let result = tokio::select! {
        biased;
        result = stop_requested() => result,
        result = up(port, &mut is_up) => result,
    };
    State::clear();
    if is_up {
        println!("The API has stopped. The data is kept.");
    }
    result
}

fn port() -> Result<u16> {
    let text = env::var("PORT").unwrap_or_else(|_| "9000".into());
    let port = text.parse().ok().filter(|&port| port > 0);
    let port = port.ok_or_else(|| {
        Error::new(format!(
            "PORT={text} is not a port: give a number from 1 to 65535"
        ))
    })?;
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(port),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Err(Error::new(format!(
            "port {port} is in use: stop what listens there or choose another, PORT={} make run",
            port.checked_add(1).unwrap_or(9000),
        ))),
        Err(error) => Err(Error::new(format!("cannot listen on port {port}: {error}"))),
    }
}

async fn up(port: u16, is_up: &mut bool) -> Result<()> {
    println!(
        "Starting the API. The first start takes minutes: it builds the functions and installs tools."
    );
    let build = step(router::build(), |count| format!("built {count} functions"));
    let start = async {
        let folder = paths::tools();
        let tools = step(tools::install(&folder, "local"), |_| {
            "installed tools".into()
        })
        .await?;
        let database = Database::start(&tools);
        let database = step(database, Database::describe).await?;
        Ok((tools, database))
    };
    let (_, (tools, mut database)) = tokio::try_join!(build, start)?;
    database.prepare().await?;
    let options = Options {
        port,
        variables: database.variables(),
        reloads: true,
        log: Stdio::piped(),
    };
    let mut router = Router::start(&tools, options)?;
    tokio::spawn(print_log(router.log()));
    let url = router.url.clone();
    let examples = router::example_paths()?;
    step(router.ready(&examples), |()| {
        "every route responds".to_owned()
    })
    .await?;
    database.state(port).write()?;
    banner(&url, &examples);
    *is_up = true;
    tokio::select! {
        failure = database.failed() => Err(failure),
        failure = router.ended() => Err(failure),
    }
}

/// Runs one step, and prints its result and how long it took.
async fn step<T>(
    work: impl Future<Output = Result<T>>,
    done: impl FnOnce(&T) -> String,
) -> Result<T> {
    let started = Instant::now();
    let result = work.await?;
    println!(
        "{:7.1} s  {}",
        started.elapsed().as_secs_f64(),
        done(&result)
    );
    Ok(result)
}

/// Prints what the router and the functions write, without what would mislead: that functions
/// answered our own requests, and that the router ended instances.
async fn print_log(log: Option<ChildStdout>) {
    let Some(log) = log else { return };
    let own = format!(r#""client_request_id":"{WARM_UP}""#);
    let mut lines = BufReader::new(log).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let is_own = line.contains(&own) && line.contains(r#""message":"answered""#);
        if !is_own && !ENDINGS.iter().any(|text| line.contains(text)) {
            println!("{line}");
        }
    }
}

fn banner(url: &str, examples: &[String]) {
    println!("\nThe API is up. Ctrl-C stops it and keeps the data.\n");
    for path in examples {
        println!("  {url}{path}");
    }
    println!();
}

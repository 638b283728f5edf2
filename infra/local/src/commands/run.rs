//! `local run`: the whole API on this machine, until Ctrl-C.

use super::router::{self, Options, Router};
use super::{State, directory, stop_requested, try_lock};
use local::lambda::Function;
use local::stack::{DATABASE, Stack, StackInfo};
use local::tools::Tools;
use local::{Error, Result, paths, tools};
use serde_json::{Value, json};
use std::env;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// A restore loads the whole sample database.
const MIGRATE_WITHIN: Duration = Duration::from_secs(600);

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
    let result = tokio::select! {
        biased;
        result = stop_requested() => result,
        result = up(port) => result,
    };
    State::clear();
    println!("stopped; the data is kept in {}", directory().display());
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

async fn up(port: u16) -> Result<()> {
    let (folder, tools_folder) = (directory(), paths::tools());
    let tools = step("tools", tools::install(&tools_folder), |_| {
        "tools ready".into()
    })
    .await?;
    let stack = Stack::start(&folder, true);
    let mut stack = step("PostgreSQL and Secrets Manager", stack, |stack| {
        let StackInfo {
            postgres, secrets, ..
        } = stack.info();
        let server = format!(
            "PostgreSQL {} on {}:{}",
            postgres.version, postgres.host, postgres.port
        );
        format!("{server}, Secrets Manager on {}", secrets.endpoint)
    })
    .await?;
    let info = stack.info().clone();
    tokio::select! {
        failure = stack.failed() => Err(failure),
        result = serve_functions(&tools, info, port) => result,
    }
}

async fn serve_functions(tools: &Tools, info: StackInfo, port: u16) -> Result<()> {
    step("build", router::build(), |count| {
        format!("built {count} functions")
    })
    .await?;
    info.postgres.create_database(DATABASE, None).await?;
    migrate(&info).await?;
    let options = Options {
        port,
        variables: &[],
        reloads: true,
        log: Stdio::inherit(),
    };
    let mut router = Router::start(tools, &info, options)?;
    let url = router.url.clone();
    step("router", router.ready("/health/db"), |()| {
        format!("router on {url}")
    })
    .await?;
    State { stack: info, port }.write()?;
    banner(&url);
    Err(router.ended().await)
}

/// Runs one step, and prints its result and how long it took.
async fn step<T>(
    name: &str,
    work: impl Future<Output = Result<T>>,
    done: impl FnOnce(&T) -> String,
) -> Result<T> {
    println!("{name} …");
    let started = Instant::now();
    let result = work.await?;
    println!(
        "  {} … {:.1} s",
        done(&result),
        started.elapsed().as_secs_f64()
    );
    Ok(result)
}

/// Restores the sample database where there is none, and brings it to the newest revision.
pub async fn migrate(info: &StackInfo) -> Result<()> {
    let environment = info.environment("migrate")?;
    let mut function = Function::start(&paths::function("migrate"), &environment).await?;
    function.deadline = MIGRATE_WITHIN;
    if !has_films(info).await? {
        step(
            "restore",
            invoke(
                &function,
                json!({"command": "restore", "confirm": DATABASE}),
            ),
            |_| "restored the sample data".into(),
        )
        .await?;
    }
    let upgrade = json!({"command": "upgrade", "target": "head"});
    step("upgrade", invoke(&function, upgrade), |report| {
        let applied = report["migrations"].as_array().map_or(0, Vec::len);
        let revision = report["to"].as_str().unwrap_or("base");
        format!("applied {applied} migrations, at {revision}")
    })
    .await?;
    function.stop().await;
    Ok(())
}

async fn has_films(info: &StackInfo) -> Result<bool> {
    let client = info.postgres.connect(DATABASE).await?;
    let row = client
        .query_one("SELECT to_regclass('public.film') IS NOT NULL", &[])
        .await;
    let answer = row.and_then(|row| row.try_get(0));
    answer.map_err(|error| Error::new(format!("cannot look for films: {error}")))
}

async fn invoke(function: &Function, event: Value) -> Result<Value> {
    let command = event["command"].as_str().unwrap_or_default().to_owned();
    let answer = function.invoke(event).await;
    answer.map_err(|error| Error::new(format!("migrate could not {command}: {error}")))
}

fn banner(url: &str) {
    println!("\nThe API is up on {url} (Ctrl-C ends it, the data stays):\n");
    let paths = [
        "/films?title=dino&limit=3",
        "/films/1",
        "/categories",
        "/categories/action/films",
        "/customers/1/rentals",
        "/health/db",
    ];
    for path in paths {
        println!("  curl '{url}{path}'");
    }
    println!("  open {url}/docs in a browser");
    println!("  make invoke FUNCTION=migrate EVENT='{{\"command\":\"current\"}}'\n");
}

//! `make run` as its user knows it: over HTTP, through the real router, from start to end.

mod documentation;
mod images;
mod mapping;
mod processes;
mod run;

use crate::harness::{Database, free_port, stack};
use crate::log_lines::line::Format;
use local::{StackInfo, stack::DATABASE};
use processes::Process;
use reqwest::Method;
use run::Run;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::net::TcpStream;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Other tests run at the same time, and other builds.
const WITHIN: Duration = Duration::from_secs(180);
const STOPPED_WITHIN: Duration = Duration::from_secs(30);

#[tokio::test]
async fn make_run_serves_every_route_until_ctrl_c() {
    // It builds the binaries.
    stack().await;
    let mut run = Run::start(&[]);
    run.is_up().await;
    a_session_is_shown(&run).await;
    every_route_answers(&run).await;
    each_function_has_its_own_role(&run).await;
    documentation::a_browser_shows_the_api_and_tries_it(&run).await;
    lists_go_on_at_next(&run).await;
    what_is_wrong_is_a_problem(&run).await;
    what_has_no_route_or_would_write_is_refused(&run).await;
    functions_can_be_invoked(&run).await;
    psql_reaches_the_database(&run).await;
    each_request_is_a_line_with_its_metrics(&run);
    a_second_one_says_what_is_in_its_way(&run).await;
    what_was_idle_answers(&run).await;
    ctrl_c_ends_everything_but_the_data(&mut run).await;
    reset_throws_the_data_away(&run).await;
}

#[tokio::test]
async fn database_url_replaces_the_private_database_and_only_an_empty_one_is_changed() {
    let database = Database::empty().await;
    let variables = database.migrator_url().await;
    let mut run = Run::start(&variables);
    run.is_up().await;
    assert!(run.said().contains("restored the sample data"));
    let films = run.get("/films?limit=1").await.ok();
    assert!(films["items"][0]["film_id"].is_i64(), "{films}");
    assert!(run.state()["stack"].is_null());
    let arguments = ["migrate", "downgrade", "-1"];
    let downgrade = run.local(&arguments, &[]).await;
    assert!(downgrade.status.success(), "{downgrade:?}");
    drop(run);
    let mut run = Run::start(&variables);
    run.is_up().await;
    assert!(
        run.said()
            .contains("1 migrations are pending: `make migrate"),
        "{}",
        run.said()
    );
    run.get("/films/1").await.ok();
}

async fn a_session_is_shown(run: &Run) {
    let start = run.said();
    // What cargo prints depends on what was built before.
    let start = start
        .lines()
        .filter(|line| !line.contains("Finished `dev`"));
    let start = start.collect::<Vec<_>>().join("\n");
    let url = format!(
        "http://127.0.0.1:{}/films?q=dinosuar&limit=2&fields=film_id,title,rating",
        run.port
    );
    let body = reqwest::get(&url).await.expect("an answer").text().await;
    let body = body
        .expect("a text")
        .replace("},{", "},\n {")
        .replace("],", "],\n ");
    let session = format!("$ make run\n{start}\n\n$ curl '{url}'\n{body}\n");
    let session = session.replace(&run.port.to_string(), "9000");
    images::write("run.svg", images::terminal(&session));
}

async fn every_route_answers(run: &Run) {
    let films = run.get("/films?title=dino&limit=3").await.ok();
    assert_eq!(films["items"].as_array().map(Vec::len), Some(3), "{films}");
    let film = run.get("/films/1").await.ok();
    assert_eq!(film["film_id"], 1);
    assert!(
        film["categories"].is_array() && film["actors"].is_array(),
        "{film}"
    );
    let categories = run.get("/categories").await.ok();
    assert_eq!(categories["items"][0]["name"], "Action", "{categories}");
    assert!(categories["next"].is_null());
    let films = run.get("/categories/action/films").await.ok();
    assert!(films["items"][0]["film_id"].is_i64(), "{films}");
    let rentals = run.get("/customers/1/rentals").await.ok();
    assert!(rentals["items"][0]["rental_id"].is_i64(), "{rentals}");
    let health = run.get("/health/db").await.ok();
    assert_eq!(health["status"], "healthy");
    assert!(health["revision"].is_string(), "{health}");
    let description = run.get("/openapi.json").await.ok();
    assert!(description["paths"]["/films"].is_object(), "{description}");
    for url in ["/", "/docs", "/docs/problems"] {
        let page = run.get(url).await;
        assert_eq!(page.status, 200, "{url}");
        assert_eq!(page.content_type, "text/html; charset=utf-8", "{url}");
    }
}

async fn each_function_has_its_own_role(run: &Run) {
    let info: StackInfo = serde_json::from_value(run.state()["stack"].clone()).expect("a stack");
    let client = info.postgres.connect(DATABASE).await.expect("a connection");
    let sql = "SELECT DISTINCT application_name, usename::text FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend'
            AND pid <> pg_backend_pid()
        ORDER BY 1";
    let rows = client.query(sql, &[]).await.expect("rows");
    let roles: Vec<_> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(
        roles,
        [
            ("db-health", "interview_catalogue"),
            ("films-by-category", "interview_catalogue"),
            ("get-film", "interview_catalogue"),
            ("list-categories", "interview_catalogue"),
            ("rentals-by-customer", "interview_rentals"),
            ("search-films", "interview_catalogue"),
        ]
    );
}

fn each_request_is_a_line_with_its_metrics(run: &Run) {
    let (said, format) = (run.said(), Format::new());
    let lines = said.lines().filter(|line| line.contains(r#""_aws""#));
    let lines: Vec<Value> = lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(lines.len() > 10, "{said}");
    lines.iter().for_each(|line| format.check(line));
}

/// A function waits for its next event for as long as it takes.
async fn what_was_idle_answers(run: &Run) {
    // Longer than a request may take; it is time alone that this is about.
    tokio::time::sleep(Duration::from_secs(16)).await;
    every_route_answers(run).await;
}

async fn lists_go_on_at_next(run: &Run) {
    for (url, id) in [
        ("/films?title=dino&limit=3", "film_id"),
        ("/films?title=%64%69no&limit=1", "film_id"),
        ("/categories/action/films?limit=3", "film_id"),
        ("/categories/sci%2Dfi/films?limit=3", "film_id"),
        ("/customers/1/rentals?limit=3&status=returned", "rental_id"),
    ] {
        let first = run.get(url).await.ok();
        let (path, _) = url.split_once('?').expect("a query");
        let next = first["next"].as_str().expect("a next page");
        let second = run.get(&[path, next].concat()).await.ok();
        let ids = |page: &Value| -> Vec<i64> {
            let items = page["items"].as_array().expect("items");
            items.iter().filter_map(|item| item[id].as_i64()).collect()
        };
        let (first, second) = (ids(&first), ids(&second));
        assert!(!second.is_empty(), "{next}");
        assert!(
            second.iter().all(|id| !first.contains(id)),
            "{url}: {first:?}, {second:?}"
        );
    }
}

async fn what_is_wrong_is_a_problem(run: &Run) {
    for (url, status, words) in [
        ("/films?limit=0", 422, "limit must be"),
        ("/films?title=%FF", 422, "title must be"),
        ("/films?cursor=no", 422, "cursor is not valid"),
        ("/films/ten", 422, "film_id must be"),
        ("/films/%FF", 422, "film_id must be"),
        ("/categories?x=1", 422, "x is unknown"),
        ("/categories/%00/films", 422, "category must be"),
        ("/categories/no%20such/films", 404, "category not found"),
        ("/customers/600/rentals", 404, "customer not found"),
        ("/health/db?x=1", 422, "x is unknown"),
    ] {
        let answer = run.get(url).await;
        assert_eq!(answer.status, status, "{url}: {}", answer.body);
        assert_eq!(answer.content_type, "application/problem+json", "{url}");
        assert_eq!(answer.body["status"], status, "{url}");
        let detail = answer.body["detail"].as_str().expect("a detail");
        assert!(detail.contains(words), "{url}: {detail}");
    }
}

async fn what_has_no_route_or_would_write_is_refused(run: &Run) {
    for url in [
        "/nothing",
        "/films/",
        "/films/1/x",
        "/a/b/c",
        "/docs/",
        "/%FF",
    ] {
        let answer = run.get(url).await;
        assert_eq!(answer.status, 404, "{url}");
        assert_eq!(answer.content_type, "application/problem+json", "{url}");
    }
    let posted = run.request(Method::POST, "/films").await;
    assert_eq!(posted.status, 405, "{}", posted.body);
}

async fn functions_can_be_invoked(run: &Run) {
    let current = ["invoke", "migrate", r#"{"command":"current"}"#];
    let answer = run.local(&current, &[]).await;
    let answer: Value = serde_json::from_slice(&answer.stdout).expect("JSON");
    assert!(answer["revision"].is_string(), "{answer}");
    // Only the migrator may.
    let upgrade = ["invoke", "migrate", r#"{"command":"upgrade"}"#];
    let answer = run.local(&upgrade, &[]).await;
    let answer: Value = serde_json::from_slice(&answer.stdout).expect("JSON");
    assert_eq!(answer["status"], "noop", "{answer}");
    for (function, event, words) in [
        ("migrate", "nonsense", "nonsense"),
        ("migrate", r#"{"command":"no"}"#, "unknown variant `no`"),
        ("nothing", "{}", "no function nothing"),
        ("local", "{}", "no function local"),
    ] {
        let refused = run.local(&["invoke", function, event], &[]).await;
        assert_one_line(&refused, words);
    }
}

async fn psql_reaches_the_database(run: &Run) {
    let bin_dir = run.state()["stack"]["postgres"]["bin_dir"].clone();
    if !Path::new(bin_dir.as_str().expect("a folder"))
        .join("psql")
        .exists()
    {
        eprintln!("psql skipped: there is none in {bin_dir}");
        return;
    }
    let answer = run
        .local(&["psql", "-Atc", "SELECT count(*) FROM film"], &[])
        .await;
    assert_eq!(String::from_utf8_lossy(&answer.stdout).trim(), "1000");
}

async fn a_second_one_says_what_is_in_its_way(run: &Run) {
    let (own, other) = (run.port.to_string(), free_port().to_string());
    let elsewhere = TempDir::new().expect("a folder");
    let elsewhere = elsewhere.path().to_str().expect("UTF-8");
    for (variables, words) in [
        (vec![("PORT", other.as_str())], "stop it first (Ctrl-C"),
        (
            vec![("PORT", own.as_str()), ("LOCAL_DIR", elsewhere)],
            "in use: stop what listens there or choose another, PORT=",
        ),
        (
            vec![("PORT", "x"), ("LOCAL_DIR", elsewhere)],
            "PORT=x is not a port: give a number",
        ),
    ] {
        assert_one_line(&run.local(&["run"], &variables).await, words);
    }
    assert_one_line(&run.local(&["reset"], &[]).await, "stop it first (Ctrl-C");
    run.get("/health/db").await.ok();
}

async fn ctrl_c_ends_everything_but_the_data(run: &mut Run) {
    let server = run.state()["stack"]["postgres"].clone();
    let family = processes::descendants(run.guard.id().expect("it runs"));
    let local = family
        .iter()
        .find(|process| process.name.ends_with("local"));
    let local = local.and_then(|process| Pid::from_raw(process.pid));
    kill_process(local.expect("local run"), Signal::INT).expect("it runs");
    let status = tokio::time::timeout(STOPPED_WITHIN, run.guard.wait()).await;
    let status = status.expect("it ends in time").expect("a status");
    assert!(status.success(), "{status}");
    let port = server["port"]
        .as_u64()
        .and_then(|port| port.try_into().ok());
    for port in [run.port, port.expect("a port")] {
        assert!(TcpStream::connect(("localhost", port)).is_err(), "{port}");
    }
    until_none_lives(&family).await;
    let data = server["data_directory"].as_str().expect("a folder");
    assert!(Path::new(data).join("PG_VERSION").exists(), "{data}");
}

async fn until_none_lives(family: &[Process]) {
    let started = Instant::now();
    loop {
        let all = processes::all();
        let lives = |member: &&Process| all.iter().any(|process| member.is(process));
        let survivors: Vec<_> = family.iter().filter(lives).collect();
        if survivors.is_empty() {
            return;
        }
        assert!(started.elapsed() < STOPPED_WITHIN, "{survivors:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn reset_throws_the_data_away(run: &Run) {
    let output = run.local(&["reset"], &[]).await;
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let removed: Vec<_> = said
        .lines()
        .filter_map(|line| line.strip_prefix("removed "))
        .collect();
    assert!(!removed.is_empty());
    assert!(removed.iter().all(|folder| !Path::new(folder).exists()));
    assert!(!run.folder.path().join("local").exists(), "{said}");
}

fn assert_one_line(output: &Output, words: &str) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{output:?}");
    assert!(
        error.lines().count() == 1 && error.starts_with("error: ") && error.contains(words),
        "`{words}` is not in the one line: {error}"
    );
}

//! Requests beside a test: how many there were, and how long they waited.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinHandle;
use tokio_postgres::Client;

use super::Database;

/// What a client asks for, again and again.
pub struct Load {
    /// A statement with the id of a row as its parameter.
    pub sql: String,
    /// A query of an id. The rows are those after it, or all from the first.
    pub after: Option<&'static str>,
    /// How many rows it chooses from.
    pub span: i64,
}

/// What a client has seen.
#[derive(Debug, Default)]
pub struct Seen {
    pub requests: u64,
    pub failed: u64,
    /// How long the slowest request took.
    pub longest: Duration,
}

/// Clients, each with a connection of its own.
pub struct Traffic {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Seen>>,
}

impl Traffic {
    /// Starts a client for each load. It returns when all are connected.
    pub async fn start(database: &Database, loads: Vec<Load>) -> Self {
        let stop = Arc::<AtomicBool>::default();
        let mut clients = Vec::new();
        for load in loads {
            let client = database.connect().await;
            let statement = client.prepare(&load.sql).await.expect("a statement");
            client.query(&statement, &[&1_i64]).await.expect("a row");
            let requests = requests(client, statement, load, stop.clone());
            clients.push(tokio::spawn(requests));
        }
        Self { stop, clients }
    }

    /// Stops the clients. Returns what each has seen, in the order of the loads.
    pub async fn stop(self) -> Vec<Seen> {
        self.stop.store(true, Relaxed);
        let mut seen = Vec::new();
        for client in self.clients {
            seen.push(client.await.expect("a client"));
        }
        seen
    }
}

async fn requests(
    client: Client,
    statement: tokio_postgres::Statement,
    load: Load,
    stop: Arc<AtomicBool>,
) -> Seen {
    let (mut seen, mut random) = (Seen::default(), 0_i64);
    // At least one request, however short the test.
    while seen.requests == 0 || !stop.load(Relaxed) {
        tokio::time::sleep(Duration::from_millis(1)).await;
        // Steps of a prime number.
        random += 7_368_787;
        let Some(after) = after(&client, &load).await else {
            continue;
        };
        let id = after + random % load.span + 1;
        let started = Instant::now();
        let result = client.query(&statement, &[&id]).await;
        seen.longest = seen.longest.max(started.elapsed());
        seen.requests += 1;
        seen.failed += u64::from(result.is_err());
    }
    seen
}

async fn after(client: &Client, load: &Load) -> Option<i64> {
    match load.after {
        None => Some(0),
        // What it asks may not be there yet.
        Some(query) => Some(client.query_opt(query, &[]).await.ok()??.get(0)),
    }
}

//! Round trips to the database, counted by a relay that delays what each side sends: one begins
//! with what a client sends after it has received something, and another with each connection.

use crate::contender::{Contender, request};
use local::stack::DATABASE;
use local::{Error, Result, Role, StackInfo};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// How long each direction is delayed: longer than a client takes that sends without waiting.
const DELAY: Duration = Duration::from_millis(5);
const WARM_REQUESTS: u32 = 10;

/// A relay in front of PostgreSQL.
pub struct Relay {
    trips: Arc<AtomicU32>,
}

impl Relay {
    /// Starts it, with a secret for each role that leads through it.
    ///
    /// # Errors
    /// When no port is free, or a secret cannot be put.
    pub async fn start(info: &StackInfo) -> Result<Self> {
        let failed = |error: std::io::Error| Error::new(format!("cannot start a relay: {error}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let mut through = info.clone();
        through.postgres.port = listener.local_addr().map_err(failed)?.port();
        let trips = Arc::<AtomicU32>::default();
        tokio::spawn(accept(listener, info.postgres.port, Arc::clone(&trips)));
        for role in [Role::Catalogue, Role::Rentals] {
            let name = relayed(role.secret_id());
            through.put_role_secret(&name, DATABASE, role).await?;
        }
        Ok(Self { trips })
    }

    /// The round trips of a contender from its start to its first answer, and of a warm request.
    ///
    /// # Errors
    /// When it does not start, or does not answer 200.
    pub async fn measure(&self, contender: &Contender, event: &[u8]) -> Result<[f64; 2]> {
        let mut contender = contender.clone();
        for (name, value) in &mut contender.environment {
            if name == "DB_SECRET_ID" {
                *value = relayed(value);
            }
        }
        self.trips.store(0, Ordering::SeqCst);
        let (function, _) = contender.start().await?;
        request(&function, event).await?;
        let cold = self.trips.swap(0, Ordering::SeqCst);
        for _ in 0..WARM_REQUESTS {
            request(&function, event).await?;
        }
        let warm = self.trips.load(Ordering::SeqCst);
        function.stop().await;
        Ok([f64::from(cold), f64::from(warm) / f64::from(WARM_REQUESTS)])
    }
}

fn relayed(secret: &str) -> String {
    ["relayed/", secret].concat()
}

async fn accept(listener: TcpListener, upstream: u16, trips: Arc<AtomicU32>) {
    while let Ok((client, _)) = listener.accept().await {
        let Ok(server) = TcpStream::connect(("127.0.0.1", upstream)).await else {
            continue;
        };
        // That of TCP.
        trips.fetch_add(1, Ordering::SeqCst);
        // Without it they would be slower, and as right.
        let _ = client.set_nodelay(true).and(server.set_nodelay(true));
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let has_received = Arc::new(AtomicBool::new(true));
        let (received, trips) = (Arc::clone(&has_received), Arc::clone(&trips));
        let sent = move || {
            if received.swap(false, Ordering::SeqCst) {
                trips.fetch_add(1, Ordering::SeqCst);
            }
        };
        tokio::spawn(forward(from_client, to_server, sent, || {}));
        let arrived = move || has_received.store(true, Ordering::SeqCst);
        tokio::spawn(forward(from_server, to_client, || {}, arrived));
    }
}

/// Forwards one direction, and calls back when something has been sent and when it arrives.
async fn forward(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    sent: impl Fn() + Send + 'static,
    arrives: impl Fn(),
) {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            sent();
            let part = buffer[..length].to_vec();
            if sender.send((Instant::now() + DELAY, part)).is_err() {
                return;
            }
        }
    });
    while let Some((due, part)) = receiver.recv().await {
        sleep_until(due).await;
        arrives();
        if to.write_all(&part).await.is_err() {
            return;
        }
    }
}

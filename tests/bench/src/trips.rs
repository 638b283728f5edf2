//! Round trips to the database, by a relay that delays what each side sends: the delay of a query of
//! one round trip is the unit.

use crate::contender::{Contender, Kind, request};
use local::stack::DATABASE;
use local::{Error, Result, Role, StackInfo};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How long each direction is delayed, in milliseconds.
const DELAY: u64 = 10;
const COLD_STARTS: usize = 3;
const WARM_REQUESTS: usize = 9;

/// A relay in front of PostgreSQL, and what one round trip through it costs.
pub struct Relay {
    delay: Arc<AtomicU64>,
    round_trip: Duration,
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
        let delay = Arc::<AtomicU64>::default();
        tokio::spawn(accept(listener, info.postgres.port, Arc::clone(&delay)));
        for role in [Role::Catalogue, Role::Rentals] {
            let name = delayed(role.secret_id());
            through.put_role_secret(&name, DATABASE, role).await?;
        }
        let mut relay = Self {
            delay,
            round_trip: Duration::ZERO,
        };
        relay.round_trip = relay.calibrate(&through).await?;
        Ok(relay)
    }

    fn set_delay(&self, milliseconds: u64) {
        self.delay.store(milliseconds, Ordering::Relaxed);
    }

    async fn calibrate(&self, through: &StackInfo) -> Result<Duration> {
        let client = through.postgres.connect(DATABASE).await?;
        let mut medians = [Duration::ZERO; 2];
        for (median, delay) in medians.iter_mut().zip([0, DELAY]) {
            self.set_delay(delay);
            let mut times = Vec::new();
            for _ in 0..WARM_REQUESTS {
                let started = Instant::now();
                let answer = client.simple_query("").await;
                answer.map_err(|error| Error::new(format!("the relay: {error}")))?;
                times.push(started.elapsed());
            }
            *median = middle(times);
        }
        Ok(medians[1].saturating_sub(medians[0]))
    }

    /// The round trips of a contender from its start to its first answer, and of a warm request.
    ///
    /// # Errors
    /// When it does not start, or does not answer 200.
    pub async fn measure(&self, contender: &Contender, event: &[u8]) -> Result<[f64; 2]> {
        let mut contender = contender.clone();
        for (name, value) in &mut contender.environment {
            if name == "DB_SECRET_ID" {
                *value = delayed(value);
            }
        }
        let mut medians = [[Duration::ZERO; 2]; 2];
        for (medians, delay) in medians.iter_mut().zip([0, DELAY]) {
            self.set_delay(delay);
            *medians = times(&contender, event).await?;
        }
        let [short, long] = medians;
        let trips = |index: usize| {
            let added = long[index].saturating_sub(short[index]);
            added.as_secs_f64() / self.round_trip.as_secs_f64()
        };
        // The relay accepts a TCP connection without delay.
        Ok([trips(0) + 1.0, trips(1)])
    }
}

fn delayed(secret: &str) -> String {
    ["delayed/", secret].concat()
}

async fn times(contender: &Contender, event: &[u8]) -> Result<[Duration; 2]> {
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    // Starts of Python vary by more than a round trip.
    let is_slow = contender.kind == Kind::Python;
    let starts = if is_slow { 1 } else { COLD_STARTS };
    for _ in 0..starts {
        let (function, ready) = contender.start().await?;
        cold.push(ready + request(&function, event).await?);
        for _ in 0..WARM_REQUESTS {
            warm.push(request(&function, event).await?);
        }
        function.stop().await;
    }
    Ok([middle(cold), middle(warm)])
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

async fn accept(listener: TcpListener, upstream: u16, delay: Arc<AtomicU64>) {
    while let Ok((client, _)) = listener.accept().await {
        let Ok(server) = TcpStream::connect(("127.0.0.1", upstream)).await else {
            continue;
        };
        // Without it they would be slower, and as right.
        let _ = client.set_nodelay(true).and(server.set_nodelay(true));
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::spawn(forward(from_client, to_server, Arc::clone(&delay)));
        tokio::spawn(forward(from_server, to_client, Arc::clone(&delay)));
    }
}

async fn forward(from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: Arc<AtomicU64>) {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    tokio::spawn(read(from, delay, sender));
    while let Some((due, bytes)) = receiver.recv().await {
        tokio::time::sleep_until(due).await;
        if to.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

async fn read(
    mut from: OwnedReadHalf,
    delay: Arc<AtomicU64>,
    sender: mpsc::UnboundedSender<(Instant, Vec<u8>)>,
) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let delay = Duration::from_millis(delay.load(Ordering::Relaxed));
        let part = buffer[..length].to_vec();
        if sender.send((Instant::now() + delay, part)).is_err() {
            return;
        }
    }
}

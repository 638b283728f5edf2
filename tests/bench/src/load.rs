//! Many clients at once: half of them send what an index answers, half send searches.

use crate::figures::percentile;
use crate::settings::Settings;
use crate::table::{Table, milliseconds};
use crate::worst::{Ask, BY_KEY, SEARCHES, WORST};
use local::lambda::Function;
use local::{Error, Result, StackInfo};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::sleep;

const CLIENTS: usize = 50;
/// The reserved concurrency of each function, as in `prod`. Lambda refuses what exceeds it, and API
/// Gateway answers 503.
const RESERVED: usize = 8;
/// How long a client waits after such a 503.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The instances of a function that are free. Each serves one request at a time.
type Instances = Arc<Mutex<Vec<Function>>>;

/// What a client got.
#[derive(Default)]
struct Tally {
    took: Vec<Duration>,
    /// 503 and 504 with Retry-After.
    refused: usize,
}

/// The searches of half of the clients.
#[derive(Clone, Copy)]
pub enum Mix {
    /// [`SEARCHES`].
    Searches,
    /// [`WORST`].
    Worst,
}

impl Mix {
    fn name(self) -> &'static str {
        match self {
            Self::Searches => "searches",
            Self::Worst => "worst searches",
        }
    }

    fn asks(self) -> &'static [Ask] {
        match self {
            Self::Searches => &SEARCHES,
            Self::Worst => &WORST,
        }
    }
}

/// A row for each half of the clients, with unnamed statements or prepared ones.
///
/// # Errors
/// When a request fails with anything but 503 or 504 with Retry-After.
pub async fn measure(
    settings: &Settings,
    duration: Duration,
    mix: Mix,
    is_prepared: bool,
    info: &StackInfo,
) -> Result<Table> {
    let (seconds, films) = (duration.as_secs(), settings.films());
    let with = if is_prepared { "prepared" } else { "unnamed" };
    let title =
        format!("{CLIENTS} clients for {seconds} s among {films} films, with {with} statements");
    let header = ["requests", "200", "503 or 504", "p50", "p99", "at worst"];
    let mut table = Table::new(&title, &header);
    let mut functions: HashMap<&str, Instances> = HashMap::new();
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let asks: &[Ask] = if number % 2 == 0 { &BY_KEY } else { mix.asks() };
        let first = &asks[number / 2 % asks.len()];
        let instances = functions.entry(first.function).or_default();
        if lock(instances).len() < RESERVED {
            let instance = first.start(info, is_prepared).await?;
            lock(instances).push(instance);
        }
        let own = asks.iter().filter(|ask| ask.function == first.function);
        clients.push((Arc::clone(instances), own.copied().collect()));
    }
    let clients = clients.into_iter().enumerate();
    let mut clients: JoinSet<_> = clients
        .map(|(number, (instances, asks))| client(instances, asks, number, duration))
        .collect();
    let mut tallies = [Tally::default(), Tally::default()];
    while let Some(client) = clients.join_next().await {
        let client = client.map_err(|error| Error::new(format!("a client failed: {error}")))?;
        let (number, tally) = client?;
        let total = &mut tallies[number % 2];
        total.took.extend(tally.took);
        total.refused += tally.refused;
    }
    for instances in functions.into_values() {
        let instances = std::mem::take(&mut *lock(&instances));
        for instance in instances {
            instance.stop().await;
        }
    }
    for (name, mut tally) in ["by key", mix.name()].into_iter().zip(tallies) {
        tally.took.sort();
        let times = [50, 99, 100].map(|percent| milliseconds(percentile(&tally.took, percent)));
        let counts = [tally.took.len(), tally.refused].map(|count| count.to_string());
        table.rows.push(
            [name.to_owned()]
                .into_iter()
                .chain(counts)
                .chain(times)
                .collect(),
        );
    }
    table.note = format!(
        "Milliseconds. Each function has at most {RESERVED} instances, and a client waits a second after a 503. \
         Otherwise it sends its next request when it has the answer."
    );
    Ok(table)
}

fn lock(instances: &Instances) -> MutexGuard<'_, Vec<Function>> {
    instances.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends requests in turn until the time is over.
async fn client(
    instances: Instances,
    asks: Vec<Ask>,
    number: usize,
    duration: Duration,
) -> Result<(usize, Tally)> {
    let end = Instant::now() + duration;
    let mut tally = Tally::default();
    for ask in asks.iter().cycle().skip(number) {
        if Instant::now() >= end {
            break;
        }
        let started = Instant::now();
        let instance = lock(&instances).pop();
        let Some(instance) = instance else {
            tally.refused += 1;
            sleep(RETRY_AFTER).await;
            continue;
        };
        let answer = instance.invoke_raw(ask.event()).await;
        lock(&instances).push(instance);
        let answer = answer.map_err(|error| Error::new(format!("{}: {error}", ask.url())))?;
        let is_told = answer["headers"]["retry-after"].is_string();
        match answer["statusCode"].as_u64() {
            Some(200) => tally.took.push(started.elapsed()),
            Some(503 | 504) if is_told => tally.refused += 1,
            _ => return Err(Error::new(format!("{}: {answer}", ask.url()))),
        }
    }
    Ok((number, tally))
}

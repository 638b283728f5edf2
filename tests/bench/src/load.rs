//! Many clients at once: half of them send what an index answers, half send searches.

use crate::figures::percentile;
use crate::settings::Settings;
use crate::table::{Table, milliseconds};
use crate::worst::{Ask, BY_KEY, SEARCHES, WORST};
use local::lambda::Function;
use local::{Error, Result, StackInfo};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const CLIENTS: usize = 50;

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
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let asks: &[Ask] = if number % 2 == 0 { &BY_KEY } else { mix.asks() };
        let first = number / 2 % asks.len();
        // An instance serves one function, as in Lambda, and one request at a time.
        let function = asks[first].start(info, is_prepared).await?;
        let own = asks
            .iter()
            .filter(move |ask| ask.function == asks[first].function);
        clients.spawn(client(function, own.copied().collect(), number, duration));
    }
    let mut tallies = [Tally::default(), Tally::default()];
    while let Some(client) = clients.join_next().await {
        let client = client.map_err(|error| Error::new(format!("a client failed: {error}")))?;
        let (number, tally) = client?;
        let total = &mut tallies[number % 2];
        total.took.extend(tally.took);
        total.refused += tally.refused;
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
    table.note =
        "Milliseconds. Each client has an instance of its own, and sends its next request when \
                  it has the answer."
            .to_owned();
    Ok(table)
}

/// Sends requests in turn until the time is over.
async fn client(
    function: Function,
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
        let answer = function.invoke_raw(ask.event()).await;
        let answer = answer.map_err(|error| Error::new(format!("{}: {error}", ask.url())))?;
        let is_told = answer["headers"]["retry-after"].is_string();
        match answer["statusCode"].as_u64() {
            Some(200) => tally.took.push(started.elapsed()),
            Some(503 | 504) if is_told => tally.refused += 1,
            _ => return Err(Error::new(format!("{}: {answer}", ask.url()))),
        }
    }
    function.stop().await;
    Ok((number, tally))
}

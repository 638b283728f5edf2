//! Searches that nobody has chosen: random filters, orders, counts and skips. They are the same ones in
//! every run.

use crate::contender::release;
use crate::figures::percentile;
use crate::scenario::event;
use crate::settings::Settings;
use crate::table::{Table, milliseconds};
use fastrand::Rng;
use local::lambda::Function;
use local::{Error, Result, StackInfo};
use std::time::{Duration, Instant};

/// Filters, and values of each. Titles have the parts and starts in very different numbers.
const FILTERS: [(&str, &[&str]); 11] = [
    (
        "title",
        &[
            "aca", "din", "dragon", "iii", "ing", "ter", "wor", "xxx", "zor",
        ],
    ),
    ("starts_with", &["a", "aca", "mid", "s", "w"]),
    ("category", &["1", "3", "7", "action", "games", "sci-fi"]),
    ("actor", &["5", "99", "140", "greta", "thorne", "an"]),
    ("language", &["1", "2", "french"]),
    ("rating", &["G", "PG", "R,NC-17"]),
    ("streaming_available", &["true", "false"]),
    ("release_year", &["1985", "2006"]),
    ("release_year_min", &["1990", "2015"]),
    ("length_min", &["60", "120"]),
    ("length_max", &["150", "185"]),
];
const SORTS: [&str; 10] = [
    "film_id",
    "-film_id",
    "title",
    "-title",
    "release_year",
    "-release_year",
    "length",
    "-length",
    "rental_rate",
    "-rental_rate",
];
/// `must` is in all descriptions.
const WORDS: [&str; 7] = [
    "dinosaur",
    "drama",
    "must",
    "must+-drama",
    "%22find+must%22",
    "drama+or+must",
    "dinosuar",
];
/// What a kind of search has besides filters.
const KINDS: [(&str, &[&str]); 4] = [
    ("filters", &[""]),
    ("filters, count=exact", &["count=exact"]),
    ("filters, skip", &["skip=1000", "skip=10000"]),
    ("q, filters", &["q"]),
];

/// A row for each kind of search.
///
/// # Errors
/// When an answer is neither 200 nor 422.
pub async fn measure(settings: &Settings, info: &StackInfo) -> Result<Table> {
    let title = format!(
        "Random searches among {} films, one at a time",
        settings.films()
    );
    let header = [
        "search", "number", "422", "p50", "p90", "p99", "at worst", "which",
    ];
    let mut table = Table::new(&title, &header);
    let mut random = Rng::with_seed(1);
    let function =
        Function::start(&release("search-films"), &info.environment("search-films")?).await?;
    for (kind, others) in KINDS {
        let mut took = Vec::new();
        let mut refused = 0;
        for _ in 0..settings.searches() {
            let query = query(&mut random, others);
            match time(&function, &query).await? {
                Some(time) => took.push((time, query)),
                None => refused += 1,
            }
        }
        took.sort();
        let times: Vec<_> = took.iter().map(|(time, _)| *time).collect();
        let figures = [50, 90, 99, 100].map(|percent| milliseconds(percentile(&times, percent)));
        let worst = took.pop().map(|(_, query)| query);
        let mut row = vec![
            kind.to_owned(),
            times.len().to_string(),
            refused.to_string(),
        ];
        row.extend(figures);
        row.extend(worst);
        table.rows.push(row);
    }
    function.stop().await;
    table.note =
        "Milliseconds of warm requests: of each search, the second fastest of three. 422 is a \
                  skip that the planner finds too costly."
            .to_owned();
    Ok(table)
}

/// One to four filters in an order, and one of `others`.
fn query(random: &mut Rng, others: &[&str]) -> String {
    let pick = |random: &mut Rng, of: &[&'static str]| of[random.usize(..of.len())];
    let number = 1 + random.usize(..4);
    let filters = random.choose_multiple(FILTERS, number);
    let mut query = format!("sort={}", pick(random, &SORTS));
    for (name, values) in filters {
        query += &format!("&{name}={}", pick(random, values));
    }
    match others[random.usize(..others.len())] {
        "" => {}
        "q" => query = format!("{query}&q={}", pick(random, &WORDS)),
        other => query = format!("{query}&{other}"),
    }
    query
}

/// How long a search takes, or None if it is refused.
async fn time(function: &Function, query: &str) -> Result<Option<Duration>> {
    let event = event("/films", query, &[]).to_string().into_bytes();
    let mut took = [Duration::ZERO; 3];
    for took in &mut took {
        let started = Instant::now();
        let answer = function.invoke_raw(event.clone()).await;
        *took = started.elapsed();
        let answer = answer.map_err(|error| Error::new(format!("{query}: {error}")))?;
        match answer["statusCode"].as_u64() {
            Some(200) => {}
            Some(422) => return Ok(None),
            _ => return Err(Error::new(format!("{query}: {answer}"))),
        }
    }
    took.sort();
    Ok(Some(took[1]))
}

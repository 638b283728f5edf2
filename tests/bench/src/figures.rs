//! What was measured of one contender with one request.

use crate::contender::Kind;
use crate::table::{Table, megabytes, milliseconds, number};
use std::time::Duration;

/// The figures of a contender. What a contender does not have is empty.
pub struct Figures {
    /// The function whose request it answered.
    pub function: &'static str,
    /// The contender.
    pub kind: Kind,
    /// From the start of the process to its request for an event, sorted.
    pub starts: Vec<Duration>,
    /// The first request of each start, sorted.
    pub firsts: Vec<Duration>,
    /// Warm requests, sorted.
    pub warm: Vec<Duration>,
    /// The contender's CPU time for a warm request.
    pub cpu: Option<Duration>,
    /// The CPU time of its PostgreSQL backend for a warm request.
    pub backend_cpu: Option<Duration>,
    /// The most memory that it had, in bytes.
    pub memory: Option<u64>,
    /// The size of what is deployed, in bytes.
    pub zip: Option<u64>,
    /// Round trips to the database: from the start to the first answer, and for a warm request.
    pub trips: Option<[f64; 2]>,
}

impl Figures {
    /// No figures yet.
    pub fn new(function: &'static str, kind: Kind, zip: Option<u64>) -> Self {
        Self {
            function,
            kind,
            starts: Vec::new(),
            firsts: Vec::new(),
            warm: Vec::new(),
            cpu: None,
            backend_cpu: None,
            memory: None,
            zip,
            trips: None,
        }
    }

    /// Sorts what was collected.
    pub fn sort(&mut self) {
        for durations in [&mut self.starts, &mut self.firsts, &mut self.warm] {
            durations.sort_unstable();
        }
    }
}

/// The smallest of these sorted durations that this many percent of them do not exceed.
pub fn percentile(sorted: &[Duration], percent: usize) -> Option<Duration> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// The table of all contenders.
pub fn table(all: &[Figures]) -> Table {
    let mut table = Table::new(
        "Every request",
        &[
            "request of",
            "contender",
            "start",
            "first",
            "p50",
            "p90",
            "p99",
            "CPU",
            "PostgreSQL's",
            "memory",
            "zip",
            "trips cold",
            "warm",
        ],
    );
    table.names = 2;
    for figures in all {
        table.rows.push(row(figures));
    }
    table
}

fn row(figures: &Figures) -> Vec<String> {
    let at = |durations: &[Duration], percent| milliseconds(percentile(durations, percent));
    let trips = |index: usize| number(figures.trips.map(|trips| trips[index]), 1);
    vec![
        figures.function.to_owned(),
        figures.kind.name().to_owned(),
        at(&figures.starts, 50),
        at(&figures.firsts, 50),
        at(&figures.warm, 50),
        at(&figures.warm, 90),
        at(&figures.warm, 99),
        milliseconds(figures.cpu),
        milliseconds(figures.backend_cpu),
        megabytes(figures.memory),
        megabytes(figures.zip),
        trips(0),
        trips(1),
    ]
}

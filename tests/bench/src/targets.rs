//! The targets, as ratios to the prototype in the same run.

use crate::contender::Kind;
use crate::figures::{Figures, percentile};
use crate::scenario;
use crate::table::{Table, number};
use std::time::Duration;

/// A figure of a contender that is compared with the prototype's.
struct Ratio {
    name: &'static str,
    most: f64,
    figure: fn(&Figures) -> Option<Duration>,
    /// A function and the prototype that it is compared with.
    pairs: &'static [(Kind, Kind)],
}

const UNNAMED: (Kind, Kind) = (Kind::Unnamed, Kind::Prototype);
const PREPARED: (Kind, Kind) = (Kind::Prepared, Kind::NamedPrototype);

const RATIOS: [Ratio; 5] = [
    Ratio {
        name: "start",
        most: 1.10,
        figure: |figures| percentile(&figures.starts, 50),
        pairs: &[UNNAMED],
    },
    // What a client waits for. A warm-up makes the start longer and the first request shorter.
    Ratio {
        name: "start and first request",
        most: 1.10,
        figure: |figures| {
            let medians = [&figures.starts, &figures.firsts].map(|times| percentile(times, 50));
            Some(medians[0]? + medians[1]?)
        },
        pairs: &[UNNAMED],
    },
    Ratio {
        name: "first request",
        most: 0.80,
        figure: |figures| percentile(&figures.firsts, 50),
        pairs: &[UNNAMED],
    },
    Ratio {
        name: "warm p50",
        most: 1.15,
        figure: |figures| percentile(&figures.warm, 50),
        pairs: &[UNNAMED, PREPARED],
    },
    Ratio {
        name: "CPU",
        most: 1.25,
        figure: |figures| figures.cpu,
        pairs: &[UNNAMED, PREPARED],
    },
];
const MOST_MEMORY: u64 = 12_000_000;
const MOST_ZIP: u64 = 3_000_000;

/// The table of all targets.
pub fn table(all: &[Figures]) -> Table {
    let header = ["target", "request of", "measured", "at most", ""];
    let mut table = Table::new("Targets", &header);
    table.names = 2;
    table.note =
        "Ratios to the prototype in this run: unnamed statements to unnamed ones, prepared to \
        prepared. Memory and zip: megabytes of the largest function."
            .to_owned();
    for ratio in RATIOS {
        for scenario in scenario::ALL
            .iter()
            .filter(|found| found.prototype.is_some())
        {
            for &(ours, theirs) in ratio.pairs {
                let find = |kind| find(all, scenario.function, kind).and_then(ratio.figure);
                let measured = find(ours).zip(find(theirs));
                let measured =
                    measured.map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64());
                let name = match ours {
                    Kind::Prepared => [ratio.name, ", prepared"].concat(),
                    _ => ratio.name.to_owned(),
                };
                table
                    .rows
                    .push(row(name, scenario.function, measured, ratio.most));
            }
        }
    }
    table
        .rows
        .push(largest("memory", all, MOST_MEMORY, |figures| {
            figures.memory
        }));
    table
        .rows
        .push(largest("zip", all, MOST_ZIP, |figures| figures.zip));
    table
}

fn find<'a>(all: &'a [Figures], function: &str, kind: Kind) -> Option<&'a Figures> {
    let mut all = all.iter();
    all.find(|figures| figures.function == function && figures.kind == kind)
}

fn row(target: String, function: &str, measured: Option<f64>, most: f64) -> Vec<String> {
    let verdict = match measured {
        Some(measured) if measured <= most => "met",
        Some(_) => "missed",
        None => "not measured",
    };
    vec![
        target,
        function.to_owned(),
        number(measured, 2),
        number(Some(most), 2),
        verdict.to_owned(),
    ]
}

fn largest(
    target: &str,
    all: &[Figures],
    most: u64,
    figure: fn(&Figures) -> Option<u64>,
) -> Vec<String> {
    let ours = |figures: &&Figures| matches!(figures.kind, Kind::Unnamed | Kind::Prepared);
    let sizes = all.iter().filter(ours);
    let largest = sizes
        .filter_map(|figures| Some((figure(figures)?, figures.function)))
        .max();
    #[expect(clippy::cast_precision_loss, reason = "it is shown with two decimals")]
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    let function = largest.map_or("", |(_, function)| function);
    let measured = largest.map(|(bytes, _)| megabytes(bytes));
    row(target.to_owned(), function, measured, megabytes(most))
}

//! `make bench`: how fast the release builds start and respond, and how large they are, beside a bare
//! prototype, pgbench, and the Python service that this API replaces.

mod cgroup;
mod contender;
mod figures;
mod gzip;
mod load;
mod migrations;
mod pgbench;
mod plots;
mod prepare;
mod proc;
mod python;
mod random;
mod report;
mod rounds;
mod scenario;
mod settings;
mod shares;
mod size;
mod table;
mod targets;
mod trips;
mod worst;

use contender::{Contender, Kind};
use figures::Figures;
use load::Mix;
use local::process::stop_requested;
use local::stack::{self, DATABASE, StackInfo};
use local::{Error, Result, paths};
use report::Report;
use scenario::Scenario;
use settings::Settings;
use std::fs;
use std::process::ExitCode;
use tokio_postgres::Client;

#[tokio::main]
async fn main() -> ExitCode {
    match bench().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures everything on a temporary stack.
async fn bench() -> Result<()> {
    let settings = Settings::from_env()?;
    let functions = paths::functions()?;
    for name in functions.iter().map(String::as_str).chain(["prototype"]) {
        fs::metadata(contender::release(name)).map_err(|_| {
            Error::new(format!(
                "there is no release build of {name}: `make bench` builds it"
            ))
        })?;
    }
    stack::temporary(stop_requested(), async |stack| {
        let info = stack.info().clone();
        tokio::select! {
            failure = stack.failed() => Err(failure),
            result = measure_all(&settings, &info) => result,
        }
    })
    .await
}

async fn measure_all(settings: &Settings, info: &StackInfo) -> Result<()> {
    prepare::database(settings, info).await?;
    let admin = info.postgres.connect(DATABASE).await?;
    let python = python::install(info).await;
    if info.postgres.program("pgbench").is_err() {
        eprintln!("pgbench is skipped: this PostgreSQL was installed without it");
    }
    let relay = trips::Relay::start(info).await?;
    let mut all = Vec::new();
    for scenario in scenario::ALL {
        eprintln!("measuring {} …", scenario.function);
        let contenders = contender::of(&scenario, settings, python.as_ref(), info)?;
        all.extend(measure(&scenario, settings, &contenders, info, &relay, &admin).await?);
    }
    let shares = measure_shares(settings, info, &admin).await?;
    let mut report = Report::new(&summary(settings, info));
    report.table(&table_of_figures(&all, settings));
    report.table(&targets::table(&all));
    report.plots(&plots_of_figures(&all)?);
    if !shares.is_empty() {
        report.table(&shares::table(&shares));
        report.plots(&plots_of_shares(&shares)?);
    }
    eprintln!("measuring the requests that ask most of the database …");
    report.table(&worst::measure(settings, info).await?);
    report.table(&random::measure(settings, info).await?);
    if let Some(duration) = settings.load {
        eprintln!("measuring many clients …");
        for (mix, is_prepared) in [
            (Mix::Searches, false),
            (Mix::Searches, true),
            (Mix::Worst, false),
            (Mix::Worst, true),
        ] {
            report.table(&load::measure(settings, duration, mix, is_prepared, info).await?);
        }
    }
    eprintln!("measuring gzip and migrate …");
    report.table(&gzip::measure(info).await?);
    report.table(&migrations::measure(info).await?);
    println!("{}", summary(settings, info));
    println!("With plots: file://{}", report.write()?.display());
    Ok(())
}

/// The figures of every contender for a request.
async fn measure(
    scenario: &Scenario,
    settings: &Settings,
    contenders: &[Contender],
    info: &StackInfo,
    relay: &trips::Relay,
    admin: &Client,
) -> Result<Vec<Figures>> {
    let failed = |error| Error::new(format!("{}: {error}", scenario.function));
    let pgbenches = pgbench::of(scenario, info)?;
    let of_contenders = contenders
        .iter()
        .map(|contender| (contender.kind, contender.zip));
    let of_pgbenches = pgbenches.iter().map(|pgbench| (pgbench.kind, None));
    let kinds = of_contenders.chain(of_pgbenches);
    let mut all: Vec<_> = kinds
        .map(|(kind, zip)| Figures::new(scenario.function, kind, zip))
        .collect();
    rounds::starts(scenario, settings, contenders, &mut all)
        .await
        .map_err(failed)?;
    let requests = rounds::requests(scenario, settings, contenders, &pgbenches, &mut all, admin);
    requests.await.map_err(failed)?;
    if scenario.has_database {
        for (contender, figures) in contenders.iter().zip(&mut all) {
            let trips = relay.measure(contender, &scenario.event()).await;
            let trips = trips.map_err(|error| failed(contender.blame(error)))?;
            figures.trips = Some(trips);
        }
    }
    all.iter_mut().for_each(Figures::sort);
    Ok(all)
}

/// Python is left out: with the smallest share, it takes longer to start than Lambda allows.
async fn measure_shares(
    settings: &Settings,
    info: &StackInfo,
    admin: &Client,
) -> Result<Vec<shares::Share>> {
    let search = scenario::SEARCH;
    let mut contenders = contender::of(&search, settings, None, info)?;
    contenders.retain(|contender| matches!(contender.kind, Kind::Unnamed | Kind::Prototype));
    shares::measure(&contenders, &search.event(), settings, admin).await
}

fn summary(settings: &Settings, info: &StackInfo) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let films = settings.films();
    let version = info.postgres.version;
    let length = if settings.is_quick {
        "a quick run"
    } else {
        "a full run"
    };
    format!("{length}: {cores} cores, PostgreSQL {version}, {films} films.")
}

fn table_of_figures(all: &[Figures], settings: &Settings) -> table::Table {
    let mut table = figures::table(all);
    table.note = format!(
        "Milliseconds and megabytes. Start: from the process to its request for an event; first: the \
         request after it; medians of {} starts ({} of Python). p50 to p99: {} warm requests of each \
         contender, in turns. CPU: of the process and of its PostgreSQL backend, for a request. Memory: \
         the most that the process had. Trips: round trips to the database, from the start to the first \
         answer and for a warm request.",
        settings.starts(),
        settings.slow_starts(),
        settings.rounds() * settings.requests(),
    );
    table
}

fn plots_of_figures(all: &[Figures]) -> Result<Vec<String>> {
    let mut plots = vec![plots::starts(all, scenario::SEARCH.function)?];
    for scenario in scenario::ALL {
        plots.push(plots::latencies(all, scenario.function)?);
    }
    Ok(plots)
}

fn plots_of_shares(shares: &[shares::Share]) -> Result<Vec<String>> {
    let titles = [
        "Cold start to the first answer",
        "Thaw with reconnect",
        "Warm p50",
    ];
    let titles = titles.iter().enumerate();
    titles
        .map(|(median, title)| plots::shares(shares, title, median))
        .collect()
}

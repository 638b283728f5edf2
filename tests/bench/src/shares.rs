//! The title search with the share of a core that Lambda gives with 128 to 1,769 MB.

use crate::cgroup::Group;
use crate::contender::{Contender, Kind, request, with};
use crate::figures::percentile;
use crate::rounds::newest_backend;
use crate::settings::Settings;
use crate::table::{Table, milliseconds};
use local::lambda::Function;
use local::{Error, Result, paths};
use rustix::process::{Pid, Signal, kill_process};
use std::time::Duration;
use tokio_postgres::Client;

/// The megabytes of the functions.
const SIZES: [u32; 4] = [128, 256, 512, 1769];
/// Requests without a pause use up a small share, and then wait for the next period.
const PAUSE: Duration = Duration::from_millis(20);

/// What one contender takes with one share.
pub struct Share {
    /// The contender.
    pub kind: Kind,
    /// The megabytes.
    pub megabytes: u32,
    /// Medians: from the start to the first answer, a request after the connection was lost, and a
    /// warm one.
    pub medians: [Option<Duration>; 3],
    /// The slowest tenth of the warm ones begins here.
    pub p90: Option<Duration>,
}

/// Measures each contender with each share. None, with the reason on standard error, where a share
/// cannot be given.
///
/// # Errors
/// When a contender does not start, or does not answer 200.
pub async fn measure(
    contenders: &[Contender],
    event: &[u8],
    settings: &Settings,
    admin: &Client,
) -> Result<Vec<Share>> {
    let group = match Group::new() {
        Ok(group) => group,
        Err(error) => {
            eprintln!("the CPU shares are skipped: {error}");
            return Ok(Vec::new());
        }
    };
    let mut shares = Vec::new();
    for megabytes in SIZES {
        eprintln!("measuring with the share of {megabytes} MB …");
        group.limit(megabytes)?;
        for contender in contenders {
            let confined = confine(contender, &group);
            let share = share(&confined, megabytes, event, settings, admin).await;
            shares.push(share.map_err(|error| contender.blame(error))?);
        }
    }
    Ok(shares)
}

fn confine(contender: &Contender, group: &Group) -> Contender {
    let name = contender.program.file_name().unwrap_or_default();
    let variables = [
        ("BENCH_GROUP", group.folder.to_string_lossy()),
        ("BENCH_PROGRAM", contender.program.to_string_lossy()),
        ("AWS_LAMBDA_FUNCTION_NAME", name.to_string_lossy()),
    ];
    let variables = variables.each_ref().map(|(name, value)| (*name, &**value));
    Contender {
        program: paths::root().join("tests/bench/confined"),
        environment: with(&contender.environment, &variables),
        ..contender.clone()
    }
}

async fn share(
    contender: &Contender,
    megabytes: u32,
    event: &[u8],
    settings: &Settings,
    admin: &Client,
) -> Result<Share> {
    let (mut cold, mut thawed, mut warm) = (vec![], vec![], vec![]);
    let (starts, requests) = match settings.is_quick {
        true => (3, 10),
        false => (10, 20),
    };
    for _ in 0..starts {
        let (function, ready) = contender.start().await?;
        cold.push(ready + request(&function, event).await?);
        for _ in 0..requests {
            tokio::time::sleep(PAUSE).await;
            warm.push(request(&function, event).await?);
        }
        // The prototype does not reconnect.
        if contender.kind != Kind::Prototype {
            thawed.push(thaw(&function, event, admin).await?);
        }
        function.stop().await;
    }
    for times in [&mut cold, &mut thawed, &mut warm] {
        times.sort_unstable();
    }
    Ok(Share {
        kind: contender.kind,
        megabytes,
        medians: [&cold, &thawed, &warm].map(|times| percentile(times, 50)),
        p90: percentile(&warm, 90),
    })
}

/// How long a request takes for which Lambda thaws the function, and finds that the server has ended
/// its connection meanwhile.
async fn thaw(function: &Function, event: &[u8], admin: &Client) -> Result<Duration> {
    let failed = |error| Error::new(format!("cannot end the backend: {error}"));
    let backend = newest_backend(admin).await?.cast_signed();
    signal(function, Signal::STOP)?;
    // It waits for the end, for at most ten seconds.
    let sql = "SELECT pg_terminate_backend($1, 10000)";
    admin.execute(sql, &[&backend]).await.map_err(failed)?;
    signal(function, Signal::CONT)?;
    request(function, event).await
}

fn signal(function: &Function, signal: Signal) -> Result<()> {
    let pid = Pid::from_raw(function.pid().cast_signed());
    let sent = pid.map_or(Ok(()), |pid| kill_process(pid, signal));
    sent.map_err(|error| Error::new(format!("cannot stop or continue the function: {error}")))
}

/// The table of all shares.
pub fn table(shares: &[Share]) -> Table {
    let header = [
        "share of",
        "contender",
        "cold start",
        "thaw, reconnect",
        "warm p50",
        "warm p90",
    ];
    let mut table = Table::new("The title search with a share of a core", &header);
    table.names = 2;
    table.note = "Milliseconds. A core belongs to 1,769 MB. Cold start: from the start of the process \
        to the first answer, with secret, TLS and SCRAM. Thaw: the server has ended the connection \
        while the function was stopped; the prototype does not reconnect. Warm: a request every 20 ms."
        .to_owned();
    for share in shares {
        let [cold, thaw, warm] = share.medians.map(milliseconds);
        let (megabytes, name) = (
            format!("{} MB", share.megabytes),
            share.kind.name().to_owned(),
        );
        table.rows.push(vec![
            megabytes,
            name,
            cold,
            thaw,
            warm,
            milliseconds(share.p90),
        ]);
    }
    table
}

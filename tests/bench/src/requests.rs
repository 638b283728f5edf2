//! What requests cost with unnamed statements, with prepared ones, and in another build: latency,
//! and the CPU time of the function and of its PostgreSQL backend.

use super::{milliseconds, percentile, request};
use local::lambda::Function;
use local::stack::{DATABASE, StackInfo};
use local::{Error, Result};
use serde_json::Value;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The builds take turns, so that changes of the machine's speed affect all of them.
const ROUNDS: usize = 40;
const REQUESTS: usize = 50;
/// Linux counts CPU time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// What the columns of a row are.
pub const HEADER: [&str; 6] = [
    "function",
    "build",
    "median",
    "99 %",
    "CPU of the function",
    "of PostgreSQL",
];

/// An instance of a function, and what its requests took.
struct Contestant {
    name: &'static str,
    function: Function,
    backend: u32,
    took: Vec<Duration>,
    cpu: [Duration; 2],
}

/// The folder of the release builds to compare with, if one is given.
///
/// # Errors
/// When it is not a folder.
pub fn baseline() -> Result<Option<PathBuf>> {
    let Some(folder) = env::var_os("BASELINE").filter(|folder| !folder.is_empty()) else {
        return Ok(None);
    };
    let folder = PathBuf::from(folder);
    match folder.is_dir() {
        true => Ok(Some(folder)),
        false => Err(Error::new(format!(
            "BASELINE={} is not a folder: give the target/release of another checkout",
            folder.display()
        ))),
    }
}

/// A row for each build of a function.
///
/// # Errors
/// When a build cannot be started or does not answer 200.
pub async fn measure(name: &str, event: &Value, info: &StackInfo) -> Result<Vec<[String; 6]>> {
    let mut contestants = vec![
        start("unnamed", &super::binary(name), &[], info).await?,
        start(
            "prepared",
            &super::binary(name),
            &[("DB_PREPARED", "on")],
            info,
        )
        .await?,
    ];
    if let Some(folder) = baseline()? {
        contestants.push(start("baseline", &folder.join(name), &[], info).await?);
    }
    for round in 0..=ROUNDS {
        for contestant in &mut contestants {
            let before = contestant.cpu_time();
            let mut took = Vec::with_capacity(REQUESTS);
            for _ in 0..REQUESTS {
                took.push(request(&contestant.function, name, event).await?);
            }
            // The first round only warms up.
            if round > 0 {
                let after = contestant.cpu_time();
                contestant.took.extend(took);
                for (total, (after, before)) in
                    contestant.cpu.iter_mut().zip(after.iter().zip(before))
                {
                    *total += after.saturating_sub(before);
                }
            }
        }
    }
    let mut rows = Vec::new();
    for mut contestant in contestants {
        let requests = u32::try_from(contestant.took.len()).unwrap_or(u32::MAX);
        let [function, postgres] = contestant.cpu.map(|cpu| milliseconds(cpu / requests));
        rows.push([
            name.to_owned(),
            contestant.name.to_owned(),
            milliseconds(percentile(&mut contestant.took, 50)),
            milliseconds(percentile(&mut contestant.took, 99)),
            function,
            postgres,
        ]);
        contestant.function.stop().await;
    }
    Ok(rows)
}

async fn start(
    name: &'static str,
    binary: &Path,
    variables: &[(&str, &str)],
    info: &StackInfo,
) -> Result<Contestant> {
    let function_name = binary.file_name().unwrap_or_default().to_string_lossy();
    let mut environment = info.environment(&function_name)?;
    let variables = variables.iter();
    environment.extend(variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let function = Function::start(binary, &environment).await?;
    let ready = function.ready().await;
    ready.map_err(|error| Error::new(format!("{}: {error}", binary.display())))?;
    Ok(Contestant {
        name,
        function,
        backend: newest_backend(info).await?,
        took: Vec::new(),
        cpu: [Duration::ZERO; 2],
    })
}

/// The process of the connection that was opened last.
async fn newest_backend(info: &StackInfo) -> Result<u32> {
    let client = info.postgres.connect(DATABASE).await?;
    let sql = "SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> ''
        ORDER BY backend_start DESC LIMIT 1";
    let pid = client.query_one(sql, &[]).await;
    let pid = pid.and_then(|row| row.try_get::<_, i32>(0));
    let pid = pid.map_err(|error| Error::new(format!("cannot find the backend: {error}")))?;
    Ok(pid.unsigned_abs())
}

impl Contestant {
    /// The CPU time of function and backend so far; zero where the system does not tell.
    fn cpu_time(&self) -> [Duration; 2] {
        [self.function.pid(), self.backend].map(|pid| cpu_time(pid).unwrap_or_default())
    }
}

fn cpu_time(pid: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program, in parentheses, may contain spaces.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    let user: u32 = times.next()?.parse().ok()?;
    let system: u32 = times.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

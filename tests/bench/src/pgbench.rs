//! pgbench: the least that a client written in C takes for the same SQL over the same TLS.

use crate::contender::Kind;
use crate::scenario::Scenario;
use local::process::{guarded, output};
use local::stack::DATABASE;
use local::{Error, Result, Role, StackInfo};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

const TITLE: &str = concat!(
    include_str!("../../../shared/src/film.sql"),
    include_str!("../prototype/src/title.sql")
);
const FILM: &str = include_str!("../../../functions/get-film/src/get_film.sql");
/// A new connection's first transactions are slower, and do not count.
const WARM_UP: usize = 20;

/// A way to run a statement.
pub struct Pgbench {
    /// With unnamed or named statements.
    pub kind: Kind,
    program: PathBuf,
    variables: Vec<(String, String)>,
    values: &'static [&'static str],
    folder: TempDir,
}

/// The statement of the prototype for this request.
fn sql(scenario: &Scenario) -> Option<&'static str> {
    scenario.prototype.map(|query| match query {
        "title" => TITLE,
        _ => FILM,
    })
}

/// Two contenders for a request that the prototype answers.
///
/// # Errors
/// When a file cannot be written.
pub fn of(scenario: &Scenario, info: &StackInfo) -> Result<Vec<Pgbench>> {
    let (Some(sql), Ok(program)) = (sql(scenario), info.postgres.program("pgbench")) else {
        return Ok(Vec::new());
    };
    let values: &[&str] = match sql {
        TITLE => &["%dino%", "21", "0"],
        _ => &["1"],
    };
    let new = |kind| -> Result<Pgbench> {
        let failed = |error| Error::new(format!("cannot write a script for pgbench: {error}"));
        let folder = tempfile::tempdir().map_err(failed)?;
        let script = format!("{};\n", sql.replace('$', ":p").trim_end());
        fs::write(folder.path().join("script.sql"), script).map_err(failed)?;
        Ok(Pgbench {
            kind,
            program: program.clone(),
            variables: variables(info),
            values,
            folder,
        })
    };
    Ok(vec![new(Kind::Pgbench)?, new(Kind::NamedPgbench)?])
}

fn variables(info: &StackInfo) -> Vec<(String, String)> {
    let postgres = &info.postgres;
    let role = Role::Catalogue;
    [
        ("PGHOST", postgres.host.clone()),
        ("PGPORT", postgres.port.to_string()),
        ("PGDATABASE", DATABASE.to_owned()),
        ("PGUSER", role.name().to_owned()),
        ("PGPASSWORD", info.passwords.of(role).to_owned()),
        ("PGSSLMODE", "verify-full".to_owned()),
        ("PGSSLROOTCERT", postgres.ca_file.display().to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

impl Pgbench {
    /// The latencies of so many transactions, on a connection of their own.
    ///
    /// # Errors
    /// When pgbench fails.
    pub async fn turn(&self, transactions: usize) -> Result<Vec<Duration>> {
        let protocol = match self.kind {
            Kind::NamedPgbench => "prepared",
            _ => "extended",
        };
        let mut command = guarded("KILL", &self.program);
        command
            .args(["--no-vacuum", "--log", "--file=script.sql"])
            .arg(format!("--protocol={protocol}"))
            .arg(format!("--transactions={}", WARM_UP + transactions))
            .envs(self.variables.iter().cloned())
            .current_dir(self.folder.path());
        for (index, value) in self.values.iter().enumerate() {
            command.arg(format!("--define=p{}={value}", index + 1));
        }
        output("pgbench", &mut command).await?;
        self.read_log()
    }

    /// Reads the log of a run, and deletes it. Its third column has microseconds, or
    /// zero if the answer was there before pgbench looked at its clock again.
    fn read_log(&self) -> Result<Vec<Duration>> {
        let failed = |error| Error::new(format!("cannot read the log of pgbench: {error}"));
        let mut took = Vec::new();
        for entry in self.folder.path().read_dir().map_err(failed)?.flatten() {
            if entry.file_name() == "script.sql" {
                continue;
            }
            let log = fs::read_to_string(entry.path()).map_err(failed)?;
            fs::remove_file(entry.path()).map_err(failed)?;
            let columns = log.lines().filter_map(|line| line.split(' ').nth(2));
            let times = columns.filter_map(|time| time.parse().ok());
            let times = times.skip(WARM_UP).filter(|&time| time > 0);
            took.extend(times.map(Duration::from_micros));
        }
        Ok(took)
    }
}

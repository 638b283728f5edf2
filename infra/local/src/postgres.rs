//! A private PostgreSQL which takes only TLS connections.

mod binaries;
mod cluster;
mod server;

pub use server::Server;

use crate::account::{self, Account};
use crate::error::{Context, Error, Result};
use crate::process::{Running, guarded, output};
use cluster::Cluster;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

const START_WITHIN: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// Where and how to run a PostgreSQL.
pub struct PostgresOptions {
    /// The folder of its data; made at the first start.
    pub directory: PathBuf,
    /// The port to listen on, or `None` for any that is free.
    pub port: Option<u16>,
    /// Whether the data must survive a crash of the machine. If not, writes are several times faster.
    pub durable: bool,
}

/// A running PostgreSQL; it ends when this value goes.
pub struct Postgres {
    server: Server,
    running: Running,
}

impl Postgres {
    /// Starts PostgreSQL, and creates its cluster if there is none.
    ///
    /// # Errors
    /// When there are no binaries, the port is in use, the cluster is not theirs, or it does not
    /// answer within 30 s.
    pub async fn start(options: &PostgresOptions) -> Result<Self> {
        let account = Account::unprivileged()?;
        let binaries = binaries::find(account.as_ref()).await?;
        let directory = account::reachable(&options.directory, account.as_ref()).await?;
        let cluster = Cluster {
            directory,
            account,
            binaries,
        };
        if cluster.exists() {
            cluster.check()?;
            end_leftover(&cluster).await?;
        } else {
            cluster.create(options.durable).await?;
        }
        let port = match options.port {
            Some(port) => check_free(port)?,
            None => free_port()?,
        };
        cluster.configure(port, options.durable)?;
        let server = cluster.server(port)?;
        let running = spawn(&cluster)?;
        let mut postgres = Self { server, running };
        postgres.ready(&cluster.log()).await?;
        Ok(postgres)
    }

    /// How to reach it.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Waits until the server ends by itself.
    ///
    /// # Errors
    /// When the operating system does not report it.
    pub async fn exited(&mut self) -> Result<ExitStatus> {
        self.running.exited().await
    }

    /// Ends it as `pg_ctl stop -m fast` does; kills it when that takes more than ten seconds.
    pub async fn stop(self) {
        self.running.stop().await;
    }

    async fn ready(&mut self, log: &Path) -> Result<()> {
        let started = Instant::now();
        loop {
            let Err(error) = self.server.connect("postgres").await else {
                return Ok(());
            };
            if self.running.has_exited().is_some() {
                return Err(Error::new(format!(
                    "PostgreSQL did not start: {}",
                    last_words(log)
                )));
            }
            if started.elapsed() > START_WITHIN {
                return Err(Error::new(format!(
                    "PostgreSQL is not ready after 30 s: {error}"
                )));
            }
            tokio::time::sleep(POLL).await;
        }
    }
}

impl std::ops::Deref for Postgres {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

/// Every folder where the data of [`PostgresOptions::directory`] may be.
pub fn data_folders(directory: &Path) -> [PathBuf; 2] {
    [directory.to_path_buf(), account::stand_in(directory)]
}

fn spawn(cluster: &Cluster) -> Result<Running> {
    let log = cluster.log();
    let file = File::create(&log).context(|| format!("cannot write {}", log.display()))?;
    let errors = file.try_clone().context(|| "cannot share the log")?;
    let mut command = guarded("INT", cluster.binaries.program("postgres"));
    account::run_as(&mut command, cluster.account.as_ref());
    command
        .arg("-D")
        .arg(cluster.data())
        .current_dir(&cluster.directory);
    command
        .stdout(Stdio::from(file))
        .stderr(Stdio::from(errors));
    Running::spawn("PostgreSQL", &mut command)
}

// A server of ours may still live after both we and its guard were killed, or be just ending.
async fn end_leftover(cluster: &Cluster) -> Result<()> {
    let started = Instant::now();
    while let Some(port) = cluster.leftover_port() {
        if cluster.server(port)?.connect("postgres").await.is_ok() {
            let mut stop = guarded("TERM", cluster.binaries.program("pg_ctl"));
            account::run_as(&mut stop, cluster.account.as_ref());
            stop.args(["stop", "-m", "fast", "-D"]).arg(cluster.data());
            stop.current_dir(&cluster.directory);
            output("pg_ctl stop", &mut stop).await?;
        } else if started.elapsed() > Duration::from_secs(5) {
            // The process id belongs to somebody else by now, or PostgreSQL will say what is wrong.
            break;
        }
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

// FATAL says what, and HINT and DETAIL more; without them the last line must do.
fn last_words(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let told = |line: &&str| {
        ["FATAL:", "PANIC:", "HINT:", "DETAIL:"]
            .iter()
            .any(|mark| line.contains(mark))
    };
    let told: Vec<&str> = text.lines().filter(told).map(str::trim).collect();
    let words = match told.len() {
        0 => text.lines().last().unwrap_or("it said nothing").to_owned(),
        _ => told.join("; "),
    };
    format!("{words} (log: {})", log.display())
}

fn check_free(port: u16) -> Result<u16> {
    let taken = |_| {
        Error::new(format!(
            "port {port} is in use: stop what listens there or choose another"
        ))
    };
    TcpListener::bind(("127.0.0.1", port)).map_err(taken)?;
    // A stranger on the other address would be taken for ours by whoever asks for "localhost".
    if TcpListener::bind(("::1", 0)).is_ok() {
        TcpListener::bind(("::1", port)).map_err(taken)?;
    }
    Ok(port)
}

fn free_port() -> Result<u16> {
    loop {
        let any = TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr());
        let port = any.context(|| "cannot find a free port")?.port();
        if check_free(port).is_ok() {
            return Ok(port);
        }
    }
}

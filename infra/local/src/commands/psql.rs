//! `local psql`: psql on the database of `DATABASE_URL`, or of the running stack.

use super::State;
use local::{Error, Result, database_url};
use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;
use tokio_postgres::config::{Host, SslMode};

/// Becomes psql, as the role that owns the database.
pub fn psql(arguments: &[String]) -> Result<()> {
    let given = env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
    let state = match given {
        Some(database_url) => State {
            port: 0,
            database_url,
            ca_file: env::var_os("DB_CA_FILE").map(Into::into),
            stack: None,
        },
        None => State::read()?,
    };
    // The version's own, or any that the developer has.
    let server = state.stack.as_ref().map(|stack| &stack.postgres);
    let program = server.and_then(|server| server.program("psql").ok());
    let program = program.unwrap_or_else(|| "psql".into());
    let mut psql = Command::new(&program);
    psql.args(arguments);
    // By variables, because everybody on the machine can see arguments.
    let config = database_url::parse(&state.database_url)?;
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => psql.env("PGHOST", host),
        Some(Host::Unix(folder)) => psql.env("PGHOST", folder),
        None => &mut psql,
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    psql.env("PGPORT", port.to_string());
    let texts = [
        ("PGUSER", config.get_user()),
        ("PGDATABASE", config.get_dbname()),
    ];
    for (name, text) in texts {
        psql.envs(text.map(|text| (name, text)));
    }
    let password = config.get_password().map(String::from_utf8_lossy);
    psql.envs(password.map(|password| ("PGPASSWORD", password.into_owned())));
    let mode = match config.get_ssl_mode() {
        SslMode::Disable => "disable",
        _ => "verify-full",
    };
    psql.env("PGSSLMODE", mode);
    psql.envs(state.ca_file.map(|file| ("PGSSLROOTCERT", file)));
    let error = psql.exec();
    Err(Error::new(format!(
        "cannot run {}: {error}",
        program.display()
    )))
}

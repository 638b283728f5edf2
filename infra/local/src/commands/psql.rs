//! `local psql`: psql on the running stack's database.

use super::State;
use local::stack::DATABASE;
use local::{Error, Result, Role};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Becomes psql, as the role that owns the database.
pub fn psql(arguments: &[String]) -> Result<()> {
    let State { stack, .. } = State::read()?;
    let server = &stack.postgres;
    // The version's own, or any that the developer has.
    let program = server.program("psql").unwrap_or_else(|_| "psql".into());
    let error = Command::new(&program)
        .args(arguments)
        .env("PGHOST", &server.host)
        .env("PGPORT", server.port.to_string())
        .env("PGDATABASE", DATABASE)
        .env("PGUSER", Role::Migrator.name())
        .env("PGPASSWORD", stack.passwords.of(Role::Migrator))
        .env("PGSSLMODE", "verify-full")
        .env("PGSSLROOTCERT", &server.ca_file)
        .exec();
    Err(Error::new(format!(
        "cannot run {}: {error}",
        program.display()
    )))
}

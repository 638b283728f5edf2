//! `local migrate`: the migrate command, on the running stack where no other database is given.

use super::State;
use local::{Error, Result, paths};
use std::os::unix::process::CommandExt;
use std::{env, process::Command};

/// Becomes the migrate command. Without a stack and a database, it can do what needs neither.
pub fn migrate(arguments: &[String]) -> Result<()> {
    let program = paths::function("migrate");
    let mut command = Command::new(&program);
    command.args(arguments);
    let given = ["DB_SECRET_ID", "DATABASE_URL"];
    let given = given.iter().any(|name| env::var_os(name).is_some());
    if let (false, Ok(state)) = (given, State::read()) {
        command.env("DATABASE_URL", state.database_url);
        if let Some(ca_file) = state.ca_file {
            command.env("DB_CA_FILE", ca_file);
        }
    }
    let error = command.exec();
    Err(Error::new(format!(
        "cannot run {}: {error}",
        program.display()
    )))
}

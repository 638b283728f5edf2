//! The local stack as a command.

mod commands;

use clap::{Parser, Subcommand};
use commands::{invoke, migrate, psql, reset, run, serve};
use std::process::ExitCode;

/// PostgreSQL over TLS, Secrets Manager and the functions, on this machine.
#[derive(Parser)]
#[command(name = "local")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the whole API until Ctrl-C; data is kept.
    Run,
    /// Run PostgreSQL and Secrets Manager until standard input ends; nothing is kept.
    Serve,
    /// Write the start of a new endpoint.
    Endpoint {
        /// Its name in kebab case, such as `get-actor`.
        name: String,
        /// Its route with one parameter, such as `/actors/{actor_id}`.
        route: String,
        /// The folder of the project.
        #[arg(long, hide = true, default_value_os_t = local::paths::root())]
        root: std::path::PathBuf,
    },
    /// Delete the data of `run`.
    Reset,
    /// Open psql on the database of `run`.
    Psql {
        /// The arguments of psql.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run the migrate command, on the database of `run` unless another is given.
    #[command(disable_help_flag = true)]
    Migrate {
        /// Its arguments.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Invoke a function of `run` directly.
    Invoke {
        /// The function's name, such as `migrate`.
        function: String,
        /// Its event, as JSON.
        event: String,
    },
}

fn main() -> ExitCode {
    let file = local::paths::root().join(".env");
    // It sets variables of this process, so it comes before any thread.
    match dotenvy::from_path(&file) {
        Err(error) if !error.not_found() => {
            eprintln!("error: {}: {error}", file.display());
            ExitCode::FAILURE
        }
        _ => start(),
    }
}

#[tokio::main]
async fn start() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run => run::run().await,
        Command::Serve => serve::serve().await,
        Command::Endpoint { name, route, root } => local::endpoint::create(&root, &name, &route),
        Command::Reset => reset::reset(),
        Command::Psql { arguments } => psql::psql(&arguments),
        Command::Migrate { arguments } => migrate::migrate(&arguments),
        Command::Invoke { function, event } => invoke::invoke(&function, &event).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

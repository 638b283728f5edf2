//! `migrate`: a Lambda function when Lambda starts it, and a command everywhere else.

mod faces {
    pub mod cli;
    pub mod function;
}

use std::process::ExitCode;

use faces::{cli, function};

fn main() -> ExitCode {
    let is_command = shared::require_runtime().is_err();
    if is_command {
        // It sets variables of this process, so it comes before any thread.
        match dotenvy::from_path(".env") {
            Err(error) if !error.not_found() => {
                eprintln!("error: .env: {error}");
                return ExitCode::FAILURE;
            }
            _ => {}
        }
    }
    run(is_command)
}

#[tokio::main(flavor = "current_thread")]
async fn run(is_command: bool) -> ExitCode {
    if is_command {
        return cli::run().await;
    }
    match function::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

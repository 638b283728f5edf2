//! `migrate`: a Lambda function when Lambda starts it, and a command everywhere else.

mod cli;
mod function;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    if shared::require_runtime().is_err() {
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

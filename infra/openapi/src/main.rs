//! Writes the document to a file, or says whether the file is stale.

use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    let file = env::args().nth(1);
    let Some(file) = file else {
        eprintln!("error: no file: `make openapi` writes infra/openapi.json");
        return ExitCode::FAILURE;
    };
    match fs::write(&file, openapi::text()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot write {file}: {error}");
            ExitCode::FAILURE
        }
    }
}

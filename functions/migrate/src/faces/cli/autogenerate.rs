//! `dump` and `revision --autogenerate`.

#![allow(
    clippy::result_large_err,
    reason = "a failure ends the run, so its size does not matter"
)]

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use migrate::{
    Engine, Failure,
    autogenerate::{self, Wanted},
    next_time,
};
use shared::config::Config;
use time::OffsetDateTime;

use super::write_files;

/// The arguments of `revision --autogenerate`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Write the statements from the live schema to that of the schema file
    #[arg(long)]
    autogenerate: bool,
    /// The file with the schema that is wanted
    #[arg(long, default_value = "sql/schema.sql", requires = "autogenerate")]
    schema: PathBuf,
    /// Make scratch databases on this server instead of the live one
    #[arg(long, requires = "autogenerate")]
    scratch: Option<String>,
    /// What was renamed: schema.table.column=name, or another object; repeatable
    #[arg(long, requires = "autogenerate", value_name = "OLD=NEW")]
    rename: Vec<String>,
    /// Let tables and columns be dropped and created again, which loses their rows
    #[arg(long, requires = "autogenerate")]
    allow_recreate: bool,
}

impl Arguments {
    pub fn is_asked(&self) -> bool {
        self.autogenerate
    }

    pub async fn revision(self, engine: &Engine, folder: &Path, message: &str) -> ExitCode {
        let wanted = Wanted {
            schema: Some(self.schema),
            scratch: self.scratch,
            renames: self.rename,
            allow_recreate: self.allow_recreate,
        };
        end(write(engine, &wanted, folder, message).await)
    }
}

async fn write(
    engine: &Engine,
    wanted: &Wanted,
    folder: &Path,
    message: &str,
) -> Result<(), Failure> {
    let now = next_time(folder, OffsetDateTime::now_utc());
    let config = Config::from_env().map_err(|error| error.to_string())?;
    let generated = autogenerate::generate(engine, &config, wanted, message, now).await?;
    if generated.files.is_empty() {
        println!(
            "the live schema is the one that {} describes",
            wanted.path()
        );
    }
    write_files(folder, generated.files)?;
    for note in generated.notes {
        eprintln!("note: {note}");
    }
    Ok(())
}

pub async fn dump(engine: &Engine) -> ExitCode {
    let script = match autogenerate::dump(engine).await {
        Ok(script) => script,
        Err(failure) => return end(Err(failure)),
    };
    let written = std::io::stdout().write_all(script.as_bytes());
    end(written.map_err(|error| error.to_string().into()))
}

fn end(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.status().exit_status())
        }
    }
}

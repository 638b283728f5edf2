//! The command line: arguments in, text or JSON out, and an exit status.

mod autogenerate;

use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use migrate::{Clock, Command, Engine, Migrations, Notice, Report, next_time, template};
use serde_json::Value;
use time::OffsetDateTime;

use super::function::connector;

/// Migrations for PostgreSQL. DB_SECRET_ID, or DATABASE_URL with DB_CA_FILE, names the database.
///
/// Exit status: 0 success, 1 error, 2 pending, 3 divergent, 4 locked, 5 incomplete.
#[derive(Parser)]
#[command(name = "migrate")]
struct Arguments {
    /// Read migrations from this folder instead of those compiled in
    #[arg(long, global = true)]
    dir: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Line,
}

#[derive(Subcommand)]
enum Line {
    #[command(flatten)]
    Engine(Command),
    /// Write a new up file and down file.
    Revision {
        /// What the migration does
        #[arg(short, long)]
        message: String,
        #[command(flatten)]
        autogenerate: autogenerate::Arguments,
    },
    /// Print the live schema as a script.
    Dump,
}

pub async fn run() -> ExitCode {
    let Arguments { dir, json, command } = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // There is nowhere else to report that printing failed.
            let _ = error.print();
            // Not clap's own status for an error: 2 means pending here.
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    let command = match command {
        Line::Revision {
            message,
            autogenerate,
        } if !autogenerate.is_asked() => {
            return revision(dir, &message);
        }
        other => other,
    };
    let engine = Engine {
        migrations: (dir.as_deref()).map_or_else(Migrations::embedded, Migrations::read),
        connector: connector().await,
        clock: Clock::unlimited(),
        confirm: None,
        progress: Box::new(|line| eprintln!("{line}")),
    };
    let command = match command {
        Line::Engine(command) => command,
        Line::Dump => return autogenerate::dump(&engine).await,
        Line::Revision {
            message,
            autogenerate,
        } => {
            let dir = dir.unwrap_or_else(|| PathBuf::from("migrations"));
            return autogenerate.revision(&engine, &dir, &message).await;
        }
    };
    let report = engine.run(&command).await;
    if json {
        println!(
            "{}",
            serde_json::to_string_pretty(&report).unwrap_or_default()
        );
    } else {
        print(&report);
    }
    ExitCode::from(report.status.exit_status())
}

fn print(report: &Report) {
    for (name, value) in &report.details {
        match name.as_str() {
            // The error message or the notes list them.
            "warnings" | "divergent" | "ways_back" | "moved" | "removed" | "not_tried" => {}
            "dry_run" => value.as_array().into_iter().flatten().for_each(print_tried),
            "sql" => println!("{}", text(value)),
            "history" => value.as_array().into_iter().flatten().for_each(print_entry),
            "migration" => print_migration(value),
            _ => println!("{name}: {}", text(value)),
        }
    }
    let revision =
        |revision: &Option<String>| revision.clone().unwrap_or_else(|| "base".to_owned());
    // The output of --sql is a script for psql, so nothing else is printed.
    if report.observed && !report.details.contains_key("sql") {
        let (from, to) = (revision(&report.from), revision(&report.to));
        let status = format!("{:?}", report.status).to_lowercase();
        println!(
            "{}: {status}; {from} -> {to}; {} pending",
            report.command,
            report.pending.len()
        );
    }
    for notice in &report.notices {
        let Notice {
            file,
            line,
            severity,
            message,
        } = notice;
        eprintln!("{file}:{line}: {severity}: {message}");
    }
    if report.notices_omitted > 0 {
        eprintln!("and {} more notices", report.notices_omitted);
    }
    for note in &report.notes {
        eprintln!("note: {note}");
    }
    if let Some(error) = &report.error {
        eprintln!("error: {error}");
    }
}

/// A record or a pending file, with all that is unusual about it.
fn print_entry(row: &Value) {
    let [version, name, at, by, state, from, to] = [
        "version",
        "name",
        "applied_at",
        "applied_by",
        "state",
        "moved_from",
        "moved_to",
    ]
    .map(|key| text(&row[key]));
    let state = match state.as_str() {
        "pending" => "pending".to_owned(),
        "applied" => format!("{at} by {by}"),
        state => format!("{at} by {by}, incomplete: {state}"),
    };
    let mut line = format!("{version}_{name}  {state}");
    for (key, words) in [
        ("stamped", "stamped"),
        ("out_of_order", "out of order"),
        ("missing", "missing here"),
        ("changed", "changed here"),
    ] {
        if row[key] == true {
            line += &format!(", {words}");
        }
    }
    for (version, words) in [(from, "moved from"), (to, "has moved to")] {
        if !version.is_empty() {
            line += &format!(", {words} {version}");
        }
    }
    println!("{line}");
}

/// A migration of a dry run: each statement with the locks that it takes.
fn print_tried(migration: &Value) {
    let [version, name] = ["version", "name"].map(|key| text(&migration[key]));
    let duration = text(&migration["duration_ms"]);
    println!("{version}_{name}: {duration} ms, rolled back");
    for statement in migration["statements"].as_array().into_iter().flatten() {
        let [line, duration] = ["line", "duration_ms"].map(|key| text(&statement[key]));
        println!("  line {line}: {duration} ms");
        for lock in statement["locks"].as_array().into_iter().flatten() {
            let [relation, mode, held] =
                ["relation", "mode", "held_ms"].map(|key| text(&lock[key]));
            println!("    {mode} on {relation}, held for {held} ms");
        }
    }
}

fn print_migration(migration: &Value) {
    match &migration["applied"] {
        Value::Null => println!(
            "{}_{}  pending",
            text(&migration["version"]),
            text(&migration["name"])
        ),
        row => print_entry(row),
    }
    println!("\n{}", text(&migration["up"]));
    if let Some(down) = migration["down"].as_str() {
        println!("-- Down migration\n{down}");
    }
}

/// A string without quotes, a list with commas, and nothing for null.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn revision(dir: Option<PathBuf>, message: &str) -> ExitCode {
    let folder = dir.unwrap_or_else(|| PathBuf::from("migrations"));
    let files = template(message, next_time(&folder, OffsetDateTime::now_utc()));
    match files.and_then(|files| write_files(&folder, files)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes new files, and prints their names.
fn write_files(
    folder: &Path,
    files: impl IntoIterator<Item = (String, String)>,
) -> Result<(), String> {
    for (name, text) in files {
        let path = folder.join(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| format!("{}: {error}", path.display()))?;
        println!("{}", path.display());
    }
    Ok(())
}

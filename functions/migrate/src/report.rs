//! The result of a command, as the Lambda function returns it and `--json` prints it.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    clock::Clock, command::Command, database::notices::Notice, failure::Failure, status::Status,
};

/// The result of a command.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether the status is `applied` or `noop`.
    pub ok: bool,
    /// The command's name.
    pub command: &'static str,
    /// How the command ended.
    pub status: Status,
    /// The database's name.
    pub database: Option<String>,
    /// The revision before the command; null when no migration was applied.
    pub from: Option<String>,
    /// The revision after the command.
    pub to: Option<String>,
    /// The versions that are pending after the command, oldest first, and the repeatable files that are
    /// due, as `R_name`.
    pub pending: Vec<String>,
    /// The migrations that were applied or reverted, in the order in which they ran.
    pub migrations: Vec<Done>,
    /// The repeated statements that have run, also those that the run did not finish.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub backfills: Vec<Backfill>,
    /// How long the command waited for the advisory lock, in milliseconds.
    pub lock_wait_ms: u64,
    /// The number of further attempts after a lock timeout, a deadlock or a serialization failure.
    pub retries: u32,
    /// The time left to the invocation at the end, in milliseconds; null without a deadline.
    pub remaining_ms: Option<u64>,
    /// The event that continues the work, when only time was missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<Value>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// What the statements of the migrations have raised, such as RAISE NOTICE: at most 100 messages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// How many messages `notices` lacks.
    #[serde(skip_serializing_if = "is_zero")]
    pub notices_omitted: usize,
    /// Anything else worth knowing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Whether `from`, `to` and `pending` were read.
    #[serde(skip)]
    pub observed: bool,
    /// Whether anything was done that a later run need not do again.
    #[serde(skip)]
    pub(crate) progressed: bool,
    /// The version (or `base`) that a relative target stands for.
    #[serde(skip)]
    pub(crate) destination: Option<String>,
    /// The result of a command that reads: `revision`, `history`, `sql`, …
    #[serde(flatten)]
    pub details: Map<String, Value>,
}

/// A migration that was applied or reverted.
#[derive(Debug, Serialize)]
pub struct Done {
    /// Its version; `R` for a repeatable file.
    pub version: String,
    /// Its name.
    pub name: String,
    /// `up` or `down`.
    pub direction: &'static str,
    /// Where its script came from: `file`, or `history` for a down migration without a file.
    pub source: Source,
    /// The time from the start of the migration to its commit, in milliseconds.
    pub duration_ms: f64,
    /// Its statements.
    pub statements: Vec<Timed>,
}

/// How far a repeated statement is.
#[derive(Debug, Serialize)]
pub struct Backfill {
    /// Its file.
    pub file: String,
    /// Its rounds in all runs, with the last one, which touches no row.
    pub rounds: i64,
    /// The rows that they have touched.
    pub rows: i64,
    /// How many rows a second this run has touched.
    pub rows_per_second: f64,
}

/// Where the script of a migration came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Its file.
    File,
    /// The text that was stored when it was applied.
    History,
}

/// A statement that ran.
#[derive(Clone, Debug, Serialize)]
pub struct Timed {
    /// Its line in the file, from 1.
    pub line: usize,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
}

impl Report {
    pub(crate) fn new(command: &Command) -> Self {
        Self {
            ok: true,
            command: command.name(),
            status: Status::Noop,
            database: None,
            from: None,
            to: None,
            pending: Vec::new(),
            migrations: Vec::new(),
            backfills: Vec::new(),
            lock_wait_ms: 0,
            retries: 0,
            remaining_ms: None,
            resume: None,
            error: None,
            notices: Vec::new(),
            notices_omitted: 0,
            notes: Vec::new(),
            observed: false,
            progressed: false,
            destination: None,
            details: Map::new(),
        }
    }

    pub(crate) fn detail(&mut self, name: &str, value: impl Serialize) {
        // Structs of text and numbers always serialize.
        let value = serde_json::to_value(value).unwrap_or_default();
        self.details.insert(name.to_owned(), value);
    }

    /// Adds to the list `moved`.
    pub(crate) fn moved(&mut self, moved: impl Serialize) {
        let list = self
            .details
            .entry("moved")
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.push(serde_json::to_value(moved).unwrap_or_default());
        }
    }

    pub(crate) fn end(
        mut self,
        result: Result<(), Failure>,
        command: &Command,
        clock: &Clock,
    ) -> Self {
        if let Err(failure) = result {
            self.status = failure.status;
            if failure.out_of_time {
                self.resume = self.resume_event(command);
            }
            self.error = Some(failure);
        }
        self.ok = matches!(self.status, Status::Applied | Status::Noop);
        self.notes.extend(clock.note().map(ToOwned::to_owned));
        self.remaining_ms = clock.remaining().map(|left| left.as_millis() as u64);
        self
    }

    /// The same command with an absolute target, since a relative one would count what is already
    /// done, and with the confirmation that it needs.
    fn resume_event(&self, command: &Command) -> Option<Value> {
        let command = match &self.destination {
            Some(destination) => command.with_target(destination),
            None => command.clone(),
        };
        let mut event = serde_json::to_value(&command).ok()?;
        if command.needs_confirmation() {
            event["confirm"] = self.database.clone().into();
        }
        Some(event)
    }
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Milliseconds, precise to the microsecond.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1e3
}

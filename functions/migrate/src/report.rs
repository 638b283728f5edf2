//! What came of a command, as the Lambda function answers it and `--json` prints it.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{clock::Clock, command::Command, failure::Failure};

/// How a command ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It did something.
    Applied,
    /// There was nothing to do, or it only reads.
    Noop,
    /// `check`: migrations wait to be applied.
    Pending,
    /// Time ran out, and `resume` goes on; or a migration is half-way, and a person must look.
    Incomplete,
    /// Another runner is at work.
    Locked,
    /// What was applied is not what the files say.
    Divergent,
    /// It could not be done.
    #[default]
    Failed,
}

/// The result of a command.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether it is as it should be: applied or noop.
    pub ok: bool,
    /// The command's name.
    pub command: &'static str,
    /// How it ended.
    pub status: Status,
    /// The database's name.
    pub database: Option<String>,
    /// The revision before.
    pub from: Option<String>,
    /// The revision after.
    pub to: Option<String>,
    /// What is not applied, oldest first.
    pub pending: Vec<String>,
    /// What was applied or reverted, in that order.
    pub migrations: Vec<Done>,
    /// How long the lock was waited for.
    pub lock_wait_ms: u64,
    /// How often a migration was begun again, after a lock that came too late or a deadlock.
    pub retries: u32,
    /// What was left of the invocation's time at the end.
    pub remaining_ms: Option<u64>,
    /// The event that goes on where this ended, where nothing but time was missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<Value>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// What else there is to know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Whether `from`, `to` and `pending` were read.
    #[serde(skip)]
    pub observed: bool,
    /// Where the run was to end, whatever its target was relative to.
    #[serde(skip)]
    pub(crate) destination: Option<String>,
    /// What the command was asked for: `revision`, `history`, `sql`, …
    #[serde(flatten)]
    pub details: Map<String, Value>,
}

/// A migration that was applied or reverted.
#[derive(Debug, Serialize)]
pub struct Done {
    /// Its version.
    pub version: String,
    /// Its name.
    pub name: String,
    /// `up` or `down`.
    pub direction: &'static str,
    /// From its first statement to its commit.
    pub duration_ms: f64,
    /// Its statements.
    pub statements: Vec<Timed>,
}

/// A statement that ran.
#[derive(Clone, Debug, Serialize)]
pub struct Timed {
    /// Its line in the file.
    pub line: usize,
    /// How long it took.
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
            lock_wait_ms: 0,
            retries: 0,
            remaining_ms: None,
            resume: None,
            error: None,
            notes: Vec::new(),
            observed: false,
            destination: None,
            details: Map::new(),
        }
    }

    pub(crate) fn detail(&mut self, name: &str, value: impl Serialize) {
        // What we put there are structs of text and numbers.
        let value = serde_json::to_value(value).unwrap_or_default();
        self.details.insert(name.to_owned(), value);
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

    /// With a target that is not relative to what is done by now, and with its confirmation.
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

    /// The exit status of the command: 0 fine, 1 error, 2 pending, 3 divergent, 4 locked,
    /// 5 incomplete.
    pub fn exit_status(&self) -> u8 {
        match self.status {
            Status::Applied | Status::Noop => 0,
            Status::Failed => 1,
            Status::Pending => 2,
            Status::Divergent => 3,
            Status::Locked => 4,
            Status::Incomplete => 5,
        }
    }
}

/// Milliseconds, to the microsecond.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1e3
}

//! The time that a run may take.

use std::time::{Duration, Instant, SystemTime};

/// What is kept to roll back and to answer.
const RESERVE: Duration = Duration::from_secs(1);
/// No Lambda function runs longer than 15 minutes.
const LONGEST: Duration = Duration::from_secs(15 * 60 + 5);

/// A deadline, where there is one.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    deadline: Option<Instant>,
    note: Option<String>,
}

impl Clock {
    /// Without a deadline: the command line.
    pub fn unlimited() -> Self {
        Self::default()
    }

    /// The deadline that Lambda gives an invocation.
    ///
    /// One that is past, or too far off, is none: `cargo lambda watch` sends a constant of the past.
    pub fn until(deadline: SystemTime) -> Self {
        match deadline.duration_since(SystemTime::now()) {
            Ok(remaining) if remaining <= LONGEST => Self {
                deadline: Some(Instant::now() + remaining),
                note: None,
            },
            _ => Self {
                deadline: None,
                note: Some(
                    "the invocation's deadline cannot be right, and counts as none".to_owned(),
                ),
            },
        }
    }

    pub(crate) fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// What is left in all.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    /// What is left for a statement; zero where nothing should begin.
    pub(crate) fn budget(&self) -> Option<Duration> {
        Some(self.remaining()?.saturating_sub(RESERVE))
    }

    pub(crate) fn is_over(&self) -> bool {
        self.budget().is_some_and(|budget| budget.is_zero())
    }
}

//! The deadline of a run.

use std::{
    hash::{BuildHasher, RandomState},
    time::{Duration, Instant, SystemTime},
};

/// The time kept for rolling back and for sending the report.
const RESERVE: Duration = Duration::from_secs(1);
/// Lambda limits a function to 15 minutes.
const LONGEST: Duration = Duration::from_secs(15 * 60 + 5);

/// The deadline of a run, if it has one.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    deadline: Option<Instant>,
    /// The time for statements that there was at first.
    whole: Duration,
    note: Option<String>,
}

impl Clock {
    /// No deadline, as on the command line.
    pub fn unlimited() -> Self {
        Self::default()
    }

    /// The deadline of a Lambda invocation.
    ///
    /// A deadline in the past or more than 15 minutes away is ignored, with a note in the report:
    /// `cargo lambda watch` always sends the same one, which is in the past.
    pub fn until(deadline: SystemTime) -> Self {
        match deadline.duration_since(SystemTime::now()) {
            Ok(remaining) if remaining <= LONGEST => Self {
                deadline: Some(Instant::now() + remaining),
                whole: remaining.saturating_sub(RESERVE),
                note: None,
            },
            _ => Self {
                note: Some(
                    "the invocation's deadline is in the past or more than 15 minutes away: it was ignored".to_owned(),
                ),
                ..Self::default()
            },
        }
    }

    pub(crate) fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The time until the deadline.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    /// The time that a statement may take; zero when none should start.
    pub(crate) fn budget(&self) -> Option<Duration> {
        Some(self.remaining()?.saturating_sub(RESERVE))
    }

    /// The time for statements that a run has from its start.
    pub(crate) fn whole(&self) -> Duration {
        self.whole
    }

    /// Whether what began then had nearly the whole time: a later run could not give it much more.
    pub(crate) fn gave_nearly_all_since(&self, began: Instant) -> bool {
        self.deadline.is_some_and(|deadline| {
            let given = deadline.saturating_duration_since(began);
            given.saturating_sub(RESERVE) >= self.whole / 5 * 4
        })
    }

    pub(crate) fn is_over(&self) -> bool {
        self.budget().is_some_and(|budget| budget.is_zero())
    }
}

/// From half of `duration` to one and a half times it, so that runners do not poll in step.
pub(crate) fn jittered(duration: Duration) -> Duration {
    // The standard library seeds its hashers at random.
    let random = RandomState::new().hash_one(()) % 1000;
    duration / 2 + duration * random as u32 / 1000
}

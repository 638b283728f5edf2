//! One migration to run, in one direction.

use crate::{
    database::history::Applied,
    files::repeatable::{R, Repeatable},
    files::{Migration, Script},
    report::Source,
};

/// One migration to run, in one direction.
pub(crate) struct Work<'a> {
    pub step: Step<'a>,
    pub script: &'a Script,
    pub source: Source,
}

/// Up, as a file says; down, from what the history says is applied; or again, as a repeatable file says.
#[derive(Clone, Copy)]
pub(crate) enum Step<'a> {
    Up(&'a Migration),
    Down(&'a Applied),
    /// Always in a transaction.
    Repeat(&'a Repeatable),
}

impl Work<'_> {
    pub fn version(&self) -> &str {
        match self.step {
            Step::Up(migration) => &migration.version,
            Step::Down(applied) => &applied.version,
            Step::Repeat(_) => R,
        }
    }

    pub fn name(&self) -> &str {
        match self.step {
            Step::Up(migration) => &migration.name,
            Step::Down(applied) => &applied.name,
            Step::Repeat(repeatable) => &repeatable.name,
        }
    }

    pub fn direction(&self) -> &'static str {
        match self.step {
            Step::Up(_) | Step::Repeat(_) => "up",
            Step::Down(_) => "down",
        }
    }
}

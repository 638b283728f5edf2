//! How a command ended.

use serde::Serialize;

/// How a command ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It changed something.
    Applied,
    /// There was nothing to do, or the command only reads.
    Noop,
    /// `check`: some migrations are pending.
    Pending,
    /// Time ran out, and `resume` continues; or a migration is incomplete, and a person must look.
    Incomplete,
    /// Another runner holds the advisory lock.
    Locked,
    /// The files differ from what was applied.
    Divergent,
    /// It failed.
    #[default]
    Failed,
}

impl Status {
    /// The exit status of the command: 0 success, 1 error, 2 pending, 3 divergent, 4 locked,
    /// 5 incomplete.
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Applied | Self::Noop => 0,
            Self::Failed => 1,
            Self::Pending => 2,
            Self::Divergent => 3,
            Self::Locked => 4,
            Self::Incomplete => 5,
        }
    }
}

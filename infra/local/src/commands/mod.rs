//! What `run`, `reset`, `psql` and `invoke` share: the folder of the stack and its state.

pub mod invoke;
pub mod migrate;
pub mod psql;
pub mod reset;
pub mod run;
pub mod serve;

use local::passwords::write_private;
use local::stack::StackInfo;
use local::{Error, Result, paths};
use serde::{Deserialize, Serialize};
use std::env;
use std::fs::{self, File};
use std::path::{self, PathBuf};

/// The running API, as `psql`, `migrate` and `invoke` find it.
#[derive(Serialize, Deserialize)]
pub struct State {
    /// The port of the API.
    pub port: u16,
    /// The database, with a role that may migrate it.
    pub database_url: String,
    /// The authorities that it is verified with, if not the default.
    pub ca_file: Option<PathBuf>,
    /// The private PostgreSQL and Secrets Manager, if the database is theirs.
    pub stack: Option<StackInfo>,
}

impl State {
    fn path() -> PathBuf {
        directory().join("stack.json")
    }

    /// Leaves it for other commands.
    pub fn write(&self) -> Result<()> {
        let text =
            serde_json::to_string_pretty(self).map_err(|error| Error::new(error.to_string()))?;
        let folder = directory();
        fs::create_dir_all(&folder)
            .map_err(|error| Error::new(format!("cannot make {}: {error}", folder.display())))?;
        write_private(&Self::path(), &text)
    }

    /// The state of the stack that runs now.
    pub fn read() -> Result<Self> {
        let stopped = || Error::new("the local stack is not running: start it with `make run`");
        if try_lock()?.is_some() {
            return Err(stopped());
        }
        let text = fs::read_to_string(Self::path()).map_err(|_| stopped())?;
        serde_json::from_str(&text).map_err(|_| stopped())
    }

    /// Removes it, so that it is not mistaken for the next stack's.
    pub fn clear() {
        // There is none when the stack never came up.
        let _ = fs::remove_file(Self::path());
    }
}

/// The folder of the stack that `run` keeps: `local` in cargo's target folder, or in `LOCAL_DIR`
/// for a second stack beside it. Its lock lies next to it, and its state within.
pub fn directory() -> PathBuf {
    // A folder below the one that was given: `reset` must never remove what somebody else made.
    let parent = env::var_os("LOCAL_DIR").filter(|folder| !folder.is_empty());
    let parent = parent.map(|folder| path::absolute(&folder).unwrap_or_else(|_| folder.into()));
    parent.unwrap_or_else(paths::target).join("local")
}

/// The lock of a running stack, or `None` while one holds it. The operating system frees it.
pub fn try_lock() -> Result<Option<File>> {
    let path = directory().with_extension("lock");
    let failed = |error| Error::new(format!("cannot lock {}: {error}", path.display()));
    fs::create_dir_all(path.parent().unwrap_or(&path)).map_err(failed)?;
    let file = File::create(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}

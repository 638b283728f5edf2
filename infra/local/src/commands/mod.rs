//! What `run`, `reset`, `psql` and `invoke` share: the folder of the stack and its state.

pub mod contract;
pub mod deny;
pub mod figures;
pub mod invoke;
pub mod migrate;
pub mod psql;
pub mod reset;
pub mod router;
pub mod run;
pub mod serve;

use local::passwords::write_private;
use local::stack::StackInfo;
use local::{Error, Result, paths};
use serde::{Deserialize, Serialize};
use std::env;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{self, PathBuf};
use tokio::signal::unix::{SignalKind, signal};

/// The running stack, as `psql` and `invoke` find it.
#[derive(Serialize, Deserialize)]
pub struct State {
    /// How to reach its parts.
    pub stack: StackInfo,
    /// The port of the API.
    pub port: u16,
}

impl State {
    fn path() -> PathBuf {
        directory().join("stack.json")
    }

    /// Leaves it for other commands.
    pub fn write(&self) -> Result<()> {
        let text =
            serde_json::to_string_pretty(self).map_err(|error| Error::new(error.to_string()))?;
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

/// The names of the functions, which are those of their folders.
pub fn functions() -> Result<Vec<String>> {
    let folder = paths::root().join("functions");
    let failed = |error| Error::new(format!("cannot list {}: {error}", folder.display()));
    let mut names = Vec::new();
    for entry in folder.read_dir().map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.join("Cargo.toml").exists() {
            names.extend(
                path.file_name()
                    .map(|name| name.to_string_lossy().into_owned()),
            );
        }
    }
    names.sort();
    Ok(names)
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

/// A port that nobody listens on.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let address = listener.map_err(|error| Error::new(format!("no port is free: {error}")))?;
    Ok(address.port())
}

/// Waits until somebody asks us to end: Ctrl-C, `kill`, or a closed terminal.
pub async fn stop_requested() -> Result<()> {
    let listen = |kind| signal(kind).map_err(|error| Error::new(format!("signals: {error}")));
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let mut hangup = listen(SignalKind::hangup())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}

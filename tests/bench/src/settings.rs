//! What the variables of `make bench` ask for.

use local::{Error, Result};
use std::env;
use std::path::PathBuf;
use std::time::Duration;

/// What to measure, and how often.
pub struct Settings {
    /// QUICK=1: about two minutes, with figures that vary more.
    pub is_quick: bool,
    /// SCALE: by how much the thousand films are multiplied.
    pub scale: u32,
    /// LOAD: for how long fifty clients send requests at once.
    pub load: Option<Duration>,
    /// BASELINE: the release builds of another checkout.
    pub baseline: Option<PathBuf>,
}

impl Settings {
    /// Reads QUICK, SCALE, LOAD and BASELINE.
    ///
    /// # Errors
    /// When one of them has a value that it cannot have.
    pub fn from_env() -> Result<Self> {
        Self::read(|name| env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self> {
        Ok(Self {
            is_quick: quick(get("QUICK"))?,
            scale: scale(get("SCALE"))?,
            load: get("LOAD").map(load).transpose()?,
            baseline: get("BASELINE").map(folder).transpose()?,
        })
    }

    /// How many films there are.
    pub fn films(&self) -> u64 {
        u64::from(self.scale) * 1000
    }

    /// How often each contender is started.
    pub fn starts(&self) -> usize {
        if self.is_quick { 5 } else { 20 }
    }

    /// How often the Python service is started, which takes about a second.
    pub fn slow_starts(&self) -> usize {
        if self.is_quick { 2 } else { 10 }
    }

    /// How often each contender has its turn. The first is for warming up.
    pub fn rounds(&self) -> usize {
        if self.is_quick { 10 } else { 40 }
    }

    /// How many random searches of a kind are sent.
    pub fn searches(&self) -> usize {
        if self.is_quick { 50 } else { 500 }
    }

    /// How many requests a turn has.
    pub fn requests(&self) -> usize {
        50
    }
}

fn quick(value: Option<String>) -> Result<bool> {
    match value.as_deref() {
        None | Some("0") => Ok(false),
        Some("1") => Ok(true),
        Some(other) => Err(Error::new(format!("QUICK must be 0 or 1, not `{other}`"))),
    }
}

fn scale(value: Option<String>) -> Result<u32> {
    match value.as_deref() {
        None | Some("1") => Ok(1),
        Some("100") => Ok(100),
        Some("1000") => Ok(1000),
        Some(other) => Err(Error::new(format!(
            "SCALE must be 1, 100 or 1000 (thousand films), not `{other}`"
        ))),
    }
}

fn load(value: String) -> Result<Duration> {
    match value.parse() {
        Ok(seconds @ 1..=600) => Ok(Duration::from_secs(seconds)),
        _ => Err(Error::new(format!(
            "LOAD must be 1 to 600 (seconds), not `{value}`"
        ))),
    }
}

fn folder(value: String) -> Result<PathBuf> {
    let folder = PathBuf::from(value);
    match folder.is_dir() {
        true => Ok(folder),
        false => Err(Error::new(format!(
            "BASELINE={} is not a folder: give the target/release of another checkout",
            folder.display()
        ))),
    }
}

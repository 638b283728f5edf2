//! A part of a core, as Lambda gives it with a part of the memory: by a control group of Linux.

use local::{Error, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The megabytes with which Lambda gives one core.
const CORE: u32 = 1769;
/// The microseconds within which the CPU time of a share is handed out.
const PERIOD: u32 = 20_000;

/// A control group, which goes with this value.
pub struct Group {
    /// Its folder.
    pub folder: PathBuf,
    is_v1: bool,
}

impl Group {
    /// A group of this process.
    ///
    /// # Errors
    /// When this system has none, or this account may not make one.
    pub fn new() -> Result<Self> {
        let v1 = Path::new("/sys/fs/cgroup/cpu");
        let is_v1 = v1.join("cgroup.procs").exists();
        let root = if is_v1 {
            v1
        } else {
            Path::new("/sys/fs/cgroup")
        };
        let folder = root.join(format!("interview-bench-{}", std::process::id()));
        fs::create_dir(&folder).map_err(|error| {
            Error::new(format!(
                "cannot make the group {}: {error}",
                folder.display()
            ))
        })?;
        let group = Self { folder, is_v1 };
        group.limit(CORE)?;
        Ok(group)
    }

    /// Gives its processes what Lambda gives with so many megabytes.
    ///
    /// # Errors
    /// When the limit cannot be written.
    pub fn limit(&self, megabytes: u32) -> Result<()> {
        let quota = PERIOD * megabytes / CORE;
        match self.is_v1 {
            true => {
                self.write("cpu.cfs_period_us", &PERIOD.to_string())?;
                self.write("cpu.cfs_quota_us", &quota.to_string())
            }
            false => self.write("cpu.max", &format!("{quota} {PERIOD}")),
        }
    }

    fn write(&self, file: &str, text: &str) -> Result<()> {
        let file = self.folder.join(file);
        let written = fs::write(&file, text);
        written.map_err(|error| Error::new(format!("cannot write {}: {error}", file.display())))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // One that still has a process stays, without harm.
        let _ = fs::remove_dir(&self.folder);
    }
}

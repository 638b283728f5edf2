//! What Linux tells of a process; nothing elsewhere.

use std::fs;
use std::time::Duration;

/// The CPU time of its threads so far, to the microsecond or better.
pub fn cpu_time(pid: u32) -> Option<Duration> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let times = threads.flatten().map(|thread| {
        let schedule = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        let nanoseconds = schedule.split_whitespace().next()?.parse().ok()?;
        Some(Duration::from_nanos(nanoseconds))
    });
    times.sum()
}

/// The most memory that it has had, in bytes.
pub fn peak_memory(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

//! Tests of what may not be installed.

use std::io::{Write, stderr};

/// Says that a test, or a part of it, is skipped. What `eprintln!` writes is not shown if the test
/// passes.
pub fn skipped(reason: &str) {
    let _ = writeln!(stderr(), "skipped: {reason}");
}

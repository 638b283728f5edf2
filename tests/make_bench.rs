//! `make bench`, whose measuring is no test: what it refuses.

use local::paths;
use std::process::Command;

#[test]
fn a_wrong_variable_is_refused_in_a_sentence_before_anything_is_built() {
    for (variable, sentence) in [
        ("QUICK=yes", "QUICK must be 0 or 1, not `yes`"),
        (
            "SCALE=7",
            "SCALE must be 1, 100 or 1000 (thousand films), not `7`",
        ),
        ("LOAD=0", "LOAD must be 1 to 600 (seconds), not `0`"),
        (
            "BASELINE=/nowhere",
            "BASELINE=/nowhere is not a folder: give the target/release of another checkout",
        ),
    ] {
        let output = Command::new("make")
            .args(["--dry-run", "bench", variable])
            .env_remove("MAKEFLAGS")
            .current_dir(paths::root())
            .output()
            .expect("make");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{variable}");
        assert!(said.contains(sentence), "{variable}: {said}");
        assert!(!String::from_utf8_lossy(&output.stdout).contains("cargo"));
    }
}

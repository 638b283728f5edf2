//! `local fuzz`: cargo-fuzz, of the pinned version, on the toolchain that everything else is built
//! with: with coverage, but without a sanitizer, which requires a nightly toolchain.

use local::process::{Running, guarded, output};
use local::{Error, Result, paths};
use std::env;
use std::path::{Path, PathBuf};
use tokio::process::Command;

const VERSION: &str = "0.13.2";
const TARGET: &str = "event_to_response";
const DEFAULT_SECONDS: u32 = 600;
const MOST_SECONDS: u32 = 86_400;

/// The most bytes of an event. The longest seed has 3,200.
const LONGEST: u32 = 8192;
/// The most seconds for one event. Each takes less than a millisecond.
const SLOWEST: u32 = 10;
/// The most megabytes of the process. A leak of a few bytes an event exceeds them in minutes.
const MEMORY: u32 = 512;

/// Fuzzes every endpoint for `SECONDS`; what it has learned stays in the target folder.
pub async fn fuzz() -> Result<()> {
    let seconds = seconds(env::var("SECONDS").ok().as_deref())?;
    let cargo_fuzz = install().await?;
    let program = build(&cargo_fuzz).await?;
    let corpus = folder().join("corpus");
    seed(&corpus).await?;
    run(&program, &corpus, seconds).await
}

fn seconds(text: Option<&str>) -> Result<u32> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(DEFAULT_SECONDS);
    };
    let seconds = text.parse().ok();
    let seconds = seconds.filter(|seconds| (1..=MOST_SECONDS).contains(seconds));
    seconds.ok_or_else(|| {
        Error::new(format!(
            "SECONDS must be a whole number from 1 to {MOST_SECONDS}, not `{text}`"
        ))
    })
}

fn folder() -> PathBuf {
    paths::target().join("fuzz")
}

fn project() -> PathBuf {
    paths::root().join("tests/fuzz")
}

/// cargo-fuzz, installed unless it is there already.
async fn install() -> Result<PathBuf> {
    let root = folder().join(format!("cargo-fuzz-{VERSION}"));
    let program = root.join("bin/cargo-fuzz");
    if !program.exists() {
        eprintln!("installing cargo-fuzz {VERSION} …");
        let mut install = guarded("KILL", "cargo");
        install
            .args(["install", "--quiet", "--locked", "--version", VERSION])
            .arg("--root")
            .arg(&root)
            .arg("cargo-fuzz");
        output("cargo install cargo-fuzz", &mut install).await?;
    }
    Ok(program)
}

/// The fuzzer, built with what makes the compiler count which code has run.
async fn build(cargo_fuzz: &Path) -> Result<PathBuf> {
    eprintln!("building {TARGET} …");
    // cargo-fuzz would rather change the lock file than fail.
    let mut fetch = guarded("KILL", "cargo");
    fetch
        .args(["fetch", "--quiet", "--locked", "--manifest-path"])
        .arg(project().join("Cargo.toml"));
    output("cargo fetch for tests/fuzz", &mut fetch).await?;
    let host = output(
        "rustc",
        guarded("KILL", "rustc").args(["--print", "host-tuple"]),
    )
    .await?;
    let host = String::from_utf8_lossy(&host.stdout).trim().to_owned();
    let built = folder().join("build");
    let mut build = guarded("KILL", cargo_fuzz);
    build
        .args(["build", TARGET, "--sanitizer", "none", "--target", &host])
        .arg("--fuzz-dir")
        .arg(project())
        .arg("--target-dir")
        .arg(&built)
        .current_dir(paths::root());
    output("cargo fuzz build", &mut build).await?;
    Ok(built.join(host).join("release").join(TARGET))
}

/// Adds the seeds to the corpus of earlier runs.
async fn seed(corpus: &Path) -> Result<()> {
    let mut seeds = guarded("KILL", "cargo");
    seeds
        .args(["run", "--quiet", "--package", "stub", "--example", "seeds"])
        .arg(corpus)
        .current_dir(paths::root());
    output("writing the seeds", &mut seeds).await?;
    Ok(())
}

async fn run(program: &Path, corpus: &Path, seconds: u32) -> Result<()> {
    let found = folder().join("found-");
    let mut fuzz: Command = guarded("KILL", program);
    fuzz.arg(corpus).args([
        format!("-max_total_time={seconds}"),
        format!("-max_len={LONGEST}"),
        format!("-timeout={SLOWEST}"),
        format!("-rss_limit_mb={MEMORY}"),
        format!("-artifact_prefix={}", found.display()),
        "-print_final_stats=1".to_owned(),
    ]);
    let status = Running::spawn(TARGET, &mut fuzz)?.exited().await?;
    match status.success() {
        true => Ok(()),
        false => Err(Error::new(format!(
            "the fuzzer found what it says above; again: {} {}*",
            program.display(),
            found.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_ten_minutes_or_what_is_said() {
        for (text, expected) in [(None, 600), (Some(""), 600), (Some("60"), 60)] {
            assert_eq!(seconds(text).expect("a number"), expected);
        }
        for text in ["0", "-1", "1.5", "10m", "86401", " 1"] {
            let error = seconds(Some(text)).expect_err("no number of seconds");
            let expected = format!("SECONDS must be a whole number from 1 to 86400, not `{text}`");
            assert_eq!(error.to_string(), expected);
        }
    }
}

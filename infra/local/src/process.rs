//! Child processes that end with this process, even if it is killed.

use crate::error::{Context, Error, Result};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::ffi::{OsStr, OsString};
use std::process::{ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::signal::unix::{SignalKind, signal};

/// How long a child has to end after it was asked to, before it is killed.
const GRACE: Duration = Duration::from_secs(10);

// Our end of the guard's standard input closes however we die, and then the guard signals the
// child and all that the child started. A shell starts background jobs without standard input,
// so the watching half needs a copy of it.
const GUARD: &str = r#"
signal=$1; shift
trap : "$signal"
exec 3<&0
"$@" 3<&- & child=$!
{ read -r _ <&3; kill -s "$signal" 0; } >/dev/null 2>&1 & watcher=$!
while :; do
  wait "$child"; status=$?
  kill -0 "$child" 2>/dev/null || break
done
kill -s KILL "$watcher" 2>/dev/null
exit "$status"
"#;

/// A command that is ended by `signal` (such as `"TERM"`) when its [`Running`] goes or we die.
///
/// It has a process group of its own: a terminal's Ctrl-C reaches only us, and we end our children
/// in order.
pub fn guarded(signal: &str, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", GUARD, "guard", signal]).arg(program);
    command.process_group(0).stdin(Stdio::piped());
    for name in set_by_cargo() {
        command.env_remove(name);
    }
    command
}

/// The variables to remove for a cargo that we start: cargo sets them for what it runs, and ring's
/// build script asks for a new build, of nearly everything, whenever they differ.
pub fn set_by_cargo() -> Vec<OsString> {
    let names = std::env::vars_os().map(|(name, _)| name);
    names
        .filter(|name| {
            let name = name.to_string_lossy();
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        })
        .collect()
}

/// A child process that runs as long as this value lives.
pub struct Running {
    child: Child,
    // Apart from the child, because waiting for a child closes its standard input.
    leash: Option<ChildStdin>,
    name: String,
}

impl Running {
    /// Starts a [`guarded`] command; `name` is what messages call it.
    ///
    /// # Errors
    /// When the system cannot start it.
    pub fn spawn(name: &str, command: &mut Command) -> Result<Self> {
        let mut child = command.spawn().context(|| format!("cannot start {name}"))?;
        let leash = child.stdin.take();
        let name = name.to_owned();
        Ok(Self { child, leash, name })
    }

    /// The child's standard output, once, when it was piped.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits until the child ends by itself.
    ///
    /// # Errors
    /// When the operating system does not report it.
    pub async fn exited(&mut self) -> Result<ExitStatus> {
        let wait = self.child.wait().await;
        wait.context(|| format!("cannot wait for {}", self.name))
    }

    /// Whether the child has ended, and how.
    pub fn has_exited(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks the child to end, and kills it after ten seconds.
    pub async fn stop(self) {
        // Nothing to do about a failure: dropping ends the child without a runtime's help.
        let _ = tokio::task::spawn_blocking(move || drop(self)).await;
    }

    fn kill(&mut self) {
        if let Some(group) = self
            .child
            .id()
            .and_then(|id| Pid::from_raw(id.cast_signed()))
        {
            // It may have ended meanwhile, and that is what we want.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

// It blocks until the child is gone, so that whoever drops it may use its port and folder again.
impl Drop for Running {
    fn drop(&mut self) {
        if self.has_exited().is_some() {
            return;
        }
        let family = self.child.id().map(descendants).unwrap_or_default();
        self.leash = None;
        let deadline = Instant::now() + GRACE;
        while self.has_exited().is_none() {
            if Instant::now() > deadline {
                self.kill();
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // The router forgets an instance that had not come up, and it is in a group of its own.
        for pid in family {
            // Nearly always it is gone already.
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// The processes that this one started, and those that they started; none where there is no `ps`.
fn descendants(ancestor: u32) -> Vec<Pid> {
    let listed = std::process::Command::new("ps")
        .args(["-A", "-o", "pid=,ppid="])
        .output();
    let listed = listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let listed = listed.unwrap_or_default();
    let pairs: Vec<(i32, i32)> = listed
        .lines()
        .filter_map(|line| {
            let (pid, parent) = line.trim().split_once(char::is_whitespace)?;
            Some((pid.parse().ok()?, parent.trim().parse().ok()?))
        })
        .collect();
    let mut family = vec![ancestor.cast_signed()];
    let mut next = 0;
    while let Some(&parent) = family.get(next) {
        family.extend(
            pairs
                .iter()
                .filter(|pair| pair.1 == parent)
                .map(|pair| pair.0),
        );
        next += 1;
    }
    family
        .into_iter()
        .skip(1)
        .filter_map(Pid::from_raw)
        .collect()
}

/// Runs a command to its end and returns what it wrote.
///
/// # Errors
/// When it cannot start or fails; the line ends with the last line of its standard error.
pub async fn output(name: &str, command: &mut Command) -> Result<Output> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running::spawn(name, command)?;
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let pipes = (running.child.stdout.take(), running.child.stderr.take());
    let (status, ..) = tokio::join!(
        running.exited(),
        read(pipes.0, &mut stdout),
        read(pipes.1, &mut stderr)
    );
    let status = status?;
    if status.success() {
        return Ok(Output {
            status,
            stdout,
            stderr,
        });
    }
    let said = String::from_utf8_lossy(&stderr);
    let last = said.lines().rev().find(|line| !line.trim().is_empty());
    let reason = last.map_or_else(|| status.to_string(), |line| line.trim().to_owned());
    Err(Error::new(format!("{name} failed: {reason}")))
}

async fn read(pipe: Option<impl tokio::io::AsyncRead + Unpin>, into: &mut Vec<u8>) {
    if let Some(mut pipe) = pipe {
        // What was read until then is worth keeping.
        let _ = tokio::io::AsyncReadExt::read_to_end(&mut pipe, into).await;
    }
}

/// Waits until somebody asks us to end: Ctrl-C, `kill`, or a closed terminal.
///
/// # Errors
/// When the system does not deliver signals.
pub async fn stop_requested() -> Result<()> {
    let listen = |kind| signal(kind).context(|| "cannot listen for signals");
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

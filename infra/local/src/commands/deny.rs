//! `local deny`: cargo-deny, of the pinned version.

use local::process::{Running, guarded, output};
use local::{Error, Result, paths, tools};
use tokio::process::Command;

/// Checks the dependencies. A check that cannot run is reported as skipped.
pub async fn deny() -> Result<()> {
    let tools = tools::install(&paths::tools()).await?;
    let cargo_deny = |arguments: &[&str]| -> Command {
        let mut command = guarded("KILL", tools.program("cargo-deny"));
        command.args(arguments).current_dir(paths::root());
        command
    };
    check(cargo_deny(&["check", "bans", "licenses", "sources"])).await?;
    match output("cargo deny fetch", &mut cargo_deny(&["fetch", "db"])).await {
        Ok(_) => check(cargo_deny(&["check", "--disable-fetch", "advisories"])).await,
        Err(error) => {
            println!("advisories skipped, their database cannot be fetched: {error}");
            Ok(())
        }
    }
}

async fn check(mut command: Command) -> Result<()> {
    let status = Running::spawn("cargo deny", &mut command)?.exited().await?;
    match status.success() {
        true => Ok(()),
        false => Err(Error::new("cargo deny found what it says above")),
    }
}

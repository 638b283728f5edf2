//! Swagger UI, which the function api-docs compiles in: from npm, as package-lock.json pins it.

use crate::error::{Context, Error, Result};
use crate::process::{Running, guarded, output};
use crate::{paths, tools};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

const WHEEL: &str = include_str!("../requirements-node.txt");

/// Installs what functions/api-docs/package-lock.json names, unless it is there already.
///
/// # Errors
/// When there is no npm and none can be had from PyPI, or a package cannot be had.
pub async fn install() -> Result<()> {
    let folder = paths::root().join("functions/api-docs");
    let lock_file = folder.join("package-lock.json");
    let wanted = fs::read_to_string(&lock_file)
        .context(|| format!("cannot read {}", lock_file.display()))?;
    let stamp = folder.join("node_modules/installed.json");
    let installed = || fs::read_to_string(&stamp).is_ok_and(|text| text == wanted);
    if installed() {
        return Ok(());
    }
    let _lock = tools::lock(&paths::target().join("assets.lock")).await?;
    if installed() {
        return Ok(());
    }
    eprintln!("installing Swagger UI …");
    install_packages(&folder).await?;
    // Written last: an installation that was interrupted has no stamp.
    fs::write(&stamp, &wanted).context(|| format!("cannot write {}", stamp.display()))
}

async fn install_packages(folder: &Path) -> Result<()> {
    let mut npm = guarded("KILL", npm().await?);
    // The packages' own scripts would only report home that they were installed.
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    npm.arg("--loglevel=error").stdout(Stdio::null());
    let mut npm = Running::spawn("npm ci", npm.current_dir(folder))?;
    if npm.exited().await?.success() {
        return Ok(());
    }
    Err(Error::new("npm ci failed: what it said is above"))
}

/// The machine's npm, or one from PyPI.
async fn npm() -> Result<PathBuf> {
    if output("npm", guarded("KILL", "npm").arg("--version"))
        .await
        .is_ok()
    {
        return Ok(PathBuf::from("npm"));
    }
    let directory = paths::target().join("npm");
    let environment = tools::install_requirements(&directory, WHEEL).await;
    environment.map_err(|error| {
        Error::new(format!(
            "there is no npm here (apt install npm), and none could be had from PyPI: {error}"
        ))
    })?;
    Ok(directory.join("bin/npm"))
}

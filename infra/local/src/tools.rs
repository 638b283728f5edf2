//! The tools that come from PyPI, pinned, in a folder of their own.

use crate::error::{Context, Error, Result};
use crate::process::{guarded, output};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

const REQUIREMENTS: &str = include_str!("../requirements.txt");
const CONTRACT: &str = include_str!("../requirements-contract.txt");

/// The installed tools.
#[derive(Clone, Debug)]
pub struct Tools {
    directory: PathBuf,
}

impl Tools {
    /// The path of one of the tools, such as `cargo-lambda`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.directory.join("bin").join(name)
    }
}

/// Installs what checks the contract, as [`install`] does.
///
/// # Errors
/// As [`install`].
pub async fn install_contract(directory: &Path) -> Result<Tools> {
    install_requirements(directory, CONTRACT).await?;
    let directory = directory.to_path_buf();
    Ok(Tools { directory })
}

/// Installs what requirements.txt names into `directory`, unless it is there already.
///
/// # Errors
/// When Python 3 is missing or too old, or a package cannot be had.
pub async fn install(directory: &Path) -> Result<Tools> {
    install_requirements(directory, REQUIREMENTS).await?;
    let directory = directory.to_path_buf();
    Ok(Tools { directory })
}

/// Makes a virtual environment with these requirements, unless it is there already.
pub(crate) async fn install_requirements(directory: &Path, requirements: &str) -> Result<()> {
    let stamp = directory.join("requirements.txt");
    let installed = || fs::read_to_string(&stamp).is_ok_and(|text| text == requirements);
    if installed() {
        return Ok(());
    }
    let _lock = lock(&directory.with_extension("lock")).await?;
    if installed() {
        return Ok(());
    }
    if directory.exists() {
        fs::remove_dir_all(directory)
            .context(|| format!("cannot clear {}", directory.display()))?;
    }
    eprintln!(
        "installing {} …",
        requirements.lines().collect::<Vec<_>>().join(", ")
    );
    make_environment(directory).await?;
    let wanted = requirements.lines();
    let mut install = if has_uv().await {
        let mut uv = guarded("KILL", "uv");
        uv.args(["pip", "install", "--quiet", "--python"]);
        uv.arg(directory.join("bin/python"));
        uv
    } else {
        let mut pip = guarded("KILL", directory.join("bin/python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        pip
    };
    output("installing tools from PyPI", install.args(wanted)).await?;
    // Written last: an installation that was interrupted has no stamp.
    fs::write(&stamp, requirements).context(|| format!("cannot write {}", stamp.display()))
}

async fn make_environment(directory: &Path) -> Result<()> {
    if has_uv().await {
        let mut uv = guarded("KILL", "uv");
        uv.args(["venv", "--quiet"]).arg(directory);
        output("uv venv", &mut uv).await?;
        return Ok(());
    }
    let mut version = guarded("KILL", "python3");
    version.args([
        "-c",
        "import sys; print(*sys.version_info[:2], sep='.'); sys.exit(sys.version_info < (3, 10))",
    ]);
    if let Err(error) = output("python3", &mut version).await {
        return Err(Error::new(format!(
            "Python 3.10 or newer is needed (apt install python3 python3-venv, or uv): {error}"
        )));
    }
    let mut modules = guarded("KILL", "python3");
    modules.args(["-c", "import ensurepip, venv"]);
    if output("python3", &mut modules).await.is_err() {
        return Err(Error::new(
            "this python3 cannot make virtual environments: apt install python3-venv, or install uv",
        ));
    }
    let mut venv = guarded("KILL", "python3");
    venv.args(["-m", "venv"]).arg(directory);
    output("python3 -m venv", &mut venv).await?;
    Ok(())
}

async fn has_uv() -> bool {
    output("uv", guarded("KILL", "uv").arg("--version"))
        .await
        .is_ok()
}

/// Waits for the file's lock, which the system frees when its holder dies.
async fn lock(path: &Path) -> Result<File> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).context(|| format!("cannot make {}", parent.display()))?;
    }
    let file = File::create(path).context(|| format!("cannot make {}", path.display()))?;
    while file.try_lock().is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    Ok(file)
}

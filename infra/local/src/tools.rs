//! Tools from PyPI, in virtual environments, as infra/requirements pins them.

use crate::error::{Context, Error, Result};
use crate::paths;
use crate::process::{guarded, output};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

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

/// Installs the packages that infra/requirements/`name`.txt pins into a virtual environment in
/// `directory`, unless it has them already.
///
/// # Errors
/// When Python 3 is missing or too old, or a package cannot be had or differs from its hash.
pub async fn install(directory: &Path, name: &str) -> Result<Tools> {
    let pins = paths::root()
        .join("infra/requirements")
        .join(name)
        .with_extension("txt");
    let text = fs::read_to_string(&pins).context(|| format!("cannot read {}", pins.display()))?;
    let stamp = directory.join("requirements.txt");
    let installed = || fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == text);
    let tools = Tools {
        directory: directory.to_path_buf(),
    };
    if installed() {
        return Ok(tools);
    }
    let _lock = lock(&directory.with_extension("lock")).await?;
    if installed() {
        return Ok(tools);
    }
    if directory.exists() {
        fs::remove_dir_all(directory)
            .context(|| format!("cannot clear {}", directory.display()))?;
    }
    make_environment(directory).await?;
    let mut install = if has_uv().await {
        let mut uv = guarded("KILL", "uv");
        uv.args(["pip", "install", "--quiet", "--python"]);
        uv.arg(directory.join("bin/python"));
        uv
    } else {
        let mut pip = guarded("KILL", directory.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--no-compile"]);
        pip.arg("--disable-pip-version-check");
        pip
    };
    // Without dependencies: the file has them all, but for ziglang, which only a cross build needs.
    install
        .args(["--no-deps", "--require-hashes", "--requirement"])
        .arg(&pins);
    output("installing tools from PyPI", &mut install).await?;
    // Written last: an installation that was interrupted has no stamp.
    fs::write(&stamp, text).context(|| format!("cannot write {}", stamp.display()))?;
    Ok(tools)
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
        "import sys; print(*sys.version_info[:2], sep='.'); sys.exit(sys.version_info < (3, 11))",
    ]);
    if let Err(error) = output("python3", &mut version).await {
        return Err(Error::new(format!(
            "Python 3.11 or newer is needed (apt install python3 python3-venv, or uv): {error}"
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

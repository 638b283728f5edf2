//! The account that PostgreSQL runs as: it refuses to run as root.

use crate::error::{Context, Error, Result};
use std::fs::{self, DirBuilder};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// An unprivileged account of this machine.
#[derive(Clone)]
pub(crate) struct Account {
    pub name: String,
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account to run PostgreSQL as: `None`, our own, unless we are root.
    pub fn unprivileged() -> Result<Option<Self>> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").context(|| "cannot read /etc/passwd")?;
        let find = |name| accounts.lines().find_map(|line| Self::parse(line, name));
        let account = find("postgres").or_else(|| find("nobody"));
        account.map(Some).ok_or_else(|| {
            Error::new("PostgreSQL refuses to run as root, and this machine has no account `postgres` or `nobody`: run this as another user")
        })
    }

    fn parse(line: &str, name: &str) -> Option<Self> {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Self {
            name: name.to_owned(),
            uid,
            gid,
        })
    }

    async fn can_enter(&self, directory: &Path) -> bool {
        let mut command = Command::new("true");
        command.uid(self.uid).gid(self.gid).current_dir(directory);
        command.status().await.is_ok_and(|status| status.success())
    }
}

/// Makes the command run as the account.
pub(crate) fn run_as(command: &mut Command, account: Option<&Account>) {
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
}

/// Gives a file or folder to the account.
pub(crate) fn give(path: &Path, account: Option<&Account>) -> Result<()> {
    let Some(account) = account else {
        return Ok(());
    };
    chown(path, Some(account.uid), Some(account.gid))
        .context(|| format!("cannot give {} to {}", path.display(), account.name))
}

/// The folder, created if it is missing, or another one if the account cannot enter it.
///
/// A checkout below /root is closed to every other account.
pub(crate) async fn reachable(directory: &Path, account: Option<&Account>) -> Result<PathBuf> {
    fs::create_dir_all(directory).context(|| format!("cannot make {}", directory.display()))?;
    let Some(account) = account else {
        return Ok(directory.to_path_buf());
    };
    give(directory, Some(account))?;
    if account.can_enter(directory).await {
        return Ok(directory.to_path_buf());
    }
    let stand_in = stand_in(directory);
    match DirBuilder::new().mode(0o755).create(&stand_in) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(error).context(|| format!("cannot make {}", stand_in.display()));
        }
        _ => {}
    }
    // Anybody may make a folder of any name in /var/tmp.
    let found = fs::symlink_metadata(&stand_in).context(|| stand_in.display().to_string())?;
    if !found.is_dir() || ![0, account.uid].contains(&found.uid()) {
        let line = format!("{} belongs to somebody else: remove it", stand_in.display());
        return Err(Error::new(line));
    }
    give(&stand_in, Some(account))?;
    Ok(stand_in)
}

/// The folder that is used instead of one that the account cannot enter.
pub(crate) fn stand_in(directory: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    directory.hash(&mut hasher);
    PathBuf::from(format!("/var/tmp/interview-api-{:016x}", hasher.finish()))
}

//! Passwords, and files that only their owner may read.

use crate::Role;
use crate::error::{Context, Result};
use serde::{Deserialize, Serialize};
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The password of each role that logs in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Passwords {
    /// Of [`Role::Catalogue`].
    pub catalogue: String,
    /// Of [`Role::Rentals`].
    pub rentals: String,
    /// Of [`Role::Migrator`].
    pub migrator: String,
}

impl Passwords {
    /// The password of this role.
    pub fn of(&self, role: Role) -> &str {
        match role {
            Role::Catalogue => &self.catalogue,
            Role::Rentals => &self.rentals,
            Role::Migrator => &self.migrator,
        }
    }
}

/// The password in this file, which is generated at the first start.
pub(crate) fn kept_password(path: &Path) -> Result<String> {
    if let Ok(password) = fs::read_to_string(path) {
        return Ok(password);
    }
    let password = random_password()?;
    write_private(path, &password)?;
    Ok(password)
}

/// A new password.
pub(crate) fn random_password() -> Result<String> {
    let mut bytes = [0; 24];
    let source = fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    source.context(|| "cannot read /dev/urandom")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes a file that only its owner may read.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_private(path: &Path, text: &str) -> Result<()> {
    // The mode counts only for a new file.
    let _ = fs::remove_file(path);
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.context(|| format!("cannot write {}", path.display()))
}

//! Where things are in this workspace.

use crate::error::{Context, Result};
use std::path::{Path, PathBuf};

/// The workspace's root.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .ancestors()
        .nth(2)
        .unwrap_or(manifest)
        .to_path_buf()
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// A function's binary of the debug profile.
pub fn function(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// Where the tools from PyPI are.
pub fn tools() -> PathBuf {
    target().join("tools")
}

/// The names of the functions, which are those of their folders.
///
/// # Errors
/// When the folder cannot be read.
pub fn functions() -> Result<Vec<String>> {
    let folder = root().join("functions");
    let failed = || format!("cannot list {}", folder.display());
    let mut names = Vec::new();
    for entry in folder.read_dir().context(failed)? {
        let path = entry.context(failed)?.path();
        if path.join("Cargo.toml").exists() {
            let name = path.file_name().unwrap_or_default();
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

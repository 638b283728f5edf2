//! Where things are in this workspace.

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

//! How large a deployment is.

use flate2::{Compression, write::DeflateEncoder};
use local::{Error, Result};
use std::fs;
use std::io::Write;
use std::path::Path;

/// What a zip adds for a file: two headers with its name, and the end of the directory.
const HEADERS: usize = 130;

/// The bytes of a zip that has this file as `bootstrap`.
///
/// # Errors
/// When the file cannot be read.
pub fn of_zip(file: &Path) -> Result<u64> {
    let failed = |error| Error::new(format!("cannot read {}: {error}", file.display()));
    let content = fs::read(file).map_err(failed)?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let deflated = encoder
        .write_all(&content)
        .and_then(|()| encoder.finish())
        .map_err(failed)?;
    u64::try_from(deflated.len() + HEADERS).map_err(|error| Error::new(error.to_string()))
}

/// The bytes of a zip of this folder, without compiled Python, or of its parts in `without`.
///
/// # Errors
/// When something in it cannot be read.
pub fn of_folder(folder: &Path, without: &[&str]) -> Result<u64> {
    let failed = |error| Error::new(format!("cannot read {}: {error}", folder.display()));
    let mut total = 0;
    for entry in folder.read_dir().map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_left_out = |prefix: &&str| name.starts_with(prefix);
        total += match path.is_dir() {
            _ if name == "__pycache__" || without.iter().any(is_left_out) => 0,
            true => of_folder(&path, &[])?,
            false => of_zip(&path)?,
        };
    }
    Ok(total)
}

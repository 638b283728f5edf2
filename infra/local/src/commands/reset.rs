//! `local reset`: deletes the data.

use super::{directory, try_lock};
use local::postgres::data_folders;
use local::{Error, Result};
use std::fs;

/// Removes the stack's folder, unless a stack uses it.
pub fn reset() -> Result<()> {
    let Some(_lock) = try_lock()? else {
        return Err(Error::new(
            "the local stack is running: stop it first (Ctrl-C where `make run` runs)",
        ));
    };
    for folder in data_folders(&directory().join("postgresql"))
        .iter()
        .chain([&directory()])
    {
        match fs::remove_dir_all(folder) {
            Ok(()) => println!("removed {}", folder.display()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(Error::new(format!(
                    "cannot remove {}: {error}",
                    folder.display()
                )));
            }
        }
    }
    Ok(())
}

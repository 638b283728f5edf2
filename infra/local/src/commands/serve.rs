//! `local serve`: a stack for the test suite, which lives as long as its parent wants it.

use super::stop_requested;
use local::{Error, Result, Stack};
use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tokio::sync::oneshot;

/// Starts a stack, prints its `StackInfo` as one JSON line, and ends it when standard input ends.
pub async fn serve() -> Result<()> {
    temporary_stack(ended(), async |stack| {
        let line =
            serde_json::to_string(stack.info()).map_err(|error| Error::new(error.to_string()))?;
        writeln!(std::io::stdout(), "{line}")
            .map_err(|error| Error::new(format!("cannot tell where the stack is: {error}")))?;
        Err(stack.failed().await)
    })
    .await
}

/// Does `work` with a stack of which nothing is kept, until that or `ended` ends.
pub async fn temporary_stack(
    ended: impl Future<Output = Result<()>>,
    work: impl AsyncFnOnce(&mut Stack) -> Result<()>,
) -> Result<()> {
    // PostgreSQL may run as another user, who has to pass through this folder.
    let folder = tempfile::Builder::new()
        .prefix("interview-api-")
        .permissions(Permissions::from_mode(0o711))
        .tempdir()
        .map_err(|error| Error::new(format!("cannot make a temporary folder: {error}")))?;
    let mut data_directory = None;
    let result = tokio::select! {
        ended = ended => ended,
        result = with_stack(folder.path(), &mut data_directory, work) => result,
    };
    if let Some(data) = data_directory {
        // Mostly it is within the temporary folder, and that removes itself.
        let _ = fs::remove_dir_all(data);
    }
    result
}

async fn with_stack(
    folder: &Path,
    data_directory: &mut Option<PathBuf>,
    work: impl AsyncFnOnce(&mut Stack) -> Result<()>,
) -> Result<()> {
    let mut stack = Stack::start(folder, false).await?;
    let data = &stack.info().postgres.data_directory;
    *data_directory = data.parent().map(Path::to_path_buf);
    work(&mut stack).await
}

async fn ended() -> Result<()> {
    let (sender, closed) = oneshot::channel();
    // A thread of its own, because a blocked read would keep tokio's own threads from ending.
    std::thread::spawn(move || {
        let mut buffer = [0; 64];
        while std::io::stdin()
            .read(&mut buffer)
            .is_ok_and(|count| count > 0)
        {}
        let _ = sender.send(());
    });
    tokio::select! {
        result = stop_requested() => result,
        _ = closed => Ok(()),
    }
}

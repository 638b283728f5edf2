//! `local serve`: a stack for the test suite, which lives as long as its parent wants it.

use local::process::stop_requested;
use local::stack;
use local::{Error, Result};
use std::io::{Read, Write};
use tokio::sync::oneshot;

/// Starts a stack, prints its `StackInfo` as one JSON line, and ends it when standard input ends.
pub async fn serve() -> Result<()> {
    stack::temporary(ended(), async |stack| {
        let line =
            serde_json::to_string(stack.info()).map_err(|error| Error::new(error.to_string()))?;
        writeln!(std::io::stdout(), "{line}")
            .map_err(|error| Error::new(format!("cannot tell where the stack is: {error}")))?;
        Err(stack.failed().await)
    })
    .await
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

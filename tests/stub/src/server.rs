//! The listener.

use std::{io::Result, net::SocketAddr};

use tokio::net::{TcpListener, TcpStream};

use crate::session;

/// Serves the database on a port of the loopback interface, as long as the runtime lives.
pub(crate) async fn start() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    Ok(address)
}

async fn serve(stream: TcpStream) {
    // Questions are a few bytes each, and are waited for.
    let _ = stream.set_nodelay(true);
    // However it ends, the client tells: by an answer that is not the one the test wants.
    let _ = session::serve(stream).await;
}

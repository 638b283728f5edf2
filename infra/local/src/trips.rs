//! A proxy in front of PostgreSQL that counts round trips.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

use crate::{Error, Result};

/// How long an answer is held. What the client sends without waiting, it sends within this time; what
/// the server sends within it is one answer, however many packets it takes.
const HOLD: Duration = Duration::from_millis(3);

/// Forwards connections to PostgreSQL. A round trip is an opened connection, or what the client sends
/// after an answer.
///
/// The count is exact on an idle machine, and never too low: what needs an answer cannot be sent
/// before it. It is too high where a busy machine keeps the client from sending what it could.
pub struct Trips {
    /// Where clients connect to.
    pub port: u16,
    count: Arc<AtomicUsize>,
    /// Every connection holds a receiver.
    end: watch::Sender<()>,
}

impl Trips {
    /// Listens on a port of its own, and forwards to this port of PostgreSQL.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(server: u16) -> Result<Self> {
        let failed = |error: io::Error| Error::new(format!("cannot start a relay: {error}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let count = Arc::<AtomicUsize>::default();
        let end = watch::Sender::new(());
        let (counted, ended) = (count.clone(), end.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // Without a server, the client sees that its connection is closed.
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else {
                    continue;
                };
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(client, server, counted.clone(), ended.subscribe()));
            }
        });
        Ok(Self { port, count, end })
    }

    /// How many there were since the last call.
    pub fn take(&self) -> usize {
        self.count.swap(0, Ordering::SeqCst)
    }

    /// Closes all connections, and waits until the clients have noticed.
    pub async fn close(&self) {
        self.end.send_replace(());
        self.end.closed().await;
    }
}

/// Forwards until either side ends the connection, or [`Trips::close`] does.
async fn serve(
    client: TcpStream,
    server: TcpStream,
    count: Arc<AtomicUsize>,
    mut end: watch::Receiver<()>,
) {
    // Without it they would be slower, and as right.
    let _ = client.set_nodelay(true).and(server.set_nodelay(true));
    let (mut from_client, mut to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let is_answered = AtomicBool::new(true);
    tokio::select! {
        _ = requests(&mut from_client, to_server, &is_answered, &count) => {}
        _ = answers(from_server, &mut to_client, &is_answered) => {}
        _ = end.changed() => {}
    }
    // The client may have closed its side already.
    let _ = to_client.shutdown().await;
    let _ = tokio::io::copy(&mut from_client, &mut tokio::io::sink()).await;
}

async fn requests(
    client: &mut OwnedReadHalf,
    mut server: OwnedWriteHalf,
    is_answered: &AtomicBool,
    count: &AtomicUsize,
) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = client.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        if is_answered.swap(false, Ordering::SeqCst) {
            count.fetch_add(1, Ordering::SeqCst);
        }
        server.write_all(&buffer[..length]).await?;
    }
}

async fn answers(
    mut server: OwnedReadHalf,
    client: &mut OwnedWriteHalf,
    is_answered: &AtomicBool,
) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 20];
    loop {
        server.readable().await?;
        tokio::time::sleep(HOLD).await;
        let length = server.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        is_answered.store(true, Ordering::SeqCst);
        client.write_all(&buffer[..length]).await?;
    }
}

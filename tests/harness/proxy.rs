//! A connection to PostgreSQL that can be cut at any message.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// When the cut comes, as the server sees the message.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    /// It never gets it.
    Before,
    /// It gets it, and its answer finds nobody.
    During,
    /// It has answered, and the answer gets lost.
    After,
}

/// Forwards to PostgreSQL, counts what the client sends, and stops at one message.
pub struct Proxy {
    pub port: u16,
    reached: Arc<Notify>,
}

struct Plan {
    count: AtomicUsize,
    reached: Arc<Notify>,
    message: usize,
    cut: Cut,
}

impl Proxy {
    /// Stops at the client's message of this number, from 1.
    pub async fn start(upstream: u16, message: usize, cut: Cut) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let reached = Arc::<Notify>::default();
        let plan = Arc::new(Plan {
            count: AtomicUsize::new(0),
            reached: reached.clone(),
            message,
            cut,
        });
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", upstream))
                    .await
                    .expect("PostgreSQL");
                tokio::spawn(forward(client, server, plan.clone()));
            }
        });
        Self { port, reached }
    }

    /// Waits until the message has come, or `ended` has; whether it was the message.
    pub async fn reached(&self, ended: impl Future) -> bool {
        tokio::select! {
            // The end may follow from the cut, and both be there at once.
            biased;
            () = self.reached.notified() => true,
            _ = ended => false,
        }
    }
}

/// Until either side ends, or the plan does: then both sockets close, as a dead process's do.
async fn forward(mut client: TcpStream, mut server: TcpStream, plan: Arc<Plan>) {
    let (mut question, mut answer) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        tokio::select! {
            read = client.read(&mut question) => {
                let Ok(1..) = read else { return };
                let length = read.unwrap_or_default();
                let is_last = plan.count.fetch_add(1, Ordering::SeqCst) + 1 == plan.message;
                if is_last && matches!(plan.cut, Cut::Before) {
                    return plan.reached.notify_one();
                }
                if server.write_all(&question[..length]).await.is_err() {
                    return;
                }
                if is_last {
                    if matches!(plan.cut, Cut::After) {
                        // The answer, or the end, is awaited and then lost. Some have none: the last
                        // message of a TLS handshake, say.
                        let answered = server.read(&mut answer);
                        let _ = tokio::time::timeout(Duration::from_millis(300), answered).await;
                    }
                    return plan.reached.notify_one();
                }
            }
            read = server.read(&mut answer) => {
                let Ok(1..) = read else { return };
                let length = read.unwrap_or_default();
                if client.write_all(&answer[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}

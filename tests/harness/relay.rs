//! A relay in front of PostgreSQL that can fall silent.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

use super::stack;

/// Forwards connections to PostgreSQL.
pub struct Relay {
    pub port: u16,
    opened: Arc<AtomicUsize>,
    forwards: Arc<AtomicBool>,
    silences: watch::Sender<usize>,
}

impl Relay {
    /// Listens on this address and forwards what arrives.
    pub async fn forwarding(address: &str) -> Self {
        Self::start(address, true).await
    }

    /// Listens on this address, accepts every connection and never says a word.
    pub async fn silent(address: &str) -> Self {
        Self::start(address, false).await
    }

    async fn start(address: &str, forwards: bool) -> Self {
        let server = stack().await.postgres.port;
        let listener = TcpListener::bind(address).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let opened = Arc::<AtomicUsize>::default();
        let silences = watch::Sender::new(0);
        let forwards = Arc::new(AtomicBool::new(forwards));
        let (count, silenced) = (opened.clone(), silences.subscribe());
        let does_forward = forwards.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let silenced = silenced.clone();
                let forwards = does_forward.load(Ordering::SeqCst);
                tokio::spawn(relay(client, server, forwards, silenced));
            }
        });
        Self {
            port,
            opened,
            forwards,
            silences,
        }
    }

    /// How many connections were opened so far.
    pub fn opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }

    /// Accepts the connections that are opened from now on, and does not forward them.
    pub fn doze_off(&self) {
        self.forwards.store(false, Ordering::SeqCst);
    }

    /// Forwards on the connections that are opened from now on.
    pub fn wake_up(&self) {
        self.forwards.store(true, Ordering::SeqCst);
    }

    /// Stops forwarding on the connections that are open now, and leaves them open.
    pub fn fall_silent(&self) {
        self.silences.send_modify(|count| *count += 1);
    }
}

async fn relay(
    mut client: TcpStream,
    server: u16,
    forwards: bool,
    mut silenced: watch::Receiver<usize>,
) {
    if !forwards {
        return pending().await;
    }
    silenced.mark_unchanged();
    let server = TcpStream::connect(("127.0.0.1", server)).await;
    let mut server = server.expect("PostgreSQL");
    let is_silenced = tokio::select! {
        // It ends as either side ends it.
        _ = copy_bidirectional(&mut client, &mut server) => false,
        silenced = silenced.changed() => silenced.is_ok(),
    };
    if is_silenced {
        pending::<()>().await;
    }
}

//! A tap on a service's port: whoever asks over TCP asks through it, with whatever client, and all that comes back is kept.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What came back over one connection.
type Heard = Arc<Mutex<Vec<u8>>>;

/// The tap; dropping it ends it.
pub(crate) struct Tap {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
    server: JoinHandle<()>,
}

impl Tap {
    /// One before the service at that address. It listens for as long as the service does.
    pub(crate) async fn before(service: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let heard = Arc::<Mutex<Vec<Heard>>>::default();
        let all = Arc::clone(&heard);
        let server = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(service) = TcpStream::connect(service).await else { return };
                let heard = Heard::default();
                all.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&heard));
                tokio::spawn(pass(client, service, heard));
            }
        });
        Self { address, heard, server }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What came back over each connection so far.
    pub(crate) fn heard(&self) -> Vec<String> {
        let all = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let text = |heard: &Heard| {
            let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            String::from_utf8_lossy(&heard).into_owned()
        };
        all.iter().map(text).collect()
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn pass(client: TcpStream, service: TcpStream, heard: Heard) {
    let (mut asking, mut client) = client.into_split();
    let (mut answering, mut service) = service.into_split();
    let asked = async {
        // However it ends, the other side is told that there is no more.
        let _ = tokio::io::copy(&mut asking, &mut service).await;
        let _ = service.shutdown().await;
    };
    let answered = async {
        let mut bytes = vec![0; 16 << 10];
        let passed: io::Result<()> = async {
            loop {
                let count = answering.read(&mut bytes).await?;
                if count == 0 {
                    return client.shutdown().await;
                }
                heard.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&bytes[..count]);
                client.write_all(&bytes[..count]).await?;
            }
        }
        .await;
        passed
    };
    // What has no answer any more need not be asked.
    tokio::select! {
        _ = answered => {}
        () = async { asked.await; std::future::pending::<()>().await } => {}
    }
}

//! A receiver of webhooks on loopback, on a thread of its own.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::post;

use super::meter::Meter;

/// It runs until the process ends.
pub(super) struct Receiver {
    address: SocketAddr,
}

impl Receiver {
    pub(super) fn start(meter: Arc<Meter>) -> anyhow::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let router = Router::new().route("/", post(receive)).with_state(meter);
        std::thread::Builder::new().name("receiver".to_owned()).spawn(move || {
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                axum::serve(listener, router).await
            })
        })?;
        Ok(Self { address })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

async fn receive(State(meter): State<Arc<Meter>>, request: Request) -> StatusCode {
    meter.arrived();
    match axum::body::to_bytes(request.into_body(), 1 << 20).await {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

//! The commands' side of the API: over the socket to the running service, or in process where it only reads.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tower::ServiceExt;

use super::problem::Problem;

const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// A way to the API.
#[derive(Debug)]
pub enum Client {
    /// The running service's socket.
    Socket(PathBuf),
    /// The same routes in this process.
    InProcess(Router),
}

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens on the socket.
    #[error("no service is running at {}: start it with `wirereport run`, or name its state directory with --state-dir", socket.display())]
    NotRunning {
        /// The socket.
        socket: PathBuf,
    },
    /// The service said no.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The exchange broke.
    #[error("talk to the service: {detail}")]
    Broken {
        /// How.
        detail: String,
    },
}

impl ClientError {
    fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken { detail: error.to_string() }
    }
}

impl Client {
    /// Whether somebody listens on that socket.
    pub async fn is_listening(socket: &Path) -> bool {
        UnixStream::connect(socket).await.is_ok()
    }

    /// Reads.
    ///
    /// # Errors
    /// Where the service is not there, or says no.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.exchange(Method::GET, path, Body::empty()).await
    }

    /// Changes something.
    ///
    /// # Errors
    /// Where the service is not there, or says no.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let body = serde_json::to_vec(body).map_err(ClientError::broken)?;
        self.exchange(Method::POST, path, Body::from(body)).await
    }

    async fn exchange<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Body,
    ) -> Result<T, ClientError> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "wirereport")
            .header("content-type", "application/json")
            .body(body)
            .map_err(ClientError::broken)?;
        let exchange = async {
            let (status, bytes) = match self {
                Self::Socket(socket) => over_socket(socket, request).await?,
                Self::InProcess(router) => in_process(router.clone(), request).await?,
            };
            if status.is_success() {
                return serde_json::from_slice(&bytes).map_err(ClientError::broken);
            }
            let problem = serde_json::from_slice(&bytes)
                .unwrap_or_else(|_| Problem::new(status, format!("the service answered HTTP {status}")));
            Err(problem.into())
        };
        tokio::time::timeout(ANSWER_WITHIN, exchange)
            .await
            .unwrap_or_else(|_| Err(ClientError::broken(format_args!("no answer within {ANSWER_WITHIN:?}"))))
    }
}

async fn over_socket(socket: &Path, request: Request<Body>) -> Result<(StatusCode, Vec<u8>), ClientError> {
    let stream = UnixStream::connect(socket)
        .await
        .map_err(|_| ClientError::NotRunning { socket: socket.to_owned() })?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(ClientError::broken)?;
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(ClientError::broken)?;
    let answer = collect(response).await;
    connection.abort();
    answer
}

async fn in_process(router: Router, request: Request<Body>) -> Result<(StatusCode, Vec<u8>), ClientError> {
    let response = router.oneshot(request).await.map_err(ClientError::broken)?;
    collect(response).await
}

async fn collect<B>(response: Response<B>) -> Result<(StatusCode, Vec<u8>), ClientError>
where
    B: hyper::body::Body,
    B::Error: std::fmt::Display,
{
    let status = response.status();
    let body = response.into_body().collect().await.map_err(ClientError::broken)?;
    Ok((status, body.to_bytes().to_vec()))
}

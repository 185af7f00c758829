//! The commands' side of the API: over the socket to the running service, or in process where it only reads.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tower::ServiceExt;

use super::problem::Problem;
use super::remote::Remote;

/// How long an answer may take.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What stands in a path as it is; everything else is percent-encoded, but for the slashes of stories and actors.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The path of `name` under `route`: `/v1/stories/` and a story's id, whatever somebody typed for it.
pub fn path(route: &str, name: &str) -> String {
    format!("{route}{}", utf8_percent_encode(name, KEPT))
}

/// A way to the API.
#[derive(Debug)]
pub enum Client {
    /// The running service's socket.
    Socket(PathBuf),
    /// The same routes in this process.
    InProcess(Router),
    /// A service elsewhere.
    Remote(Box<Remote>),
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
    /// Nobody answers at the address.
    #[error("no service answers at {address} ({detail}): look at the address, and whether it runs")]
    Unreachable {
        /// The address.
        address: String,
        /// Why.
        detail: String,
    },
    /// The socket, or the directory it is in, is somebody else's.
    #[error("this user may not talk to the service at {}: run the command as the user that runs the service, or as root", socket.display())]
    Denied {
        /// The socket.
        socket: PathBuf,
    },
    /// The service said no.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The exchange broke.
    #[error("no usable answer from the service ({detail}); `wirereport status` shows whether it is well")]
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
    ///
    /// # Errors
    /// Why nobody can be reached there.
    pub async fn reach(socket: &Path) -> Result<(), ClientError> {
        connect(socket).await.map(drop)
    }

    /// Reads.
    ///
    /// # Errors
    /// Where the service is not there, or says no.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.exchange(Method::GET, path, Vec::new()).await
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
        self.exchange(Method::POST, path, body).await
    }

    /// Asks one of the probes: whether the answer is good, and its text.
    ///
    /// # Errors
    /// Where the service is not there.
    pub async fn probe(&self, path: &str) -> Result<(bool, String), ClientError> {
        let (status, bytes) = self.ask(Method::GET, path, Vec::new()).await?;
        Ok((status.is_success(), String::from_utf8_lossy(&bytes).into_owned()))
    }

    async fn exchange<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<T, ClientError> {
        let (status, bytes) = self.ask(method, path, body).await?;
        if status.is_success() {
            return serde_json::from_slice(&bytes).map_err(ClientError::broken);
        }
        let problem = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Problem::new(status, format!("the service answered HTTP {status}")));
        Err(problem.into())
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<(StatusCode, Vec<u8>), ClientError> {
        let request = |body| {
            Request::builder()
                .method(method.clone())
                .uri(path)
                .header("host", "wirereport")
                .header("content-type", "application/json")
                .body(Body::from(body))
                .map_err(ClientError::broken)
        };
        let answer = async {
            match self {
                Self::Socket(socket) => over_socket(socket, request(body)?).await,
                Self::InProcess(router) => in_process(router.clone(), request(body)?).await,
                Self::Remote(remote) => remote.ask(method.clone(), path, body).await,
            }
        };
        tokio::time::timeout(ANSWER_WITHIN, answer)
            .await
            .unwrap_or_else(|_| Err(ClientError::broken(format_args!("no answer within {ANSWER_WITHIN:?}"))))
    }
}

async fn connect(socket: &Path) -> Result<UnixStream, ClientError> {
    let socket = || socket.to_owned();
    UnixStream::connect(socket()).await.map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => ClientError::Denied { socket: socket() },
        _ => ClientError::NotRunning { socket: socket() },
    })
}

async fn over_socket(socket: &Path, request: Request<Body>) -> Result<(StatusCode, Vec<u8>), ClientError> {
    let stream = connect(socket).await?;
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

//! The unix socket in the state directory.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use axum::Router;
use tokio::net::UnixListener;

use super::auth::SocketPeer;

/// The socket's place in a state directory.
pub fn path(state_dir: &Path) -> PathBuf {
    state_dir.join("wirereport.sock")
}

/// Listens on the socket, for the owner alone. A socket that an earlier process left behind is replaced: the caller
/// holds the state directory's lock, so nobody else can be listening.
///
/// # Errors
/// Where the socket cannot be made.
pub fn bind(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Serves `router` until `stopped` comes true.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    listener: UnixListener,
    router: Router,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketPeer>();
    axum::serve(listener, service).with_graceful_shutdown(stopped).await
}

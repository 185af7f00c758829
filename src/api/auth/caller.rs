//! Who asks.

use std::fmt;

use axum::extract::Request;
use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::serve::IncomingStream;
use jiff::Timestamp;
use tokio::net::UnixListener;

use super::Scope;

/// Who asks, in a request's extensions once that is sure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Who holds a token.
    Token {
        /// Whose it is.
        name: String,
        /// Its id.
        id: String,
        /// What it may do.
        scope: Scope,
        /// When it ends.
        expires_at: Timestamp,
        /// Where it was shown.
        address: String,
    },
    /// Who may open the unix socket.
    Socket {
        /// Which user that is, where the system says so.
        uid: Option<u32>,
    },
    /// Who pressed a button in Telegram.
    Telegram {
        /// The user's number.
        id: i64,
    },
    /// A command that answers itself from the ledger.
    Local,
}

impl Caller {
    /// Who sent a request: whoever the gate let in, else whoever is at the other end of the socket.
    pub fn of(request: &Request) -> Self {
        if let Some(caller) = request.extensions().get::<Self>() {
            return caller.clone();
        }
        match request.extensions().get::<ConnectInfo<SocketPeer>>() {
            Some(ConnectInfo(peer)) => Self::Socket { uid: peer.uid },
            None => Self::Local,
        }
    }

    /// Whether it may do what needs that right.
    pub fn may(&self, needed: Scope) -> bool {
        self.scope() >= needed
    }

    /// The greatest right it has.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Token { scope, .. } => *scope,
            Self::Telegram { .. } => Scope::Publish,
            Self::Socket { .. } | Self::Local => Scope::Admin,
        }
    }

    /// The token's id, where one was shown.
    pub fn token(&self) -> Option<&str> {
        match self {
            Self::Token { id, .. } => Some(id),
            _ => None,
        }
    }

    /// The address, where it came over the network.
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Token { address, .. } => Some(address),
            _ => None,
        }
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token { name, .. } => write!(f, "token:{name}"),
            Self::Socket { uid: Some(uid) } => write!(f, "socket:{uid}"),
            Self::Socket { uid: None } => f.write_str("socket"),
            Self::Telegram { id } => write!(f, "telegram:{id}"),
            Self::Local => f.write_str("local"),
        }
    }
}

/// Who is at the other end of the unix socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketPeer {
    /// Which user, where the system says so.
    pub uid: Option<u32>,
}

impl Connected<IncomingStream<'_, UnixListener>> for SocketPeer {
    fn connect_info(stream: IncomingStream<'_, UnixListener>) -> Self {
        Self { uid: stream.io().peer_cred().ok().map(|peer| peer.uid()) }
    }
}

//! Why there is no connection.

use std::{io, sync::Arc, time::Duration};

use http::StatusCode;

use crate::Refused;

/// Why there is no connection. Nothing of the request but its host is in the words, and no login.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ConnectError {
    /// The name cannot be resolved, or not in time.
    #[error("cannot resolve `{host}`: {source}")]
    Dns {
        /// The name.
        host: String,
        /// What the resolver said.
        source: Arc<io::Error>,
    },
    /// Every address of the host is against the policy.
    #[error("`{host}` is not called: {source}")]
    Refused {
        /// The host.
        host: String,
        /// Why the first of its addresses is refused.
        source: Refused,
    },
    /// No address accepted the connection in time.
    #[error("cannot connect to `{host}`: {source}")]
    Connect {
        /// The host.
        host: String,
        /// What the last address said.
        source: Arc<io::Error>,
    },
    /// The handshake failed: wrong name, unknown issuer, expired, not TLS, or not in time.
    #[error("no TLS with `{host}`: {source}")]
    Tls {
        /// The host.
        host: String,
        /// What the handshake said.
        source: Arc<io::Error>,
    },
    /// The proxy does not lead there. Nothing was tried without it.
    #[error("the proxy `{proxy}` does not lead there: {source}")]
    Proxy {
        /// The proxy, without its login.
        proxy: String,
        /// What is wrong with it.
        source: ProxyFailure,
    },
}

/// Why a proxy does not lead where it should.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ProxyFailure {
    /// The proxy itself is not reached.
    #[error("{0}")]
    Unreachable(Box<ConnectError>),
    /// An HTTP proxy refused.
    #[error("it answers with status {0}{hint}", hint = hint(*.0))]
    Status(StatusCode),
    /// A SOCKS proxy refused.
    #[error("it says: {}", said(*.0))]
    Reply(u8),
    /// The login is wrong.
    #[error("it refuses the login: give its user and password again")]
    Login,
    /// It wants to be told who calls, in a way that is not configured or not known here.
    #[error("it takes none of the logins it was offered: it may want a user and a password")]
    NoLogin,
    /// What came is not what a proxy of this kind sends.
    #[error("it does not answer as a proxy of this kind does: {0}")]
    NotAProxy(&'static str),
    /// It closed or reset the connection.
    #[error("it broke off: {0}")]
    Broken(Arc<io::Error>),
    /// It did not answer in time.
    #[error("no answer within {0:?}")]
    Late(Duration),
    /// SOCKS has no room for the name of the host.
    #[error("the name of the host has more than 255 bytes")]
    LongName,
}

// === impl ProxyFailure ===

impl ProxyFailure {
    /// Whether another address of the same host may fare better.
    pub(crate) const fn is_of_address(&self) -> bool {
        matches!(self, Self::Reply(3 | 4 | 5 | 6 | 8))
    }
}

impl From<io::Error> for ProxyFailure {
    fn from(error: io::Error) -> Self {
        Self::Broken(Arc::new(error))
    }
}

fn hint(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 | 403 => ": it does not let this caller or this host through",
        405 | 501 => ": it does not tunnel (`CONNECT`)",
        407 => ": its user or password is missing or wrong",
        502..=504 => ": it cannot reach the host",
        _ => "",
    }
}

/// The replies of RFC 1928 §6.
const fn said(reply: u8) -> &'static str {
    match reply {
        1 => "general failure",
        2 => "its rules forbid this host",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "the connection expired",
        7 => "it does not open connections",
        8 => "it does not know this kind of address",
        _ => "a failure without a name",
    }
}

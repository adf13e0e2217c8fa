//! How long each step of a call may take.

use std::time::Duration;

/// Deadlines of an outbound call. None is infinite. Those of the answer's body (first event, gap,
/// whole stream) belong to whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Resolving the name.
    pub dns: Duration,
    /// Connecting, all addresses together.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// From the connection with a proxy to its word that it leads on.
    pub proxy: Duration,
    /// From the start of the attempt to the response headers of a stream.
    pub headers_stream: Duration,
    /// The same for an answer in one piece: it comes when the model is done.
    pub headers_whole: Duration,
    /// How long an unused connection is kept. Vendors close theirs after 60 s and less.
    pub pool_idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            dns: Duration::from_secs(5),
            connect: Duration::from_secs(10),
            tls: Duration::from_secs(10),
            proxy: Duration::from_secs(15),
            headers_stream: Duration::from_mins(2),
            headers_whole: Duration::from_mins(10),
            pool_idle: Duration::from_secs(30),
        }
    }
}

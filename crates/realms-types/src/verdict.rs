//! What became of an attempt, whose fault it was, and how far the trouble reaches.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Whose fault an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The caller's request.
    Client,
    /// Realms or its configuration.
    Realms,
    /// The vendor.
    Upstream,
    /// The database.
    Storage,
}

/// How far a failure reaches: what should rest because of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Nothing: the request itself was at fault.
    Request,
    /// One credential: bad key, no quota, rate limit.
    Credential,
    /// One endpoint: cannot be reached, 5xx, broke off.
    Endpoint,
    /// The whole channel: the path does not exist there.
    Channel,
    /// One model on one channel.
    Binding,
}

/// Why an attempt failed. One word each, stable: it is stored, counted and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// DNS, connect, TLS, or the outbound policy's refusal.
    Connect,
    /// No response headers in time.
    HeaderTimeout,
    /// Headers came, but no meaningful event in time.
    FirstEventTimeout,
    /// The gap between two events grew too long.
    IdleTimeout,
    /// The stream lasted longer than allowed.
    StreamTimeout,
    /// The upstream broke off or ended without its terminal event.
    Broken,
    /// A 200 that was not an answer: HTML, empty, or an error inside.
    NotAnAnswer,
    /// Larger than a frame or a body may be.
    TooLarge,
    /// 401 or 403.
    Unauthorized,
    /// 402 or an exhausted quota.
    Exhausted,
    /// 429.
    RateLimited,
    /// 529 or 503 with an overload.
    Overloaded,
    /// 5xx or 408.
    ServerError,
    /// 404 or 405 on the path.
    NoSuchPath,
    /// The upstream does not have this model, or no channel of the key does.
    NoSuchModel,
    /// 3xx: redirects are never followed with credentials.
    Redirect,
    /// 4xx that is the request's own fault.
    BadRequest,
    /// The client went away.
    ClientGone,
    /// Realms is shutting down.
    Shutdown,
    /// The API key or its user was taken away while the call ran.
    Revoked,
    /// The key may not do this.
    NotAllowed,
    /// No channel was ready to be asked.
    NoChannel,
}

/// The outcome of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It answered; the end of its stream is judged later.
    Accept,
    /// Another candidate may do better.
    Retry {
        /// What should rest.
        scope: Scope,
        /// Why.
        cause: Cause,
        /// When the upstream said to come back, if it said so.
        until: Option<Timestamp>,
    },
    /// Nobody will do better: the answer goes to the client as it is.
    Fail {
        /// Why.
        cause: Cause,
    },
}

impl Cause {
    /// The word in the database, in metrics and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::HeaderTimeout => "header_timeout",
            Self::FirstEventTimeout => "first_event_timeout",
            Self::IdleTimeout => "idle_timeout",
            Self::StreamTimeout => "stream_timeout",
            Self::Broken => "broken",
            Self::NotAnAnswer => "not_an_answer",
            Self::TooLarge => "too_large",
            Self::Unauthorized => "unauthorized",
            Self::Exhausted => "exhausted",
            Self::RateLimited => "rate_limited",
            Self::Overloaded => "overloaded",
            Self::ServerError => "server_error",
            Self::NoSuchPath => "no_such_path",
            Self::NoSuchModel => "no_such_model",
            Self::Redirect => "redirect",
            Self::BadRequest => "bad_request",
            Self::ClientGone => "client_gone",
            Self::Shutdown => "shutdown",
            Self::Revoked => "revoked",
            Self::NotAllowed => "not_allowed",
            Self::NoChannel => "no_channel",
        }
    }
}

impl Scope {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Credential => "credential",
            Self::Endpoint => "endpoint",
            Self::Channel => "channel",
            Self::Binding => "binding",
        }
    }
}

impl Origin {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Realms => "realms",
            Self::Upstream => "upstream",
            Self::Storage => "storage",
        }
    }
}

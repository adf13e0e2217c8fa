//! Errors: one towards an API client before it takes a dialect's shape, one that an upstream reported.

mod envelope;
mod kind;
mod read;
mod render;
mod request;
mod stream;

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use realms_types::Origin;

pub use envelope::is_error_body;
pub use kind::FaultKind;
pub use read::{looks_like_html, read_fault};
pub use render::render_fault;
pub use request::fault_of;
pub use stream::{StreamShape, render_fault_frame};

/// An error towards an API client, before it takes a dialect's shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// What is wrong: decides the status and the dialect's word for it.
    pub kind: FaultKind,
    /// Whose fault it is.
    pub origin: Origin,
    /// What the person is to do. Never holds a secret or an upstream's own words unread.
    pub message: String,
    /// The field of the request at fault.
    pub param: Option<String>,
    /// A stable code, where the kind's own is too wide.
    pub code: Option<String>,
    /// When to try again.
    pub retry_after: Option<Duration>,
    /// Whether the same request may do better later. Where not, clients are told so: without that,
    /// some repeat even a 401 for minutes.
    pub should_retry: bool,
    /// The status, where an operator had it be another than the kind's own.
    pub status: Option<StatusCode>,
}

/// An error in a dialect's shape, ready to be sent.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The status.
    pub status: StatusCode,
    /// `content-type`, and how to retry.
    pub headers: HeaderMap,
    /// The dialect's envelope, JSON.
    pub body: Bytes,
}

/// What an upstream said went wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpstreamFault {
    /// The status of the answer. Where that was below 400, the one that the body implies.
    pub status: u16,
    /// The upstream's word for the kind: `error.type`, or Google's `error.status`.
    pub kind: Option<String>,
    /// The upstream's code.
    pub code: Option<String>,
    /// What it says, at most 4 KiB.
    pub message: String,
    /// How long the body says to wait.
    pub retry_after: Option<Duration>,
    /// When the body says the limit ends, in seconds since the epoch.
    pub resets_at: Option<i64>,
}

// === impl Fault ===

impl Fault {
    /// A fault of this kind, with the origin and the retry advice that go with it.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            origin: kind.origin(),
            message: message.into(),
            param: None,
            code: None,
            retry_after: None,
            should_retry: kind.should_retry(),
            status: None,
        }
    }

    /// 400: the request cannot be understood.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(FaultKind::BadRequest, message)
    }

    /// 401: no key, or one that is not known.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Unauthorized, message)
    }

    /// 403: known, but not allowed.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Forbidden, message)
    }

    /// 404: no such path or object.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(FaultKind::NotFound, message)
    }

    /// 404: the model is not known, or not for this key.
    pub fn unknown_model(message: impl Into<String>) -> Self {
        Self::new(FaultKind::UnknownModel, message).with_param("model")
    }

    /// 405.
    pub fn method_not_allowed(message: impl Into<String>) -> Self {
        Self::new(FaultKind::MethodNotAllowed, message)
    }

    /// 409.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Conflict, message)
    }

    /// 413.
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(FaultKind::TooLarge, message)
    }

    /// 415.
    pub fn unsupported_media(message: impl Into<String>) -> Self {
        Self::new(FaultKind::UnsupportedMedia, message)
    }

    /// 426: this is served over another protocol.
    pub fn upgrade_required(message: impl Into<String>) -> Self {
        Self::new(FaultKind::UpgradeRequired, message)
    }

    /// 429: too many requests for now.
    pub fn rate_limited(message: impl Into<String>) -> Self {
        Self::new(FaultKind::RateLimited, message)
    }

    /// 402: the balance or the plan is used up.
    pub fn exhausted(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Exhausted, message)
    }

    /// 500: a defect or a setting of Realms.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Internal, message)
    }

    /// 501: this upstream cannot do it.
    pub fn not_implemented(message: impl Into<String>) -> Self {
        Self::new(FaultKind::NotImplemented, message)
    }

    /// 502: the upstream failed.
    pub fn bad_gateway(message: impl Into<String>) -> Self {
        Self::new(FaultKind::BadGateway, message)
    }

    /// 503: nothing can take the call now.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Unavailable, message)
    }

    /// 504: the upstream took too long.
    pub fn timeout(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Timeout, message)
    }

    /// Names the field at fault.
    #[must_use]
    pub fn with_param(self, param: impl Into<String>) -> Self {
        Self { param: Some(param.into()), ..self }
    }

    /// Gives a narrower code than the kind's own.
    #[must_use]
    pub fn with_code(self, code: impl Into<String>) -> Self {
        Self { code: Some(code.into()), ..self }
    }

    /// Says whose fault it is, where that is not the usual one of the kind.
    #[must_use]
    pub fn with_origin(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// Says when to try again, and that it is worth it.
    #[must_use]
    pub fn with_retry_after(self, after: Duration) -> Self {
        Self { retry_after: Some(after), should_retry: true, ..self }
    }

    /// Says that no retry will mend it.
    #[must_use]
    pub fn without_retry(self) -> Self {
        Self { retry_after: None, should_retry: false, ..self }
    }

    /// A stable word for what is wrong: its own code, or that of its kind.
    pub fn word(&self) -> &str {
        self.code.as_deref().unwrap_or(self.kind.words().code)
    }

    /// Gives another status than the kind's own.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status: Some(status), ..self }
    }

    /// The status: the one it was given, else that of its kind.
    pub const fn status(&self) -> StatusCode {
        match self.status {
            Some(status) => status,
            None => self.kind.status(),
        }
    }
}

//! The kinds of fault, and each dialect's word for them.

use http::StatusCode;
use realms_types::Origin;

/// What is wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The request cannot be understood.
    BadRequest,
    /// No key, or one that is not known.
    Unauthorized,
    /// Known, but not allowed.
    Forbidden,
    /// No such path or object.
    NotFound,
    /// The model is not known, or not for this key.
    UnknownModel,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The state of the object does not allow it.
    Conflict,
    /// The body or a header is too large.
    TooLarge,
    /// The body is encoded in a way that is not understood.
    UnsupportedMedia,
    /// This is served over another protocol.
    UpgradeRequired,
    /// Too many requests for now.
    RateLimited,
    /// The balance or the plan is used up.
    Exhausted,
    /// A defect or a setting of Realms.
    Internal,
    /// The upstream this goes to cannot do it.
    NotImplemented,
    /// The upstream failed.
    BadGateway,
    /// Nothing can take the call now.
    Unavailable,
    /// The upstream, or the client with its own body, took too long.
    Timeout,
}

/// A kind in the words of the dialects.
pub(super) struct Words {
    /// OpenAI's `error.type`.
    pub(super) openai: &'static str,
    /// OpenAI's `error.code`.
    pub(super) code: &'static str,
    /// Anthropic's `error.type`.
    pub(super) anthropic: &'static str,
    /// Google's `error.status`, the name of a gRPC code.
    pub(super) google: &'static str,
}

const fn words(
    openai: &'static str,
    code: &'static str,
    anthropic: &'static str,
    google: &'static str,
) -> Words {
    Words { openai, code, anthropic, google }
}

// === impl FaultKind ===

impl FaultKind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::BadRequest,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::UnknownModel,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::TooLarge,
        Self::UnsupportedMedia,
        Self::UpgradeRequired,
        Self::RateLimited,
        Self::Exhausted,
        Self::Internal,
        Self::NotImplemented,
        Self::BadGateway,
        Self::Unavailable,
        Self::Timeout,
    ];

    /// The HTTP status.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound | Self::UnknownModel => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Exhausted => StatusCode::PAYMENT_REQUIRED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotImplemented => StatusCode::NOT_IMPLEMENTED,
            Self::BadGateway => StatusCode::BAD_GATEWAY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// Whose fault it usually is.
    pub const fn origin(self) -> Origin {
        match self {
            Self::Internal => Origin::Realms,
            Self::NotImplemented | Self::BadGateway | Self::Unavailable | Self::Timeout => {
                Origin::Upstream
            }
            _ => Origin::Client,
        }
    }

    /// Whether the same request usually does better later.
    pub const fn should_retry(self) -> bool {
        matches!(
            self,
            Self::RateLimited
                | Self::Internal
                | Self::BadGateway
                | Self::Unavailable
                | Self::Timeout
        )
    }

    pub(super) const fn words(self) -> Words {
        const BAD: &str = "invalid_request_error";
        match self {
            Self::BadRequest => words(BAD, "invalid_request", BAD, "INVALID_ARGUMENT"),
            Self::Unauthorized => {
                words(BAD, "invalid_api_key", "authentication_error", "UNAUTHENTICATED")
            }
            Self::Forbidden => {
                words(BAD, "permission_denied", "permission_error", "PERMISSION_DENIED")
            }
            Self::NotFound => words(BAD, "not_found", "not_found_error", "NOT_FOUND"),
            Self::UnknownModel => words(BAD, "model_not_found", "not_found_error", "NOT_FOUND"),
            Self::MethodNotAllowed => words(BAD, "method_not_allowed", BAD, "UNIMPLEMENTED"),
            Self::Conflict => words(BAD, "conflict", BAD, "ABORTED"),
            Self::TooLarge => {
                words(BAD, "request_too_large", "request_too_large", "INVALID_ARGUMENT")
            }
            Self::UnsupportedMedia => words(BAD, "unsupported_media_type", BAD, "INVALID_ARGUMENT"),
            Self::UpgradeRequired => words(BAD, "upgrade_required", BAD, "FAILED_PRECONDITION"),
            Self::RateLimited => words(
                "rate_limit_error",
                "rate_limit_exceeded",
                "rate_limit_error",
                "RESOURCE_EXHAUSTED",
            ),
            Self::Exhausted => words(
                "insufficient_quota",
                "insufficient_quota",
                "billing_error",
                "RESOURCE_EXHAUSTED",
            ),
            Self::Internal => words("server_error", "internal_error", "api_error", "INTERNAL"),
            Self::NotImplemented => words(BAD, "not_implemented", "api_error", "UNIMPLEMENTED"),
            Self::BadGateway => words("server_error", "upstream_error", "api_error", "UNAVAILABLE"),
            Self::Unavailable => {
                words("server_error", "unavailable", "overloaded_error", "UNAVAILABLE")
            }
            Self::Timeout => words("server_error", "timeout", "timeout_error", "DEADLINE_EXCEEDED"),
        }
    }
}

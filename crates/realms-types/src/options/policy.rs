//! Small choices: what of a request is forwarded.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What becomes of `service_tier`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TierPolicy {
    /// It passes.
    #[default]
    Forward,
    /// It is taken out.
    Drop,
    /// A call that asks for a tier other than the usual one does not come here.
    Refuse,
}

/// What becomes of `store`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StorePolicy {
    /// It passes.
    #[default]
    Forward,
    /// It is taken out.
    Drop,
    /// It is `false`, whatever was sent.
    ForceFalse,
}

/// Whether a field passes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Forward {
    /// It passes.
    #[default]
    Forward,
    /// It is taken out.
    Drop,
}

/// How long a prompt cache keeps what a call marks for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum CacheTtl {
    /// As the client says.
    #[default]
    #[serde(rename = "inherit")]
    Inherit,
    /// Five minutes.
    #[serde(rename = "5m")]
    FiveMinutes,
    /// An hour; the beta header that allows it is added.
    #[serde(rename = "1h")]
    OneHour,
}

/// What happens to a running answer when its client leaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnDisconnect {
    /// The upstream is hung up on, and what was used is estimated.
    #[default]
    Cancel,
    /// It is read to its end, so that its usage is measured: at most 30 seconds and 4 MiB.
    Drain,
}

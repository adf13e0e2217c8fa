//! Outbound calls: one connector with the outbound policy, credential signing, response classification.
//!
//! [`Upstream::send`] makes one attempt and returns at the response headers. Nothing is repeated here
//! and nothing is decided but the [`realms_types::Verdict`] of [`classify`] and [`classify_send`]:
//! which candidate comes next is the caller's business.
//!
//! What must hold: only addresses that [`OutboundPolicy`] lets through are connected; no header of the
//! client that says who or where it is leaves the program ([`forward_headers`]), none that says
//! whose account is behind a channel comes back ([`return_headers`]); every wait has a deadline;
//! a call with a proxy goes through it or not at all.

mod address;
mod body;
mod classify;
mod client;
mod codex;
mod connect_error;
mod connector;
mod destination;
mod dialer;
mod fetch;
mod headers;
mod hint;
mod network;
mod oauth;
mod policy;
mod pools;
mod segments;
mod sign;
mod socket;
mod target;
mod timeouts;
mod tunnel;
mod wire;

pub use body::{BodyError, ReplyBody};
pub use classify::{classify, classify_send};
pub use client::{Outgoing, Reply, SendError, Upstream, UpstreamError, read_authorities};
pub use codex::{
    Ailment, Limit, UsageAnswer, UsageCredits, UsageError, limits_in_event, limits_of,
};
pub use connect_error::{ConnectError, ProxyFailure};
pub use connector::{Phase, Resolved};
pub use fetch::{FetchError, FetchLimits, Fetched};
pub use headers::{forward_headers, return_headers};
pub use network::{Dialing, Network, Resolving};
pub use oauth::{Callback, CallbackError, Claims, OauthSite, SentAway, TokenError, TokenSet};
pub use policy::{OutboundPolicy, Refused};
pub use rustls::pki_types::CertificateDer;
pub use target::{TargetError, UpstreamPath, encode_segment, target};
pub use timeouts::Timeouts;

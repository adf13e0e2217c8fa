//! Usage: which calls were made, and what they add up to; one's own and, for operators, everyone's.

pub(super) mod buckets;
mod export;
pub(super) mod histogram;
mod labels;
mod list;
pub(super) mod margin;
pub(super) mod parts;
mod range;
mod summary;
pub(super) mod terms;

use realms_types::UserId;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Console, caller::Caller};
use crate::ConsoleError;

pub(super) use labels::NOTHING;
pub(super) use range::Zone;

/// Whose calls somebody sees, and how much of their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// Of this user only; `None`: everyone's.
    pub(super) user: Option<UserId>,
    /// Whether through which channels they went.
    pub(super) channels: bool,
}

/// The routes of usage.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list::list_usage))
        .routes(routes!(list::list_own_usage))
        .routes(routes!(summary::summarize_usage))
        .routes(routes!(summary::summarize_own_usage))
        .routes(routes!(histogram::draw_usage))
        .routes(routes!(histogram::draw_own_usage))
        .routes(routes!(parts::list_usage_by))
        .routes(routes!(parts::list_own_usage_by))
        .routes(routes!(export::export_usage))
        .routes(routes!(export::export_own_usage))
        .merge(margin::routes())
}

// === impl Console ===

impl Console {
    /// A person's reach: their own calls.
    pub(super) fn own_reach(&self, caller: &Caller) -> Result<Reach, ConsoleError> {
        Ok(Reach { user: Some(caller.user()?.user_id), channels: self.shows_channels(caller) })
    }
}

// === impl Reach ===

impl Reach {
    /// An operator's reach.
    pub(super) const EVERYONE: Self = Self { user: None, channels: true };
}

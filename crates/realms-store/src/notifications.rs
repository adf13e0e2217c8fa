//! Notifications: where they go, what is told, and an outbox that is written with what happened.
//!
//! Whoever may be told is a user or, as `None`, those who run the site.

mod delivery;
mod level;
mod mark;
mod outbox;
mod rule;
mod target;

pub use delivery::{Delivered, DeliveryFilter, DeliveryId, DeliveryRecord, DeliveryState};
pub use level::{Failing, LowBalance, SpendOf};
pub use mark::MarkRecord;
pub use outbox::Notification;
pub use rule::NotificationRuleRecord;
pub use target::{NotificationLanguage, NotificationTargetRecord, TargetKind};

use realms_types::UserId;

/// The owner in a column.
fn owner_id(owner: Option<UserId>) -> i64 {
    owner.map_or(0, UserId::raw)
}

/// The owner of a column.
fn owner(id: i64) -> Option<UserId> {
    (id != 0).then(|| UserId::new(id))
}

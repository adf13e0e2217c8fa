//! What is used of the windows of a subscription, and when it returns.

use std::time::Duration;

use realms_store::SubscriptionRecord;
use realms_types::{Money, Timestamp};

use crate::{Subscription, Used, Window};

/// A window of a subscription, and what is used of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowUsed {
    /// How long what was used counts.
    pub length: Duration,
    /// The most.
    pub limit: Money,
    /// What is used of it, what running calls may need included.
    pub used: Money,
    /// When the next part of it returns; `None`: nothing is used.
    pub eases_at: Option<Timestamp>,
    /// When all of it has returned, if nothing else is used.
    pub empty_at: Option<Timestamp>,
}

// === impl WindowUsed ===

impl WindowUsed {
    /// The windows of a subscription; what is used of their allowances was read for [`crate::Bearer::allowances`].
    pub fn all(record: &SubscriptionRecord, used: &Used, now: Timestamp) -> Vec<Self> {
        let bears = Subscription::of(record);
        let of_window = |((length, limit), (window, _)): (_, &(Window, Money))| {
            let pieces = used.get(&bears.name(window)).map_or(&[][..], Vec::as_slice);
            let counting = || {
                let left = pieces.iter().filter(|(_, amount)| *amount > 0);
                left.filter_map(|(piece, amount)| Some((window.leaves_at(*piece)?, *amount)))
                    .filter(|(leaves, _)| *leaves > now)
            };
            let sum = counting().map(|(_, amount)| amount).fold(0, i64::saturating_add);
            Self {
                length,
                limit,
                used: record.terms.at_plan_prices(Money::from_nano(sum)),
                eases_at: counting().map(|(leaves, _)| leaves).min(),
                empty_at: counting().map(|(leaves, _)| leaves).max(),
            }
        };
        record.terms.limits().zip(&bears.windows).map(of_window).collect()
    }

    /// How long what was used counts, in the words of plans.
    pub const fn per(&self) -> &'static str {
        match self.length.as_secs() / 3_600 {
            5 => "5h",
            24 => "1d",
            168 => "7d",
            _ => "30d",
        }
    }
}

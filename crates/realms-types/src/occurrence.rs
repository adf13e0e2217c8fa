//! What people are told of: that something happened, or that it came to a point.

use serde::{Deserialize, Serialize};

use crate::{Cause, Money, OrderId, Ppm, TicketId, Timestamp};

/// Something that happened, with what a notification says of it. Stored as JSON with its kind as `event`; nothing in
/// it is a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Occurrence {
    /// Little of a balance is left.
    BalanceLow {
        /// What is left.
        available: Money,
        /// What it was to stay above.
        threshold: Money,
    },
    /// Most of a window of a plan is used.
    WindowNearEnd {
        /// What the plan is called.
        plan: String,
        /// How long what was used counts, as plans say it: `5h`, `1d`, `7d`, `30d`, `total`.
        window: String,
        /// The share that is used.
        used: Ppm,
        /// When the next part of it returns.
        eases_at: Option<Timestamp>,
    },
    /// Time of a plan ends, and none of the same plan follows.
    SubscriptionEnding {
        /// What the plan is called.
        plan: String,
        /// When it ends.
        ends_at: Timestamp,
    },
    /// An order was paid, and what was bought was given.
    OrderPaid {
        /// The order.
        order: OrderId,
        /// What was paid, with its currency: `99.00 CNY`.
        amount: String,
        /// Who bought; for those who run the site.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        buyer: Option<String>,
    },
    /// A ticket was answered.
    TicketAnswered {
        /// The ticket.
        ticket: TicketId,
        /// What it is about.
        subject: String,
        /// The answer, or its beginning.
        answer: String,
    },
    /// Somebody wrote in a ticket.
    TicketOpened {
        /// The ticket.
        ticket: TicketId,
        /// What it is about.
        subject: String,
        /// Who wrote.
        by: String,
        /// What they wrote, or its beginning.
        text: String,
    },
    /// A channel takes no calls, by itself.
    ChannelResting {
        /// Its name.
        channel: String,
        /// Why.
        cause: Cause,
        /// Until when, where that is known.
        until: Option<Timestamp>,
    },
    /// Somebody must log a vendor account in again.
    AccountNeedsLogin {
        /// Its address, or its name.
        account: String,
        /// Why, as the account keeps it: `refused`, `reused`, `answer_lost` or `deactivated`.
        cause: String,
    },
    /// Most of what a vendor account may use is used.
    AccountQuotaLow {
        /// Its address, or its name.
        account: String,
        /// The share that is used.
        used: Ppm,
        /// When it starts anew.
        resets_at: Option<Timestamp>,
    },
    /// Many calls fail.
    ErrorRateHigh {
        /// How many of them.
        failed: u64,
        /// How many there were.
        calls: u64,
        /// In how many minutes.
        minutes: u32,
    },
    /// An hour cost far more than hours did.
    SpendAnomaly {
        /// What it cost.
        spent: Money,
        /// What an hour of the week before did.
        usual: Money,
        /// When it began.
        hour: Timestamp,
    },
    /// Prices of the list that prices are kept up with wait for somebody to take them.
    PricesWaiting {
        /// How many wait.
        waiting: u64,
        /// How many were set at the same look.
        applied: u64,
    },
}

/// What kind of thing happened: what rules are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OccurrenceKind {
    /// Little of a balance is left.
    BalanceLow,
    /// Most of a window of a plan is used.
    WindowNearEnd,
    /// Time of a plan ends.
    SubscriptionEnding,
    /// An order was paid.
    OrderPaid,
    /// A ticket was answered.
    TicketAnswered,
    /// Somebody wrote in a ticket.
    TicketOpened,
    /// A channel takes no calls, by itself.
    ChannelResting,
    /// Somebody must log a vendor account in again.
    AccountNeedsLogin,
    /// Most of what a vendor account may use is used.
    AccountQuotaLow,
    /// Many calls fail.
    ErrorRateHigh,
    /// An hour cost far more than hours did.
    SpendAnomaly,
    /// Prices wait for somebody to take them.
    PricesWaiting,
}

/// From where on something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// What it is counted in.
    pub unit: ThresholdUnit,
    /// The least that may be set.
    pub min: i64,
    /// The most.
    pub max: i64,
    /// What counts where nothing is set.
    pub default: i64,
}

/// What a threshold is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdUnit {
    /// Hundredths of a US dollar.
    UsdCents,
    /// Hundredths of the whole.
    Percent,
    /// Days.
    Days,
    /// So many times as much.
    Times,
}

// === impl Occurrence ===

impl Occurrence {
    /// What kind it is.
    pub const fn kind(&self) -> OccurrenceKind {
        match self {
            Self::BalanceLow { .. } => OccurrenceKind::BalanceLow,
            Self::WindowNearEnd { .. } => OccurrenceKind::WindowNearEnd,
            Self::SubscriptionEnding { .. } => OccurrenceKind::SubscriptionEnding,
            Self::OrderPaid { .. } => OccurrenceKind::OrderPaid,
            Self::TicketAnswered { .. } => OccurrenceKind::TicketAnswered,
            Self::TicketOpened { .. } => OccurrenceKind::TicketOpened,
            Self::ChannelResting { .. } => OccurrenceKind::ChannelResting,
            Self::AccountNeedsLogin { .. } => OccurrenceKind::AccountNeedsLogin,
            Self::AccountQuotaLow { .. } => OccurrenceKind::AccountQuotaLow,
            Self::ErrorRateHigh { .. } => OccurrenceKind::ErrorRateHigh,
            Self::SpendAnomaly { .. } => OccurrenceKind::SpendAnomaly,
            Self::PricesWaiting { .. } => OccurrenceKind::PricesWaiting,
        }
    }
}

// === impl OccurrenceKind ===

impl OccurrenceKind {
    /// What users are told of, in the order it is shown.
    pub const OF_USERS: &[Self] = &[
        Self::BalanceLow,
        Self::WindowNearEnd,
        Self::SubscriptionEnding,
        Self::OrderPaid,
        Self::TicketAnswered,
        Self::SpendAnomaly,
    ];
    /// What those who run the site are told of, in the order it is shown.
    pub const OF_THE_SITE: &[Self] = &[
        Self::ChannelResting,
        Self::AccountNeedsLogin,
        Self::AccountQuotaLow,
        Self::ErrorRateHigh,
        Self::SpendAnomaly,
        Self::OrderPaid,
        Self::TicketOpened,
        Self::PricesWaiting,
    ];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BalanceLow => "balance_low",
            Self::WindowNearEnd => "window_near_end",
            Self::SubscriptionEnding => "subscription_ending",
            Self::OrderPaid => "order_paid",
            Self::TicketAnswered => "ticket_answered",
            Self::TicketOpened => "ticket_opened",
            Self::ChannelResting => "channel_resting",
            Self::AccountNeedsLogin => "account_needs_login",
            Self::AccountQuotaLow => "account_quota_low",
            Self::ErrorRateHigh => "error_rate_high",
            Self::SpendAnomaly => "spend_anomaly",
            Self::PricesWaiting => "prices_waiting",
        }
    }

    /// From where on it is told; `None`: whenever it happens.
    pub const fn threshold(self) -> Option<Threshold> {
        let (unit, min, max, default) = match self {
            Self::BalanceLow => (ThresholdUnit::UsdCents, 1, 100_000_000, 100),
            Self::WindowNearEnd => (ThresholdUnit::Percent, 1, 100, 80),
            Self::SubscriptionEnding => (ThresholdUnit::Days, 1, 30, 3),
            Self::AccountQuotaLow => (ThresholdUnit::Percent, 1, 100, 90),
            Self::ErrorRateHigh => (ThresholdUnit::Percent, 1, 100, 20),
            Self::SpendAnomaly => (ThresholdUnit::Times, 2, 1_000, 5),
            Self::OrderPaid
            | Self::TicketAnswered
            | Self::TicketOpened
            | Self::ChannelResting
            | Self::AccountNeedsLogin
            | Self::PricesWaiting => return None,
        };
        Some(Threshold { unit, min, max, default })
    }

    /// Whether people are told of it who have said nothing about it. What comes many times a day is not.
    pub const fn is_told_unasked(self) -> bool {
        !matches!(self, Self::WindowNearEnd | Self::SpendAnomaly)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_in_the_facts_is_the_word_of_the_kind() {
        let occurrence = Occurrence::ErrorRateHigh { failed: 9, calls: 30, minutes: 10 };
        let json = serde_json::to_value(&occurrence).unwrap();
        assert_eq!(json["event"], occurrence.kind().as_str());
        assert_eq!(serde_json::from_value::<Occurrence>(json).unwrap(), occurrence);
        for kind in OccurrenceKind::OF_USERS.iter().chain(OccurrenceKind::OF_THE_SITE) {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }

    #[test]
    fn what_counts_unset_may_be_set() {
        for kind in OccurrenceKind::OF_USERS.iter().chain(OccurrenceKind::OF_THE_SITE) {
            if let Some(Threshold { min, max, default, .. }) = kind.threshold() {
                assert!((min..=max).contains(&default), "{kind:?}");
            }
        }
    }
}

//! What a plan gives, and for how long.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Money, Ppm};

/// What somebody has who subscribed. An order and a subscription keep the terms they were made under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanTerms {
    /// How many days it lasts.
    pub days: u32,
    /// The most in any 5 hours; `None`: no such limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_5h: Option<Money>,
    /// The most in any day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_1d: Option<Money>,
    /// The most in any 7 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_7d: Option<Money>,
    /// The most in any 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_30d: Option<Money>,
    /// What prices are multiplied by when it pays.
    #[serde(default)]
    pub multiplier: Ppm,
}

/// The longest a plan lasts: ten years.
const MOST_DAYS: u32 = 3_660;

// === impl PlanTerms ===

impl PlanTerms {
    /// How long it lasts.
    pub const fn length(&self) -> Duration {
        Duration::from_hours(self.days as u64 * 24)
    }

    /// Its limits, each with the time it counts in.
    pub fn limits(&self) -> impl Iterator<Item = (Duration, Money)> {
        let days = |days: u64| Duration::from_hours(24 * days);
        let limits = [
            (Duration::from_hours(5), self.limit_5h),
            (days(1), self.limit_1d),
            (days(7), self.limit_7d),
            (days(30), self.limit_30d),
        ];
        limits.into_iter().filter_map(|(length, limit)| Some((length, limit?)))
    }

    /// What may be used at list prices of what may be used at those of the plan: `12` of `6` at half the
    /// price. What cannot be held is as much as there is.
    pub fn at_list_prices(&self, most: Money) -> Money {
        let ppm = i128::from(self.multiplier.parts());
        let nano = i128::from(most.nano()) * i128::from(Ppm::ONE.parts());
        let bears = nano.checked_div(ppm).unwrap_or(0);
        Money::from_nano(i64::try_from(bears).unwrap_or(i64::MAX))
    }

    /// What is used at the prices of the plan of what is used at list prices.
    pub fn at_plan_prices(&self, used: Money) -> Money {
        let ppm = i128::from(self.multiplier.parts());
        let nano = i128::from(used.nano()) * ppm / i128::from(Ppm::ONE.parts());
        Money::from_nano(i64::try_from(nano).unwrap_or(i64::MAX))
    }

    /// Whether it lasts a while, has a limit above nothing and prices above nothing: without them it would
    /// give everything.
    pub fn is_sensible(&self) -> bool {
        let mut limits = self.limits().peekable();
        let bounded = limits.peek().is_some();
        (1..=MOST_DAYS).contains(&self.days)
            && bounded
            && self.multiplier > Ppm::ZERO
            && limits.all(|(_, most)| most > Money::ZERO)
    }
}

impl Default for PlanTerms {
    /// Nothing: no day, no limit. It is not sensible.
    fn default() -> Self {
        Self {
            days: 0,
            limit_5h: None,
            limit_1d: None,
            limit_7d: None,
            limit_30d: None,
            multiplier: Ppm::ONE,
        }
    }
}

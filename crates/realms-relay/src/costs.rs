//! What a call costs by the usage it ended with, and whether that can be true. Pure.

use realms_dialect::Intent;
use realms_ledger::{Factors, PriceSnapshot, cache_savings, charge};
use realms_scheduler::Candidate;
use realms_types::{Billing, Money, Ppm, Price, Usage};

use crate::plan::Plan;

/// More LLM tokens than four times the longest context there is: no call uses so many.
const MOST_TOKENS: u64 = 8_000_000;
/// No call costs more: what seems to is looked at before it is charged.
const MOST_COST: Money = Money::from_nano(10_000 * 1_000_000_000);

/// What a call costs, with the price it was charged at.
#[derive(Debug, Default)]
pub(crate) struct Costs {
    /// `None` where the model has no price, or where no amount can hold it.
    pub cost: Option<Money>,
    /// What the vendor's cache saved of it.
    pub cache_saved: Option<Money>,
    /// What recomputes it, as JSON.
    pub price: Option<String>,
    /// Whether there is something to pay.
    is_owed: bool,
}

/// Why nobody believes the usage of a call that is in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// What the upstream reported is no count: it is less than nothing, a fraction, or a part above its whole.
    /// What is recorded instead was estimated.
    Report,
    /// More LLM tokens than any call can use.
    Tokens,
    /// More money than any call costs.
    Cost,
    /// No amount can hold what it would cost.
    Amount,
}

// === impl Doubt ===

impl Doubt {
    /// Why a call is in quarantine, by what is recorded of it and what that would cost.
    pub fn of(usage: &Usage, would_cost: Option<Money>) -> Self {
        match would_cost {
            _ if usage.total() > MOST_TOKENS => Self::Tokens,
            None => Self::Amount,
            Some(cost) if cost > MOST_COST => Self::Cost,
            Some(_) => Self::Report,
        }
    }

    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Tokens => "tokens",
            Self::Cost => "cost",
            Self::Amount => "amount",
        }
    }
}

// === impl Costs ===

impl Costs {
    /// What is to become of the charge: a usage that cannot be true waits for somebody to look at it.
    pub(crate) fn billing(&self, implausible: bool, usage: &Usage) -> Billing {
        match self.cost {
            _ if !self.is_owed => Billing::Free,
            Some(cost) if !implausible && is_credible(usage, cost) => Billing::Charged,
            Some(_) | None => Billing::Quarantined,
        }
    }
}

/// Whether one call can have used and cost so much.
pub(crate) fn is_credible(usage: &Usage, cost: Money) -> bool {
    cost <= MOST_COST && usage.total() <= MOST_TOKENS
}

/// The cost of a usage over a group of this multiplier, in the lane that the upstream told of.
pub(crate) fn costs(
    plan: Option<&Plan>,
    group: Option<Ppm>,
    told: Option<&str>,
    usage: &Usage,
) -> Costs {
    let Some((plan, group)) = plan.zip(group) else { return Costs::default() };
    let Some(model) = &plan.model else { return Costs::default() };
    let Some(price) = &model.price else { return Costs::default() };
    if usage.is_empty() {
        let nothing = Some(Money::ZERO);
        return Costs { cost: nothing, cache_saved: nothing, ..Costs::default() };
    }
    let lane = lane(price, &plan.intent, told);
    let (user, key) = (plan.user_multiplier, plan.key_multiplier);
    let factors = Factors { group, user, key, lane };
    let Some(snapshot) = PriceSnapshot::of(price, model.price_version, factors) else {
        return Costs { is_owed: true, ..Costs::default() };
    };
    Costs {
        cost: charge(price, usage, snapshot.multiplier),
        cache_saved: cache_savings(price, usage, snapshot.multiplier),
        price: serde_json::to_string(&snapshot).ok(),
        is_owed: true,
    }
}

/// What a usage cost us at the vendor of this candidate: no part of what is charged. `None` where nobody
/// knows: nobody said what the channel pays, or the usage cannot be true.
pub(crate) fn upstream_cost(
    plan: Option<&Plan>,
    candidate: Option<&Candidate>,
    told: Option<&str>,
    usage: &Usage,
) -> Option<Money> {
    if usage.is_empty() {
        return Some(Money::ZERO);
    }
    let (plan, candidate) = plan.zip(candidate)?;
    let (price, multiplier) = plan.model.as_ref()?.cost_at(candidate.binding)?;
    let lane = lane(price, &plan.intent, told).map_or(Ppm::ONE, |(_, factor)| factor);
    paid(price, multiplier.times(lane)?, usage)
}

/// What a vendor is paid for a usage that can be true.
fn paid(price: &Price, multiplier: Ppm, usage: &Usage) -> Option<Money> {
    charge(price, usage, multiplier).filter(|cost| is_credible(usage, *cost))
}

/// The lane a call was served in, with its factor: the one the upstream tells of, else the fast one if it
/// was asked for. A lane that was asked for and that nobody tells of was not given.
pub(crate) fn lane(price: &Price, intent: &Intent, told: Option<&str>) -> Option<(String, Ppm)> {
    let fast = intent.fast.then_some("fast");
    let lanes = told.into_iter().chain(fast).map(|name| (name.to_owned(), price.lane(name)));
    lanes.into_iter().find(|(_, factor)| *factor != Ppm::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owed(cost: Option<Money>) -> Costs {
        Costs { cost, is_owed: true, ..Costs::default() }
    }

    #[test]
    fn only_what_can_be_true_is_charged() {
        let (some, most) = (Some(Money::from_nano(7)), Some(MOST_COST));
        let beyond = Some(Money::from_nano(MOST_COST.nano() + 1));
        let used = Usage { input: 10, output: 5, ..Usage::default() };
        let many = Usage { input: MOST_TOKENS + 1, ..used };
        let cases = [
            (Costs::default(), false, used, Billing::Free),
            (owed(some), false, used, Billing::Charged),
            (owed(most), false, used, Billing::Charged),
            (owed(beyond), false, used, Billing::Quarantined),
            (owed(None), false, used, Billing::Quarantined),
            (owed(some), true, used, Billing::Quarantined),
            (owed(some), false, many, Billing::Quarantined),
        ];
        for (costs, implausible, usage, expected) in cases {
            assert_eq!(costs.billing(implausible, &usage), expected, "{costs:?} {usage:?}");
        }
    }

    #[test]
    fn a_vendor_is_paid_for_every_bucket_and_never_for_what_cannot_be_true() {
        let unit = |text: &str| text.parse().unwrap();
        let price = Price {
            input: unit("1.25"),
            output: unit("10"),
            cache_read: Some(unit("0.125")),
            ..Price::default()
        };
        let used = Usage { input: 600, cache_read: 400, output: 100, ..Usage::default() };
        let part = |text: &str| text.parse::<Ppm>().unwrap();
        let told = |multiplier: Ppm, usage: &Usage| {
            paid(&price, multiplier, usage).map(|cost| cost.to_string())
        };
        assert_eq!(told(Ppm::ONE, &used).as_deref(), Some("0.0018"));
        assert_eq!(told(part("0.6"), &used).as_deref(), Some("0.00108"));
        assert_eq!(told(Ppm::ZERO, &used).as_deref(), Some("0"));
        let many = Usage { input: MOST_TOKENS + 1, ..used };
        assert_eq!(told(part("0.6"), &many), None);
        assert_eq!(told(Ppm::from_parts(i64::MAX).unwrap(), &used), None, "no amount can hold it");
        assert_eq!(upstream_cost(None, None, None, &Usage::default()), Some(Money::ZERO));
        assert_eq!(upstream_cost(None, None, None, &used), None, "nobody knows");
    }

    #[test]
    fn what_is_in_quarantine_is_doubted_for_a_reason() {
        let beyond = Some(Money::from_nano(MOST_COST.nano() + 1));
        let used = Usage { input: 10, output: 5, ..Usage::default() };
        let many = Usage { input: MOST_TOKENS + 1, ..used };
        for (usage, would_cost, expected) in [
            (used, Some(MOST_COST), Doubt::Report),
            (used, beyond, Doubt::Cost),
            (used, None, Doubt::Amount),
            (many, beyond, Doubt::Tokens),
            (many, None, Doubt::Tokens),
        ] {
            assert_eq!(Doubt::of(&usage, would_cost), expected, "{usage:?} {would_cost:?}");
        }
    }
}

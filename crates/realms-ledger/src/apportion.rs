//! Who pays what of a charge: the subscriptions that were drawn on, then the balance. Pure.

use realms_store::{Draw, HoldRecord, Unit};
use realms_types::Money;

/// A charge, divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shares {
    /// What the balance pays.
    pub(crate) balance: Money,
    /// What counts of each subscription and each limit.
    pub(crate) draws: Vec<Draw>,
}

/// Divides what a call came to among those that were held for it. Each subscription pays up to what was
/// held of it, in their order, the balance the rest; what goes beyond all that was held goes to the
/// balance if it was held of or nothing else was, and to the last subscription otherwise. Limits count
/// all of it.
pub(crate) fn apportion(hold: &HoldRecord, cost: Money, tokens: i64) -> Shares {
    let mut left = cost.nano();
    let mut draws = hold.draws.clone();
    for draw in &mut draws {
        draw.counted = match (draw.subscription, draw.unit) {
            (Some(_), _) => {
                let part = left.min(draw.held);
                left -= part;
                part
            }
            (None, Unit::Money) => cost.nano(),
            (None, Unit::Tokens) => tokens,
        };
    }
    let last = draws.iter_mut().rev().find(|draw| draw.subscription.is_some());
    match last {
        Some(last) if hold.from_balance == Money::ZERO => {
            last.counted = last.counted.saturating_add(left);
            Shares { balance: Money::ZERO, draws }
        }
        Some(_) | None => Shares { balance: Money::from_nano(left), draws },
    }
}

#[cfg(test)]
mod tests {
    use realms_store::{AccountId, HoldState};
    use realms_types::{NodeId, Timestamp};

    use super::*;

    fn draw(subscription: Option<i64>, unit: Unit, held: i64) -> Draw {
        Draw { subscription, unit, held, counted: held, slots: Vec::new() }
    }

    fn hold(from_balance: i64, draws: Vec<Draw>) -> HoldRecord {
        HoldRecord {
            request_id: "00000000-0000-7000-8000-000000000000".parse().unwrap(),
            account: AccountId::from(7),
            node_id: NodeId::new(1),
            state: HoldState::Held,
            amount: Money::ZERO,
            from_balance: Money::from_nano(from_balance),
            tokens: 0,
            lease_until: Timestamp::EPOCH,
            metered: Money::ZERO,
            metered_tokens: 0,
            settled: Money::ZERO,
            settled_balance: Money::ZERO,
            settled_tokens: 0,
            refunded: Money::ZERO,
            draws,
            price: None,
            created_at: Timestamp::EPOCH,
            closed_at: None,
            call: None,
        }
    }

    #[test]
    fn subscriptions_pay_first_and_overruns_fall_on_who_paid_last() {
        let both = || vec![draw(Some(1), Unit::Money, 60), draw(Some(2), Unit::Money, 20)];
        // (held of the balance, draws, cost) -> (the balance, each draw)
        let cases = [
            (100, vec![], 70, 70, vec![]),
            (100, vec![], 130, 130, vec![]),
            (20, both(), 100, 20, vec![60, 20]),
            (20, both(), 50, 0, vec![50, 0]),
            (20, both(), 70, 0, vec![60, 10]),
            (20, both(), 130, 50, vec![60, 20]),
            (0, both(), 130, 0, vec![60, 70]),
            (0, both(), 0, 0, vec![0, 0]),
        ];
        for (from_balance, draws, cost, balance, counted) in cases {
            let shares = apportion(&hold(from_balance, draws), Money::from_nano(cost), 5);
            let found: Vec<i64> = shares.draws.iter().map(|draw| draw.counted).collect();
            assert_eq!((shares.balance.nano(), found), (balance, counted), "{cost}");
            let paid =
                shares.balance.nano() + shares.draws.iter().map(|draw| draw.counted).sum::<i64>();
            assert_eq!(paid, cost);
        }
    }

    #[test]
    fn limits_count_all_of_it() {
        let draws = vec![
            draw(None, Unit::Money, 90),
            draw(None, Unit::Tokens, 4_000),
            draw(Some(1), Unit::Money, 60),
        ];
        let shares = apportion(&hold(30, draws), Money::from_nano(70), 1_200);
        let counted: Vec<i64> = shares.draws.iter().map(|draw| draw.counted).collect();
        assert_eq!((shares.balance.nano(), counted), (10, vec![70, 1_200, 60]));
    }
}

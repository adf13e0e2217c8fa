//! Calls whose usage cannot be true, once somebody has looked at them.

use realms_store::{AuditRecord, Deed, Ground, ReviewNote, ReviewStep, UsageRecord};
use realms_types::Money;

use crate::{
    Goods, Ledger, LedgerError, Movement, Posted, PriceSnapshot, Trade, charge,
    ledger::check_reason,
};

/// What somebody decided that a call is charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// How much; above nothing, and no more than its usage would have cost.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// What the audit log says of it; who does it, and when, is who decides.
    pub audit: AuditRecord,
}

/// What a call would have cost by the usage that is recorded of it. `None` where no price is kept with it, or
/// no amount can hold it.
pub fn would_cost(call: &UsageRecord) -> Option<Money> {
    let snapshot = PriceSnapshot::read(call.price.as_deref()?)?;
    charge(&snapshot.price, &call.usage, snapshot.multiplier)
}

// === impl Review ===

impl Review {
    /// What is done to the record of the call and to its hold.
    fn step(&self, call: &UsageRecord) -> ReviewStep {
        let note = ReviewNote {
            at: self.audit.at,
            by: self.audit.actor.name.clone(),
            reason: self.reason.clone(),
        };
        ReviewStep {
            record: call.id,
            request_id: call.request_id,
            started_at: call.started_at,
            charge: self.amount,
            note,
        }
    }
}

// === impl Ledger ===

impl Ledger {
    /// Charges a call whose usage cannot be true, once: the balance pays, the record says so, and its hold
    /// counts as settled. [`Posted::Already`]: it was charged so much before.
    ///
    /// [`LedgerError::Invalid`]: there is no reason, or the amount is nothing or more than the recorded usage
    /// would have cost. [`Refusal::Overtaken`] and [`Refusal::KeyReused`]: it was waived, or charged another
    /// amount.
    ///
    /// [`Refusal::Overtaken`]: crate::Refusal::Overtaken
    /// [`Refusal::KeyReused`]: crate::Refusal::KeyReused
    pub async fn charge_reviewed(
        &self,
        call: &UsageRecord,
        review: Review,
    ) -> Result<Posted, LedgerError> {
        check_within(review.amount, would_cost(call))?;
        let deed = Deed::on(Ground::Review(review.step(call)));
        let Review { amount, reason, audit } = review;
        let movement = Movement {
            user: call.user_id,
            amount,
            key: call.request_id.to_string(),
            reference: None,
            actor: Some(audit.actor.name.clone()),
            reason: Some(reason),
        };
        check_reason(&movement)?;
        self.trade(Trade { goods: Goods::Call, movement, deed, audit: Some(audit) }).await
    }
}

/// What is charged by hand is no more than what would have been charged.
fn check_within(amount: Money, most: Option<Money>) -> Result<(), LedgerError> {
    let Some(most) = most else {
        return Err(LedgerError::Invalid(
            "nobody can say what this call would have cost: waive it, and adjust the balance if \
             something is owed all the same"
                .to_owned(),
        ));
    };
    if amount <= Money::ZERO {
        return Err(LedgerError::Invalid(format!(
            "{amount} USD is no charge: to charge nothing, waive the call"
        )));
    }
    if amount > most {
        return Err(LedgerError::Invalid(format!(
            "{amount} USD is more than the recorded usage would have cost: charge {most} USD at most"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charge_is_more_than_nothing_and_no_more_than_the_cost() {
        let usd = |text: &str| text.parse::<Money>().unwrap();
        let most = Some(usd("2.5"));
        for (amount, most, is_fine) in [
            ("0.000000001", most, true),
            ("2.5", most, true),
            ("2.500000001", most, false),
            ("0", most, false),
            ("-1", most, false),
            ("1", None, false),
            ("0", Some(Money::ZERO), false),
        ] {
            assert_eq!(check_within(usd(amount), most).is_ok(), is_fine, "{amount} {most:?}");
        }
    }
}

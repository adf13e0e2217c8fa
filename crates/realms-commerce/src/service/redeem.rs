//! The use of redemption codes.

use realms_ledger::{Goods, LedgerError, Movement, Posted, Trade};
use realms_store::{CodeUse, Deed, Ground, RedemptionCodeRecord, Start, SubscriptionRecord};
use realms_types::{Money, PlanId, UserId};

use super::{Commerce, act::Why, codes::normal};
use crate::{CodeRefusal, CommerceError};

/// What a code gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redeemed {
    /// Money on the balance.
    Money(Money),
    /// Time of a plan.
    Time(PlanId),
}

// === impl Commerce ===

impl Commerce {
    /// Uses a code. Who has its plan already must say when the new time begins. Guesses are to be counted
    /// by who calls this.
    pub async fn redeem(
        &self,
        user: UserId,
        code: &str,
        start: Option<Start>,
    ) -> Result<Redeemed, CommerceError> {
        let code = normal(code).map_err(|_| CodeRefusal::Unknown)?;
        let hash = self.hash(&code);
        let record = self.look_up(&hash, user).await?;
        let done = match record.plan {
            Some(plan) => self.redeem_time(&record, plan, user, start).await?,
            None => self.redeem_money(&record, user).await?,
        };
        if done {
            return Ok(record.plan.map_or(Redeemed::Money(record.amount), Redeemed::Time));
        }
        // Somebody was faster: now it tells why.
        self.look_up(&hash, user).await?;
        Err(CodeRefusal::UsedUp.into())
    }

    /// The code, if the user may use it now. It decides nothing.
    async fn look_up(
        &self,
        hash: &[u8; 32],
        user: UserId,
    ) -> Result<RedemptionCodeRecord, CommerceError> {
        let read = self.store.read();
        let found = read.find_redemption_code(hash).await?.filter(|record| record.enabled);
        let record = found.ok_or(CodeRefusal::Unknown)?;
        if read.has_used_code(record.id, user).await? {
            return Err(CodeRefusal::Yours.into());
        }
        if record.expires_at.is_some_and(|at| at <= self.clock.now()) {
            return Err(CodeRefusal::Expired.into());
        }
        if record.used >= record.most_uses {
            return Err(CodeRefusal::UsedUp.into());
        }
        Ok(record)
    }

    fn ground(&self, record: &RedemptionCodeRecord, user: UserId) -> Deed {
        let ground = Ground::Code(CodeUse { code: record.id, user, now: self.clock.now() });
        Deed::on(ground)
    }

    async fn redeem_money(
        &self,
        record: &RedemptionCodeRecord,
        user: UserId,
    ) -> Result<bool, CommerceError> {
        let movement = Movement {
            user,
            amount: record.amount,
            key: format!("{}/{user}", record.id),
            reference: Some(record.id.to_string()),
            actor: None,
            reason: None,
        };
        let deed = self.ground(record, user);
        let trade = Trade { goods: Goods::Gift, movement, deed, audit: None };
        match self.ledger.trade(trade).await {
            Ok(Posted::Done) => Ok(true),
            Ok(Posted::Already) | Err(LedgerError::Refused(realms_ledger::Refusal::Overtaken)) => {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn redeem_time(
        &self,
        record: &RedemptionCodeRecord,
        plan: PlanId,
        user: UserId,
        start: Option<Start>,
    ) -> Result<bool, CommerceError> {
        let now = self.clock.now();
        let had = self.store.read().list_open_subscriptions(user, now).await?;
        let has = |one: &SubscriptionRecord| one.plan == plan;
        let start = match start {
            None if had.iter().any(has) => return Err(CodeRefusal::ChooseStart.into()),
            start => start.unwrap_or(Start::AtOnce),
        };
        let (id, what) = (self.ids.next(), (plan, record.terms.clone()));
        let given = SubscriptionRecord::beginning(id, user, what, now);
        let deed = Deed { gives: Some((given, start)), ..self.ground(record, user) };
        self.carry_out_alone(user, &deed, &Why::default()).await
    }
}

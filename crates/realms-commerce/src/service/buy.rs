//! New orders, bound to all that decides about their payment.

use realms_store::{OrderRecord, PaymentChannelRecord, PlanRecord, Start};
use realms_types::{
    Amount, Currency, Order, OrderKind, OrderState, PaymentChannelId, PlanId, PlanTerms,
    TopUpTerms, UserGroupId, UserId, Value,
};

use super::Commerce;
use crate::{CommerceError, Gateway, NotSold};

/// Who buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buyer {
    /// The user.
    pub user: UserId,
    /// Their group.
    pub group: UserGroupId,
    /// Whether they may pay with play money.
    pub may_test: bool,
}

/// What is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basket {
    /// Money on the balance.
    TopUp(Amount),
    /// Time of a plan, paid in a currency.
    Time {
        /// The plan.
        plan: PlanId,
        /// The currency.
        currency: Currency,
        /// When it begins.
        start: Start,
    },
}

/// What an order is made of beside who pays and how.
struct Goods {
    kind: OrderKind,
    amount: Amount,
    value: Value,
    plan: Option<PlanId>,
    terms: PlanTerms,
    start: Start,
}

// === impl Commerce ===

impl Commerce {
    /// Makes an order. What it costs and what it gives is decided now, whatever changes until it is paid.
    pub async fn order(
        &self,
        buyer: Buyer,
        channel: PaymentChannelId,
        basket: Basket,
        terms: &TopUpTerms,
    ) -> Result<OrderRecord, CommerceError> {
        let found = self.store.read().find_payment_channel(channel).await?;
        let channel = found.ok_or(CommerceError::NotFound("payment channel"))?;
        let goods = match basket {
            Basket::TopUp(amount) => Goods {
                kind: OrderKind::TopUp,
                amount,
                value: terms.quote(amount)?,
                plan: None,
                terms: PlanTerms::default(),
                start: Start::AtOnce,
            },
            Basket::Time { plan, currency, start } => {
                let found = self.store.read().find_plan(plan).await?;
                let plan = found.ok_or(CommerceError::NotFound("plan"))?;
                time(&plan, buyer, currency, start, terms)?
            }
        };
        self.check_channel(&channel, buyer, goods.amount.currency())?;
        let record = self.record(buyer.user, &channel, goods);
        let tx = self.store.begin().await?;
        tx.insert_order(&record).await?;
        tx.commit().await?;
        Ok(record)
    }

    fn check_channel(
        &self,
        channel: &PaymentChannelRecord,
        buyer: Buyer,
        currency: Currency,
    ) -> Result<(), CommerceError> {
        if !channel.enabled {
            return Err(NotSold::Off.into());
        }
        if channel.test_mode && !buyer.may_test {
            return Err(NotSold::TestMode.into());
        }
        // A channel that cannot be opened must not be ordered from: nobody could tell that it was paid.
        let gateway = Gateway::open(channel, &self.keyring)?;
        if matches!(gateway, Gateway::Epay(_)) && currency != Currency::CNY {
            return Err(NotSold::Currency.into());
        }
        Ok(())
    }

    fn record(&self, user: UserId, channel: &PaymentChannelRecord, goods: Goods) -> OrderRecord {
        let now = self.clock.now();
        let Goods { kind, amount, value, plan, terms, start } = goods;
        let order = Order {
            id: self.ids.next(),
            user,
            kind,
            channel: channel.id,
            amount,
            test: channel.test_mode,
            value,
            state: OrderState::Pending,
            payment: None,
            attention: None,
            returned: 0,
            refunded: 0,
        };
        OrderRecord {
            order,
            plan,
            terms,
            start,
            decided_by: None,
            version: 0,
            created_at: now,
            updated_at: now,
        }
    }
}

fn time(
    plan: &PlanRecord,
    buyer: Buyer,
    currency: Currency,
    start: Start,
    terms: &TopUpTerms,
) -> Result<Goods, CommerceError> {
    if !plan.enabled || !plan.terms.is_sensible() {
        return Err(NotSold::Off.into());
    }
    if !plan.user_groups.is_empty() && !plan.user_groups.contains(&buyer.group) {
        return Err(NotSold::OtherGroup.into());
    }
    let price = plan.prices.get(&currency).and_then(|minor| Amount::new(*minor, currency));
    let amount = price.filter(|price| price.minor() > 0).ok_or(NotSold::Currency)?;
    Ok(Goods {
        kind: OrderKind::Subscription,
        amount,
        value: Value { paid: terms.worth(amount), ..Value::default() },
        plan: Some(plan.id),
        terms: plan.terms.clone(),
        start,
    })
}

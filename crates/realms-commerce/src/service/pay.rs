//! Where people go to pay.

use std::time::Duration;

use realms_store::OrderRecord;
use realms_types::{OrderId, OrderState, Timestamp, UserId};

use super::Commerce;
use crate::{Bill, CommerceError, EpayMethod, Gateway, GatewayError, Refusal};

/// How this site is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site<'a> {
    /// Its address from the configuration, never from a request, without a slash at the end.
    pub base: &'a str,
    /// What people read at the gateway.
    pub title: &'a str,
}

/// How long a page of Stripe is open at most; between half an hour and a day.
const OPEN: Duration = Duration::from_hours(2);
/// Within so long everybody who asks for the page of an order gets the same one.
const SAME: i64 = 30 * 60;

// === impl Commerce ===

impl Commerce {
    /// The page at the gateway on which the user pays an order of theirs.
    pub async fn page(
        &self,
        user: UserId,
        order: OrderId,
        site: Site<'_>,
        method: Option<EpayMethod>,
    ) -> Result<String, CommerceError> {
        let read = self.store.read();
        let found = read.find_order(order).await?.filter(|record| record.order.user == user);
        let OrderRecord { order, .. } = found.ok_or(CommerceError::NotFound("order"))?;
        if order.state != OrderState::Pending || order.payment.is_some() {
            return Err(Refusal::State(order.state).into());
        }
        let found = read.find_payment_channel(order.channel).await?;
        let channel = found.ok_or(CommerceError::NotFound("payment channel"))?;
        let (base, id) = (site.base, order.id);
        let bill = Bill {
            order: id,
            amount: order.amount,
            title: site.title,
            success_url: &format!("{base}/pay/{id}/success"),
            cancel_url: &format!("{base}/pay/{id}/cancel"),
            notify_url: &format!("{base}/api/pay/{}/notify", channel.id),
        };
        match Gateway::open(&channel, &self.keyring)? {
            Gateway::Epay(epay) => Ok(epay.pay_url(&bill, method)?),
            Gateway::Stripe(stripe) => {
                let request = stripe.checkout(&bill, open_until(self.clock.now()))?;
                let answer = self.outside.send(request).await?;
                Ok(stripe.read_checkout(&answer)?.url)
            }
            Gateway::Webhook(_) => Err(GatewayError::Missing("page of this gateway").into()),
        }
    }
}

/// When a page that is asked for now closes.
fn open_until(now: Timestamp) -> Timestamp {
    let seconds = now.as_secs();
    Timestamp::from_secs(seconds - seconds.rem_euclid(SAME)) + OPEN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_the_same_for_a_while_and_open_long_enough() {
        let at = |minutes: i64| open_until(Timestamp::from_secs(1_795_000_200 + minutes * 60));
        // 1,795,000,200 is ten minutes past a half hour.
        assert_eq!(at(0), at(19));
        assert_ne!(at(19), at(20));
        for minutes in 0..60 {
            let now = Timestamp::from_secs(1_795_000_200 + minutes * 60);
            let open = at(minutes).since(now);
            assert!(open > Duration::from_mins(90) && open <= OPEN, "{open:?}");
        }
    }
}

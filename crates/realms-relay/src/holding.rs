//! The money of one call: set aside before anybody is asked, kept while the call runs, settled with its
//! record. In self mode nobody pays, and only calls that count for a budget are held for.

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use parking_lot::Mutex;
use realms_catalog::Model;
use realms_dialect::{Fault, Reading, estimate};
use realms_identity::Caller;
use realms_ledger::{
    Hold, LedgerError, Payer, Reservation, Settled, Settlement, Subscription, charge,
};
use realms_store::{SubscriptionRecord, UsageRecord};
use realms_types::{Billing, Money, Ppm, Price, Timestamp, Usage};
use tokio::time::sleep;

use crate::{
    Relay,
    call::Call,
    costs::is_credible,
    holding::{
        budgets::{caps, has_budgets_in_money},
        reckon::most_it_may_cost,
        refusal::{refused, unpriced},
        room::when_again,
    },
    noting::note,
    plan::Plan,
    record::text_length,
};

mod budgets;
mod reckon;
mod refusal;
mod room;

pub(crate) use self::budgets::has_budgets;

/// What is set aside for a call that runs. Dropped, it is charged what the call has used so far.
#[derive(Debug)]
pub(crate) struct Holding {
    /// `None` once it is settled.
    hold: Option<Hold>,
    progress: Arc<Progress>,
    model: Arc<Model>,
    /// How much of the request is text, in bytes.
    text_length: usize,
}

/// Nothing costs anything.
static FREE: Price = Price::FREE;

/// What a call has used so far, told by whoever passes its answer on.
#[derive(Debug, Default)]
pub(crate) struct Progress(Mutex<Used>);

#[derive(Debug, Clone, Copy, Default)]
struct Used {
    /// That of the way to whoever answers; `None` as long as nobody does.
    multiplier: Option<Ppm>,
    usage: Option<Usage>,
    output_chars: u64,
}

/// Sets aside what a call may cost, or says why it cannot be made. `None`: nobody pays for it, and it
/// counts for no budget.
pub(crate) async fn set_aside(
    relay: &Relay,
    caller: &Caller,
    call: &Call,
    plan: &Plan,
) -> Result<Option<Holding>, Fault> {
    if !call.operation.is_metered() {
        return Ok(None);
    }
    let (settings, now) = (plan.catalog.settings(), relay.clock.now());
    let caps = caps(caller, &settings.time_zone, now);
    let Some(model) = plan.model.as_ref().filter(|_| !relay.self_mode || !caps.is_empty()) else {
        return Ok(None);
    };
    let price = match &model.price {
        Some(price) => price,
        None if !may_go_unpriced(relay, caller, plan) => return Err(unpriced(&model.name)),
        None if caps.is_empty() => return Ok(None),
        None => &FREE,
    };
    let text_length = text_length(call);
    let estimate = most_it_may_cost(price, text_length as u64, plan, &call.operation)
        .ok_or_else(|| Fault::too_large("this request may cost more than any amount can hold"))?;
    let reservation = Reservation {
        request_id: call.meta.id,
        user: caller.user_id,
        node: relay.node_id,
        estimate,
        caps,
        payer: payer(relay, caller, plan, now),
        call: Some(note(caller, call, plan)),
    };
    let hold = match relay.ledger.reserve(reservation).await {
        Ok(hold) => hold,
        // Who pays for everything rather has the call than the count.
        Err(LedgerError::Unavailable { .. }) if relay.self_mode => return Ok(None),
        Err(error) => {
            relay.metrics.unpaid(&error);
            let again = when_again(relay, caller, plan, &error, now).await;
            return Err(refused(&error, again, settings.site_base_url.as_ref(), now));
        }
    };
    let (model, progress) = (Arc::clone(model), Arc::default());
    Ok(Some(Holding { hold: Some(hold), progress, model, text_length }))
}

/// Who pays: in self mode nobody, otherwise the plans of the user that run, and then the balance.
fn payer(relay: &Relay, caller: &Caller, plan: &Plan, now: Timestamp) -> Payer {
    if relay.self_mode {
        return Payer::House;
    }
    let runs = |one: &&SubscriptionRecord| one.starts_at <= now && now < one.ends_at;
    Payer::User {
        subscriptions: caller.subscriptions.iter().filter(runs).map(Subscription::of).collect(),
        pay_as_you_go: plan.catalog.settings().pay_as_you_go,
    }
}

/// Whether a call of a model without a price may be made: money that nobody can reckon is not owed, and
/// not counted either.
fn may_go_unpriced(relay: &Relay, caller: &Caller, plan: &Plan) -> bool {
    let needs_price = !relay.self_mode || has_budgets_in_money(caller);
    !needs_price || plan.catalog.settings().allow_unpriced_models
}

// === impl Holding ===

impl Holding {
    /// Where those who pass the answer on tell how far it is.
    pub(crate) fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    /// Does the work of the call, and renews the lease all the while.
    pub(crate) async fn keep_during<T>(
        &mut self,
        every: Duration,
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = pin!(work);
        loop {
            let renewal = async {
                sleep(every).await;
                self.renew().await;
            };
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = renewal => {}
            }
        }
    }

    /// Charges the call what its record says, and writes the record, in one transaction. What nothing is
    /// owed for is released.
    pub(crate) async fn settle(mut self, record: UsageRecord) {
        let Some(hold) = self.hold.take() else { return };
        let request = record.request_id;
        let tokens = record.usage.total();
        if record.billing == Some(Billing::Quarantined) {
            tracing::error!(request.id = %request, usage = ?record.usage, "the usage of a call cannot be true: nothing is charged until somebody has looked at it");
        }
        let ended = match to_settle(&record) {
            Some(cost) => {
                let price = record.price.clone();
                let record = Some(Box::new(record));
                hold.settle(Settlement { cost, tokens, price, record }).await
            }
            None => hold.release_with(Box::new(record)).await,
        };
        match ended {
            Ok(Settled::Done { .. } | Settled::Spooled) => {}
            Ok(odd @ (Settled::Already { .. } | Settled::NoHold | Settled::Alive)) => {
                tracing::error!(request.id = %request, ?odd, "a call ended whose hold was not there");
            }
            Err(error) => tracing::error!(request.id = %request, %error, "a call is not settled"),
        }
    }

    /// A renewal that fails is tried again by the next: a lease outlasts several.
    async fn renew(&mut self) {
        self.meter();
        let Some(hold) = &mut self.hold else { return };
        let id = hold.request_id();
        match hold.renew().await {
            Ok(true) => {}
            Ok(false) => tracing::warn!(request.id = %id, "a hold expired while its call runs"),
            Err(error) => tracing::warn!(request.id = %id, %error, "a hold is not renewed"),
        }
    }

    /// Tells the hold what the call has come to so far.
    fn meter(&mut self) {
        let Some(hold) = &mut self.hold else { return };
        let price = self.model.price.as_ref().unwrap_or(&FREE);
        let used = *self.progress.0.lock();
        let Some(multiplier) = used.multiplier else { return };
        let usage = used.so_far(self.text_length);
        if let Some(cost) = charge(price, &usage, multiplier).filter(|cost| *cost >= Money::ZERO) {
            hold.meter(cost, usage.total(), None);
        }
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.meter();
    }
}

/// What a call is settled at; `None`: it is released. What nobody pays for counts all the same, if it can
/// be true.
fn to_settle(record: &UsageRecord) -> Option<Money> {
    let cost = match record.billing {
        Some(Billing::Charged) => return record.cost,
        Some(Billing::Free) | None => record.cost.unwrap_or(Money::ZERO),
        Some(Billing::Quarantined | Billing::Reviewed | Billing::Waived) => return None,
    };
    (!record.usage.is_empty() && is_credible(&record.usage, cost)).then_some(cost)
}

// === impl Progress ===

impl Progress {
    /// Somebody answers, at this multiplier; `None` where it cannot be held, so that nothing is metered.
    pub(crate) fn answered(&self, multiplier: Option<Ppm>) {
        self.0.lock().multiplier = multiplier;
    }

    /// So much of the answer was read.
    pub(crate) fn read(&self, reading: &Reading) {
        let mut used = self.0.lock();
        used.usage = reading.usage;
        used.output_chars = reading.output_chars;
    }
}

// === impl Used ===

impl Used {
    /// As if the answer ended here.
    fn so_far(&self, text_length: usize) -> Usage {
        let Self { usage, output_chars, .. } = *self;
        estimate(text_length, &Reading { usage, output_chars, ..Reading::default() })
    }
}

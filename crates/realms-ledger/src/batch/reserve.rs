//! Reservations: limits first, then the subscriptions, then the balance; all of it or nothing.

use std::collections::{BTreeMap, HashMap};

use realms_store::{
    AccountId, AllowanceRecord, Draw, DrawSlot, HoldRecord, HoldState, StoreError, Unit,
};
use realms_types::{Money, Timestamp};

use super::Work;
use crate::{
    Window,
    order::{Cap, HOUSE, Payer, Refusal, Reservation, Reserve, Subscription, whole},
};

/// Allowances by name, as this transaction sees them.
type Allowances = HashMap<String, AllowanceRecord>;

// === impl Work ===

impl Work<'_> {
    /// Decides each reservation in its turn against the rows that this transaction has locked, then
    /// takes what they need together: one conditional statement for each balance and each allowance. Should
    /// a row not be what it was when it was locked, all fails and is done again one by one.
    pub(super) async fn reserve_all(
        &mut self,
        reserves: &[Reserve],
    ) -> Result<Vec<Result<HoldRecord, Refusal>>, StoreError> {
        let mut allowances = self.open_allowances(reserves).await?;
        let before: BTreeMap<String, i64> =
            allowances.values().map(|one| (one.name.clone(), one.used)).collect();
        let mut taken = BTreeMap::<AccountId, i64>::new();
        let mut outcomes = Vec::with_capacity(reserves.len());
        for reserve in reserves {
            let outcome = self.reserve(reserve, &mut allowances, &mut taken);
            outcomes.push(outcome);
        }
        for (name, used) in before {
            let now = allowances.get(&name).map_or(used, |one| one.used);
            if now != used && !self.tx.draw_allowance(&name, now - used, now).await? {
                return Err(moved(&name));
            }
        }
        for (account, amount) in taken {
            let amount = Money::from_nano(amount);
            if !self.tx.take_available(account, amount, self.now).await? {
                return Err(moved(&account.to_string()));
            }
        }
        Ok(outcomes)
    }

    fn reserve(
        &mut self,
        reserve: &Reserve,
        allowances: &mut Allowances,
        taken: &mut BTreeMap<AccountId, i64>,
    ) -> Result<HoldRecord, Refusal> {
        let reservation = &reserve.reservation;
        let account = AccountId::user(reservation.user);
        if let Some(known) = self.holds.get(&reservation.request_id) {
            let same = known.state == HoldState::Held
                && known.account == account
                && known.amount == reservation.estimate.cost;
            return if same {
                Ok(known.clone())
            } else {
                Err(Refusal::Known(reservation.request_id))
            };
        }
        let mut draws = Vec::new();
        let paid = pay(reserve, self.available(account), allowances, &mut draws);
        let from_balance = paid.inspect_err(|_| undo(&draws, allowances))?;
        if from_balance != Money::ZERO {
            self.note(account, -from_balance.nano());
            *taken.entry(account).or_insert(0) += from_balance.nano();
        }
        for draw in &draws {
            for slot in &draw.slots {
                let place = (slot.allowance.clone(), slot.bucket);
                *self.buckets.entry(place).or_insert(0) += draw.held;
            }
        }
        let hold = new_hold(reserve, account, from_balance, draws);
        self.holds.insert(hold.request_id, hold.clone());
        self.new_holds.push(hold.clone());
        Ok(hold)
    }

    /// The allowances of these reservations, made where they are missing, their windows moved on.
    async fn open_allowances(&mut self, reserves: &[Reserve]) -> Result<Allowances, StoreError> {
        let wanted = wanted(reserves);
        let names: Vec<&str> = wanted.keys().map(String::as_str).collect();
        let mut found = self.find(&names).await?;
        let missing: Vec<AllowanceRecord> =
            wanted.values().filter(|one| !found.contains_key(&one.name)).cloned().collect();
        self.tx.insert_allowances(&missing).await?;
        let mut stale = Vec::new();
        for one in wanted.values() {
            if found.get(&one.name).is_some_and(|known| known.rolled_to < one.rolled_to) {
                self.tx.roll_allowance(&one.name, one.rolled_to).await?;
                stale.push(one.name.as_str());
            }
        }
        stale.extend(missing.iter().map(|one| one.name.as_str()));
        found.extend(self.find(&stale).await?);
        Ok(found)
    }

    async fn find(&self, names: &[&str]) -> Result<Allowances, StoreError> {
        let found = self.tx.find_allowances(names).await?;
        Ok(found.into_iter().map(|one| (one.name.clone(), one)).collect())
    }
}

/// Draws on everything in its order and tells what the balance holds. What was drawn before a refusal
/// is in `draws`.
fn pay(
    reserve: &Reserve,
    available: Money,
    allowances: &mut Allowances,
    draws: &mut Vec<Draw>,
) -> Result<Money, Refusal> {
    let Reservation { estimate, caps, payer, .. } = &reserve.reservation;
    for cap in caps {
        draws.push(draw_cap(cap, cap.needs(*estimate), reserve.now, allowances)?);
    }
    let mut left = estimate.cost.nano();
    let (subscriptions, pay_as_you_go) = match payer {
        Payer::House => {
            draws.push(draw_house(left));
            return Ok(Money::ZERO);
        }
        Payer::User { subscriptions, pay_as_you_go } => (subscriptions, *pay_as_you_go),
    };
    for subscription in subscriptions {
        let part = room(subscription, allowances).min(left);
        if part > 0 {
            draws.push(draw_subscription(subscription, part, reserve.now, allowances));
            left -= part;
        }
    }
    let needed = Money::from_nano(left);
    if left == 0 {
        return Ok(needed);
    }
    match (pay_as_you_go, subscriptions.is_empty()) {
        (true, _) if available >= needed => Ok(needed),
        (true, true) => Err(Refusal::Insufficient { available, needed }),
        (_, has_none) => {
            let estimate = estimate.cost;
            Err(Refusal::Exhausted { needed, estimate, has_plan: !has_none })
        }
    }
}

fn draw_cap(
    cap: &Cap,
    needed: i64,
    now: Timestamp,
    allowances: &mut Allowances,
) -> Result<Draw, Refusal> {
    let name = cap.name();
    let used = allowances.get(&name).map_or(0, |one| one.used);
    if used.saturating_add(needed) > cap.limit {
        return Err(Refusal::Limit {
            owner: cap.owner.to_string(),
            unit: cap.unit,
            window: cap.window,
            limit: cap.limit,
            used,
            needed,
        });
    }
    let slots = vec![draw(name, &cap.window, needed, now, allowances)];
    Ok(Draw { subscription: None, unit: cap.unit, held: needed, counted: needed, slots })
}

/// What nobody pays for is drawn on what has no bounds and is written nowhere.
fn draw_house(all: i64) -> Draw {
    let (unit, slots) = (Unit::Money, Vec::new());
    Draw { subscription: Some(HOUSE), unit, held: all, counted: all, slots }
}

/// Draws a part of a subscription, which has room for it, in all of its windows.
fn draw_subscription(
    subscription: &Subscription,
    part: i64,
    now: Timestamp,
    allowances: &mut Allowances,
) -> Draw {
    let windows = subscription.windows.iter();
    let slots = windows
        .map(|(window, _)| draw(subscription.name(window), window, part, now, allowances))
        .collect();
    Draw {
        subscription: Some(subscription.id),
        unit: Unit::Money,
        held: part,
        counted: part,
        slots,
    }
}

/// Uses an allowance, and tells where it counts: never before the window's horizon, even on a node
/// whose clock is behind.
fn draw(
    name: String,
    window: &Window,
    amount: i64,
    now: Timestamp,
    allowances: &mut Allowances,
) -> DrawSlot {
    let mut bucket = window.bucket(now);
    if let Some(allowance) = allowances.get_mut(&name) {
        allowance.used += amount;
        bucket = bucket.max(allowance.rolled_to);
    }
    DrawSlot { allowance: name, bucket }
}

/// Gives back what was drawn for a reservation that is refused after all.
fn undo(draws: &[Draw], allowances: &mut Allowances) {
    for draw in draws {
        for slot in &draw.slots {
            if let Some(allowance) = allowances.get_mut(&slot.allowance) {
                allowance.used -= draw.held;
            }
        }
    }
}

fn moved(what: &str) -> StoreError {
    StoreError::Invalid(format!("{what} moved while it was locked: something else writes to it"))
}

/// Every allowance that is asked for, empty, with the latest horizon anybody sees.
fn wanted(reserves: &[Reserve]) -> BTreeMap<String, AllowanceRecord> {
    let mut wanted = BTreeMap::<String, AllowanceRecord>::new();
    for Reserve { reservation, now, .. } in reserves {
        let account = AccountId::user(reservation.user);
        let caps = reservation.caps.iter().map(|cap| (cap.name(), &cap.window));
        let subscriptions = reservation
            .payer
            .subscriptions()
            .iter()
            .flat_map(|one| one.windows.iter().map(|(window, _)| (one.name(window), window)));
        for (name, window) in caps.chain(subscriptions) {
            let rolled_to = window.horizon(*now);
            let known = wanted.entry(name.clone()).or_insert(AllowanceRecord {
                name,
                account,
                used: 0,
                rolled_to,
            });
            known.rolled_to = known.rolled_to.max(rolled_to);
        }
    }
    wanted
}

/// What a subscription bears in all of its windows; nothing, if it has none.
fn room(subscription: &Subscription, allowances: &Allowances) -> i64 {
    let rooms = subscription.windows.iter().map(|(window, most)| {
        let used = allowances.get(&subscription.name(window)).map_or(0, |one| one.used);
        most.nano().saturating_sub(used)
    });
    rooms.min().unwrap_or(0)
}

fn new_hold(
    reserve: &Reserve,
    account: AccountId,
    from_balance: Money,
    draws: Vec<Draw>,
) -> HoldRecord {
    let reservation = &reserve.reservation;
    HoldRecord {
        request_id: reservation.request_id,
        account,
        node_id: reservation.node,
        state: HoldState::Held,
        amount: reservation.estimate.cost,
        from_balance,
        tokens: whole(reservation.estimate.tokens),
        lease_until: reserve.lease_until,
        metered: Money::ZERO,
        metered_tokens: 0,
        settled: Money::ZERO,
        settled_balance: Money::ZERO,
        settled_tokens: 0,
        refunded: Money::ZERO,
        draws,
        price: None,
        created_at: reserve.now,
        closed_at: None,
        call: reservation.call.clone(),
    }
}

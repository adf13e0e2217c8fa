//! Is the ledger sound? Reads all of it and changes nothing.

use std::fmt;

use realms_store::{
    AccountId, AllowanceGap, BalanceGap, ChargeGap, EntryKind, EntryMark, LedgerTotals,
    OrderFilter, OrderRecord, Store, StoreError, UnbalancedEntry,
};
use realms_types::{Money, OrderId, OrderKind, OrderState};

use crate::{
    anchor::{Chain, hash_day},
    order::entry_key,
};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// How much there is.
    pub totals: LedgerTotals,
    /// Days whose hash was made anew.
    pub anchors: usize,
    /// What is wrong; at most a hundred of each kind.
    pub defects: Vec<Defect>,
}

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Defect {
    /// An entry does not balance.
    Entry(UnbalancedEntry),
    /// A balance is not the sum of what was posted.
    Balance(BalanceGap),
    /// What is held of an account is not the sum of its holds.
    Held(BalanceGap),
    /// A call was charged otherwise than its hold says.
    Charge(ChargeGap),
    /// An allowance is not the sum of its buckets.
    Allowance(AllowanceGap),
    /// What an order is worth is not what was credited for it.
    Order(OrderGap),
    /// The entries of a day are not those its anchor was made of.
    Anchor {
        /// The day, counted from 1970.
        day: i64,
    },
    /// Days between two anchors have entries and no anchor.
    Unanchored {
        /// The first such day, counted from 1970.
        day: i64,
    },
}

/// An order whose worth was not credited as it should have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderGap {
    /// Which.
    pub order: OrderId,
    /// How far it is.
    pub state: OrderState,
    /// What should have been credited for it.
    pub worth: Money,
    /// What was; `None`: nothing ever.
    pub credited: Option<Money>,
}

/// Orders that are looked at in one step.
const STEP: u64 = 500;
/// What is told of one kind.
const MOST: usize = 100;

/// Reads the whole ledger. It may run beside a server: every question sees one moment.
pub async fn verify(store: &Store) -> Result<Verification, StoreError> {
    let read = store.read();
    let mut defects = Vec::new();
    defects.extend(read.list_unbalanced_entries().await?.into_iter().map(Defect::Entry));
    defects.extend(read.list_balance_gaps().await?.into_iter().map(Defect::Balance));
    defects.extend(read.list_held_gaps().await?.into_iter().map(Defect::Held));
    defects.extend(read.list_charge_gaps().await?.into_iter().map(Defect::Charge));
    defects.extend(read.list_allowance_gaps().await?.into_iter().map(Defect::Allowance));
    defects.extend(list_order_gaps(store).await?.into_iter().map(Defect::Order));
    let anchors = check_anchors(store, &mut defects).await?;
    Ok(Verification { totals: read.count_ledger().await?, anchors, defects })
}

/// Every order against the entry that is named after it. What an order becomes and what it moves are written in one
/// transaction.
async fn list_order_gaps(store: &Store) -> Result<Vec<OrderGap>, StoreError> {
    let mut gaps = Vec::new();
    let mut before = None;
    loop {
        let filter = OrderFilter { before, limit: STEP, ..OrderFilter::default() };
        let orders = store.read().list_orders(filter).await?;
        let Some(last) = orders.last() else { return Ok(gaps) };
        before = Some(last.order.id);
        let keys: Vec<String> = orders.iter().map(key_of).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let marks = store.read().find_entry_marks(&keys).await?;
        for (order, key) in orders.iter().zip(keys) {
            let mark = marks.iter().find(|mark| mark.key == key);
            let Some(gap) = gap_of(order, mark) else { continue };
            // It may have been paid since it was read.
            let now = store.read().find_order(gap.order).await?;
            gaps.extend(now.filter(|now| now.version == order.version).map(|_| gap));
            if gaps.len() >= MOST {
                return Ok(gaps);
            }
        }
    }
}

/// The key of the entry that gave what was ordered.
fn key_of(record: &OrderRecord) -> String {
    let kind = match record.order.kind {
        OrderKind::TopUp => EntryKind::Credit,
        OrderKind::Subscription => EntryKind::Sale,
    };
    entry_key(kind, &record.order.id.to_string())
}

fn gap_of(record: &OrderRecord, mark: Option<&EntryMark>) -> Option<OrderGap> {
    let order = &record.order;
    let worth = order.value.paid.checked_add(order.value.bonus)?;
    let (must, may) = match order.state {
        OrderState::Paid => (true, true),
        // What the gateway gave back before it told of the payment was never credited.
        OrderState::Refunded => (order.refunded > 0, true),
        OrderState::Pending
        | OrderState::Cancelled
        | OrderState::Rejected
        | OrderState::Expired => (false, false),
    };
    let credited = mark.map(|mark| mark.first.amount);
    let fits = match mark {
        None => !must || worth == Money::ZERO,
        Some(_) if !may => false,
        // Time of a plan passes through the balance: what was credited went on at once.
        Some(_) if order.kind == OrderKind::Subscription => true,
        Some(mark) => mark.first.account == AccountId::user(order.user) && credited == Some(worth),
    };
    (!fits).then_some(OrderGap { order: order.id, state: order.state, worth, credited })
}

async fn check_anchors(store: &Store, defects: &mut Vec<Defect>) -> Result<usize, StoreError> {
    let anchors = store.read().list_anchors().await?;
    let days = store.read().list_entry_days(i64::MIN).await?;
    if let Some(last) = anchors.last() {
        let known = |day: &i64| anchors.binary_search_by_key(day, |one| one.day).is_ok();
        let missing = days.iter().find(|day| **day < last.day && !known(day));
        defects.extend(missing.map(|day| Defect::Unanchored { day: *day }));
    }
    let mut chain = Chain::default();
    for anchor in &anchors {
        let made = hash_day(store, anchor.day, &chain).await?;
        if (made.entries, &made.hash) != (anchor.entries, &anchor.hash) {
            defects.push(Defect::Anchor { day: anchor.day });
        }
        // The next day is checked against what was written, so that one day is named, not all after it.
        chain = Chain::after(anchor);
    }
    Ok(anchors.len())
}

// === impl Verification ===

impl Verification {
    /// Whether nothing is wrong.
    pub const fn is_sound(&self) -> bool {
        self.defects.is_empty()
    }
}

// === impl Defect ===

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(one) => write!(
                f,
                "entry {}: {} postings whose sum is {} USD",
                one.entry, one.postings, one.sum
            ),
            Self::Balance(one) => write!(
                f,
                "account {}: available and held are {} USD, {} USD were posted",
                one.account, one.stored, one.counted
            ),
            Self::Held(one) => write!(
                f,
                "account {}: {} USD are held, its holds are {} USD",
                one.account, one.stored, one.counted
            ),
            Self::Charge(one) => write!(
                f,
                "call {}: its hold says the balance paid {} USD, {} USD were posted",
                one.request_id, one.stored, one.counted
            ),
            Self::Allowance(one) => write!(
                f,
                "allowance `{}`: {} are used, its buckets have {}",
                one.name, one.stored, one.counted
            ),
            Self::Order(OrderGap { order, state, worth, credited }) => {
                let state = state.as_str();
                write!(f, "order {order}: it is {state} and worth {worth} USD, ")?;
                match credited {
                    Some(credited) => write!(f, "{credited} USD were credited"),
                    None => f.write_str("nothing was credited"),
                }
            }
            Self::Anchor { day } => {
                write!(f, "day {}: its entries are not those its anchor was made of", date(*day))
            }
            Self::Unanchored { day } => {
                write!(f, "day {}: it has entries and no anchor, later days have", date(*day))
            }
        }
    }
}

/// The date of a day, such as `2026-11-29`.
pub(crate) fn date(day: i64) -> String {
    let start = realms_types::Timestamp::from_secs(day.saturating_mul(86_400)).to_string();
    start.split('T').next().unwrap_or_default().to_owned()
}

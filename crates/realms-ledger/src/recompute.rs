//! Did every call cost what its usage and its price say? Reads and changes nothing.

use std::fmt;

use realms_store::{PricedRecord, Store, StoreError};
use realms_types::{Billing, Money, RequestId, Timestamp};

use crate::PriceSnapshot;

/// Calls that are named.
const MOST: usize = 100;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recomputed {
    /// Calls whose cost was reckoned again.
    pub calls: u64,
    /// Calls whose record keeps no price: those that nobody was left to record, charged what was metered
    /// last, and those whose price was too long to keep.
    pub without_price: u64,
    /// Calls that cost something else.
    pub miscounts: u64,
    /// The first hundred of these.
    pub named: Vec<Miscount>,
}

/// A call that cost something else than its usage and its price say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miscount {
    /// The call.
    pub request_id: RequestId,
    /// What its record says.
    pub recorded: Money,
    /// What its usage and price say; `None` where they cannot be understood.
    pub recomputed: Option<Money>,
}

/// Reckons the calls of a time again, from a moment up to another.
pub async fn recompute(
    store: &Store,
    since: Timestamp,
    until: Timestamp,
) -> Result<Recomputed, StoreError> {
    let mut found = Recomputed::default();
    let mut after = None;
    loop {
        let page = store.read().list_priced(after, since, until).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = Some(last.id);
        for record in &page {
            found.add(record);
        }
    }
}

// === impl Recomputed ===

impl Recomputed {
    fn add(&mut self, record: &PricedRecord) {
        // What somebody decided is not reckoned.
        if record.billing == Some(Billing::Reviewed) {
            return;
        }
        let recomputed = match &record.price {
            Some(price) => {
                PriceSnapshot::read(price).and_then(|price| Some(price.lines(&record.usage)?.1))
            }
            None if record.cost == Money::ZERO && record.usage.is_empty() => Some(Money::ZERO),
            None => {
                self.without_price += 1;
                return;
            }
        };
        self.calls += 1;
        if recomputed == Some(record.cost) {
            return;
        }
        self.miscounts += 1;
        if self.named.len() < MOST {
            let (request_id, recorded) = (record.request_id, record.cost);
            self.named.push(Miscount { request_id, recorded, recomputed });
        }
    }
}

// === impl Miscount ===

impl fmt::Display for Miscount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request_id, recorded, recomputed } = self;
        write!(f, "call {request_id}: its record says {recorded} USD, its usage and price say ")?;
        match recomputed {
            Some(cost) => write!(f, "{cost} USD"),
            None => f.write_str("nothing that can be understood"),
        }
    }
}

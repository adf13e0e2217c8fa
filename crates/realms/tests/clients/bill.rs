//! What the fake upstream charges: another usage for every call, written down when the call arrives. The
//! records of Realms are held against it.

use std::sync::Arc;

use parking_lot::Mutex;
use realms_ledger::charge;
use realms_testkit::Received;
use realms_types::{DialectId, Money, Ppm, Price, Usage};

/// By which header a call says in its request and in its record which it is.
pub(crate) const TAG: &str = "x-cell";

/// What every model costs, in USD for a million LLM tokens, as the manifest calls it.
pub(crate) const PRICES: &str = r#"input_usd_per_1m = "1"
output_usd_per_1m = "4"
cache_read_usd_per_1m = "0.25"
cache_write_5m_usd_per_1m = "1.5"
cache_write_1h_usd_per_1m = "2"
"#;

/// Every call that the upstream answered. Clones are the same bill.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bill(Arc<Mutex<Vec<Item>>>);

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// What it says it is; empty when it says nothing.
    pub(crate) tag: String,
    /// What it used.
    pub(crate) usage: Usage,
}

// === impl Bill ===

impl Bill {
    /// Writes a call down, and tells what it used. `written` says whether some of its input went into a
    /// cache, which not every dialect can tell in full.
    pub(crate) fn write(&self, call: &Received, written: bool) -> Usage {
        let mut items = self.0.lock();
        let number = u64::try_from(items.len()).unwrap();
        let usage = usage_of(number, call.dialect(), written);
        items.push(Item { tag: call.header(TAG).to_owned(), usage });
        usage
    }

    /// All that was written down, in the order of arrival.
    pub(crate) fn items(&self) -> Vec<Item> {
        self.0.lock().clone()
    }
}

/// Unlike that of the call before and the call after, in every bucket that the dialect can tell.
fn usage_of(number: u64, upstream: DialectId, written: bool) -> Usage {
    let usage = Usage {
        input: 1_000 + 7 * number,
        cache_read: 100 + number % 13,
        output: 40 + number % 11,
        reasoning: 1 + number % 5,
        ..Usage::default()
    };
    match upstream {
        DialectId::Messages if written => {
            Usage { cache_write_5m: 20 + number % 3, cache_write_1h: 10 + number % 7, ..usage }
        }
        DialectId::Responses | DialectId::Chat if written => {
            Usage { cache_write_5m: 20 + number % 3, ..usage }
        }
        _ => usage,
    }
}

// === impl Item ===

impl Item {
    /// What it costs at the prices of every model here.
    pub(crate) fn cost(&self) -> Option<Money> {
        let price = Price {
            input: "1".parse().unwrap(),
            output: "4".parse().unwrap(),
            cache_read: Some("0.25".parse().unwrap()),
            cache_write_5m: Some("1.5".parse().unwrap()),
            cache_write_1h: Some("2".parse().unwrap()),
            terms: None,
        };
        charge(&price, &self.usage, Ppm::ONE)
    }
}

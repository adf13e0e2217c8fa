//! What a call cost, line by line: the sum is the charge, to the last nano-USD.

use realms_types::{Money, Ppm, Price, UnitPrice, Usage};
use serde::{Deserialize, Serialize};

use crate::charge;

/// The price a call was charged at, as it is kept with its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceSnapshot {
    /// The price of the model.
    pub price: Price,
    /// The multiplier of the way to the channel.
    pub multiplier: Ppm,
}

/// A bucket of usage that has a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Fresh input.
    Input,
    /// Input read from a cache.
    CacheRead,
    /// Input written to a cache for 5 minutes.
    CacheWrite5m,
    /// Input written to a cache for an hour.
    CacheWrite1h,
    /// Output, reasoning included.
    Output,
}

/// What one bucket cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostLine {
    /// Which.
    pub bucket: Bucket,
    /// LLM tokens in it.
    pub tokens: u64,
    /// Their price per million.
    pub price: UnitPrice,
    /// What they cost, the multiplier included.
    pub cost: Money,
}

/// LLM tokens a price is given for, times the parts of a multiplier.
const SCALE: i128 = 1_000_000 * 1_000_000;

// === impl Bucket ===

impl Bucket {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::CacheRead => "cache_read",
            Self::CacheWrite5m => "cache_write_5m",
            Self::CacheWrite1h => "cache_write_1h",
            Self::Output => "output",
        }
    }
}

// === impl PriceSnapshot ===

impl PriceSnapshot {
    /// Reads what is kept with a record; `None` when it is not understood.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The lines of a usage, those without LLM tokens left out, and their sum. The charge is rounded
    /// once, over all lines; what a line is cut down by goes to those that lose most, so that the
    /// sum holds. `None` where there is no charge.
    pub fn lines(&self, usage: &Usage) -> Option<(Vec<CostLine>, Money)> {
        let total = charge(&self.price, usage, self.multiplier)?;
        let mut lines = Vec::new();
        let mut lost = Vec::new();
        let mut left = total.nano();
        for (bucket, tokens, price) in self.buckets(usage) {
            let exact = (i128::from(tokens) * i128::from(price.nano()))
                .checked_mul(i128::from(self.multiplier.parts()))?;
            let nano = i64::try_from(exact / SCALE).ok()?;
            left = left.checked_sub(nano)?;
            lost.push((exact % SCALE, lines.len()));
            lines.push(CostLine { bucket, tokens, price, cost: Money::from_nano(nano) });
        }
        lost.sort_by_key(|(rest, place)| (std::cmp::Reverse(*rest), *place));
        for (_, place) in lost {
            if left > 0 {
                left -= 1;
                lines[place].cost = Money::from_nano(lines[place].cost.nano() + 1);
            }
        }
        lines.retain(|line| line.tokens > 0);
        (left == 0).then_some((lines, total))
    }

    /// Every bucket with the price that counts for it.
    fn buckets(&self, usage: &Usage) -> [(Bucket, u64, UnitPrice); 5] {
        let Price { input, output, cache_read, cache_write_5m, cache_write_1h } = self.price;
        [
            (Bucket::Input, usage.input, input),
            (Bucket::CacheRead, usage.cache_read, cache_read.unwrap_or(input)),
            (Bucket::CacheWrite5m, usage.cache_write_5m, cache_write_5m.unwrap_or(input)),
            (
                Bucket::CacheWrite1h,
                usage.cache_write_1h,
                cache_write_1h.or(cache_write_5m).unwrap_or(input),
            ),
            (Bucket::Output, usage.output, output),
        ]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_snapshot_reads_back() {
        let text =
            r#"{"price":{"input":"1.25","output":"10","cache_read":"0.125"},"multiplier":"1.2"}"#;
        let snapshot = PriceSnapshot::read(text).unwrap();
        assert_eq!(snapshot.multiplier.to_string(), "1.2");
        assert_eq!(serde_json::to_string(&snapshot).unwrap(), text);
        assert_eq!(PriceSnapshot::read("{}"), None);
    }

    #[test]
    fn lines_tell_what_each_bucket_cost() {
        let price = Price {
            input: "1.75".parse().unwrap(),
            output: "14".parse().unwrap(),
            cache_read: Some("0.175".parse().unwrap()),
            ..Price::default()
        };
        let snapshot = PriceSnapshot { price, multiplier: "1.2".parse().unwrap() };
        let usage = Usage { input: 1_820, cache_read: 24_576, output: 912, ..Usage::default() };
        let (lines, total) = snapshot.lines(&usage).unwrap();
        let told: Vec<_> =
            lines.iter().map(|line| format!("{} {}", line.bucket.as_str(), line.cost)).collect();
        assert_eq!(told, ["input 0.003822", "cache_read 0.00516096", "output 0.0153216"]);
        assert_eq!(total.to_string(), "0.02430456");
    }

    proptest! {
        #[test]
        fn the_sum_of_the_lines_is_the_charge(
            tokens in prop::array::uniform5(0u64..3_000_000),
            nanos in prop::array::uniform5(0i64..80_000_000_007),
            kept in prop::array::uniform3(any::<bool>()),
            parts in 0i64..9_999_999,
        ) {
            let unit = |nano| UnitPrice::from_nano(nano).unwrap();
            let price = Price {
                input: unit(nanos[0]),
                output: unit(nanos[1]),
                cache_read: kept[0].then(|| unit(nanos[2])),
                cache_write_5m: kept[1].then(|| unit(nanos[3])),
                cache_write_1h: kept[2].then(|| unit(nanos[4])),
            };
            let usage = Usage {
                input: tokens[0],
                cache_read: tokens[1],
                cache_write_5m: tokens[2],
                cache_write_1h: tokens[3],
                output: tokens[4],
                ..Usage::default()
            };
            let snapshot = PriceSnapshot { price, multiplier: Ppm::from_parts(parts).unwrap() };
            let (lines, total) = snapshot.lines(&usage).unwrap();
            prop_assert_eq!(Some(total), charge(&snapshot.price, &usage, snapshot.multiplier));
            let sum: i64 = lines.iter().map(|line| line.cost.nano()).sum();
            prop_assert_eq!(sum, total.nano());
        }
    }
}

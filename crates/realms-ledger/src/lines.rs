//! What a call cost, line by line: the sum is the charge, to the last nano-USD.

use realms_types::{Money, Ppm, Price, UnitPrice, Usage};
use serde::{Deserialize, Serialize};

use crate::{
    charge,
    items::{Bucket, items},
};

/// The price a call was charged at, as it is kept with its record: price and multiplier alone give the
/// amount again, the rest says what they were made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceSnapshot {
    /// The price of the model.
    pub price: Price,
    /// What everything is multiplied by: the product of all factors.
    pub multiplier: Ppm,
    /// Which version of the model's price it was; 0 before versions were counted.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub version: i64,
    /// The product of the groups on the way to the channel; left out where it is the whole multiplier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Ppm>,
    /// What the user's group pays of prices; left out where that is all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Ppm>,
    /// What the API key pays of them besides; left out where that is all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Ppm>,
    /// The lane the vendor served it in, with its factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane: Option<(String, Ppm)>,
    /// How the cost is reckoned from price, multiplier and usage. There is one way so far.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub formula: u8,
}

/// What a price is multiplied by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factors {
    /// The product of the groups on the way to the channel.
    pub group: Ppm,
    /// What the user's group pays.
    pub user: Ppm,
    /// What the API key pays.
    pub key: Ppm,
    /// The lane the vendor served it in.
    pub lane: Option<(String, Ppm)>,
}

/// What one bucket cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostLine {
    /// Which.
    pub bucket: Bucket,
    /// LLM tokens in it, or pieces.
    pub tokens: u64,
    /// Their price per million, or for one.
    pub price: UnitPrice,
    /// What they cost, the multiplier included.
    pub cost: Money,
}

/// LLM tokens a price is given for, times the parts of a multiplier.
const SCALE: i128 = 1_000_000 * 1_000_000;

// === impl PriceSnapshot ===

impl PriceSnapshot {
    /// What a call costs at a version of a price. `None` where the product of the factors cannot be held.
    pub fn of(price: &Price, version: i64, factors: Factors) -> Option<Self> {
        let Factors { group, user, key, lane } = factors;
        let lane = lane.filter(|(_, factor)| *factor != Ppm::ONE);
        let [user, key] = [user, key].map(|one| Some(one).filter(|one| *one != Ppm::ONE));
        let others = [user, key, lane.as_ref().map(|(_, factor)| *factor)];
        let multiplier = others.into_iter().flatten().try_fold(group, Ppm::times)?;
        let group = Some(group).filter(|_| others.iter().any(Option::is_some));
        let price = price.clone();
        Some(Self { price, multiplier, version, group, user, key, lane, formula: first() })
    }

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
        for item in items(&self.price, usage) {
            let (bucket, tokens) = (item.bucket, item.count);
            let price = UnitPrice::from_nano(item.nano)?;
            let exact = item.exact().checked_mul(i128::from(self.multiplier.parts()))?;
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
}

const fn first() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
const fn is_first(formula: &u8) -> bool {
    *formula == first()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
const fn is_zero(version: &i64) -> bool {
    *version == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use realms_types::{PriceTerms, Tier};

    use super::*;

    /// Of a channel group and nothing else.
    fn over(group: &str) -> Factors {
        Factors { group: group.parse().unwrap(), user: Ppm::ONE, key: Ppm::ONE, lane: None }
    }

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
    fn a_lane_is_a_factor_that_the_snapshot_names() {
        let price = Price { input: "1".parse().unwrap(), ..Price::default() };
        let lane = Some(("priority".to_owned(), "2".parse().unwrap()));
        let factors = Factors { lane, ..over("1.5") };
        let snapshot = PriceSnapshot::of(&price, 4, factors).unwrap();
        let text = serde_json::to_string(&snapshot).unwrap();
        assert_eq!(
            text,
            r#"{"price":{"input":"1","output":"0"},"multiplier":"3","version":4,"group":"1.5","lane":["priority","2"]}"#
        );
        assert_eq!(PriceSnapshot::read(&text), Some(snapshot.clone()));
        let usage = Usage { input: 1_000_000, ..Usage::default() };
        assert_eq!(snapshot.lines(&usage).unwrap().1.to_string(), "3");
    }

    #[test]
    fn what_user_and_key_pay_is_named_where_it_is_not_all() {
        let price = Price { input: "1".parse().unwrap(), ..Price::default() };
        let ppm = |text: &str| text.parse::<Ppm>().unwrap();
        let told = |user: &str, key: &str| {
            let factors = Factors { user: ppm(user), key: ppm(key), ..over("1.5") };
            let snapshot = PriceSnapshot::of(&price, 0, factors).unwrap();
            let text = serde_json::to_string(&snapshot).unwrap();
            assert_eq!(PriceSnapshot::read(&text), Some(snapshot));
            text.replace(r#"{"price":{"input":"1","output":"0"},"#, "{")
        };
        assert_eq!(told("1", "1"), r#"{"multiplier":"1.5"}"#);
        assert_eq!(told("1", "0.5"), r#"{"multiplier":"0.75","group":"1.5","key":"0.5"}"#);
        assert_eq!(
            told("0.8", "0.5"),
            r#"{"multiplier":"0.6","group":"1.5","user":"0.8","key":"0.5"}"#
        );
        assert_eq!(told("1", "0"), r#"{"multiplier":"0","group":"1.5","key":"0"}"#);
        let factors = Factors { key: Ppm::from_parts(i64::MAX).unwrap(), ..over("2") };
        assert_eq!(PriceSnapshot::of(&price, 0, factors), None);
    }

    #[test]
    fn lines_tell_what_each_bucket_cost() {
        let price = Price {
            input: "1.75".parse().unwrap(),
            output: "14".parse().unwrap(),
            cache_read: Some("0.175".parse().unwrap()),
            ..Price::default()
        };
        let snapshot = PriceSnapshot::of(&price, 3, over("1.2")).unwrap();
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
            apart in prop::array::uniform6(any::<bool>()),
            parted in prop::array::uniform6(0u64..3_000_000),
            parts in 0i64..9_999_999,
        ) {
            let unit = |nano| UnitPrice::from_nano(nano).unwrap();
            let price = Price {
                input: unit(nanos[0]),
                output: unit(nanos[1]),
                cache_read: kept[0].then(|| unit(nanos[2])),
                cache_write_5m: kept[1].then(|| unit(nanos[3])),
                cache_write_1h: kept[2].then(|| unit(nanos[4])),
                terms: Some(Box::new(PriceTerms {
                    reasoning: apart[1].then(|| unit(nanos[1] / 3)),
                    audio_input: apart[2].then(|| unit(nanos[0] / 7)),
                    audio_output: apart[3].then(|| unit(nanos[4])),
                    image_input: apart[4].then(|| unit(nanos[3])),
                    image_output: apart[5].then(|| unit(nanos[0])),
                    image: apart[4].then(|| "0.04".parse().unwrap()),
                    tool_call: apart[1].then(|| "0.000000007".parse().unwrap()),
                    request: apart[2].then(|| "0.001".parse().unwrap()),
                    tiers: vec![Tier { above: 400_000, output: Some(unit(nanos[2])), ..Tier::default() }],
                    lanes: std::collections::BTreeMap::new(),
                })),
            };
            let usage = Usage {
                input: tokens[0],
                cache_read: tokens[1],
                cache_write_5m: tokens[2],
                cache_write_1h: tokens[3],
                output: tokens[4],
                reasoning: parted[0].min(tokens[4]),
                audio_input: parted[1],
                audio_output: parted[2].min(tokens[4]),
                image_input: parted[4],
                image_output: parted[5].min(tokens[4]),
                tool_calls: parted[3] % 9,
                images: parted[4] % 5,
            };
            let group = Ppm::from_parts(parts).unwrap();
            let lane = apart[0].then(|| ("priority".to_owned(), "1.75".parse().unwrap()));
            let [user, key] = ["0.9", "0.7"].map(|text| text.parse().unwrap());
            let factors = Factors { group, user, key, lane };
            let snapshot = PriceSnapshot::of(&price, 1, factors).unwrap();
            let (lines, total) = snapshot.lines(&usage).unwrap();
            prop_assert_eq!(Some(total), charge(&snapshot.price, &usage, snapshot.multiplier));
            let sum: i64 = lines.iter().map(|line| line.cost.nano()).sum();
            prop_assert_eq!(sum, total.nano());
            let by_token = lines.iter().filter(|line| !line.bucket.is_by_the_piece());
            let counted: u64 = by_token.map(|line| line.tokens).sum();
            prop_assert_eq!(counted, usage.total(), "every LLM token is in one line");
        }
    }
}

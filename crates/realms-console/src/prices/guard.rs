//! How far a price moves, whatever part of it does.

use std::collections::BTreeSet;

use realms_store::WaitingCause;
use realms_types::{PiecePrice, Price, PriceTerms, UnitPrice};

/// Nothing costs so much: 10,000 USD for a million LLM tokens, or for a piece.
const ABSURD: i64 = 10_000 * 1_000_000_000;

/// Why a price is not set by itself in the place of another, or of none; `None`: it may be.
pub(super) fn doubt(before: Option<&Price>, after: &Price, factor: u32) -> Option<WaitingCause> {
    if is_absurd(after) {
        return Some(WaitingCause::Absurd);
    }
    let Some(before) = before else {
        let is_free = after.input == UnitPrice::ZERO && after.output == UnitPrice::ZERO;
        return is_free.then_some(WaitingCause::Zero);
    };
    let points = Points::of(before, after);
    let moves: Vec<_> = points.parts(before).into_iter().zip(points.parts(after)).collect();
    if moves.iter().any(|(before, after)| *before > 0 && *after == 0) {
        return Some(WaitingCause::Zero);
    }
    let is_far = |(before, after): &(i64, i64)| {
        let (less, more) = (i128::from(*before.min(after)), i128::from(*before.max(after)));
        more > less * i128::from(factor)
    };
    moves.iter().any(is_far).then_some(WaitingCause::Far)
}

fn is_absurd(price: &Price) -> bool {
    // A lane is a factor of what is seen here.
    let points = Points { above: Points::of(price, price).above, lanes: BTreeSet::new() };
    points.parts(price).iter().any(|part| *part > ABSURD)
}

/// Where two prices may differ: beyond which thresholds, in which lanes.
struct Points {
    above: BTreeSet<u64>,
    lanes: BTreeSet<String>,
}

// === impl Points ===

impl Points {
    fn of(before: &Price, after: &Price) -> Self {
        let terms = [before, after].into_iter().filter_map(|price| price.terms.as_deref());
        let above = terms.clone().flat_map(|terms| terms.tiers.iter().map(|tier| tier.above));
        let lanes = terms.flat_map(|terms| terms.lanes.keys().cloned());
        Self { above: above.chain([0]).collect(), lanes: lanes.collect() }
    }

    /// What each part of a price comes to there, in one order for all prices.
    fn parts(&self, price: &Price) -> Vec<i64> {
        let none = PriceTerms::default();
        let terms = price.terms.as_deref().unwrap_or(&none);
        let rates = self.above.iter().flat_map(|above| {
            let rates = price.rates(above.saturating_add(1));
            [
                rates.input,
                rates.cache_read,
                rates.cache_write_5m,
                rates.cache_write_1h,
                rates.output,
            ]
        });
        let apart = [
            terms.reasoning.unwrap_or(price.output),
            terms.audio_input.unwrap_or(price.input),
            terms.audio_output.unwrap_or(price.output),
            terms.image_input.unwrap_or(price.input),
            terms.image_output.unwrap_or(price.output),
        ];
        let pieces = [terms.request, terms.tool_call, terms.image];
        let pieces = pieces.into_iter().map(|piece| piece.map_or(0, PiecePrice::nano));
        let lanes = self.lanes.iter().map(|name| price.lane(name).parts());
        rates.chain(apart).map(UnitPrice::nano).chain(pieces).chain(lanes).collect()
    }
}

#[cfg(test)]
mod tests {
    use realms_types::Ppm;

    use super::*;

    fn price(input: &str, output: &str) -> Price {
        Price { input: input.parse().unwrap(), output: output.parse().unwrap(), ..Price::default() }
    }

    fn with(terms: &str) -> Price {
        let terms: PriceTerms = serde_json::from_str(terms).unwrap();
        Price { terms: Some(Box::new(terms)), ..price("1", "8") }
    }

    #[test]
    fn what_moves_too_far_or_to_nothing_is_doubted() {
        let far = Some(WaitingCause::Far);
        for (before, after, expected) in [
            (price("1", "8"), price("5", "40"), None),
            (price("1", "8"), price("5.01", "8"), far),
            (price("5", "8"), price("1", "8"), None),
            (price("5.01", "8"), price("1", "8"), far),
            (price("1", "8"), price("1", "0"), Some(WaitingCause::Zero)),
            (price("0", "0"), price("0", "8"), far),
            (price("0", "8"), price("0", "8"), None),
            (price("1", "8"), price("1", "10001"), Some(WaitingCause::Absurd)),
        ] {
            assert_eq!(doubt(Some(&before), &after, 5), expected, "{before:?} {after:?}");
        }
        assert_eq!(doubt(Some(&price("1", "8")), &price("6", "8"), 10), None);
    }

    #[test]
    fn no_part_is_overlooked() {
        let far = Some(WaitingCause::Far);
        for (before, after, expected) in [
            ("{}", r#"{"reasoning":"41"}"#, far),
            ("{}", r#"{"reasoning":"16"}"#, None),
            (r#"{"audio_input":"1"}"#, r#"{"audio_input":"6"}"#, far),
            ("{}", r#"{"audio_output":"0"}"#, Some(WaitingCause::Zero)),
            ("{}", r#"{"request":"0.001"}"#, far),
            (r#"{"image_output":"40"}"#, "{}", None),
            (r#"{"image_output":"41"}"#, "{}", far),
            (r#"{"image":"0.04"}"#, r#"{"image":"0.4"}"#, far),
            (r#"{"tool_call":"0.01"}"#, "{}", Some(WaitingCause::Zero)),
            ("{}", r#"{"tiers":[{"above":200000,"input":"2"}]}"#, None),
            ("{}", r#"{"tiers":[{"above":200000,"input":"6"}]}"#, far),
            (r#"{"tiers":[{"above":200000,"input":"6"}]}"#, "{}", far),
            ("{}", r#"{"lanes":{"priority":"2"}}"#, None),
            ("{}", r#"{"lanes":{"priority":"6"}}"#, far),
            ("{}", r#"{"lanes":{"flex":"0"}}"#, Some(WaitingCause::Zero)),
        ] {
            let found = doubt(Some(&with(before)), &with(after), 5);
            assert_eq!(found, expected, "{before} {after}");
        }
        let cached = Price { cache_read: Some(UnitPrice::ZERO), ..price("1", "8") };
        assert_eq!(doubt(Some(&price("1", "8")), &cached, 5), Some(WaitingCause::Zero));
        assert_eq!(price("1", "8").lane("flex"), Ppm::ONE);
    }

    #[test]
    fn a_first_price_is_one_that_something_costs() {
        assert_eq!(doubt(None, &price("1", "8"), 5), None);
        assert_eq!(doubt(None, &price("1", "0"), 5), None, "what embeds has no output");
        assert_eq!(doubt(None, &price("0", "0"), 5), Some(WaitingCause::Zero));
        assert_eq!(doubt(None, &price("1", "2000000"), 5), Some(WaitingCause::Absurd));
    }
}

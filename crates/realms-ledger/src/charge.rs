//! The price of a usage. Pure: the same record gives the same amount for ever.

use realms_types::{Money, Ppm, Price, UnitPrice, Usage};

use crate::items::{Item, items};

/// LLM tokens a price is given for, times the parts of a multiplier.
const SCALE: i128 = 1_000_000 * 1_000_000;

/// What a usage costs: every bucket at its price, times the multiplier, rounded once to the nearest
/// nano-USD, halves to even. `None` beyond what an amount can hold.
pub fn charge(price: &Price, usage: &Usage, multiplier: Ppm) -> Option<Money> {
    let sum = items(price, usage).iter().map(Item::exact).fold(0, i128::saturating_add);
    scaled(sum, multiplier)
}

/// What the vendor's cache saved: what the input that was read from it or written to it would have
/// cost fresh, less what it did cost. Negative where writing cost more than reading saved.
pub fn cache_savings(price: &Price, usage: &Usage, multiplier: Ppm) -> Option<Money> {
    let rates = price.rates(usage.total_input());
    let cached = [
        (usage.cache_read, rates.cache_read),
        (usage.cache_write_5m, rates.cache_write_5m),
        (usage.cache_write_1h, rates.cache_write_1h),
    ];
    let saved = cached.into_iter().map(|(count, at)| line(count, rates.input) - line(count, at));
    scaled(saved.sum(), multiplier)
}

fn line(tokens: u64, price: UnitPrice) -> i128 {
    i128::from(tokens) * i128::from(price.nano())
}

fn scaled(sum: i128, multiplier: Ppm) -> Option<Money> {
    let scaled = sum.checked_mul(i128::from(multiplier.parts()))?;
    i64::try_from(round_half_even(scaled, SCALE)).ok().map(Money::from_nano)
}

fn round_half_even(value: i128, unit: i128) -> i128 {
    let (whole, rest) = (value.div_euclid(unit), value.rem_euclid(unit));
    match (rest * 2).cmp(&unit) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + whole.rem_euclid(2),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use realms_types::{PriceTerms, Tier};

    use super::*;

    fn price(input: &str, output: &str, cache_read: Option<&str>) -> Price {
        let unit = |text: &str| text.parse().unwrap();
        Price {
            input: unit(input),
            output: unit(output),
            cache_read: cache_read.map(unit),
            ..Price::default()
        }
    }

    #[test]
    fn each_bucket_costs_its_own_price() {
        let usage =
            Usage { input: 600, cache_read: 400, output: 100, reasoning: 60, ..Usage::default() };
        let price = price("1.25", "10", Some("0.125"));
        // 600 × 1.25 + 400 × 0.125 + 100 × 10 = 1800 USD per million.
        assert_eq!(charge(&price, &usage, Ppm::ONE).unwrap().to_string(), "0.0018");
        let doubled = "2".parse().unwrap();
        assert_eq!(charge(&price, &usage, doubled).unwrap().to_string(), "0.0036");
    }

    #[test]
    fn a_bucket_without_a_price_costs_the_wider_one() {
        let usage = Usage { cache_read: 1_000_000, cache_write_1h: 1_000_000, ..Usage::default() };
        assert_eq!(charge(&price("2", "0", None), &usage, Ppm::ONE).unwrap().to_string(), "4");
    }

    #[test]
    fn a_cache_saves_what_fresh_input_would_have_cost_more() {
        let usage = Usage { input: 5, cache_read: 1_000_000, output: 9, ..Usage::default() };
        let cheap = price("2", "10", Some("0.2"));
        assert_eq!(cache_savings(&cheap, &usage, Ppm::ONE).unwrap().to_string(), "1.8");
        let doubled = cache_savings(&cheap, &usage, "2".parse().unwrap());
        assert_eq!(doubled.unwrap().to_string(), "3.6");
        let written = Usage { cache_write_5m: 1_000_000, ..Usage::default() };
        let dear = Price { cache_write_5m: Some("2.5".parse().unwrap()), ..price("2", "0", None) };
        assert_eq!(cache_savings(&dear, &written, Ppm::ONE).unwrap().to_string(), "-0.5");
        assert_eq!(cache_savings(&price("2", "0", None), &usage, Ppm::ONE), Some(Money::ZERO));
    }

    #[test]
    fn parts_with_a_price_of_their_own_leave_the_bucket_they_are_in() {
        let terms = PriceTerms {
            reasoning: Some("4".parse().unwrap()),
            audio_input: Some("32".parse().unwrap()),
            audio_output: Some("64".parse().unwrap()),
            request: Some("0.01".parse().unwrap()),
            tool_call: Some("0.025".parse().unwrap()),
            ..PriceTerms::default()
        };
        let price = Price { terms: Some(Box::new(terms)), ..price("1", "10", None) };
        let usage = Usage {
            input: 1_000,
            audio_input: 400,
            output: 500,
            reasoning: 200,
            audio_output: 100,
            tool_calls: 3,
            ..Usage::default()
        };
        // 600 × 1 + 400 × 32 + 200 × 10 + 200 × 4 + 100 × 64 USD per million, 0.01 and 3 × 0.025 USD.
        let cost = charge(&price, &usage, Ppm::ONE).unwrap();
        assert_eq!(cost.to_string(), "0.1076");
        assert_eq!(charge(&price, &Usage::default(), Ppm::ONE), Some(Money::ZERO));
    }

    fn drawing() -> Usage {
        Usage {
            input: 1_000,
            audio_input: 100,
            image_input: 300,
            output: 2_000,
            reasoning: 200,
            audio_output: 100,
            image_output: 1_500,
            images: 2,
            ..Usage::default()
        }
    }

    #[test]
    fn images_without_a_price_of_their_own_cost_what_text_does() {
        let text = Usage { image_input: 0, image_output: 0, images: 0, ..drawing() };
        let terms = PriceTerms {
            reasoning: Some("4".parse().unwrap()),
            audio_input: Some("32".parse().unwrap()),
            ..PriceTerms::default()
        };
        let plain = price("1.25", "10", None);
        for price in [plain.clone(), Price { terms: Some(Box::new(terms)), ..plain }] {
            let cost = charge(&price, &drawing(), Ppm::ONE);
            assert_eq!(cost, charge(&price, &text, Ppm::ONE), "{price:?}");
        }
    }

    #[test]
    fn every_image_is_paid_for_once() {
        let unit = |text: &str| Some(text.parse().unwrap());
        let images = PriceTerms {
            image_input: unit("10"),
            image_output: unit("40"),
            ..PriceTerms::default()
        };
        let by_piece = PriceTerms { image: Some("0.04".parse().unwrap()), ..PriceTerms::default() };
        let all = PriceTerms {
            reasoning: unit("8"),
            audio_input: unit("32"),
            audio_output: unit("64"),
            ..images.clone()
        };
        for (terms, expected) in [
            // 700 × 5 + 300 × 10 + 500 × 20 + 1,500 × 40 USD per million.
            (images, "0.0765"),
            // 1,000 × 5 + 2,000 × 20 USD per million, and 2 × 0.04 USD.
            (by_piece, "0.125"),
            // 600 × 5 + 100 × 32 + 300 × 10 + 200 × 20 + 200 × 8 + 100 × 64 + 1,500 × 40 USD per million.
            (all, "0.0812"),
        ] {
            let price = Price { terms: Some(Box::new(terms)), ..price("5", "20", None) };
            let cost = charge(&price, &drawing(), Ppm::ONE).unwrap();
            assert_eq!(cost.to_string(), expected, "{:?}", price.terms);
        }
    }

    #[test]
    fn parts_that_overlap_are_never_more_than_their_whole() {
        let unit = |text: &str| Some(text.parse().unwrap());
        let terms = PriceTerms {
            reasoning: unit("1"),
            audio_input: unit("1"),
            audio_output: unit("1"),
            image_input: unit("1"),
            image_output: unit("1"),
            ..PriceTerms::default()
        };
        let price = Price { terms: Some(Box::new(terms)), ..price("1", "1", None) };
        let usage = Usage {
            input: 10,
            cache_read: 90,
            audio_input: 60,
            image_input: 60,
            output: 100,
            reasoning: 60,
            audio_output: 60,
            image_output: 60,
            ..Usage::default()
        };
        assert_eq!(charge(&price, &usage, Ppm::ONE).unwrap().to_string(), "0.0002");
    }

    #[test]
    fn above_a_threshold_the_whole_call_is_dearer() {
        let tier = Tier {
            above: 200_000,
            input: Some("2.5".parse().unwrap()),
            output: Some("15".parse().unwrap()),
            ..Tier::default()
        };
        let terms = PriceTerms { tiers: vec![tier], ..PriceTerms::default() };
        let price = Price { terms: Some(Box::new(terms)), ..price("1.25", "10", Some("0.3")) };
        let cost = |input, cache_read| {
            let usage = Usage { input, cache_read, output: 1_000, ..Usage::default() };
            charge(&price, &usage, Ppm::ONE).unwrap().to_string()
        };
        assert_eq!(cost(100_000, 100_000), "0.165");
        assert_eq!(cost(100_001, 100_000), "0.2950025");
    }

    #[test]
    fn halves_round_to_even_and_nothing_costs_nothing() {
        assert_eq!([5, 15, 25, 26].map(|value| round_half_even(value, 10)), [0, 2, 2, 3]);
        assert_eq!(charge(&price("1", "1", None), &Usage::default(), Ppm::ONE), Some(Money::ZERO));
    }

    #[test]
    fn what_no_amount_can_hold_is_none() {
        let price = price("9000000000", "0", None);
        let usage = Usage { input: u64::MAX / 2, ..Usage::default() };
        assert_eq!(charge(&price, &usage, Ppm::ONE), None);
    }

    proptest! {
        #[test]
        fn more_tokens_never_cost_less(
            input in 0u64..10_000_000,
            more in 0u64..10_000_000,
            output in 0u64..1_000_000,
            nano in 0i64..100_000_000_000,
            parts in 0i64..10_000_000,
        ) {
            let price = Price {
                input: UnitPrice::from_nano(nano).unwrap(),
                output: UnitPrice::from_nano(nano / 2).unwrap(),
                ..Price::default()
            };
            let multiplier = Ppm::from_parts(parts).unwrap();
            let less = Usage { input, output, ..Usage::default() };
            let larger = Usage { input: input + more, output, ..Usage::default() };
            let (a, b) = (charge(&price, &less, multiplier), charge(&price, &larger, multiplier));
            prop_assert!(a.unwrap() <= b.unwrap());
            prop_assert!(a.unwrap() >= Money::ZERO);
        }
    }
}

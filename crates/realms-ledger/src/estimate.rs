//! What a call may cost at most, before it is made. Pure.

use realms_types::{Money, Ppm, Price, Usage};

use crate::charge;

/// What is known of a call before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Bytes of the request's body.
    pub input_bytes: u64,
    /// The most output it asks for, in LLM tokens, if it says so.
    pub max_output: Option<u64>,
}

/// What a model takes and gives, in LLM tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// No call is reckoned with less output.
    pub least_output: u64,
    /// No answer is longer; reckoned with where the call does not say.
    pub most_output: u64,
    /// No prompt is longer, however many bytes it has (images, documents).
    pub most_input: u64,
}

/// What is set aside for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Money.
    pub cost: Money,
    /// LLM tokens, read and written.
    pub tokens: u64,
}

// === impl Estimate ===

impl Estimate {
    /// What a call may cost at a price: every input token in the dearest bucket, as much output as the
    /// call asks for within the bounds of its model. A price of nothing is an estimate of nothing.
    /// `None` beyond what an amount can hold.
    pub fn of(price: &Price, multiplier: Ppm, ask: Ask, bounds: Bounds) -> Option<Self> {
        let input = input_tokens(ask.input_bytes).min(bounds.most_input);
        let output = output_tokens(ask.max_output, bounds);
        let buckets = [
            Usage { input, output, ..Usage::default() },
            Usage { cache_write_5m: input, output, ..Usage::default() },
            Usage { cache_write_1h: input, output, ..Usage::default() },
            // Where images have prices: all of it may be one.
            Usage {
                input,
                image_input: input,
                output,
                image_output: output,
                images: 1,
                ..Usage::default()
            },
        ];
        let reckoned = if prices_images(price) { 4 } else { 3 };
        let buckets = buckets.iter().take(reckoned);
        let costs: Option<Vec<Money>> =
            buckets.map(|usage| charge(price, usage, multiplier)).collect();
        Some(Self { cost: costs?.into_iter().max()?, tokens: input.saturating_add(output) })
    }
}

fn prices_images(price: &Price) -> bool {
    price.terms.as_deref().is_some_and(|terms| {
        terms.image_input.or(terms.image_output).is_some() || terms.image.is_some()
    })
}

/// Text has 3.5 bytes a token on average; three are reckoned with, so that code and Chinese fit.
const fn input_tokens(bytes: u64) -> u64 {
    bytes.div_ceil(3)
}

fn output_tokens(asked: Option<u64>, bounds: Bounds) -> u64 {
    asked.unwrap_or(bounds.most_output).min(bounds.most_output).max(bounds.least_output)
}

#[cfg(test)]
mod tests {
    use realms_types::PriceTerms;

    use super::*;

    const BOUNDS: Bounds = Bounds { least_output: 100, most_output: 8_000, most_input: 200_000 };

    fn price() -> Price {
        Price {
            input: "3".parse().unwrap(),
            output: "15".parse().unwrap(),
            cache_read: Some("0.3".parse().unwrap()),
            cache_write_5m: Some("3.75".parse().unwrap()),
            cache_write_1h: Some("6".parse().unwrap()),
            terms: None,
        }
    }

    #[test]
    fn output_is_within_the_bounds_of_the_model() {
        let cases = [
            (None, 8_000),
            (Some(0), 100),
            (Some(99), 100),
            (Some(4_000), 4_000),
            (Some(8_001), 8_000),
            (Some(u64::MAX), 8_000),
        ];
        for (asked, tokens) in cases {
            assert_eq!(output_tokens(asked, BOUNDS), tokens, "{asked:?}");
        }
    }

    #[test]
    fn input_counts_in_the_dearest_bucket_and_ends_at_the_context() {
        let of = |input_bytes, max_output| {
            Estimate::of(&price(), Ppm::ONE, Ask { input_bytes, max_output }, BOUNDS).unwrap()
        };
        // 1,000 × 6 + 200 × 15 USD per million.
        let small = of(3_000, Some(200));
        assert_eq!((small.cost.to_string().as_str(), small.tokens), ("0.009", 1_200));
        let huge = of(u64::MAX, None);
        assert_eq!(huge.tokens, 208_000);
        assert_eq!(huge.cost.to_string(), "1.32");
    }

    #[test]
    fn all_of_it_may_be_an_image() {
        let terms = PriceTerms {
            image_output: Some("60".parse().unwrap()),
            image: Some("0.04".parse().unwrap()),
            ..PriceTerms::default()
        };
        let drawing = Price { terms: Some(Box::new(terms)), ..price() };
        let ask = Ask { input_bytes: 3_000, max_output: Some(200) };
        // 1,000 × 3 + 200 × 60 USD per million, and 0.04 USD.
        let estimate = Estimate::of(&drawing, Ppm::ONE, ask, BOUNDS).unwrap();
        assert_eq!(estimate.cost.to_string(), "0.055");
    }

    #[test]
    fn nothing_costs_nothing_and_too_much_is_none() {
        let ask = Ask { input_bytes: 3_000, max_output: None };
        let free = Estimate::of(&Price::default(), Ppm::ONE, ask, BOUNDS).unwrap();
        assert_eq!((free.cost, free.tokens), (Money::ZERO, 9_000));
        let free = Estimate::of(&price(), Ppm::ZERO, ask, BOUNDS).unwrap();
        assert_eq!(free.cost, Money::ZERO);
        let dear = Price { output: "9000000000".parse().unwrap(), ..price() };
        let endless = Bounds { most_output: u64::MAX / 2, ..BOUNDS };
        assert_eq!(Estimate::of(&dear, Ppm::ONE, ask, endless), None);
    }
}

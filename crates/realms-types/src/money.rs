//! Money in nano-USD, multipliers in parts per million, prices in nano-USD per million LLM tokens.
//!
//! Integers only. JSON and TOML carry decimal strings, never floats.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not an optional minus, digits, and at most one point between digits.
    #[error("`{0}` is not a decimal number such as \"1.25\"")]
    NotDecimal(String),
    /// More digits after the point than the unit can hold.
    #[error("`{text}` has more than {places} digits after the point")]
    TooFine {
        /// The offending text.
        text: String,
        /// How many digits are allowed.
        places: usize,
    },
    /// Beyond ±9.2 billion USD.
    #[error("`{0}` is too large")]
    TooLarge(String),
    /// Prices and multipliers are never negative.
    #[error("`{0}` is negative")]
    Negative(String),
}

/// An amount in nano-USD (10⁻⁹ USD), from about −9.2 to 9.2 billion USD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

/// A price: nano-USD for a million LLM tokens. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnitPrice(i64);

/// The price of one thing, such as a call: nano-USD. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PiecePrice(i64);

/// A multiplier in parts per million: 1,000,000 is ×1. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ppm(i64);

/// A sign, the 19 digits of an `i64`, a point.
const LENGTH: usize = 21;

macro_rules! decimal {
    ($name:ident, places = $places:literal, signed = $signed:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(decimal_text(&mut [0; LENGTH], self.0, $places))
            }
        }

        impl FromStr for $name {
            type Err = AmountError;

            fn from_str(text: &str) -> Result<Self, AmountError> {
                let units = decimal_units(text, $places)?;
                if !$signed && units < 0 {
                    return Err(AmountError::Negative(text.to_owned()));
                }
                Ok(Self(units))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(decimal_text(&mut [0; LENGTH], self.0, $places))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

decimal!(Money, places = 9, signed = true);
decimal!(UnitPrice, places = 9, signed = false);
decimal!(PiecePrice, places = 9, signed = false);
decimal!(Ppm, places = 6, signed = false);

// === impl Money ===

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From nano-USD, the form in the database.
    pub const fn from_nano(nano: i64) -> Self {
        Self(nano)
    }

    /// Nano-USD.
    pub const fn nano(self) -> i64 {
        self.0
    }

    /// The sum, or `None` beyond what an amount can hold.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(nano) => Some(Self(nano)),
            None => None,
        }
    }
}

// === impl UnitPrice ===

impl UnitPrice {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From nano-USD per million LLM tokens; `None` when negative.
    pub const fn from_nano(nano: i64) -> Option<Self> {
        if nano < 0 { None } else { Some(Self(nano)) }
    }

    /// Nano-USD per million LLM tokens.
    pub const fn nano(self) -> i64 {
        self.0
    }
}

// === impl PiecePrice ===

impl PiecePrice {
    /// From nano-USD for one; `None` when negative.
    pub const fn from_nano(nano: i64) -> Option<Self> {
        if nano < 0 { None } else { Some(Self(nano)) }
    }

    /// Nano-USD for one.
    pub const fn nano(self) -> i64 {
        self.0
    }
}

// === impl Ppm ===

impl Ppm {
    /// ×1.
    pub const ONE: Self = Self(1_000_000);
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From parts per million; `None` when negative.
    pub const fn from_parts(parts: i64) -> Option<Self> {
        if parts < 0 { None } else { Some(Self(parts)) }
    }

    /// Parts per million.
    pub const fn parts(self) -> i64 {
        self.0
    }

    /// The product, to the nearest part, halves to even; `None` beyond what can be held. Parts of a
    /// product are multiplied in one order everywhere, so that it always comes out the same.
    pub fn times(self, other: Self) -> Option<Self> {
        const ONE: i128 = 1_000_000;
        let exact = i128::from(self.0) * i128::from(other.0);
        let (whole, rest) = (exact / ONE, exact % ONE);
        let up = rest * 2 > ONE || (rest * 2 == ONE && whole % 2 == 1);
        i64::try_from(whole + i128::from(up)).ok().map(Self)
    }
}

impl Default for Ppm {
    fn default() -> Self {
        Self::ONE
    }
}

fn decimal_units(text: &str, places: usize) -> Result<i64, AmountError> {
    let not_decimal = || AmountError::NotDecimal(text.to_owned());
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return Err(not_decimal());
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > places {
        return Err(AmountError::TooFine { text: text.to_owned(), places });
    }
    let sign = if negative { "-" } else { "" };
    format!("{sign}{whole}{fraction:0<places$}")
        .parse::<i64>()
        .map_err(|_| AmountError::TooLarge(text.to_owned()))
}

/// The shortest decimal of some units, written from its end: every call writes a few, so no formatter is
/// asked.
fn decimal_text(text: &mut [u8; LENGTH], units: i64, places: u32) -> &str {
    let mut start = LENGTH;
    let mut put = |byte: u8| {
        start -= 1;
        text[start] = byte;
    };
    let mut rest = units.unsigned_abs();
    let mut is_fraction = false;
    for _ in 0..places {
        let digit = (rest % 10) as u8;
        rest /= 10;
        is_fraction |= digit != 0;
        if is_fraction {
            put(b'0' + digit);
        }
    }
    if is_fraction {
        put(b'.');
    }
    loop {
        put(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if units < 0 {
        put(b'-');
    }
    str::from_utf8(&text[start..]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_are_exact() {
        assert_eq!("1.25".parse::<Money>(), Ok(Money::from_nano(1_250_000_000)));
        assert_eq!("-0.000000001".parse::<Money>(), Ok(Money::from_nano(-1)));
        assert_eq!("10.00".parse::<Money>().unwrap().to_string(), "10");
        assert_eq!("1.0".parse::<Ppm>(), Ok(Ppm::ONE));
        assert_eq!("0.1".parse::<Ppm>().unwrap().to_string(), "0.1");
        assert_eq!(Money::ZERO.to_string(), "0");
        assert_eq!(Money::from_nano(i64::MIN).to_string(), "-9223372036.854775808");
        assert_eq!(format!("{:>5}", Money::from_nano(-10)), "-0.00000001");
        assert_eq!(format!("{:>5}", Ppm::ONE), "    1");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "-", ".", "1.", ".5", "1e3", "+1", " 1", "1,5", "0x1", "NaN"] {
            assert!(
                matches!(text.parse::<Money>(), Err(AmountError::NotDecimal(_))),
                "{text:?} passed"
            );
        }
        assert!(matches!("1.0000000001".parse::<Money>(), Err(AmountError::TooFine { .. })));
        assert!(matches!("99999999999".parse::<Money>(), Err(AmountError::TooLarge(_))));
        assert!(matches!("-1".parse::<UnitPrice>(), Err(AmountError::Negative(_))));
    }

    #[test]
    fn multipliers_multiply_and_round_to_even() {
        let ppm = |text: &str| text.parse::<Ppm>().unwrap();
        for (a, b, product) in [
            ("1", "1.2", "1.2"),
            ("0.5", "0.000001", "0"),
            ("1.5", "0.000001", "0.000002"),
            ("0", "9", "0"),
            ("2.5", "1.3", "3.25"),
        ] {
            assert_eq!(ppm(a).times(ppm(b)), Some(ppm(product)), "{a} × {b}");
        }
        assert_eq!(Ppm(i64::MAX).times(ppm("2")), None);
    }

    proptest! {
        #[test]
        fn text_form_round_trips(nano in any::<i64>()) {
            let money = Money::from_nano(nano);
            prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
        }
    }
}

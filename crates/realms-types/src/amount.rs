//! What people pay outside: whole minor units of a currency. Inside, everything is [`Money`](crate::Money).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A currency of ISO 4217 that orders may be in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// An amount in minor units of a currency: fen, cents, yen. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Amount {
    minor: i64,
    currency: Currency,
}

/// Why a text is no currency, or no amount of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CurrencyError {
    /// Not one of the currencies that are known.
    #[error("`{0}` is no currency that orders may be in")]
    Unknown(String),
    /// Not digits with at most one point between them.
    #[error("`{0}` is not an amount such as `10.00`")]
    NotDecimal(String),
    /// More digits after the point than the currency has.
    #[error("`{text}` has more digits after the point than {currency} has")]
    TooFine {
        /// The offending text.
        text: String,
        /// The currency.
        currency: Currency,
    },
    /// Negative, or beyond what is taken at once.
    #[error("`{0}` is beyond what an order may be for")]
    OutOfRange(String),
}

/// The digits after the point, ISO 4217. Only currencies that gateways count in the same minor units are
/// here: Stripe takes ISK, MGA and UGX otherwise (<https://docs.stripe.com/currencies#zero-decimal>).
const KNOWN: &[(&[u8; 3], u32)] = &[
    (b"AED", 2),
    (b"AUD", 2),
    (b"BHD", 3),
    (b"BRL", 2),
    (b"CAD", 2),
    (b"CHF", 2),
    (b"CLP", 0),
    (b"CNY", 2),
    (b"CZK", 2),
    (b"DKK", 2),
    (b"EUR", 2),
    (b"GBP", 2),
    (b"HKD", 2),
    (b"HUF", 2),
    (b"IDR", 2),
    (b"ILS", 2),
    (b"INR", 2),
    (b"JOD", 3),
    (b"JPY", 0),
    (b"KRW", 0),
    (b"KWD", 3),
    (b"MOP", 2),
    (b"MXN", 2),
    (b"MYR", 2),
    (b"NOK", 2),
    (b"NZD", 2),
    (b"OMR", 3),
    (b"PHP", 2),
    (b"PLN", 2),
    (b"SAR", 2),
    (b"SEK", 2),
    (b"SGD", 2),
    (b"THB", 2),
    (b"TND", 3),
    (b"TRY", 2),
    (b"TWD", 2),
    (b"UAH", 2),
    (b"USD", 2),
    (b"VND", 0),
    (b"ZAR", 2),
];

/// The most minor units of an order: with two digits after the point, ten million million.
const MOST: i64 = 1_000_000_000_000_000;

// === impl Currency ===

impl Currency {
    /// Renminbi.
    pub const CNY: Self = Self(*b"CNY");
    /// US dollar.
    pub const USD: Self = Self(*b"USD");

    /// Digits after the point.
    pub fn exponent(self) -> u32 {
        KNOWN.iter().find(|(code, _)| **code == self.0).map_or(2, |(_, digits)| *digits)
    }

    /// The code in upper case.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(code: &str) -> Result<Self, CurrencyError> {
        let upper = code.to_ascii_uppercase();
        let known = KNOWN.iter().find(|(known, _)| known.as_slice() == upper.as_bytes());
        let known = known.ok_or_else(|| CurrencyError::Unknown(code.to_owned()))?;
        Ok(Self(*known.0))
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

// === impl Amount ===

impl Amount {
    /// From minor units; `None` when negative or beyond what an order may be for.
    pub const fn new(minor: i64, currency: Currency) -> Option<Self> {
        if minor < 0 || minor > MOST { None } else { Some(Self { minor, currency }) }
    }

    /// Reads what people write: `10`, `10.0` and `10.00` are the same in CNY, `10.001` is no amount.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, CurrencyError> {
        let digits = currency.exponent() as usize;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return Err(CurrencyError::NotDecimal(text.to_owned()));
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > digits {
            return Err(CurrencyError::TooFine { text: text.to_owned(), currency });
        }
        let minor = format!("{whole}{fraction:0<digits$}").parse().ok();
        let amount = minor.and_then(|minor| Self::new(minor, currency));
        amount.ok_or_else(|| CurrencyError::OutOfRange(text.to_owned()))
    }

    /// Minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// As people write it, with all digits of the currency and without its name: `10.00`.
    pub fn decimal(self) -> String {
        let digits = self.currency.exponent();
        let one = 10_i64.pow(digits);
        if digits == 0 {
            return self.minor.to_string();
        }
        format!("{}.{:0width$}", self.minor / one, self.minor % one, width = digits as usize)
    }

    /// The sum; `None` of two currencies, or beyond what an order may be for.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Self::new(self.minor.checked_add(other.minor)?, self.currency)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    #[test]
    fn amounts_are_exact_in_each_currency() {
        for (text, code, minor) in [
            ("10", "CNY", 1_000),
            ("10.0", "CNY", 1_000),
            ("10.00", "cny", 1_000),
            ("0.01", "USD", 1),
            ("500", "JPY", 500),
            ("500.0", "JPY", 500),
            ("1.234", "KWD", 1_234),
        ] {
            assert_eq!(
                Amount::parse(text, currency(code)).unwrap().minor(),
                minor,
                "{text} {code}"
            );
        }
        assert_eq!(Amount::new(1_000, Currency::CNY).unwrap().to_string(), "10.00 CNY");
        assert_eq!(Amount::new(5, currency("JPY")).unwrap().to_string(), "5 JPY");
        assert_eq!(Amount::new(5, currency("KWD")).unwrap().decimal(), "0.005");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "-1", "+1", "1.", ".5", "1e3", " 1", "1,5", "0x1", "NaN", "１"] {
            let read = Amount::parse(text, Currency::CNY);
            assert!(matches!(read, Err(CurrencyError::NotDecimal(_))), "{text:?}: {read:?}");
        }
        let fine = Amount::parse("1.001", Currency::CNY);
        assert!(matches!(fine, Err(CurrencyError::TooFine { .. })));
        let fine = Amount::parse("1.5", currency("JPY"));
        assert!(matches!(fine, Err(CurrencyError::TooFine { .. })));
        for text in ["99999999999999999999", "10000000000000.01"] {
            let read = Amount::parse(text, Currency::CNY);
            assert!(matches!(read, Err(CurrencyError::OutOfRange(_))), "{text}: {read:?}");
        }
        assert_eq!(Amount::new(-1, Currency::CNY), None);
        for code in ["", "XXX", "CN", "CNYY", "ISK"] {
            assert!(code.parse::<Currency>().is_err(), "{code}");
        }
    }

    #[test]
    fn only_one_currency_is_added() {
        let amount = |minor, code| Amount::new(minor, currency(code)).unwrap();
        assert_eq!(amount(1, "CNY").checked_add(amount(2, "CNY")), Some(amount(3, "CNY")));
        assert_eq!(amount(1, "CNY").checked_add(amount(2, "USD")), None);
        assert_eq!(amount(MOST, "CNY").checked_add(amount(1, "CNY")), None);
    }

    proptest! {
        #[test]
        fn text_form_round_trips(minor in 0..=MOST, index in 0..KNOWN.len()) {
            let amount = Amount::new(minor, Currency(*KNOWN[index].0)).unwrap();
            prop_assert_eq!(Amount::parse(&amount.decimal(), amount.currency()), Ok(amount));
        }
    }
}

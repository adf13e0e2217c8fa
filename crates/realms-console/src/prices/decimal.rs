//! Decimal numbers as JSON writes them, taken as they are written.

use realms_types::UnitPrice;

use super::Reason;

/// More digits than any price has.
const MOST_DIGITS: usize = 40;
/// Farther exponents are nothing or everything.
const MOST_EXPONENT: i32 = 40;

/// A number times ten to the power of `places`, rounded to the nearest, halves to even. JSON's numbers
/// and texts that hold one are read: `1.25e-06`, `"1.25"`.
pub(super) fn scaled(json: &str, places: i32) -> Result<UnitPrice, Reason> {
    let text = json.trim().trim_matches('"').trim();
    let refused = || Reason::NotAPrice(text.chars().take(40).collect());
    let units = units(text, places).ok_or_else(refused)?;
    i64::try_from(units).ok().and_then(UnitPrice::from_nano).ok_or_else(refused)
}

fn units(text: &str, places: i32) -> Option<i128> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let sound = !whole.is_empty()
        && digits.len() <= MOST_DIGITS
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && exponent.abs() <= MOST_EXPONENT;
    if !sound {
        return None;
    }
    let value: i128 = digits
        .trim_start_matches('0')
        .parse()
        .or(if is_zero(&digits) { Ok(0) } else { Err(()) })
        .ok()?;
    let power = exponent - i32::try_from(fraction.len()).ok()? + places;
    if power >= 0 {
        return value.checked_mul(10i128.checked_pow(power.unsigned_abs())?);
    }
    // Beyond this nothing is left of it.
    let Some(unit) = 10i128.checked_pow(power.unsigned_abs()) else { return Some(0) };
    Some(round_half_even(value, unit))
}

fn is_zero(digits: &str) -> bool {
    digits.bytes().all(|byte| byte == b'0')
}

fn round_half_even(value: i128, unit: i128) -> i128 {
    let (whole, rest) = (value / unit, value % unit);
    match (rest * 2).cmp(&unit) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + whole % 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_taken_as_they_are_written() {
        for (json, places, nano) in [
            ("1.25", 9, 1_250_000_000),
            ("\"1.25\"", 9, 1_250_000_000),
            ("10", 9, 10_000_000_000),
            ("0", 9, 0),
            ("0.0", 15, 0),
            // 1.25e-06 USD a token is 1.25 USD a million.
            ("1.25e-06", 15, 1_250_000_000),
            ("1.25E-6", 15, 1_250_000_000),
            ("0.00000125", 15, 1_250_000_000),
            ("5e-08", 15, 50_000_000),
            ("1e-05", 15, 10_000_000_000),
            ("7.5e-7", 15, 750_000_000),
            // What floats leave behind is rounded away.
            ("5.0000000000000004e-08", 15, 50_000_000),
            ("9.999999999999999e-08", 15, 100_000_000),
            ("1e-16", 15, 0),
            ("5e-16", 15, 0),
            ("15e-16", 15, 2),
            ("1e-40", 15, 0),
        ] {
            assert_eq!(scaled(json, places).map(UnitPrice::nano), Ok(nano), "{json}");
        }
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for json in [
            "-1",
            "\"\"",
            "null",
            "true",
            "1e99",
            "1e-99",
            "\"x\"",
            ".5",
            "1e",
            "NaN",
            "99999999999",
        ] {
            assert!(scaled(json, 9).is_err(), "{json}");
        }
        assert!(scaled(&"9".repeat(60), 9).is_err());
    }

    proptest! {
        #[test]
        fn a_price_reads_back_as_what_it_was(nano in 0i64..9_000_000_000_000_000_000) {
            let price = UnitPrice::from_nano(nano).unwrap();
            prop_assert_eq!(scaled(&price.to_string(), 9), Ok(price));
        }

        #[test]
        fn nothing_panics(text in ".{0,60}", places in 0i32..20) {
            let _ = scaled(&text, places);
        }
    }
}

//! What a top-up is worth: rates, least amounts and bonuses, by currency. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Amount, Currency, Money, Ppm, Value};

/// How balances are topped up; a setting.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TopUpTerms {
    /// The currencies that are taken.
    pub currencies: BTreeMap<Currency, TopUpRate>,
}

/// How a currency is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopUpRate {
    /// USD of balance for one unit of the currency, such as 0.14 for a yuan.
    pub credit: Money,
    /// The least that is taken, in minor units.
    pub minimum: i64,
    /// Amounts to choose from, in minor units.
    #[serde(default)]
    pub presets: Vec<i64>,
    /// What is given on top; the one of the highest amount that is reached counts.
    #[serde(default)]
    pub bonuses: Vec<Bonus>,
}

/// What is given on top of a large amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bonus {
    /// From so many minor units on.
    pub from: i64,
    /// So much of what the payment is worth.
    pub extra: Ppm,
}

/// Why a top-up cannot be ordered, or its terms make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TopUpMistake {
    /// The currency is not taken.
    #[error("{0} is not taken")]
    Currency(Currency),
    /// Less than the least.
    #[error("the least is {0}")]
    TooLittle(Amount),
    /// What it is worth passes what is moved at once, or is nothing.
    #[error("{0} cannot be topped up at once")]
    OutOfRange(Amount),
    /// A rate, a least amount or a bonus that is nothing or negative.
    #[error("the terms of {0} make no sense: rates and amounts are above nothing")]
    Terms(Currency),
}

/// The most that the ledger moves at once: ten million USD.
const MOST: i128 = 10_000_000 * 1_000_000_000;
const MILLION: i128 = 1_000_000;

// === impl TopUpTerms ===

impl TopUpTerms {
    /// Whether the terms make sense.
    pub fn check(&self) -> Result<(), TopUpMistake> {
        for (currency, rate) in &self.currencies {
            let amounts = rate.presets.iter().chain(rate.bonuses.iter().map(|one| &one.from));
            let mut amounts = amounts.chain([&rate.minimum]);
            let senseless = rate.credit <= Money::ZERO
                || amounts.any(|minor| *minor <= 0 || Amount::new(*minor, *currency).is_none());
            if senseless {
                return Err(TopUpMistake::Terms(*currency));
            }
        }
        Ok(())
    }

    /// What an amount is worth today.
    pub fn quote(&self, amount: Amount) -> Result<Value, TopUpMistake> {
        let currency = amount.currency();
        let rate = self.currencies.get(&currency).ok_or(TopUpMistake::Currency(currency))?;
        if amount.minor() < rate.minimum || amount.minor() == 0 {
            let least = Amount::new(rate.minimum.max(1), currency);
            return Err(least.map_or(TopUpMistake::Terms(currency), TopUpMistake::TooLittle));
        }
        let paid = rate.worth(amount);
        let reached = rate.bonuses.iter().filter(|one| one.from <= amount.minor());
        let extra = reached.max_by_key(|one| one.from).map_or(Ppm::ZERO, |one| one.extra);
        let bonus = paid.saturating_mul(i128::from(extra.parts())) / MILLION;
        if paid <= 0 || paid.saturating_add(bonus) > MOST {
            return Err(TopUpMistake::OutOfRange(amount));
        }
        let money = |nano: i128| i64::try_from(nano).map(Money::from_nano);
        match (money(paid), money(bonus)) {
            (Ok(paid), Ok(bonus)) => Ok(Value { paid, bonus }),
            _ => Err(TopUpMistake::OutOfRange(amount)),
        }
    }

    /// What a payment that buys no balance is worth in the books; nothing where the currency has no rate.
    pub fn worth(&self, amount: Amount) -> Money {
        let nano = self.currencies.get(&amount.currency()).map_or(0, |rate| rate.worth(amount));
        i64::try_from(nano.min(MOST)).map_or(Money::ZERO, Money::from_nano)
    }
}

// === impl TopUpRate ===

impl TopUpRate {
    /// Nano-USD, rounded down.
    fn worth(&self, amount: Amount) -> i128 {
        let unit = 10_i128.pow(amount.currency().exponent());
        i128::from(amount.minor()) * i128::from(self.credit.nano()) / unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> TopUpTerms {
        let rate = TopUpRate {
            credit: "0.14".parse().unwrap(),
            minimum: 1_000,
            presets: vec![1_000, 5_000],
            bonuses: vec![
                Bonus { from: 10_000, extra: "0.1".parse().unwrap() },
                Bonus { from: 5_000, extra: "0.05".parse().unwrap() },
            ],
        };
        let yen = TopUpRate { credit: "0.0065".parse().unwrap(), minimum: 500, ..rate.clone() };
        let yen = TopUpRate { presets: Vec::new(), bonuses: Vec::new(), ..yen };
        TopUpTerms { currencies: [(Currency::CNY, rate), ("JPY".parse().unwrap(), yen)].into() }
    }

    fn quoted(text: &str, code: &str) -> (String, String) {
        let amount = Amount::parse(text, code.parse().unwrap()).unwrap();
        let value = terms().quote(amount).unwrap();
        (value.paid.to_string(), value.bonus.to_string())
    }

    #[test]
    fn an_amount_is_worth_its_rate_and_the_highest_bonus_it_reaches() {
        terms().check().unwrap();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(quoted("10", "CNY"), pair("1.4", "0"));
        assert_eq!(quoted("49.99", "CNY"), pair("6.9986", "0"));
        assert_eq!(quoted("50", "CNY"), pair("7", "0.35"));
        assert_eq!(quoted("100", "CNY"), pair("14", "1.4"));
        assert_eq!(quoted("1000", "JPY"), pair("6.5", "0"));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let amount = |minor, code: &str| Amount::new(minor, code.parse().unwrap()).unwrap();
        let quote = |one| terms().quote(one).unwrap_err();
        assert!(matches!(quote(amount(1, "USD")), TopUpMistake::Currency(_)));
        assert_eq!(quote(amount(999, "CNY")), TopUpMistake::TooLittle(amount(1_000, "CNY")));
        let huge = amount(1_000_000_000_000_000, "CNY");
        assert_eq!(quote(huge), TopUpMistake::OutOfRange(huge));
        for broken in [
            TopUpRate { credit: Money::ZERO, ..terms().currencies[&Currency::CNY].clone() },
            TopUpRate { minimum: 0, ..terms().currencies[&Currency::CNY].clone() },
            TopUpRate { presets: vec![-5], ..terms().currencies[&Currency::CNY].clone() },
        ] {
            let broken = TopUpTerms { currencies: [(Currency::CNY, broken)].into() };
            assert_eq!(broken.check(), Err(TopUpMistake::Terms(Currency::CNY)));
        }
    }
}

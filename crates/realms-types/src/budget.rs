//! What may be spent within a time, by one API key or by all keys of a user.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize, Serializer, de::Error as _};

use crate::Money;

/// What may be spent within a time. In JSON: `{"per": "5h", "usd": "20"}` or
/// `{"per": "month", "llm_tokens": 50000000}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Budget {
    /// The time in which it counts.
    pub per: BudgetPeriod,
    /// How much.
    pub most: Spend,
}

/// The time in which what was spent counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BudgetPeriod {
    /// The last so long, at every moment; whole minutes, at most [`BudgetPeriod::LONGEST`].
    Rolling(Duration),
    /// From midnight to midnight, in the time zone of the site.
    Day,
    /// From Monday to Monday.
    Week,
    /// From the first of a month to the next.
    Month,
    /// For ever.
    Total,
}

/// An amount of what can be spent; more than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spend {
    /// Money.
    Usd(Money),
    /// LLM tokens, read and written.
    Tokens(u64),
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no time for a budget: a number with `m`, `h` or `d` up to 366d (`5h`, `7d`), or `day`, `week`, \
     `month`, `total`"
)]
pub struct BudgetPeriodError(String);

/// As it stands in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    per: BudgetPeriod,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    usd: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    llm_tokens: Option<u64>,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

// === impl Budget ===

impl TryFrom<Form> for Budget {
    type Error = &'static str;

    fn try_from(form: Form) -> Result<Self, Self::Error> {
        let most = match (form.usd, form.llm_tokens) {
            (Some(usd), None) if usd > Money::ZERO => Spend::Usd(usd),
            (None, Some(tokens)) if tokens > 0 => Spend::Tokens(tokens),
            (Some(_), None) | (None, Some(_)) => {
                return Err("a budget is more than nothing: what may not be used is switched off");
            }
            (Some(_), Some(_)) | (None, None) => {
                return Err("a budget has either `usd` or `llm_tokens`");
            }
        };
        Ok(Self { per: form.per, most })
    }
}

impl From<Budget> for Form {
    fn from(budget: Budget) -> Self {
        let (usd, llm_tokens) = match budget.most {
            Spend::Usd(usd) => (Some(usd), None),
            Spend::Tokens(tokens) => (None, Some(tokens)),
        };
        Self { per: budget.per, usd, llm_tokens }
    }
}

/// `20 USD per 5h`.
impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            Spend::Usd(usd) => write!(f, "{usd} USD"),
            Spend::Tokens(tokens) => write!(f, "{tokens} LLM tokens"),
        }?;
        match self.per {
            BudgetPeriod::Total => f.write_str(" in total"),
            per => write!(f, " per {per}"),
        }
    }
}

// === impl Spend ===

impl Spend {
    /// Whether it is money.
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Usd(_))
    }

    /// Nano-USD, or LLM tokens.
    pub fn count(self) -> i64 {
        match self {
            Self::Usd(usd) => usd.nano(),
            Self::Tokens(tokens) => i64::try_from(tokens).unwrap_or(i64::MAX),
        }
    }
}

// === impl BudgetPeriod ===

impl BudgetPeriod {
    /// The longest of the rolling ones.
    pub const LONGEST: Duration = Duration::from_secs(366 * DAY);
}

impl FromStr for BudgetPeriod {
    type Err = BudgetPeriodError;

    fn from_str(text: &str) -> Result<Self, BudgetPeriodError> {
        let wrong = || BudgetPeriodError(text.chars().take(40).collect());
        match text {
            "day" => return Ok(Self::Day),
            "week" => return Ok(Self::Week),
            "month" => return Ok(Self::Month),
            "total" => return Ok(Self::Total),
            _ => {}
        }
        let (number, unit) = [('m', MINUTE), ('h', HOUR), ('d', DAY)]
            .into_iter()
            .find_map(|(letter, unit)| Some((text.strip_suffix(letter)?, unit)))
            .ok_or_else(wrong)?;
        // No sign, no blank, no leading zero: a period is written in one way.
        if !number.bytes().all(|byte| byte.is_ascii_digit()) || number.starts_with('0') {
            return Err(wrong());
        }
        let count = number.parse::<u64>().map_err(|_| wrong())?;
        let period = Duration::from_secs(count.checked_mul(unit).ok_or_else(wrong)?);
        if period > Self::LONGEST {
            return Err(wrong());
        }
        Ok(Self::Rolling(period))
    }
}

/// `90m`, `5h`, `7d`: the largest unit that tells it whole.
impl fmt::Display for BudgetPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = match self {
            Self::Rolling(period) => period.as_secs(),
            Self::Day => return f.write_str("day"),
            Self::Week => return f.write_str("week"),
            Self::Month => return f.write_str("month"),
            Self::Total => return f.write_str("total"),
        };
        let (unit, letter) = [(DAY, 'd'), (HOUR, 'h')]
            .into_iter()
            .find(|(unit, _)| seconds.is_multiple_of(*unit))
            .unwrap_or((MINUTE, 'm'));
        write!(f, "{}{letter}", seconds / unit)
    }
}

impl Serialize for BudgetPeriod {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BudgetPeriod {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_written_in_one_way() {
        for text in ["1m", "90m", "5h", "36h", "7d", "366d", "day", "week", "month", "total"] {
            assert_eq!(text.parse::<BudgetPeriod>().unwrap().to_string(), text);
        }
        assert_eq!("24h".parse::<BudgetPeriod>().unwrap().to_string(), "1d");
        let wrong = [
            "",
            "5",
            "h",
            "0h",
            "05h",
            "-5h",
            "+5h",
            "5 h",
            "5s",
            "367d",
            "days",
            "五h",
            "99999999999999999999d",
        ];
        for text in wrong {
            assert!(text.parse::<BudgetPeriod>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_budget_is_money_or_tokens_and_more_than_nothing() {
        for (json, words) in [
            (r#"{"per":"5h","usd":"20"}"#, "20 USD per 5h"),
            (r#"{"per":"month","llm_tokens":5000000}"#, "5000000 LLM tokens per month"),
            (r#"{"per":"total","usd":"0.5"}"#, "0.5 USD in total"),
        ] {
            let budget: Budget = serde_json::from_str(json).unwrap();
            assert_eq!(budget.to_string(), words);
            assert_eq!(serde_json::to_string(&budget).unwrap(), json);
        }
        for json in [
            r#"{"per":"5h"}"#,
            r#"{"per":"5h","usd":"1","llm_tokens":1}"#,
            r#"{"per":"5h","usd":"0"}"#,
            r#"{"per":"5h","usd":"-1"}"#,
            r#"{"per":"5h","llm_tokens":0}"#,
            r#"{"per":"5h","llm_tokens":-1}"#,
            r#"{"per":"never","usd":"1"}"#,
            r#"{"usd":"1"}"#,
            r#"{"per":"5h","usd":"1","cents":3}"#,
        ] {
            assert!(serde_json::from_str::<Budget>(json).is_err(), "{json}");
        }
    }
}

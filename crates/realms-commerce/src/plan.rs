//! Whether a plan can be sold. Pure.

use realms_store::PlanRecord;
use realms_types::{Amount, Currency};

/// Why a plan cannot be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanMistake {
    /// The code is no short word.
    #[error("the code has 1 to 64 letters, digits, dashes and underscores")]
    Code,
    /// The name is empty, or too long.
    #[error("the name has 1 to 128 bytes")]
    Name,
    /// A price that is nothing, negative or too high.
    #[error("a price in {0} must be above nothing")]
    Price(Currency),
    /// It lasts no time or too long, or has no limit or no prices: without them it would give everything.
    #[error(
        "it lasts 1 to 3,660 days and needs at least one limit, and a multiplier, above nothing"
    )]
    Terms,
}

/// Whether a plan can be sold as it is.
pub fn check_plan(plan: &PlanRecord) -> Result<(), PlanMistake> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !(1..=64).contains(&plan.code.len()) || !plan.code.bytes().all(letter) {
        return Err(PlanMistake::Code);
    }
    if plan.name.trim().is_empty() || plan.name.len() > 128 {
        return Err(PlanMistake::Name);
    }
    for (currency, minor) in &plan.prices {
        if *minor < 1 || Amount::new(*minor, *currency).is_none() {
            return Err(PlanMistake::Price(*currency));
        }
    }
    if plan.terms.is_sensible() { Ok(()) } else { Err(PlanMistake::Terms) }
}

#[cfg(test)]
mod tests {
    use realms_types::{Money, PlanTerms, Ppm, Timestamp};

    use super::*;

    #[test]
    fn a_plan_lasts_and_ends() {
        let limit_30d = Some(Money::from_nano(1));
        let plan = PlanRecord {
            id: 1.into(),
            code: "basic_12".to_owned(),
            name: "基础".to_owned(),
            enabled: true,
            user_groups: Vec::new(),
            prices: [(Currency::CNY, 1_200)].into(),
            terms: PlanTerms { days: 30, limit_30d, ..PlanTerms::default() },
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
        };
        assert_eq!(check_plan(&plan), Ok(()));
        let terms = |days, limit_30d| PlanRecord {
            terms: PlanTerms { days, limit_30d, ..PlanTerms::default() },
            ..plan.clone()
        };
        for broken in [
            terms(0, limit_30d),
            terms(3_661, limit_30d),
            terms(30, None),
            terms(30, Some(Money::ZERO)),
            PlanRecord {
                terms: PlanTerms { multiplier: Ppm::ZERO, ..plan.terms.clone() },
                ..plan.clone()
            },
        ] {
            assert_eq!(check_plan(&broken), Err(PlanMistake::Terms), "{broken:?}");
        }
        let priced = PlanRecord { prices: [(Currency::USD, 0)].into(), ..plan.clone() };
        assert_eq!(check_plan(&priced), Err(PlanMistake::Price(Currency::USD)));
        for code in ["", "a b", "套餐"] {
            let coded = PlanRecord { code: code.to_owned(), ..plan.clone() };
            assert_eq!(check_plan(&coded), Err(PlanMistake::Code), "{code}");
        }
        let unnamed = PlanRecord { name: " ".to_owned(), ..plan };
        assert_eq!(check_plan(&unnamed), Err(PlanMistake::Name));
    }
}

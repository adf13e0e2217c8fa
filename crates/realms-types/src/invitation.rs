//! What is given to who invites somebody, and to who comes. Pure.

use serde::{Deserialize, Serialize};

use crate::Money;

/// What an invitation is worth; a setting. What it says when somebody signs up holds for their invitation,
/// whatever it says later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InvitationTerms {
    /// What the balance of who invited gains.
    pub inviter_usd: Money,
    /// What the balance of who was invited gains.
    pub invitee_usd: Money,
    /// What who was invited does before anything is given.
    pub after: InvitationAfter,
}

/// What somebody who was invited does before anything is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationAfter {
    /// They make an account. Accounts are made up where that is worth something.
    SignUp,
    /// They pay for something, and not with play money.
    #[default]
    FirstPayment,
}

/// An amount that no invitation is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} USD cannot be given for an invitation: from 0 to {MOST} USD")]
pub struct InvitationMistake(pub Money);

/// The most that one of the two is given.
const MOST: Money = Money::from_nano(1_000 * 1_000_000_000);

// === impl InvitationTerms ===

impl InvitationTerms {
    /// Whether the terms make sense. Where both amounts are nothing, invitations are only counted.
    pub fn check(&self) -> Result<(), InvitationMistake> {
        let amounts = [self.inviter_usd, self.invitee_usd];
        let senseless = amounts.into_iter().find(|one| !(Money::ZERO..=MOST).contains(one));
        senseless.map_or(Ok(()), |amount| Err(InvitationMistake(amount)))
    }
}

// === impl InvitationAfter ===

impl InvitationAfter {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::FirstPayment => "first_payment",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<InvitationTerms, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn what_is_left_out_is_nothing_and_waits_for_a_payment() {
        let none = InvitationTerms::default();
        assert_eq!(read("{}").unwrap(), none);
        assert_eq!((none.inviter_usd, none.after), (Money::ZERO, InvitationAfter::FirstPayment));
        let terms = read(r#"{"inviter_usd":"5","after":"sign_up"}"#).unwrap();
        assert_eq!((terms.inviter_usd.to_string(), terms.after.as_str()), ("5".into(), "sign_up"));
        for wrong in [r#"{"inviter":"5"}"#, r#"{"after":"never"}"#, r#"{"inviter_usd":5}"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_invitation_is_worth_from_nothing_to_a_thousand() {
        let worth = |one: &str, other: &str| {
            InvitationTerms {
                inviter_usd: one.parse().unwrap(),
                invitee_usd: other.parse().unwrap(),
                ..InvitationTerms::default()
            }
            .check()
        };
        for (one, other) in [("0", "0"), ("1000", "0.000000001")] {
            assert_eq!(worth(one, other), Ok(()));
        }
        let mistake = |amount: &str| Err(InvitationMistake(amount.parse().unwrap()));
        assert_eq!(worth("-1", "0"), mistake("-1"));
        assert_eq!(worth("0", "1000.000000001"), mistake("1000.000000001"));
        let told = worth("1001", "0").unwrap_err().to_string();
        assert_eq!(told, "1001 USD cannot be given for an invitation: from 0 to 1000 USD");
    }
}

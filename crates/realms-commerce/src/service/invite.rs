//! Invitations: what a user invites with, and what is given when somebody came by it.

use realms_ledger::Movement;
use realms_seal::random_bytes;
use realms_types::{Money, UserId};

use super::{Commerce, codes::LETTERS};
use crate::CommerceError;

/// Letters of a code: 50 bits.
const LENGTH: usize = 10;
/// Invitations that are looked at in one step.
const A_STEP: u64 = 200;
/// What an entry of the ledger says it is about.
const REFERENCE: &str = "invitation";

// === impl Commerce ===

impl Commerce {
    /// What a user invites with, made when it is first asked for.
    pub async fn invitation_code(&self, user: UserId) -> Result<String, CommerceError> {
        if let Some(code) = self.store.read().find_invitation_code(user).await? {
            return Ok(code);
        }
        loop {
            let tx = self.store.begin().await?;
            let made = tx.put_invitation_code(user, &new_code(), self.clock.now()).await?;
            // Where another user has the same, another is made.
            if let Some(code) = made {
                tx.commit().await?;
                return Ok(code);
            }
        }
    }

    /// Gives a user another code to invite with. Nobody comes by the one before; who came by it stays theirs.
    pub async fn renew_invitation_code(&self, user: UserId) -> Result<String, CommerceError> {
        loop {
            let tx = self.store.begin().await?;
            tx.delete_invitation_code(user).await?;
            let made = tx.put_invitation_code(user, &new_code(), self.clock.now()).await?;
            if let Some(code) = made {
                tx.commit().await?;
                return Ok(code);
            }
        }
    }

    /// Gives what is due for invitations, and tells for how many. What is given is known by who came, so any number
    /// of nodes may do it at once, and whoever dies half-way has it ended by the next. One that cannot be rewarded is
    /// told of at the end: the others do not wait for it.
    pub async fn reward_invitations(&self) -> Result<u64, CommerceError> {
        let (mut rewarded, mut after, mut failed) = (0, None, None);
        loop {
            let due = self.store.read().list_due_invitations(after, A_STEP).await?;
            let Some(last) = due.last() else { return failed.map_or(Ok(rewarded), Err) };
            after = Some(*last);
            for invitee in due {
                match self.reward_invitation(invitee).await {
                    Ok(is_done) => rewarded += u64::from(is_done),
                    Err(error) if error.is_temporary() => return Err(error),
                    Err(error) => failed = Some(error),
                }
            }
        }
    }

    /// Gives what is promised for somebody who did what was asked for. `false`: it was given before, or nobody invited
    /// them.
    pub async fn reward_invitation(&self, invitee: UserId) -> Result<bool, CommerceError> {
        let Some(record) = self.store.decide_invitation(invitee).await? else { return Ok(false) };
        if let Some((whose, earned)) = record.inviter.zip(record.earned) {
            self.promote(whose, earned, format!("invitation:{invitee}:inviter")).await?;
        }
        let amount = record.terms.invitee_usd;
        self.promote(invitee, amount, format!("invitation:{invitee}:invitee")).await?;
        Ok(self.store.finish_invitation(invitee, self.clock.now()).await?)
    }

    /// Gives money, once under a key.
    async fn promote(&self, user: UserId, amount: Money, key: String) -> Result<(), CommerceError> {
        if amount == Money::ZERO {
            return Ok(());
        }
        let reference = Some(REFERENCE.to_owned());
        let movement = Movement { user, amount, key, reference, actor: None, reason: None };
        self.ledger.promote(movement).await?;
        Ok(())
    }
}

/// Letters that nobody can guess.
fn new_code() -> String {
    let letters = random_bytes::<LENGTH>().map(|byte| LETTERS[usize::from(byte & 31)]);
    letters.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_ten_letters_and_never_the_same() {
        let (one, two) = (new_code(), new_code());
        assert_eq!(one.len(), LENGTH);
        assert!(one.bytes().all(|letter| LETTERS.contains(&letter)), "{one}");
        assert_ne!(one, two);
    }
}

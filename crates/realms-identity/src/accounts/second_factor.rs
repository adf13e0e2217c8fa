//! The second step of a log-in, and the authenticator it asks for.

use std::time::Duration;

use realms_seal::{Purpose, random_token};
use realms_store::{ChallengeRecord, TotpRecord, UserRecord};
use realms_types::{Secret, SessionId, UserId};

use super::{Accounts, LoggedIn, Origin};
use crate::{
    IdentityError, TotpSecret,
    guess::Account,
    recovery_code::{new_recovery_codes, recovery_code_hash},
};

/// How long the second step may take.
const LIFE: Duration = Duration::from_mins(5);
/// How often it may be tried before the password is asked for again.
const MOST_TRIES: i64 = 5;
/// The kind of these challenges in the store.
const KIND: &str = "second_factor";

/// What proves the second step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// The code an authenticator shows.
    Totp,
    /// A code from paper.
    RecoveryCode,
}

/// Who made it through the second step.
#[derive(Debug)]
pub struct Proven {
    /// Who.
    pub user: UserRecord,
    /// Whether the session is to last.
    pub remember: bool,
}

/// An authenticator that waits for its first code.
#[derive(Debug)]
pub struct NewTotp {
    /// The secret in base 32.
    pub secret: Secret<String>,
    /// The secret as a URI.
    pub uri: Secret<String>,
}

// === impl Accounts ===

impl Accounts {
    /// Lets in whoever made it through a first step that shows one factor only, or goes on to the
    /// second step when the user has one.
    pub async fn first_step(
        &self,
        user: UserRecord,
        remember: bool,
    ) -> Result<LoggedIn, IdentityError> {
        if self.confirmed_totp(user.id).await?.is_none() {
            return Ok(LoggedIn::Done(user));
        }
        let challenge = random_token("");
        let record = ChallengeRecord {
            hash: self.challenge_hash(challenge.reveal()),
            kind: KIND.to_owned(),
            user_id: Some(user.id),
            note: if remember { "remember" } else { "" }.to_owned(),
            expires_at: self.clock.now() + LIFE,
        };
        self.store.insert_challenge(&record).await?;
        Ok(LoggedIn::SecondFactor(challenge))
    }

    /// Checks the second step of a log-in. The challenge is good for five tries, five minutes and one
    /// log-in; [`IdentityError::ExpiredCode`]: the password is to be shown again.
    pub async fn prove(
        &self,
        challenge: &str,
        method: SecondFactor,
        code: &str,
        origin: &Origin,
    ) -> Result<Proven, IdentityError> {
        let hash = self.challenge_hash(challenge);
        let now = self.clock.now();
        let found = self.store.try_challenge(&hash, KIND, MOST_TRIES, now).await?;
        let Some((user_id, note)) = found.and_then(|found| Some((found.user_id?, found.note)))
        else {
            return Err(IdentityError::ExpiredCode);
        };
        let user = self.user(user_id).await?;
        self.check_second_factor(&user, method, code, origin).await?;
        if self.store.take_challenge(&hash, KIND, now).await?.is_none() {
            return Err(IdentityError::ExpiredCode);
        }
        Ok(Proven { user, remember: note == "remember" })
    }

    /// Counts a try, then compares a code with what the user has. A code counts once.
    pub(super) async fn check_second_factor(
        &self,
        user: &UserRecord,
        method: SecondFactor,
        code: &str,
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let guess = self.guesses.begin(Account::Known(user.id), origin.address).await?;
        let right = match method {
            SecondFactor::Totp => self.takes_totp(user.id, code).await,
            SecondFactor::RecoveryCode => {
                let hash = recovery_code_hash(&self.keyring, user.id, code);
                let taken = self.store.take_recovery_code(user.id, &hash, self.clock.now()).await;
                taken.map_err(IdentityError::from)
            }
        };
        match right {
            Ok(true) => {
                guess.was_right().await;
                Ok(())
            }
            Ok(false) => {
                self.note_failure(Some(user), origin).await?;
                Err(IdentityError::WrongCode)
            }
            Err(error) => {
                guess.was_right().await;
                Err(error)
            }
        }
    }

    async fn takes_totp(&self, user: UserId, code: &str) -> Result<bool, IdentityError> {
        let Some(record) = self.confirmed_totp(user).await? else {
            return Ok(false);
        };
        let Some(step) = self.open_totp(&record)?.step_of(code, self.clock.now()) else {
            return Ok(false);
        };
        Ok(self.store.accept_totp_step(user, step).await?)
    }

    /// Makes an authenticator that waits for its first code.
    pub async fn begin_totp(&self, user: UserId, site: &str) -> Result<NewTotp, IdentityError> {
        let user = self.user(user).await?;
        let secret = TotpSecret::random();
        let place = TotpRecord::secret_place(user.id);
        let sealed = self.keyring.seal(Purpose::Totp, place, secret.as_bytes())?;
        let mut tx = self.store.begin().await?;
        tx.put_totp(user.id, &sealed, self.clock.now()).await?;
        tx.commit().await?;
        Ok(NewTotp { secret: secret.to_text(), uri: secret.to_uri(site, &user.username) })
    }

    /// Confirms the waiting authenticator with a code of it, and returns the recovery codes, which
    /// are shown this once.
    pub async fn confirm_totp(
        &self,
        (user, session): (UserId, SessionId),
        code: &str,
        origin: &Origin,
    ) -> Result<Vec<Secret<String>>, IdentityError> {
        let user = self.user(user).await?;
        let waiting = self.store.read().find_totp(user.id).await?;
        let waiting = waiting.filter(|totp| totp.confirmed_at.is_none());
        let record = waiting.ok_or(IdentityError::ExpiredCode)?;
        let guess = self.guesses.begin(Account::Known(user.id), origin.address).await?;
        let now = self.clock.now();
        let step = self.open_totp(&record)?.step_of(code, now);
        let step = step.ok_or(IdentityError::WrongCode)?;
        guess.was_right().await;
        let codes = new_recovery_codes();
        let mut tx = self.store.begin().await?;
        if !tx.confirm_totp(&record, step, now).await? {
            return Err(IdentityError::ExpiredCode);
        }
        tx.put_recovery_codes(user.id, &self.recovery_hashes(user.id, &codes), now).await?;
        // Sessions from before the second factor have shown one only.
        tx.end_sessions(user.id, Some(session)).await?;
        self.note_in(&mut tx, origin, Some(&user), "user.totp_enable").await?;
        tx.commit().await?;
        self.sessions.forget_all();
        Ok(codes)
    }

    /// Takes the second factor away; the other sessions end. The session must have been
    /// re-authenticated.
    pub async fn delete_totp(
        &self,
        (user, session): (UserId, SessionId),
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let user = self.user(user).await?;
        let mut tx = self.store.begin().await?;
        if tx.delete_totp(user.id).await? {
            tx.end_sessions(user.id, Some(session)).await?;
            self.note_in(&mut tx, origin, Some(&user), "user.totp_disable").await?;
            tx.commit().await?;
            self.sessions.forget_all();
        }
        Ok(())
    }

    /// Replaces the recovery codes. The session must have been re-authenticated. `None`: there is no
    /// authenticator they could stand in for.
    pub async fn renew_recovery_codes(
        &self,
        user: UserId,
        origin: &Origin,
    ) -> Result<Option<Vec<Secret<String>>>, IdentityError> {
        let user = self.user(user).await?;
        if self.confirmed_totp(user.id).await?.is_none() {
            return Ok(None);
        }
        let codes = new_recovery_codes();
        let mut tx = self.store.begin().await?;
        let hashes = self.recovery_hashes(user.id, &codes);
        tx.put_recovery_codes(user.id, &hashes, self.clock.now()).await?;
        self.note_in(&mut tx, origin, Some(&user), "user.recovery_codes_renew").await?;
        tx.commit().await?;
        Ok(Some(codes))
    }

    pub(super) async fn confirmed_totp(
        &self,
        user: UserId,
    ) -> Result<Option<TotpRecord>, IdentityError> {
        let totp = self.store.read().find_totp(user).await?;
        Ok(totp.filter(|totp| totp.confirmed_at.is_some()))
    }

    fn open_totp(&self, record: &TotpRecord) -> Result<TotpSecret, IdentityError> {
        let place = TotpRecord::secret_place(record.user_id);
        let secret = self.keyring.unseal(Purpose::Totp, place, &record.sealed_secret)?;
        Ok(TotpSecret::from_bytes(secret))
    }

    fn recovery_hashes(&self, user: UserId, codes: &[Secret<String>]) -> Vec<[u8; 32]> {
        codes.iter().map(|code| recovery_code_hash(&self.keyring, user, code.reveal())).collect()
    }

    pub(super) fn challenge_hash(&self, challenge: &str) -> [u8; 32] {
        self.keyring.keyed_hash(&format!("challenge\n{challenge}"))
    }
}

//! Passkeys of users: made, used, deleted.

use std::time::Duration;

use realms_seal::random_token;
use realms_store::{ChallengeRecord, PasskeyRecord, UserRecord};
use realms_types::{PasskeyId, UserId};

use super::{Accounts, Origin};
use crate::{CreationOptions, IdentityError, PasskeyCredential, RelyingParty, RequestOptions};

/// How long a browser may take.
const LIFE: Duration = Duration::from_mins(5);
/// The most a user has.
const MOST: usize = 20;
/// The kinds of these challenges in the store.
const TO_LOG_IN: &str = "passkey_log_in";
const TO_MAKE: &str = "passkey_make";

// === impl Accounts ===

impl Accounts {
    /// Asks a browser for any passkey of this site. Anyone can ask, so asking is bounded.
    pub async fn begin_passkey_log_in(
        &self,
        site: &RelyingParty,
        origin: &Origin,
    ) -> Result<(String, RequestOptions), IdentityError> {
        self.guesses.begin_challenge(origin.address).await?;
        let challenge = self.new_challenge(TO_LOG_IN, None).await?;
        let options = site.request_options(&challenge);
        Ok((challenge, options))
    }

    /// Checks the answer of a browser. The challenge is used up by the first answer, good or bad.
    pub async fn log_in_by_passkey(
        &self,
        site: &RelyingParty,
        challenge: &str,
        credential: &PasskeyCredential,
    ) -> Result<UserRecord, IdentityError> {
        self.take(TO_LOG_IN, challenge).await?.ok_or(IdentityError::ExpiredCode)?;
        let assertion = credential.assertion()?;
        let found = self.store.read().find_passkey(&assertion.credential_hash).await?;
        let passkey = found.ok_or(IdentityError::WrongCredentials)?;
        let holder = (passkey.user_id, passkey.public_key.as_str());
        let signed = site.check_login(&assertion, challenge, holder)?;
        let now = self.clock.now();
        if !self.store.use_passkey(passkey.id, signed.sign_count, now).await? {
            tracing::warn!(passkey = %passkey.id, "a passkey counts backwards: it may be a copy");
            return Err(IdentityError::WrongCredentials);
        }
        self.user(passkey.user_id).await
    }

    /// Asks a browser for a new passkey of this user.
    pub async fn begin_passkey(
        &self,
        user: UserId,
        site: &RelyingParty,
        site_name: &str,
    ) -> Result<(String, CreationOptions), IdentityError> {
        let user = self.user(user).await?;
        let known = self.store.read().list_passkeys(user.id).await?;
        if known.len() >= MOST {
            return Err(IdentityError::TooMany);
        }
        let challenge = self.new_challenge(TO_MAKE, Some(user.id)).await?;
        let known = known.into_iter().map(|passkey| passkey.credential_id);
        let whose = (user.id, user.username.as_str());
        let options = site.creation_options(site_name, whose, &challenge, known);
        Ok((challenge, options))
    }

    /// Keeps a passkey a browser made for this user.
    pub async fn add_passkey(
        &self,
        user: UserId,
        site: &RelyingParty,
        (challenge, name): (&str, &str),
        credential: &PasskeyCredential,
        origin: &Origin,
    ) -> Result<PasskeyRecord, IdentityError> {
        let user = self.user(user).await?;
        let taken = self.take(TO_MAKE, challenge).await?;
        if taken.and_then(|challenge| challenge.user_id) != Some(user.id) {
            return Err(IdentityError::ExpiredCode);
        }
        let made = site.check_new(credential, challenge)?;
        let record = PasskeyRecord {
            id: self.ids.next(),
            user_id: user.id,
            name: name.trim().chars().take(64).collect(),
            credential_hash: made.credential_hash,
            credential_id: made.credential_id,
            public_key: made.public_key,
            sign_count: made.sign_count,
            created_at: self.clock.now(),
            last_used_at: None,
        };
        let mut tx = self.store.begin().await?;
        tx.insert_passkey(&record).await?;
        // Several may have been begun when there was room for one.
        if tx.read().list_passkeys(user.id).await?.len() > MOST {
            return Err(IdentityError::TooMany);
        }
        self.note_in(&mut tx, origin, Some(&user), "user.passkey_add").await?;
        tx.commit().await?;
        Ok(record)
    }

    /// The passkeys of a user.
    pub async fn list_passkeys(&self, user: UserId) -> Result<Vec<PasskeyRecord>, IdentityError> {
        Ok(self.store.read().list_passkeys(user).await?)
    }

    /// Deletes a passkey of this user.
    pub async fn delete_passkey(
        &self,
        user: UserId,
        id: PasskeyId,
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let user = self.user(user).await?;
        let mut tx = self.store.begin().await?;
        tx.delete_passkey(user.id, id).await?;
        let read = tx.read();
        let others = !read.list_external_identities(user.id).await?.is_empty()
            || !read.list_passkeys(user.id).await?.is_empty();
        if user.password_hash.is_none() && !others {
            return Err(IdentityError::LastWayIn);
        }
        self.note_in(&mut tx, origin, Some(&user), "user.passkey_delete").await?;
        Ok(tx.commit().await?)
    }

    async fn new_challenge(
        &self,
        kind: &str,
        user_id: Option<UserId>,
    ) -> Result<String, IdentityError> {
        let challenge = random_token("").reveal().clone();
        let record = ChallengeRecord {
            hash: self.challenge_hash(&challenge),
            kind: kind.to_owned(),
            user_id,
            note: String::new(),
            expires_at: self.clock.now() + LIFE,
        };
        self.store.insert_challenge(&record).await?;
        Ok(challenge)
    }

    async fn take(
        &self,
        kind: &str,
        challenge: &str,
    ) -> Result<Option<ChallengeRecord>, IdentityError> {
        let hash = self.challenge_hash(challenge);
        Ok(self.store.take_challenge(&hash, kind, self.clock.now()).await?)
    }
}

//! Who renews an account's tokens: a lease, a journal, and compare-and-swap on the generation.
//!
//! A refresh token works once. So that it is sent once fleet-wide, a node first takes the lease, then
//! writes into the journal that it sends the token of generation `g`, and only then sends it. What
//! comes back is written if the generation is still `g`, whoever holds the lease by then: the new
//! token is the only good one. A journal entry that no answer followed keeps others away for longer
//! than a lease does, because its writer may be alive and hold the new token in memory.

use std::time::Duration;

use realms_types::{CredentialId, NodeId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::account::{bounded_error, renewed};
use crate::{
    AccountGrant, AccountState, LoginCause, OauthAccountRecord, Reader, Store, StoreError, Tx,
    entity::oauth_account, sql,
};

/// Somebody who renews, and the generation they renew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refresher {
    /// The account.
    pub credential: CredentialId,
    /// The generation whose refresh token is used.
    pub generation: i64,
    /// Who does it.
    pub node: NodeId,
}

/// Why an account is not renewed now, though its tokens stay as they are.
#[derive(Debug, Clone)]
pub struct NeverRefreshed<'a> {
    /// What happened, for people.
    pub error: &'a str,
    /// When to try again.
    pub try_at: Timestamp,
    /// Whether the token was sent and an answer may have been lost.
    pub answer_lost: bool,
}

const CLAIM: &str = "\
UPDATE oauth_accounts SET lease_owner = ?, lease_until = ?, updated_at = ? \
WHERE credential_id = ? AND generation = ? AND state = 'active' AND lease_until <= ? \
AND (sent_generation IS NULL OR sent_generation <> generation OR sent_at <= ?)";

/// `lost_generation` is set before `sent_generation`: MySQL reads what it has just assigned.
const NOTE_SENT: &str = "\
UPDATE oauth_accounts SET \
lost_generation = CASE WHEN sent_generation = generation THEN generation ELSE lost_generation END, \
sent_generation = generation, sent_at = ?, updated_at = ? \
WHERE credential_id = ? AND generation = ? AND lease_owner = ? AND lease_until > ? \
AND state = 'active'";

const RENEW: &str = "\
UPDATE oauth_accounts SET account_id = ?, email = ?, plan = ?, user_id = ?, \
subscription_until = ?, sealed_access = ?, sealed_refresh = ?, sealed_id_token = ?, \
expires_at = ?, generation = generation + 1, \
state_since = CASE WHEN state = 'active' THEN state_since ELSE ? END, \
state = 'active', cause = NULL, refresh_at = ?, lease_owner = NULL, lease_until = 0, \
sent_generation = NULL, sent_at = NULL, lost_generation = NULL, last_refreshed_at = ?, \
last_error = NULL, updated_at = ? \
WHERE credential_id = ? AND generation = ?";

const PUT_OFF: &str = "\
UPDATE oauth_accounts SET lease_owner = NULL, lease_until = 0, refresh_at = ?, last_error = ?, \
lost_generation = CASE WHEN ? = 1 THEN generation ELSE lost_generation END, \
sent_generation = NULL, sent_at = NULL, updated_at = ? \
WHERE credential_id = ? AND generation = ? AND lease_owner = ?";

const CLOSE: &str = "\
UPDATE oauth_accounts SET state = 'needs_login', cause = ?, state_since = ?, last_error = ?, \
lease_owner = NULL, lease_until = 0, sent_generation = NULL, sent_at = NULL, updated_at = ? \
WHERE credential_id = ? AND generation = ? AND state = 'active'";

const HASTEN: &str = "\
UPDATE oauth_accounts SET refresh_at = ?, updated_at = ? \
WHERE credential_id = ? AND generation = ? AND state = 'active' AND refresh_at > ? \
AND (last_refreshed_at IS NULL OR last_refreshed_at <= ?)";

// === impl Store ===

impl Store {
    /// Takes the lease of an account. `false`: somebody else has it, the tokens are of another
    /// generation, the account is closed, or a refresh token was sent less than `grace` ago and may
    /// still be answered.
    pub async fn claim_refresh(
        &self,
        refresher: Refresher,
        now: Timestamp,
        lease: Duration,
        grace: Duration,
    ) -> Result<bool, StoreError> {
        let values = vec![
            refresher.node.raw().into(),
            (now + lease).as_micros().into(),
            now.as_micros().into(),
            refresher.credential.raw().into(),
            refresher.generation.into(),
            now.as_micros().into(),
            (now - grace).as_micros().into(),
        ];
        Ok(sql::execute(self.writers(), CLAIM, values).await? == 1)
    }

    /// Writes into the journal that the refresh token is being sent. `false`: the lease is over, and
    /// it must not be sent.
    pub async fn note_refresh_sent(
        &self,
        refresher: Refresher,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = vec![
            now.as_micros().into(),
            now.as_micros().into(),
            refresher.credential.raw().into(),
            refresher.generation.into(),
            refresher.node.raw().into(),
            now.as_micros().into(),
        ];
        Ok(sql::execute(self.writers(), NOTE_SENT, values).await? == 1)
    }

    /// Gives the lease back without new tokens. `false`: it was no longer held.
    pub async fn put_refresh_off(
        &self,
        refresher: Refresher,
        outcome: &NeverRefreshed<'_>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = vec![
            outcome.try_at.as_micros().into(),
            bounded_error(outcome.error).into(),
            i64::from(outcome.answer_lost).into(),
            now.as_micros().into(),
            refresher.credential.raw().into(),
            refresher.generation.into(),
            refresher.node.raw().into(),
        ];
        Ok(sql::execute(self.writers(), PUT_OFF, values).await? == 1)
    }

    /// Brings the next refresh of this generation forward to now, unless it has just been renewed.
    pub async fn hasten_refresh(
        &self,
        credential: CredentialId,
        generation: i64,
        now: Timestamp,
        not_within: Duration,
    ) -> Result<bool, StoreError> {
        let values = vec![
            now.as_micros().into(),
            now.as_micros().into(),
            credential.raw().into(),
            generation.into(),
            now.as_micros().into(),
            (now - not_within).as_micros().into(),
        ];
        Ok(sql::execute(self.writers(), HASTEN, values).await? == 1)
    }

    /// An account as it is where it is written.
    pub async fn oauth_account_now(
        &self,
        credential: CredentialId,
    ) -> Result<Option<OauthAccountRecord>, StoreError> {
        let select = oauth_account::Entity::find()
            .filter(oauth_account::Column::CredentialId.eq(credential.raw()));
        Reader::new(self.writers()).one(select).await
    }
}

// === impl Tx ===

impl Tx {
    /// Writes renewed tokens and makes them the next generation, in force on every node. Neither the
    /// lease nor the state counts: whoever holds the token that was given for this generation holds
    /// the only good one. `false`: the account has moved on, or is gone.
    pub async fn renew_oauth_account(
        &mut self,
        credential: CredentialId,
        generation: i64,
        grant: &AccountGrant,
        refresh_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.bump_catalog().await?;
        let mut values = renewed(credential, grant, refresh_at, now);
        let now = now.as_micros();
        values.extend([now.into(), now.into(), credential.raw().into(), generation.into()]);
        Ok(self.execute(RENEW, values).await? == 1)
    }

    /// Notes that somebody must log in again, and takes the credential out of every node's choice.
    /// `false`: the account has moved on to another generation, so nothing is wrong with it.
    pub async fn close_oauth_account(
        &mut self,
        credential: CredentialId,
        generation: i64,
        (cause, error): (LoginCause, &str),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.bump_catalog().await?;
        let state = AccountState::NeedsLogin(cause);
        let values = vec![
            state.cause().map(LoginCause::as_str).into(),
            now.as_micros().into(),
            bounded_error(error).into(),
            now.as_micros().into(),
            credential.raw().into(),
            generation.into(),
        ];
        Ok(self.execute(CLOSE, values).await? == 1)
    }
}

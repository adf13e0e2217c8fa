//! Secrets shared with authenticator apps.

use realms_seal::Place;
use realms_types::{Timestamp, UserId};
use sea_orm::EntityTrait;

use crate::{Reader, Store, StoreError, Tx, entity::totp_secret, sql};

/// A secret shared with an authenticator app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotpRecord {
    /// Whose it is.
    pub user_id: UserId,
    /// The secret, sealed for [`TotpRecord::secret_place`].
    pub sealed_secret: String,
    /// The last time step a code was accepted of; no code of it or an earlier one counts.
    pub last_step: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its first code was accepted; before that it is asked for nowhere.
    pub confirmed_at: Option<Timestamp>,
}

const ACCEPT: &str = "\
UPDATE totp_secrets SET last_step = ? \
WHERE user_id = ? AND confirmed_at IS NOT NULL AND last_step < ?";

const CONFIRM: &str = "\
UPDATE totp_secrets SET last_step = ?, confirmed_at = ? \
WHERE user_id = ? AND sealed_secret = ? AND confirmed_at IS NULL";

// === impl TotpRecord ===

impl TotpRecord {
    /// Where the secret of a user is sealed for.
    pub const fn secret_place(user: UserId) -> Place {
        Place { table: "totp_secrets", column: "sealed_secret", row: user.raw() }
    }
}

impl TryFrom<totp_secret::Model> for TotpRecord {
    type Error = StoreError;

    fn try_from(row: totp_secret::Model) -> Result<Self, StoreError> {
        Ok(Self {
            user_id: row.user_id.into(),
            sealed_secret: row.sealed_secret,
            last_step: row.last_step,
            created_at: Timestamp::from_micros(row.created_at),
            confirmed_at: row.confirmed_at.map(Timestamp::from_micros),
        })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The secret of a user, confirmed or not.
    pub async fn find_totp(self, user: UserId) -> Result<Option<TotpRecord>, StoreError> {
        self.one(totp_secret::Entity::find_by_id(user.raw())).await
    }
}

// === impl Store ===

impl Store {
    /// Accepts a code of this time step, once. `false`: a code of it or a later one was accepted.
    pub async fn accept_totp_step(&self, user: UserId, step: i64) -> Result<bool, StoreError> {
        let values = vec![step.into(), user.raw().into(), step.into()];
        Ok(sql::execute(self.writers(), ACCEPT, values).await? == 1)
    }
}

// === impl Tx ===

impl Tx {
    /// Keeps a new secret that waits for its first code, instead of another that waits. A conflict
    /// when the user has a confirmed one.
    pub async fn put_totp(
        &mut self,
        user: UserId,
        sealed_secret: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM totp_secrets WHERE user_id = ? AND confirmed_at IS NULL";
        self.execute(sql, vec![user.raw().into()]).await?;
        let row = totp_secret::Model {
            user_id: user.raw(),
            sealed_secret: sealed_secret.to_owned(),
            last_step: 0,
            created_at: now.as_micros(),
            confirmed_at: None,
        };
        self.insert(row, "an authenticator for this account".to_owned()).await
    }

    /// Confirms exactly this waiting secret by a code of this step. `false`: it does not wait.
    pub async fn confirm_totp(
        &mut self,
        record: &TotpRecord,
        step: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = vec![
            step.into(),
            now.as_micros().into(),
            record.user_id.raw().into(),
            record.sealed_secret.clone().into(),
        ];
        Ok(self.execute(CONFIRM, values).await? == 1)
    }

    /// Forgets the secret of a user and the codes that stand in for it. `false`: there was none.
    pub async fn delete_totp(&mut self, user: UserId) -> Result<bool, StoreError> {
        self.execute("DELETE FROM recovery_codes WHERE user_id = ?", vec![user.raw().into()])
            .await?;
        let sql = "DELETE FROM totp_secrets WHERE user_id = ?";
        Ok(self.execute(sql, vec![user.raw().into()]).await? == 1)
    }
}

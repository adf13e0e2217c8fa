//! Keys that devices keep for logging in.

use realms_types::{PasskeyId, Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{Reader, Store, StoreError, Tx, api_keys::hex, entity::passkey, sql};

/// The most a user has.
pub(crate) const MOST_PASSKEYS: u64 = 50;

/// The public side of a key that a device keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRecord {
    /// Its id.
    pub id: PasskeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// What its owner calls it; at most 64 characters.
    pub name: String,
    /// The SHA-256 of its credential id.
    pub credential_hash: [u8; 32],
    /// The id by which the device knows it, in base64url.
    pub credential_id: String,
    /// The public key with its algorithm, in the form of whoever verifies it.
    pub public_key: String,
    /// How often the device says it was used; 0 when it does not count.
    pub sign_count: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last logged in with it.
    pub last_used_at: Option<Timestamp>,
}

const USE: &str = "\
UPDATE passkeys SET sign_count = ?, last_used_at = ? \
WHERE id = ? AND (sign_count < ? OR (sign_count = 0 AND ? = 0))";

// === impl PasskeyRecord ===

impl TryFrom<passkey::Model> for PasskeyRecord {
    type Error = StoreError;

    fn try_from(row: passkey::Model) -> Result<Self, StoreError> {
        let corrupt = |message: &str| StoreError::corrupt("passkeys", &row.id, &message);
        let mut hash = [0u8; 32];
        if row.credential_hash.len() != 64 {
            return Err(corrupt("credential_hash is not 64 digits"));
        }
        for (index, byte) in hash.iter_mut().enumerate() {
            let digits = row.credential_hash.get(index * 2..index * 2 + 2).unwrap_or_default();
            *byte = u8::from_str_radix(digits, 16)
                .map_err(|_| corrupt("credential_hash is not hexadecimal"))?;
        }
        Ok(Self {
            id: row.id.into(),
            user_id: row.user_id.into(),
            name: row.name,
            credential_hash: hash,
            credential_id: row.credential_id,
            public_key: row.public_key,
            sign_count: u32::try_from(row.sign_count).unwrap_or(u32::MAX),
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
        })
    }
}

impl From<&PasskeyRecord> for passkey::Model {
    fn from(record: &PasskeyRecord) -> Self {
        Self {
            id: record.id.raw(),
            user_id: record.user_id.raw(),
            name: sql::bounded(&record.name, 64),
            credential_hash: hex(&record.credential_hash),
            credential_id: record.credential_id.clone(),
            public_key: record.public_key.clone(),
            sign_count: record.sign_count.into(),
            created_at: record.created_at.as_micros(),
            last_used_at: record.last_used_at.map(Timestamp::as_micros),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The passkeys of a user by age, at most 50.
    pub async fn list_passkeys(self, user: UserId) -> Result<Vec<PasskeyRecord>, StoreError> {
        let select = passkey::Entity::find()
            .filter(passkey::Column::UserId.eq(user.raw()))
            .order_by_asc(passkey::Column::Id)
            .limit(MOST_PASSKEYS);
        self.all(select).await
    }

    /// A passkey by the SHA-256 of its credential id.
    pub async fn find_passkey(
        self,
        credential_hash: &[u8; 32],
    ) -> Result<Option<PasskeyRecord>, StoreError> {
        let select = passkey::Entity::find();
        self.one(select.filter(passkey::Column::CredentialHash.eq(hex(credential_hash)))).await
    }
}

// === impl Store ===

impl Store {
    /// Notes a use with the count the device told. `false`: the count did not grow, so the key may
    /// have been copied.
    pub async fn use_passkey(
        &self,
        id: PasskeyId,
        sign_count: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let count = i64::from(sign_count);
        let values =
            vec![count.into(), now.as_micros().into(), id.raw().into(), count.into(), count.into()];
        Ok(sql::execute(self.writers(), USE, values).await? == 1)
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a passkey.
    pub async fn insert_passkey(&mut self, record: &PasskeyRecord) -> Result<(), StoreError> {
        self.insert(passkey::Model::from(record), "this passkey".to_owned()).await
    }

    /// Deletes a passkey of this user.
    pub async fn delete_passkey(&mut self, user: UserId, id: PasskeyId) -> Result<(), StoreError> {
        let delete = passkey::Entity::delete_many()
            .filter(passkey::Column::Id.eq(id.raw()))
            .filter(passkey::Column::UserId.eq(user.raw()));
        self.delete(delete, format!("passkey {id}")).await
    }
}

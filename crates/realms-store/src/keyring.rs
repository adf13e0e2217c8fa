//! The data keys: loaded, and made once where they are missing.

use realms_seal::{Keyring, MasterKey, WrappedKey};
use realms_types::{Ids, Timestamp};
use sea_orm::{EntityTrait, QueryOrder};

use crate::{Reader, Store, StoreError, entity::data_key};

// === impl Store ===

impl Store {
    /// Opens the keyring with the master key. What is missing is made and kept first, once, even
    /// when two nodes start together.
    pub async fn unlock_keyring(
        &self,
        master: MasterKey,
        ids: &Ids,
        now: Timestamp,
    ) -> Result<Keyring, StoreError> {
        let keyring = Keyring::open(master.clone(), self.read().list_data_keys().await?)?;
        if keyring.missing().is_empty() {
            return Ok(keyring);
        }
        self.complete_keyring(master, ids, now).await
    }

    async fn complete_keyring(
        &self,
        master: MasterKey,
        ids: &Ids,
        now: Timestamp,
    ) -> Result<Keyring, StoreError> {
        let mut tx = self.begin().await?;
        // The bump locks out the other nodes; what they made before is read after it.
        tx.bump_catalog().await?;
        let mut keyring = Keyring::open(master, tx.read().list_data_keys().await?)?;
        for purpose in keyring.missing() {
            let key = keyring.create(purpose, ids.next(), now)?;
            let what = format!("data key {}", key.id);
            tx.insert(data_key::Model::from(key), what).await?;
        }
        tx.commit().await?;
        Ok(keyring)
    }
}

// === impl Reader ===

impl Reader<'_> {
    async fn list_data_keys(self) -> Result<Vec<WrappedKey>, StoreError> {
        self.all(data_key::Entity::find().order_by_asc(data_key::Column::Id)).await
    }
}

// === impl WrappedKey ===

impl TryFrom<data_key::Model> for WrappedKey {
    type Error = StoreError;

    fn try_from(row: data_key::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            purpose: row
                .purpose
                .parse()
                .map_err(|cause| StoreError::corrupt("data_keys", &row.id, &cause))?,
            wrapped: row.wrapped,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl From<WrappedKey> for data_key::Model {
    fn from(key: WrappedKey) -> Self {
        Self {
            id: key.id.raw(),
            purpose: key.purpose.as_str().to_owned(),
            wrapped: key.wrapped,
            created_at: key.created_at.as_micros(),
        }
    }
}

//! Live settings: names and values as text.

use realms_catalog::{SettingInfo, SettingRow, Settings};
use realms_seal::{Keyring, Place, Purpose, SealError};
use realms_types::{Secret, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{Reader, StoreError, Tx, entity::setting, sql};

/// A setting that somebody changed from its default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRecord {
    /// Its name.
    pub key: String,
    /// Its value as text.
    pub value: String,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Who changed it, as the audit log names them.
    pub updated_by: Option<String>,
}

// === impl SettingRecord ===

impl SettingRecord {
    /// What the value of a secret setting is bound to when it is sealed.
    pub const fn secret_place(info: &'static SettingInfo) -> Place {
        Place { table: "settings", column: info.key, row: 0 }
    }

    /// The value itself: opened where it is a secret.
    pub fn open(&self, keyring: &Keyring) -> Result<Secret<String>, SealError> {
        match Settings::find(&self.key).filter(|info| info.is_secret()) {
            None => Ok(Secret::from(self.value.as_str())),
            Some(info) => {
                keyring.unseal_text(Purpose::Setting, Self::secret_place(info), &self.value)
            }
        }
    }

    /// The value as the catalogue takes it.
    pub fn row(&self, keyring: &Keyring) -> SettingRow {
        let key = self.key.clone();
        match self.open(keyring) {
            Ok(value) => SettingRow { key, value: value.reveal().clone(), unreadable: None },
            Err(error) => {
                SettingRow { key, value: String::new(), unreadable: Some(error.to_string()) }
            }
        }
    }
}

impl TryFrom<setting::Model> for SettingRecord {
    type Error = StoreError;

    fn try_from(row: setting::Model) -> Result<Self, StoreError> {
        let updated_at = Timestamp::from_micros(row.updated_at);
        Ok(Self { key: row.name, value: row.value, updated_at, updated_by: row.updated_by })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// Every setting that differs from its default, by name.
    pub async fn list_settings(self) -> Result<Vec<SettingRecord>, StoreError> {
        self.all(setting::Entity::find().order_by_asc(setting::Column::Name)).await
    }
}

// === impl Tx ===

impl Tx {
    /// Sets a value. That the name and the value make sense is checked by the catalogue.
    pub async fn set_setting(
        &mut self,
        key: &str,
        value: &str,
        by: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // The bump locks out other writers of settings, so delete and insert is one step.
        self.bump_catalog().await?;
        self.delete_setting(key).await?;
        let row = setting::Model {
            name: key.to_owned(),
            value: value.to_owned(),
            updated_at: now.as_micros(),
            updated_by: by.map(|name| sql::bounded(name, 128)),
        };
        self.insert(row, format!("setting `{key}`")).await
    }

    /// Takes a setting back to its default. `false`: it was there already.
    pub async fn delete_setting(&mut self, key: &str) -> Result<bool, StoreError> {
        self.bump_catalog().await?;
        let delete = setting::Entity::delete_many().filter(setting::Column::Name.eq(key));
        Ok(delete.exec(&self.link()).await?.rows_affected == 1)
    }
}

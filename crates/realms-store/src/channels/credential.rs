//! Credentials: the secrets of a channel, sealed.

use realms_seal::Place;
use realms_types::{ChannelId, CredentialId, Limits, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::{Reader, StoreError, Tx, entity::credential, json, tx::set};

/// One secret of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialRecord {
    /// Its id.
    pub id: CredentialId,
    /// The channel it belongs to.
    pub channel_id: ChannelId,
    /// Name, unique in its channel.
    pub name: String,
    /// The secret, sealed for [`CredentialRecord::secret_place`] and the purpose `Upstream`.
    pub sealed_secret: String,
    /// The last 4 characters of the secret.
    pub hint: String,
    /// Whether it takes calls.
    pub enabled: bool,
    /// What may be used of it.
    pub limits: Limits,
    /// The proxy of its calls, in place of the channel's; sealed for
    /// [`CredentialRecord::proxy_place`] and the purpose `Upstream`.
    pub sealed_proxy: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What of a credential changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct CredentialPatch {
    /// Name, unique in its channel.
    pub name: Option<String>,
    /// The sealed secret and its hint.
    pub secret: Option<(String, String)>,
    /// Whether it takes calls.
    pub enabled: Option<bool>,
    /// What may be used of it.
    pub limits: Option<Limits>,
    /// The sealed proxy of its calls, or none from now on.
    pub sealed_proxy: Option<Option<String>>,
}

// === impl CredentialRecord ===

impl CredentialRecord {
    /// What the secret of this credential is bound to when it is sealed.
    pub const fn secret_place(id: CredentialId) -> Place {
        Place { table: "credentials", column: "sealed_secret", row: id.raw() }
    }

    /// What the proxy of this credential is bound to when it is sealed.
    pub const fn proxy_place(id: CredentialId) -> Place {
        Place { table: "credentials", column: "proxy", row: id.raw() }
    }
}

impl TryFrom<credential::Model> for CredentialRecord {
    type Error = StoreError;

    fn try_from(row: credential::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            channel_id: row.channel_id.into(),
            limits: json::read("credentials", &row.id, row.limits.as_deref())?,
            name: row.name,
            sealed_secret: row.sealed_secret,
            hint: row.hint,
            enabled: row.enabled,
            sealed_proxy: row.proxy,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&CredentialRecord> for credential::Model {
    fn from(record: &CredentialRecord) -> Self {
        Self {
            id: record.id.raw(),
            channel_id: record.channel_id.raw(),
            name: record.name.clone(),
            sealed_secret: record.sealed_secret.clone(),
            hint: record.hint.clone(),
            enabled: record.enabled,
            proxy: record.sealed_proxy.clone(),
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
            limits: json::text(&record.limits),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The credentials of one channel, or of all, by age.
    pub async fn list_credentials(
        self,
        channel: Option<ChannelId>,
    ) -> Result<Vec<CredentialRecord>, StoreError> {
        let mut select = credential::Entity::find();
        if let Some(channel) = channel {
            select = select.filter(credential::Column::ChannelId.eq(channel.raw()));
        }
        self.all(select.order_by_asc(credential::Column::Id)).await
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a credential.
    pub async fn insert_credential(&mut self, record: &CredentialRecord) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let what = format!("credential `{}` of channel {}", record.name, record.channel_id);
        self.insert(credential::Model::from(record), what).await
    }

    /// Changes what the patch names. A new secret takes the place of the account that the credential
    /// was, if it was one.
    pub async fn update_credential(
        &mut self,
        id: CredentialId,
        patch: CredentialPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        if patch.secret.is_some() {
            self.forget_oauth_account(id).await?;
        }
        let (sealed_secret, hint) = patch.secret.unzip();
        let values = credential::ActiveModel {
            name: set(patch.name),
            sealed_secret: set(sealed_secret),
            hint: set(hint),
            enabled: set(patch.enabled),
            limits: set(patch.limits.map(|limits| json::text(&limits))),
            proxy: set(patch.sealed_proxy),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = credential::Entity::update_many().set(values);
        let update = update.filter(credential::Column::Id.eq(id.raw()));
        self.update(update, format!("credential {id}")).await
    }

    /// Deletes a credential.
    pub async fn delete_credential(&mut self, id: CredentialId) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let delete = credential::Entity::delete_many().filter(credential::Column::Id.eq(id.raw()));
        self.delete(delete, format!("credential {id}")).await
    }
}

//! What users are at other sites.

use realms_types::{ExternalIdentityId, Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{Reader, StoreError, Tx, entity::external_identity, sql};

/// What a user is at another site: the key is the issuer with the subject, never the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalIdentityRecord {
    /// Its id.
    pub id: ExternalIdentityId,
    /// Who it is here.
    pub user_id: UserId,
    /// The name of the provider in the settings.
    pub provider: String,
    /// Who vouches for it: a URL.
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
    /// The address that site told, for people to recognise it by.
    pub email: Option<String>,
    /// When it was linked.
    pub created_at: Timestamp,
}

// === impl ExternalIdentityRecord ===

impl TryFrom<external_identity::Model> for ExternalIdentityRecord {
    type Error = StoreError;

    fn try_from(row: external_identity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            user_id: row.user_id.into(),
            provider: row.provider,
            issuer: row.issuer,
            subject: row.subject,
            email: row.email,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl From<&ExternalIdentityRecord> for external_identity::Model {
    fn from(record: &ExternalIdentityRecord) -> Self {
        Self {
            id: record.id.raw(),
            user_id: record.user_id.raw(),
            provider: record.provider.clone(),
            issuer: record.issuer.clone(),
            subject: record.subject.clone(),
            email: record.email.as_deref().map(|email| sql::bounded(email, 255)),
            created_at: record.created_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// Who somebody of another site is here.
    pub async fn find_external_identity(
        self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<ExternalIdentityRecord>, StoreError> {
        let select = external_identity::Entity::find()
            .filter(external_identity::Column::Issuer.eq(issuer))
            .filter(external_identity::Column::Subject.eq(subject));
        self.one(select).await
    }

    /// What a user is elsewhere, by age. Each provider of the settings adds a few at most.
    pub async fn list_external_identities(
        self,
        user: UserId,
    ) -> Result<Vec<ExternalIdentityRecord>, StoreError> {
        let select = external_identity::Entity::find()
            .filter(external_identity::Column::UserId.eq(user.raw()))
            .order_by_asc(external_identity::Column::Id);
        self.all(select).await
    }
}

// === impl Tx ===

impl Tx {
    /// Links an identity. A conflict when it is somebody's already.
    pub async fn insert_external_identity(
        &mut self,
        record: &ExternalIdentityRecord,
    ) -> Result<(), StoreError> {
        let what = "a link to this account of the other site".to_owned();
        self.insert(external_identity::Model::from(record), what).await
    }

    /// Unlinks an identity of this user.
    pub async fn delete_external_identity(
        &mut self,
        user: UserId,
        id: ExternalIdentityId,
    ) -> Result<(), StoreError> {
        let delete = external_identity::Entity::delete_many()
            .filter(external_identity::Column::Id.eq(id.raw()))
            .filter(external_identity::Column::UserId.eq(user.raw()));
        self.delete(delete, format!("linked account {id}")).await
    }
}

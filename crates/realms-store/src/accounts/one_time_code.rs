//! Codes sent by mail: one for each subject, for a few minutes, a few tries and one use.

use realms_types::{OneTimeCodeId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{Store, StoreError, Tx, api_keys::hex, entity::one_time_code, sql};

/// A code, known by its keyed hash only.
#[derive(Debug, Clone)]
pub struct OneTimeCodeRecord {
    /// Its id.
    pub id: OneTimeCodeId,
    /// The keyed hash of what it is for and of the address it was sent to.
    pub subject: [u8; 32],
    /// The keyed hash of the code.
    pub hash: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is good for nothing.
    pub expires_at: Timestamp,
}

/// What a try at a code meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeTry {
    /// A code to compare with; this try is counted.
    Open {
        /// Its id.
        id: OneTimeCodeId,
        /// Its keyed hash in hexadecimal.
        hash: String,
    },
    /// None that still counts: never sent, used, or tried too often.
    Closed,
    /// One that is too old.
    Expired,
}

const COUNT: &str = "\
UPDATE one_time_codes SET tries = tries + 1 \
WHERE subject_hash = ? AND tries < ? AND expires_at > ?";

// === impl OneTimeCodeRecord ===

impl From<&OneTimeCodeRecord> for one_time_code::Model {
    fn from(record: &OneTimeCodeRecord) -> Self {
        Self {
            id: record.id.raw(),
            subject_hash: hex(&record.subject),
            code_hash: hex(&record.hash),
            tries: 0,
            created_at: record.created_at.as_micros(),
            expires_at: record.expires_at.as_micros(),
        }
    }
}

// === impl Store ===

impl Store {
    /// Counts a try at the code of a subject, before anything is compared.
    pub async fn try_one_time_code(
        &self,
        subject: &[u8; 32],
        most_tries: i64,
        now: Timestamp,
    ) -> Result<CodeTry, StoreError> {
        let subject = hex(subject);
        let values = vec![subject.clone().into(), most_tries.into(), now.as_micros().into()];
        let counted = sql::execute(self.writers(), COUNT, values).await? == 1;
        let select =
            one_time_code::Entity::find().filter(one_time_code::Column::SubjectHash.eq(subject));
        // Read where it was written: another connection may lag behind.
        let row = select.one(&self.writers()).await?;
        Ok(match row {
            Some(row) if counted => CodeTry::Open { id: row.id.into(), hash: row.code_hash },
            Some(row) if row.expires_at <= now.as_micros() => CodeTry::Expired,
            _ => CodeTry::Closed,
        })
    }
}

// === impl Tx ===

impl Tx {
    /// Makes this the only code of its subject.
    pub async fn put_one_time_code(
        &mut self,
        record: &OneTimeCodeRecord,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM one_time_codes WHERE subject_hash = ?";
        self.execute(sql, vec![hex(&record.subject).into()]).await?;
        self.insert(one_time_code::Model::from(record), "a code for this".to_owned()).await
    }

    /// Uses a code up. `false`: somebody else did.
    pub async fn take_one_time_code(&mut self, id: OneTimeCodeId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM one_time_codes WHERE id = ?";
        Ok(self.execute(sql, vec![id.raw().into()]).await? == 1)
    }
}

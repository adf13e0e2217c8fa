//! Calls made under an `Idempotency-Key`: who makes them, and the answers that their repeats get.
//!
//! A row is claimed before anybody is asked, and freed or closed when the call has ended. The unique hash
//! of its key decides between two nodes that are asked at the same moment.

use realms_types::{ApiKeyId, IdempotentCallId, NodeId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::{
    Reader, Store, StoreError,
    entity::idempotent_call,
    sql::{self, OnDuplicate},
};

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdempotentState {
    /// Its node works on it.
    Running,
    /// Its answer is kept.
    Kept,
    /// It was answered, with more than is kept.
    TooLarge,
    /// Its answer broke off.
    Broken,
}

/// A call under a key of its client's choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentCall {
    /// Its id.
    pub id: IdempotentCallId,
    /// SHA-256 over the API key's id and the client's key.
    pub key_hash: [u8; 32],
    /// SHA-256 over what was asked.
    pub fingerprint: [u8; 32],
    /// The API key it came with.
    pub api_key_id: ApiKeyId,
    /// The id of the request.
    pub request_id: String,
    /// The process that works on it.
    pub node_id: NodeId,
    /// What became of it.
    pub state: IdempotentState,
    /// The answer, sealed, where it is kept.
    pub answer: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// From when on its key is good for another call.
    pub expires_at: Timestamp,
}

/// So many answers of one API key are kept; the oldest go first.
const MOST: u64 = 1_000;

/// How often a claim is tried while others free the key and claim it themselves.
const TRIES: usize = 3;

const CLOSE: &str = "\
UPDATE idempotent_calls SET state = ?, answer = ? WHERE id = ? AND state = 'running'";

const CROWDED: &str = "\
SELECT api_key_id FROM idempotent_calls GROUP BY api_key_id HAVING COUNT(*) > ";

// === impl IdempotentState ===

impl IdempotentState {
    /// The word in the database.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Kept => "kept",
            Self::TooLarge => "too_large",
            Self::Broken => "broken",
        }
    }
}

// === impl IdempotentCall ===

impl TryFrom<idempotent_call::Model> for IdempotentCall {
    type Error = StoreError;

    fn try_from(row: idempotent_call::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            key_hash: unhex(row.id, &row.key_hash)?,
            fingerprint: unhex(row.id, &row.fingerprint)?,
            api_key_id: row.api_key_id.into(),
            request_id: row.request_id,
            node_id: row.node_id.into(),
            state: sql::word("idempotent_calls", &row.id, &row.state)?,
            answer: row.answer,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

impl From<&IdempotentCall> for idempotent_call::Model {
    fn from(call: &IdempotentCall) -> Self {
        Self {
            id: call.id.raw(),
            key_hash: hex(&call.key_hash),
            fingerprint: hex(&call.fingerprint),
            api_key_id: call.api_key_id.raw(),
            request_id: sql::bounded(&call.request_id, 64),
            node_id: call.node_id.raw(),
            state: call.state.as_str().to_owned(),
            answer: call.answer.clone(),
            created_at: call.created_at.as_micros(),
            expires_at: call.expires_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The call under a key, be it over or not.
    pub async fn find_idempotent_call(
        self,
        key_hash: &[u8; 32],
    ) -> Result<Option<IdempotentCall>, StoreError> {
        let of_key = idempotent_call::Column::KeyHash.eq(hex(key_hash));
        self.one(idempotent_call::Entity::find().filter(of_key)).await
    }
}

// === impl Store ===

impl Store {
    /// Claims a key for a call. `Some`: it is taken by that call, which has not expired.
    ///
    /// Each step is a statement of its own: in a transaction, MySQL's locks on the gap of a row that is
    /// not there yet would stop two claims at once by a deadlock.
    pub async fn claim_idempotent_call(
        &self,
        call: &IdempotentCall,
    ) -> Result<Option<IdempotentCall>, StoreError> {
        for _ in 0..TRIES {
            let rows = vec![idempotent_call::Model::from(call)];
            sql::insert_all(self.writers(), rows, OnDuplicate::Keep).await?;
            match self.read().find_idempotent_call(&call.key_hash).await? {
                Some(there) if there.id == call.id => return Ok(None),
                Some(there) if there.expires_at > call.created_at => return Ok(Some(there)),
                Some(over) => self.free_idempotent_call(over.id).await?,
                None => {}
            }
        }
        Err(StoreError::Unavailable("a key changes hands again and again".to_owned()))
    }

    /// Says what became of a call that ran. `false`: it was not running, or is forgotten.
    pub async fn close_idempotent_call(
        &self,
        id: IdempotentCallId,
        state: IdempotentState,
        answer: Option<&str>,
    ) -> Result<bool, StoreError> {
        let values = vec![state.as_str().into(), answer.into(), id.raw().into()];
        Ok(sql::execute(self.writers(), CLOSE, values).await? == 1)
    }

    /// Gives a key back whose call came to nothing.
    pub async fn free_idempotent_call(&self, id: IdempotentCallId) -> Result<(), StoreError> {
        let sql = "DELETE FROM idempotent_calls WHERE id = ?";
        sql::execute(self.writers(), sql, vec![id.raw().into()]).await?;
        Ok(())
    }

    /// Forgets calls that expired, and of more than a thousand of one API key the oldest that have ended;
    /// says how many.
    pub async fn purge_idempotent_calls(&self, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM idempotent_calls WHERE expires_at <= ?";
        let mut purged = sql::execute(self.writers(), sql, vec![now.as_micros().into()]).await?;
        for api_key in self.crowded_keys().await? {
            purged += self.purge_oldest_calls(api_key).await?;
        }
        Ok(purged)
    }

    async fn crowded_keys(&self) -> Result<Vec<i64>, StoreError> {
        use sea_orm::ConnectionTrait;

        let link = self.readers();
        let rows =
            link.query_all_raw(sql::statement(link, &format!("{CROWDED}{MOST}"), vec![])).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }

    async fn purge_oldest_calls(&self, api_key: i64) -> Result<u64, StoreError> {
        use sea_orm::{QueryOrder, QuerySelect};

        let newest_to_go = idempotent_call::Entity::find()
            .select_only()
            .column(idempotent_call::Column::Id)
            .filter(idempotent_call::Column::ApiKeyId.eq(api_key))
            .order_by_desc(idempotent_call::Column::Id)
            .offset(MOST)
            .limit(1);
        let Some(last) = newest_to_go.into_tuple::<i64>().one(&self.readers()).await? else {
            return Ok(0);
        };
        let sql = "\
            DELETE FROM idempotent_calls WHERE api_key_id = ? AND id <= ? AND state <> 'running'";
        let values = vec![api_key.into(), last.into()];
        Ok(sql::execute(self.writers(), sql, values).await?)
    }
}

fn hex(bytes: &[u8; 32]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(id: i64, text: &str) -> Result<[u8; 32], StoreError> {
    let corrupt = || StoreError::corrupt("idempotent_calls", &id, &"not 64 digits");
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return Err(corrupt());
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        let digits = &text[2 * at..2 * at + 2];
        *byte = u8::from_str_radix(digits, 16).map_err(|_| corrupt())?;
    }
    Ok(bytes)
}

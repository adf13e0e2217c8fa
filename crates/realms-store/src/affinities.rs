//! Which credential served each session last: what the memory of a node writes behind and reads again.

use realms_types::{ChannelId, CredentialId, Timestamp};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{Store, StoreError, sql};

/// A session and who served it last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AffinityRecord {
    /// The session, hashed.
    pub session_key: [u8; 16],
    /// The channel that served it.
    pub channel_id: ChannelId,
    /// The credential it was served with.
    pub credential_id: CredentialId,
    /// Until when it counts.
    pub expires_at: Timestamp,
    /// When it was written.
    pub updated_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    session_key: String,
    channel_id: i64,
    credential_id: i64,
    expires_at: i64,
    updated_at: i64,
}

const NEWEST: &str = "\
SELECT session_key, channel_id, credential_id, expires_at, updated_at FROM affinities \
WHERE updated_at > ? AND expires_at > ? ORDER BY updated_at DESC LIMIT ";

/// Rows written in one statement: five values each, below every database's bound.
const ROWS: usize = 100;

// === impl Store ===

impl Store {
    /// Writes these, in the place of what was known of their sessions.
    pub async fn put_affinities(&self, records: &[AffinityRecord]) -> Result<(), StoreError> {
        for records in records.chunks(ROWS) {
            let tx = self.begin().await?;
            let keys: Vec<_> = records.iter().map(|one| hex(one.session_key).into()).collect();
            let marks = vec!["?"; keys.len()].join(", ");
            tx.execute(&format!("DELETE FROM affinities WHERE session_key IN ({marks})"), keys)
                .await?;
            let rows = vec!["(?, ?, ?, ?, ?)"; records.len()].join(", ");
            let values = records.iter().flat_map(|one| {
                [
                    hex(one.session_key).into(),
                    one.channel_id.raw().into(),
                    one.credential_id.raw().into(),
                    one.expires_at.as_micros().into(),
                    one.updated_at.as_micros().into(),
                ]
            });
            let sql = format!(
                "INSERT INTO affinities \
                 (session_key, channel_id, credential_id, expires_at, updated_at) VALUES {rows}"
            );
            tx.execute(&sql, values.collect()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Those written after `since` that still count, the newest first.
    pub async fn list_affinities(
        &self,
        since: Timestamp,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<AffinityRecord>, StoreError> {
        let link = self.readers();
        let values = vec![since.as_micros().into(), now.as_micros().into()];
        let text = format!("{NEWEST}{limit}");
        let rows = link.query_all_raw(sql::statement(link, &text, values)).await?;
        rows.iter().map(|row| AffinityRecord::try_from(Row::from_query_result(row, "")?)).collect()
    }

    /// Deletes those that count no more; says how many.
    pub async fn purge_affinities(&self, now: Timestamp) -> Result<u64, StoreError> {
        let tx = self.begin().await?;
        let sql = "DELETE FROM affinities WHERE expires_at <= ?";
        let deleted = tx.execute(sql, vec![now.as_micros().into()]).await?;
        tx.commit().await?;
        Ok(deleted)
    }
}

// === impl AffinityRecord ===

impl TryFrom<Row> for AffinityRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let corrupt = || StoreError::corrupt("affinities", &row.session_key, &"not 32 digits");
        Ok(Self {
            session_key: unhex(&row.session_key).ok_or_else(corrupt)?,
            channel_id: row.channel_id.into(),
            credential_id: row.credential_id.into(),
            expires_at: Timestamp::from_micros(row.expires_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

fn hex(key: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(key))
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let key = u128::from_str_radix(text, 16).ok().filter(|_| digits)?;
    Some(key.to_be_bytes())
}

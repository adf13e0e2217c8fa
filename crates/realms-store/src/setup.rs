//! The one-time code with which the first root user is made.

use realms_types::Timestamp;

use crate::{Store, StoreError, Tx, api_keys::hex};

/// `versions` has one row of that name: it stands in for the table a portable `SELECT` of
/// constants needs.
const PUT: &str = "\
INSERT INTO setup_codes (hash, created_at, used_at) \
SELECT ?, ?, NULL FROM versions WHERE name = 'identity' \
AND NOT EXISTS (SELECT 1 FROM users WHERE role = 'root')";

const TAKE: &str = "\
UPDATE setup_codes SET used_at = ? WHERE hash = ? AND used_at IS NULL AND created_at >= ? \
AND NOT EXISTS (SELECT 1 FROM users WHERE role = 'root')";

// === impl Store ===

impl Store {
    /// Makes this code, by its SHA-256, the only one that is good. `false`: there is a root user,
    /// so none is.
    pub async fn put_setup_code(
        &self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        // Locks out other nodes that start, so exactly one code remains.
        tx.bump_identity().await?;
        tx.execute("DELETE FROM setup_codes WHERE used_at IS NULL", Vec::new()).await?;
        let put = tx.execute(PUT, vec![hex(hash).into(), now.as_micros().into()]).await?;
        tx.commit().await?;
        Ok(put == 1)
    }
}

// === impl Tx ===

impl Tx {
    /// Uses up a code made at or after `not_before`; the root user is made in the same
    /// transaction. `false`: there is no such code, it was used, it is too old, or there is a root
    /// user already.
    pub async fn take_setup_code(
        &mut self,
        hash: &[u8; 32],
        not_before: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.bump_identity().await?;
        let values = vec![now.as_micros().into(), hex(hash).into(), not_before.as_micros().into()];
        Ok(self.execute(TAKE, values).await? == 1)
    }
}

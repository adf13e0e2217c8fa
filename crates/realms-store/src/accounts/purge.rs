//! Forgets tries, codes and challenges that count no more.

use std::time::Duration;

use realms_types::Timestamp;

use crate::{Store, StoreError, sql};

/// No window of tries is longer, and no code is asked for so long after it expired.
const KEPT: Duration = Duration::from_hours(2);

// === impl Store ===

impl Store {
    /// Forgets what counts no more, and says how many rows that were.
    pub async fn purge_tries(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut purged = 0;
        for sql in [
            "DELETE FROM guesses WHERE made_at <= ?",
            "DELETE FROM one_time_codes WHERE expires_at <= ?",
            "DELETE FROM challenges WHERE expires_at <= ?",
        ] {
            let values = vec![(now - KEPT).as_micros().into()];
            purged += sql::execute(self.writers(), sql, values).await?;
        }
        Ok(purged)
    }
}

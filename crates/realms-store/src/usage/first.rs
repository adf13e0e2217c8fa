//! The first call that went well: the evidence that an installation works.

use sea_orm::ConnectionTrait;

use crate::{Store, StoreError, sql};

/// The first call that went well, or else the latest that did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstCall {
    /// Its id.
    pub request_id: String,
    /// How it ended.
    pub outcome: String,
}

const FIRST_GOOD: &str = "SELECT request_id, outcome FROM usage_records \
    WHERE outcome = 'ok' ORDER BY id LIMIT 1";
const LATEST: &str = "SELECT request_id, outcome FROM usage_records ORDER BY id DESC LIMIT 1";

// === impl Store ===

impl Store {
    /// The first call that went well; while there is none, the latest; `None` before any call.
    pub async fn first_call(&self) -> Result<Option<FirstCall>, StoreError> {
        let link = self.readers();
        for text in [FIRST_GOOD, LATEST] {
            let row = link.query_one_raw(sql::statement(link, text, Vec::new())).await?;
            if let Some(row) = row {
                let (request_id, outcome) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                return Ok(Some(FirstCall { request_id, outcome }));
            }
        }
        Ok(None)
    }
}

//! Redemption codes: known by their keyed hash, with a sealed copy for who made them.

use realms_seal::Place;
use realms_types::{Money, PlanId, PlanTerms, RedemptionCodeId, Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Reader, StoreError, Tx,
    api_keys::hex,
    entity::{redemption_code, redemption_use},
    json, sql,
};

/// A code that is worth money, or time of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedemptionCodeRecord {
    /// Its id.
    pub id: RedemptionCodeId,
    /// What it was made with.
    pub batch: String,
    /// The keyed hash of the code.
    pub code_hash: [u8; 32],
    /// The code, sealed for [`RedemptionCodeRecord::code_place`] and the purpose `Payment`.
    pub sealed_code: String,
    /// Its last letters.
    pub hint: String,
    /// The money it is worth, each time.
    pub amount: Money,
    /// The plan it is time of.
    pub plan: Option<PlanId>,
    /// What the plan gave when the code was made.
    pub terms: PlanTerms,
    /// How many people may use it, once each.
    pub most_uses: i64,
    /// How many did.
    pub used: i64,
    /// From when on it is good for nothing.
    pub expires_at: Option<Timestamp>,
    /// Whether it can be used.
    pub enabled: bool,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// The use of a code by somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeUse {
    /// The code.
    pub code: RedemptionCodeId,
    /// Who.
    pub user: UserId,
    /// When.
    pub now: Timestamp,
}

/// Which codes are meant.
#[derive(Debug, Clone, Default)]
pub struct CodeFilter {
    /// Made together under this name.
    pub batch: Option<String>,
    /// Older than this one.
    pub before: Option<RedemptionCodeId>,
    /// At most so many, up to 1,000.
    pub limit: u64,
}

const USE: &str = "\
UPDATE redemption_codes SET used = used + 1 \
WHERE id = ? AND used < most_uses AND enabled = ? AND (expires_at IS NULL OR expires_at > ?)";

// === impl RedemptionCodeRecord ===

impl RedemptionCodeRecord {
    /// What a code is bound to when it is sealed.
    pub const fn code_place(id: RedemptionCodeId) -> Place {
        Place { table: "redemption_codes", column: "sealed_code", row: id.raw() }
    }
}

impl TryFrom<redemption_code::Model> for RedemptionCodeRecord {
    type Error = StoreError;

    fn try_from(row: redemption_code::Model) -> Result<Self, StoreError> {
        let hash = unhex(&row.code_hash);
        let corrupt = || StoreError::corrupt("redemption_codes", &row.id, &"its hash is none");
        Ok(Self {
            id: row.id.into(),
            code_hash: hash.ok_or_else(corrupt)?,
            terms: json::read("redemption_codes", &row.id, row.terms.as_deref())?,
            batch: row.batch,
            sealed_code: row.sealed_code,
            hint: row.hint,
            amount: Money::from_nano(row.amount),
            plan: row.plan_id.map(PlanId::from),
            most_uses: row.most_uses,
            used: row.used,
            expires_at: row.expires_at.map(Timestamp::from_micros),
            enabled: row.enabled,
            created_by: row.created_by,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl From<&RedemptionCodeRecord> for redemption_code::Model {
    fn from(record: &RedemptionCodeRecord) -> Self {
        Self {
            id: record.id.raw(),
            batch: sql::bounded(&record.batch, 128),
            code_hash: hex(&record.code_hash),
            sealed_code: record.sealed_code.clone(),
            hint: sql::bounded(&record.hint, 8),
            amount: record.amount.nano(),
            plan_id: record.plan.map(PlanId::raw),
            terms: json::text(&record.terms),
            most_uses: record.most_uses,
            used: record.used,
            expires_at: record.expires_at.map(Timestamp::as_micros),
            enabled: record.enabled,
            created_by: sql::bounded(&record.created_by, 128),
            created_at: record.created_at.as_micros(),
        }
    }
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

// === impl Reader ===

impl Reader<'_> {
    /// A code by its keyed hash.
    pub async fn find_redemption_code(
        self,
        hash: &[u8; 32],
    ) -> Result<Option<RedemptionCodeRecord>, StoreError> {
        let by_hash = redemption_code::Column::CodeHash.eq(hex(hash));
        self.one(redemption_code::Entity::find().filter(by_hash)).await
    }

    /// Codes, the newest first.
    pub async fn list_redemption_codes(
        self,
        filter: CodeFilter,
    ) -> Result<Vec<RedemptionCodeRecord>, StoreError> {
        use redemption_code::Column;
        let mut select = redemption_code::Entity::find().order_by_desc(Column::Id);
        if let Some(batch) = filter.batch {
            select = select.filter(Column::Batch.eq(batch));
        }
        if let Some(before) = filter.before {
            select = select.filter(Column::Id.lt(before.raw()));
        }
        self.all(select.limit(filter.limit.clamp(1, 1_000))).await
    }

    /// Whether somebody used a code.
    pub async fn has_used_code(
        self,
        code: RedemptionCodeId,
        user: UserId,
    ) -> Result<bool, StoreError> {
        let of_both = redemption_use::Entity::find_by_id((code.raw(), user.raw()));
        Ok(of_both.count(&self.link()).await? > 0)
    }
}

// === impl Tx ===

impl Tx {
    /// Adds codes that were made together. One that exists already fails them all.
    pub async fn insert_redemption_codes(
        &self,
        records: &[RedemptionCodeRecord],
    ) -> Result<(), StoreError> {
        let rows = records.iter().map(redemption_code::Model::from).collect();
        self.insert_all(rows, "one of these codes".to_owned()).await
    }

    /// Makes a code good for nothing, or good again.
    pub async fn enable_redemption_code(
        &self,
        id: RedemptionCodeId,
        enabled: bool,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE redemption_codes SET enabled = ? WHERE id = ?";
        let touched = self.execute(sql, vec![enabled.into(), id.raw().into()]).await?;
        if touched == 0 { Err(StoreError::not_found(format!("code {id}"))) } else { Ok(()) }
    }

    /// Uses a code. `false`: it is used up, expired, not enabled, or was used by the same user; nothing
    /// changed. The account of the user must be locked.
    pub async fn use_code(&self, one: CodeUse) -> Result<bool, StoreError> {
        if self.read().has_used_code(one.code, one.user).await? {
            return Ok(false);
        }
        let values = vec![one.code.raw().into(), true.into(), one.now.as_micros().into()];
        if self.execute(USE, values).await? == 0 {
            return Ok(false);
        }
        let row = redemption_use::Model {
            code_id: one.code.raw(),
            user_id: one.user.raw(),
            used_at: one.now.as_micros(),
        };
        self.insert(row, "this use of the code".to_owned()).await?;
        Ok(true)
    }
}

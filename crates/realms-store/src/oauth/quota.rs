//! What a vendor says is used up of an account.

use std::time::Duration;

use realms_types::{CredentialId, Ppm, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Value};
use serde::{Deserialize, Serialize};

use crate::{
    Reader, Store, StoreError, Tx,
    entity::{quota_report, quota_window},
    sql,
};

/// Which window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaWindowName {
    /// The short one, such as five hours.
    Primary,
    /// The long one, such as a week.
    Secondary,
}

/// One window of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaWindow {
    /// Which.
    pub name: QuotaWindowName,
    /// How long it is; zero when the vendor did not say.
    pub length: Duration,
    /// What is used up of it.
    pub used: Ppm,
    /// When it starts anew.
    pub resets_at: Option<Timestamp>,
    /// When the vendor said so.
    pub seen_at: Timestamp,
}

/// Credits beside the windows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credits {
    /// Whether there are any.
    pub has_credits: bool,
    /// Whether they never end.
    pub unlimited: bool,
    /// What is left of them, in the vendor's words.
    pub balance: Option<String>,
}

/// What is known of an account's quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaReport {
    /// The account.
    pub credential_id: CredentialId,
    /// When anything was heard last.
    pub seen_at: Timestamp,
    /// When it was asked for last.
    pub polled_at: Timestamp,
    /// Why that failed, if it did.
    pub poll_error: Option<String>,
    /// Credits, where the vendor told.
    pub credits: Option<Credits>,
    /// The windows, the short one first.
    pub windows: Vec<QuotaWindow>,
}

/// Longest error kept.
const LONGEST_ERROR: usize = 500;

/// One report is written in a minute, whoever hears it.
const TAKE_TURN: &str = "\
UPDATE quota_reports SET seen_at = ? WHERE credential_id = ? AND seen_at <= ?";

const CLAIM_POLL: &str = "\
UPDATE quota_reports SET polled_at = ? WHERE credential_id = ? AND polled_at <= ?";

const NOTE_POLL: &str = "\
UPDATE quota_reports SET seen_at = ?, poll_error = NULL, has_credits = ?, unlimited = ?, \
balance = ? WHERE credential_id = ?";

const NOTE_POLL_FAILED: &str = "UPDATE quota_reports SET poll_error = ? WHERE credential_id = ?";

const UPDATE_WINDOW: &str = "\
UPDATE quota_windows SET window_seconds = ?, used_ppm = ?, resets_at = ?, seen_at = ? \
WHERE credential_id = ? AND name = ? AND seen_at <= ?";

// === impl QuotaWindowName ===

impl QuotaWindowName {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
        }
    }
}

// === impl QuotaWindow ===

impl QuotaWindow {
    fn row(&self, credential: CredentialId) -> quota_window::Model {
        quota_window::Model {
            credential_id: credential.raw(),
            name: self.name.as_str().to_owned(),
            window_seconds: i64::try_from(self.length.as_secs()).unwrap_or(i64::MAX),
            used_ppm: self.used.parts(),
            resets_at: self.resets_at.map(Timestamp::as_micros),
            seen_at: self.seen_at.as_micros(),
        }
    }
}

impl TryFrom<quota_window::Model> for QuotaWindow {
    type Error = StoreError;

    fn try_from(row: quota_window::Model) -> Result<Self, StoreError> {
        const TABLE: &str = "quota_windows";
        let used = Ppm::from_parts(row.used_ppm).ok_or_else(|| {
            StoreError::corrupt(TABLE, &row.credential_id, &"what is used is below zero")
        })?;
        Ok(Self {
            name: sql::word(TABLE, &row.credential_id, &row.name)?,
            length: Duration::from_secs(u64::try_from(row.window_seconds).unwrap_or(0)),
            used,
            resets_at: row.resets_at.map(Timestamp::from_micros),
            seen_at: Timestamp::from_micros(row.seen_at),
        })
    }
}

// === impl QuotaReport ===

impl QuotaReport {
    fn of(row: quota_report::Model, windows: Vec<QuotaWindow>) -> Self {
        let credits = row.has_credits.map(|has_credits| Credits {
            has_credits,
            unlimited: row.unlimited.unwrap_or(false),
            balance: row.balance,
        });
        Self {
            credential_id: row.credential_id.into(),
            seen_at: Timestamp::from_micros(row.seen_at),
            polled_at: Timestamp::from_micros(row.polled_at),
            poll_error: row.poll_error,
            credits,
            windows,
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// What is known of every account's quota.
    pub async fn list_quotas(self) -> Result<Vec<QuotaReport>, StoreError> {
        let link = self.link();
        let windows = quota_window::Entity::find()
            .order_by_asc(quota_window::Column::Name)
            .all(&link)
            .await?;
        let reports = quota_report::Entity::find().all(&link).await?;
        let report = |row: quota_report::Model| {
            let own = windows.iter().filter(|window| window.credential_id == row.credential_id);
            let own: Result<_, _> = own.cloned().map(QuotaWindow::try_from).collect();
            Ok(QuotaReport::of(row, own?))
        };
        reports.into_iter().map(report).collect()
    }

    /// What is known of one account's quota.
    pub async fn find_quota(
        self,
        credential: CredentialId,
    ) -> Result<Option<QuotaReport>, StoreError> {
        let link = self.link();
        let Some(row) = quota_report::Entity::find_by_id(credential.raw()).one(&link).await? else {
            return Ok(None);
        };
        let windows = quota_window::Entity::find()
            .filter(quota_window::Column::CredentialId.eq(credential.raw()))
            .order_by_asc(quota_window::Column::Name);
        Ok(Some(QuotaReport::of(row, self.all(windows).await?)))
    }
}

// === impl Store ===

impl Store {
    /// Writes what an answer's headers told, at most once in `every`, fleet-wide. `false`: somebody
    /// wrote lately, and nothing was written.
    pub async fn note_quota(
        &self,
        credential: CredentialId,
        windows: &[QuotaWindow],
        now: Timestamp,
        every: Duration,
    ) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        let values: Vec<Value> =
            vec![now.as_micros().into(), credential.raw().into(), (now - every).as_micros().into()];
        if tx.execute(TAKE_TURN, values).await? != 1 {
            return Ok(false);
        }
        tx.put_quota_windows(credential, windows).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes the turn to ask for an account's quota, if nobody asked within `every`.
    pub async fn claim_quota_poll(
        &self,
        credential: CredentialId,
        now: Timestamp,
        every: Duration,
    ) -> Result<bool, StoreError> {
        let values =
            vec![now.as_micros().into(), credential.raw().into(), (now - every).as_micros().into()];
        Ok(sql::execute(self.writers(), CLAIM_POLL, values).await? == 1)
    }

    /// Writes what the vendor answered when it was asked.
    pub async fn note_polled_quota(
        &self,
        credential: CredentialId,
        windows: &[QuotaWindow],
        credits: Option<&Credits>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        let balance = credits.and_then(|credits| credits.balance.as_deref());
        let values: Vec<Value> = vec![
            now.as_micros().into(),
            credits.map(|credits| credits.has_credits).into(),
            credits.map(|credits| credits.unlimited).into(),
            balance.map(|text| sql::bounded(text, 64)).into(),
            credential.raw().into(),
        ];
        if tx.execute(NOTE_POLL, values).await? == 1 {
            tx.put_quota_windows(credential, windows).await?;
        }
        tx.commit().await
    }

    /// Writes why the vendor did not answer.
    pub async fn note_quota_poll_failed(
        &self,
        credential: CredentialId,
        error: &str,
    ) -> Result<(), StoreError> {
        let values = vec![sql::bounded(error, LONGEST_ERROR).into(), credential.raw().into()];
        sql::execute(self.writers(), NOTE_POLL_FAILED, values).await?;
        Ok(())
    }
}

// === impl Tx ===

impl Tx {
    /// The row that reports of an account go into: heard and asked at no time yet.
    pub async fn insert_quota_report(
        &mut self,
        credential: CredentialId,
    ) -> Result<(), StoreError> {
        let row = quota_report::Model {
            credential_id: credential.raw(),
            seen_at: 0,
            polled_at: 0,
            poll_error: None,
            has_credits: None,
            unlimited: None,
            balance: None,
        };
        self.insert(row, format!("a quota of credential {credential}")).await
    }

    /// Whoever holds the row of the report writes alone, so a window that is not there is inserted.
    async fn put_quota_windows(
        &self,
        credential: CredentialId,
        windows: &[QuotaWindow],
    ) -> Result<(), StoreError> {
        for window in windows {
            let row = window.row(credential);
            let values = vec![
                row.window_seconds.into(),
                row.used_ppm.into(),
                row.resets_at.into(),
                row.seen_at.into(),
                row.credential_id.into(),
                row.name.clone().into(),
                row.seen_at.into(),
            ];
            if self.execute(UPDATE_WINDOW, values).await? == 0 {
                sql::insert_all(self.link(), vec![row], sql::OnDuplicate::Keep).await?;
            }
        }
        Ok(())
    }
}

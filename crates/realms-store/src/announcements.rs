//! Announcements: what those who run the site tell its users, and who has read it.

use std::collections::{HashMap, HashSet};

use realms_types::{AnnouncementId, Timestamp, UserGroupId, UserId};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, Condition, EntityTrait, IntoActiveModel as _,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::{
    Reader, StoreError, Tx,
    entity::{announcement, announcement_read},
    json,
    sql::{self, OnDuplicate},
};

/// An announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncementRecord {
    /// Its id.
    pub id: AnnouncementId,
    /// How much it matters.
    pub severity: AnnouncementSeverity,
    /// Whether it stands before those that are newer.
    pub pinned: bool,
    /// Whether each reader must say that they have read it.
    pub must_acknowledge: bool,
    /// Which groups of users it is for; none: everyone.
    pub user_groups: Vec<UserGroupId>,
    /// What it says.
    pub texts: AnnouncementTexts,
    /// From when on it is shown; `None`: it is a draft.
    pub publish_at: Option<Timestamp>,
    /// From when on it is no longer shown.
    pub expires_at: Option<Timestamp>,
    /// Who wrote it, as the audit log names them.
    pub created_by: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// How much an announcement matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnnouncementSeverity {
    /// Good to know.
    Info,
    /// Something is not as usual, or will not be.
    Warning,
    /// Whoever uses the site must know it.
    Critical,
}

/// What an announcement says: in one language at least.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnnouncementTexts {
    /// In English.
    pub en: Option<AnnouncementText>,
    /// In Chinese.
    pub zh: Option<AnnouncementText>,
}

/// What an announcement says in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncementText {
    /// In one line.
    pub title: String,
    /// All of it, as Markdown.
    pub body: String,
}

/// All that is ever shown at once.
const MOST: u64 = 500;

// === impl AnnouncementSeverity ===

impl AnnouncementSeverity {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

// === impl AnnouncementText ===

impl AnnouncementText {
    fn of(title: Option<String>, body: Option<String>) -> Option<Self> {
        title.zip(body).map(|(title, body)| Self { title, body })
    }
}

// === impl AnnouncementRecord ===

impl TryFrom<announcement::Model> for AnnouncementRecord {
    type Error = StoreError;

    fn try_from(row: announcement::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            severity: sql::word("announcements", &row.id, &row.severity)?,
            pinned: row.pinned,
            must_acknowledge: row.must_acknowledge,
            user_groups: json::read("announcements", &row.id, row.user_groups.as_deref())?,
            texts: AnnouncementTexts {
                en: AnnouncementText::of(row.title_en, row.body_en),
                zh: AnnouncementText::of(row.title_zh, row.body_zh),
            },
            publish_at: row.publish_at.map(Timestamp::from_micros),
            expires_at: row.expires_at.map(Timestamp::from_micros),
            created_by: row.created_by,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&AnnouncementRecord> for announcement::Model {
    fn from(record: &AnnouncementRecord) -> Self {
        let columns = |one: &AnnouncementText| (sql::text(&one.title), sql::text(&one.body));
        let (title_en, body_en) = record.texts.en.as_ref().map(columns).unzip();
        let (title_zh, body_zh) = record.texts.zh.as_ref().map(columns).unzip();
        Self {
            id: record.id.raw(),
            severity: record.severity.as_str().to_owned(),
            pinned: record.pinned,
            must_acknowledge: record.must_acknowledge,
            user_groups: json::text(&record.user_groups),
            title_en,
            body_en,
            title_zh,
            body_zh,
            publish_at: record.publish_at.map(Timestamp::as_micros),
            expires_at: record.expires_at.map(Timestamp::as_micros),
            created_by: sql::bounded(&record.created_by, 128),
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// All of them, what changed last first.
    pub async fn list_announcements(self) -> Result<Vec<AnnouncementRecord>, StoreError> {
        use announcement::Column;
        let all =
            announcement::Entity::find().order_by_desc(Column::UpdatedAt).order_by_desc(Column::Id);
        self.all(all.limit(MOST)).await
    }

    /// Those that are shown at a time: pinned ones first, then the newest.
    pub async fn list_live_announcements(
        self,
        now: Timestamp,
    ) -> Result<Vec<AnnouncementRecord>, StoreError> {
        use announcement::Column;
        let now = now.as_micros();
        let lasts =
            Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now));
        let live = announcement::Entity::find()
            .filter(Column::PublishAt.lte(now))
            .filter(lasts)
            .order_by_desc(Column::Pinned)
            .order_by_desc(Column::PublishAt)
            .order_by_desc(Column::Id);
        self.all(live.limit(MOST)).await
    }

    /// An announcement by id.
    pub async fn find_announcement(
        self,
        id: AnnouncementId,
    ) -> Result<Option<AnnouncementRecord>, StoreError> {
        self.one(announcement::Entity::find_by_id(id.raw())).await
    }

    /// How many there are.
    pub async fn count_announcements(self) -> Result<u64, StoreError> {
        Ok(announcement::Entity::find().count(&self.link()).await?)
    }

    /// Which announcements a user has read.
    pub async fn announcements_read_by(
        self,
        user: UserId,
    ) -> Result<HashSet<AnnouncementId>, StoreError> {
        use announcement_read::Column;
        let of_user = announcement_read::Entity::find()
            .select_only()
            .column(Column::AnnouncementId)
            .filter(Column::UserId.eq(user.raw()));
        let read: Vec<i64> = of_user.into_tuple().all(&self.link()).await?;
        Ok(read.into_iter().map(AnnouncementId::from).collect())
    }

    /// How many users have read each; none where it is left out.
    pub async fn count_announcement_reads(
        self,
    ) -> Result<HashMap<AnnouncementId, u64>, StoreError> {
        use announcement_read::Column;
        let by_announcement = announcement_read::Entity::find()
            .select_only()
            .column(Column::AnnouncementId)
            .column_as(Column::UserId.count(), "readers")
            .group_by(Column::AnnouncementId);
        let counted: Vec<(i64, i64)> = by_announcement.into_tuple().all(&self.link()).await?;
        let each = counted.into_iter().map(|(id, readers)| (id.into(), readers.unsigned_abs()));
        Ok(each.collect())
    }
}

// === impl Tx ===

impl Tx {
    /// Adds an announcement.
    pub async fn insert_announcement(&self, record: &AnnouncementRecord) -> Result<(), StoreError> {
        let what = format!("announcement {}", record.id);
        self.insert(announcement::Model::from(record), what).await
    }

    /// Writes an announcement in the place of the one with its id.
    pub async fn update_announcement(&self, record: &AnnouncementRecord) -> Result<(), StoreError> {
        let row = announcement::Model::from(record).into_active_model().reset_all();
        let update = announcement::Entity::update_many()
            .set(row)
            .filter(announcement::Column::Id.eq(record.id.raw()));
        self.update(update, format!("announcement {}", record.id)).await
    }

    /// Deletes an announcement, and who has read it.
    pub async fn delete_announcement(&self, id: AnnouncementId) -> Result<(), StoreError> {
        let reads = "DELETE FROM announcement_reads WHERE announcement_id = ?";
        self.execute(reads, vec![id.raw().into()]).await?;
        let by_id = announcement::Column::Id.eq(id.raw());
        let delete = announcement::Entity::delete_many().filter(by_id);
        self.delete(delete, format!("announcement {id}")).await
    }

    /// Notes that a user has read announcements; what was read before stays as it was.
    pub async fn read_announcements(
        &self,
        user: UserId,
        announcements: &[AnnouncementId],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let rows = announcements.iter().map(|one| announcement_read::Model {
            announcement_id: one.raw(),
            user_id: user.raw(),
            read_at: now.as_micros(),
        });
        sql::insert_all(self.link(), rows.collect(), OnDuplicate::Keep).await?;
        Ok(())
    }
}

//! The board: what those who run the site tell its users, who sees it when, and who has read it.

use realms_store::{
    AnnouncementRecord, AnnouncementSeverity, AnnouncementText, AnnouncementTexts, AuditRecord,
    Store,
};
use realms_types::{AnnouncementId, SharedClock, Timestamp, UserGroupId, UserId};

use crate::{DeskError, LONGEST_BODY, LONGEST_SUBJECT, desk::check};

/// Announcements there may be.
const MOST: u64 = 500;

/// Keeps announcements. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Board {
    store: Store,
    clock: SharedClock,
}

/// Where an announcement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnouncementState {
    /// Nobody will see it until it has a time.
    Draft,
    /// It is shown from a later time on.
    Scheduled,
    /// It is shown.
    Live,
    /// It is no longer shown.
    Expired,
}

/// An announcement as one user has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// What it is.
    pub record: AnnouncementRecord,
    /// From when on it is shown.
    pub published_at: Timestamp,
    /// Whether they have read it.
    pub read: bool,
}

// === impl Board ===

impl Board {
    /// Over a store.
    pub const fn new(store: Store, clock: SharedClock) -> Self {
        Self { store, clock }
    }

    /// What a user of a group sees now: pinned ones first, then the newest.
    pub async fn shown_to(
        &self,
        user: UserId,
        group: UserGroupId,
    ) -> Result<Vec<Posted>, DeskError> {
        let reader = self.store.read();
        let live = reader.list_live_announcements(self.clock.now()).await?;
        if live.is_empty() {
            return Ok(Vec::new());
        }
        let read = reader.announcements_read_by(user).await?;
        let posted = live.into_iter().filter(|one| is_for(one, group)).filter_map(|record| {
            let published_at = record.publish_at?;
            Some(Posted { published_at, read: read.contains(&record.id), record })
        });
        Ok(posted.collect())
    }

    /// A user has read one of those they see, or, without an id, all of them.
    pub async fn read(
        &self,
        user: UserId,
        group: UserGroupId,
        which: Option<AnnouncementId>,
    ) -> Result<(), DeskError> {
        let shown = self.shown_to(user, group).await?;
        if which.is_some_and(|id| shown.iter().all(|one| one.record.id != id)) {
            return Err(DeskError::NotFound("announcement"));
        }
        let is_meant = |one: &Posted| !one.read && which.is_none_or(|id| one.record.id == id);
        let ids: Vec<_> =
            shown.iter().filter(|one| is_meant(one)).map(|one| one.record.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let tx = self.store.begin().await?;
        tx.read_announcements(user, &ids, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Puts an announcement up, with its entry in the audit log.
    pub async fn add(
        &self,
        record: &AnnouncementRecord,
        audit: &AuditRecord,
    ) -> Result<(), DeskError> {
        check_record(record)?;
        if self.store.read().count_announcements().await? >= MOST {
            return Err(DeskError::Full("there are 500 announcements: delete old ones"));
        }
        let mut tx = self.store.begin().await?;
        tx.insert_announcement(record).await?;
        tx.insert_audit(audit).await?;
        Ok(tx.commit().await?)
    }

    /// Writes an announcement in the place of the one with its id. Who has read it has read it still.
    pub async fn change(
        &self,
        record: &AnnouncementRecord,
        audit: &AuditRecord,
    ) -> Result<(), DeskError> {
        check_record(record)?;
        let mut tx = self.store.begin().await?;
        tx.update_announcement(record).await?;
        tx.insert_audit(audit).await?;
        Ok(tx.commit().await?)
    }

    /// Takes an announcement away for good.
    pub async fn remove(&self, id: AnnouncementId, audit: &AuditRecord) -> Result<(), DeskError> {
        let mut tx = self.store.begin().await?;
        tx.delete_announcement(id).await?;
        tx.insert_audit(audit).await?;
        Ok(tx.commit().await?)
    }
}

// === impl AnnouncementState ===

impl AnnouncementState {
    /// Where an announcement stands at a time.
    pub fn at(record: &AnnouncementRecord, now: Timestamp) -> Self {
        match record.publish_at {
            None => Self::Draft,
            Some(_) if record.expires_at.is_some_and(|end| end <= now) => Self::Expired,
            Some(start) if start > now => Self::Scheduled,
            Some(_) => Self::Live,
        }
    }

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Live => "live",
            Self::Expired => "expired",
        }
    }
}

// === impl Posted ===

impl Posted {
    /// Whether it is put before whoever sees it until they have read it.
    pub fn is_urgent(&self) -> bool {
        let AnnouncementRecord { severity, must_acknowledge, .. } = &self.record;
        !self.read && (*must_acknowledge || *severity == AnnouncementSeverity::Critical)
    }
}

fn is_for(record: &AnnouncementRecord, group: UserGroupId) -> bool {
    record.user_groups.is_empty() || record.user_groups.contains(&group)
}

fn check_record(record: &AnnouncementRecord) -> Result<(), DeskError> {
    let AnnouncementTexts { en, zh } = &record.texts;
    if en.is_none() && zh.is_none() {
        return Err(DeskError::Text("texts", "in English, in Chinese, or in both".to_owned()));
    }
    check_text(en.as_ref(), "texts/en/title", "texts/en/body")?;
    check_text(zh.as_ref(), "texts/zh/title", "texts/zh/body")?;
    let ends_first =
        record.publish_at.zip(record.expires_at).is_some_and(|(start, end)| end <= start);
    if ends_first {
        return Err(DeskError::Text("expires_at", "after it is published".to_owned()));
    }
    Ok(())
}

fn check_text(
    text: Option<&AnnouncementText>,
    title: &'static str,
    body: &'static str,
) -> Result<(), DeskError> {
    let Some(text) = text else { return Ok(()) };
    check(title, &text.title, LONGEST_SUBJECT)?;
    if text.title.chars().any(char::is_control) {
        return Err(DeskError::Text(title, "one line".to_owned()));
    }
    check(body, &text.body, LONGEST_BODY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(title: &str, body: &str) -> AnnouncementText {
        AnnouncementText { title: title.to_owned(), body: body.to_owned() }
    }

    fn record(publish_at: Option<u32>, expires_at: Option<u32>) -> AnnouncementRecord {
        let at = |hour: u32| Timestamp::from_micros(i64::from(hour) * 3_600_000_000);
        AnnouncementRecord {
            id: AnnouncementId::new(1),
            severity: AnnouncementSeverity::Info,
            pinned: false,
            must_acknowledge: false,
            user_groups: Vec::new(),
            texts: AnnouncementTexts { en: Some(text("Maintenance", "At **noon**")), zh: None },
            publish_at: publish_at.map(at),
            expires_at: expires_at.map(at),
            created_by: "root".to_owned(),
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
        }
    }

    #[test]
    fn where_it_stands_follows_from_its_times() {
        let noon = Timestamp::from_micros(12 * 3_600_000_000);
        for (publish_at, expires_at, state) in [
            (None, None, AnnouncementState::Draft),
            (None, Some(1), AnnouncementState::Draft),
            (Some(13), None, AnnouncementState::Scheduled),
            (Some(12), None, AnnouncementState::Live),
            (Some(11), Some(13), AnnouncementState::Live),
            (Some(11), Some(12), AnnouncementState::Expired),
        ] {
            assert_eq!(AnnouncementState::at(&record(publish_at, expires_at), noon), state);
        }
    }

    #[test]
    fn it_says_something_in_a_language_at_least_and_ends_after_it_begins() {
        let with = |texts| AnnouncementRecord { texts, ..record(None, None) };
        let field = |record: &AnnouncementRecord| match check_record(record) {
            Err(DeskError::Text(field, _)) => Some(field),
            _ => None,
        };
        assert_eq!(field(&record(Some(1), Some(2))), None);
        assert_eq!(field(&record(Some(2), Some(2))), Some("expires_at"));
        assert_eq!(field(&with(AnnouncementTexts::default())), Some("texts"));
        let zh = |title: &str, body: &str| {
            with(AnnouncementTexts { zh: Some(text(title, body)), en: None })
        };
        assert_eq!(field(&zh("停机维护", "中午")), None);
        assert_eq!(field(&zh(" ", "中午")), Some("texts/zh/title"));
        assert_eq!(field(&zh("停机\n维护", "中午")), Some("texts/zh/title"));
        assert_eq!(field(&zh("停机维护", "")), Some("texts/zh/body"));
        assert_eq!(field(&zh("停机维护", &"中".repeat(8_001))), Some("texts/zh/body"));
    }

    #[test]
    fn urgent_is_what_matters_most_until_it_was_read() {
        let posted = |severity, must_acknowledge, read| {
            let record = AnnouncementRecord { severity, must_acknowledge, ..record(None, None) };
            Posted { record, published_at: Timestamp::EPOCH, read }
        };
        assert!(posted(AnnouncementSeverity::Critical, false, false).is_urgent());
        assert!(posted(AnnouncementSeverity::Info, true, false).is_urgent());
        assert!(!posted(AnnouncementSeverity::Warning, false, false).is_urgent());
        assert!(!posted(AnnouncementSeverity::Critical, true, true).is_urgent());
    }
}

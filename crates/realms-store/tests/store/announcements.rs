//! Announcements: shown between two times, in their order, and read once by each.

use std::{collections::HashSet, time::Duration};

use realms_store::{AnnouncementRecord, AnnouncementSeverity, AnnouncementText, AnnouncementTexts};
use realms_types::{Timestamp, UserGroupId, UserId};

use crate::{
    database::Database,
    fixture::{NOW, ids},
};

const HOUR: Duration = Duration::from_hours(1);

fn announcement(publish_at: Option<Timestamp>) -> AnnouncementRecord {
    let text = |title: &str, body: &str| {
        Some(AnnouncementText { title: title.to_owned(), body: body.to_owned() })
    };
    AnnouncementRecord {
        id: ids().next(),
        severity: AnnouncementSeverity::Warning,
        pinned: false,
        must_acknowledge: true,
        user_groups: vec![UserGroupId::new(3)],
        texts: AnnouncementTexts {
            en: text("Maintenance", "At **noon**"),
            zh: text(&"停".repeat(200), &"中午 🛠".repeat(1_500)),
        },
        publish_at,
        expires_at: Some(NOW + HOUR * 2),
        created_by: "root".to_owned(),
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) async fn are_kept_as_they_are_and_shown_between_two_times(database: &Database) {
    let store = database.open().await.unwrap();
    let texts = AnnouncementTexts { zh: None, ..announcement(None).texts };
    let draft = AnnouncementRecord { texts, expires_at: None, ..announcement(None) };
    let now = announcement(Some(NOW));
    let later = AnnouncementRecord { expires_at: None, ..announcement(Some(NOW + HOUR)) };
    let pinned = AnnouncementRecord {
        pinned: true,
        severity: AnnouncementSeverity::Critical,
        ..announcement(Some(NOW))
    };
    let tx = store.begin().await.unwrap();
    for one in [&draft, &now, &later, &pinned] {
        tx.insert_announcement(one).await.unwrap();
    }
    tx.commit().await.unwrap();
    let read = store.read();
    assert_eq!(read.find_announcement(draft.id).await.unwrap(), Some(draft.clone()));
    assert_eq!(read.find_announcement(pinned.id).await.unwrap(), Some(pinned.clone()));
    assert_eq!(read.count_announcements().await.unwrap(), 4);
    let live = async |at| {
        let found = store.read().list_live_announcements(at).await.unwrap();
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert!(live(NOW - HOUR).await.is_empty());
    assert_eq!(live(NOW).await, [pinned.id, now.id]);
    assert_eq!(live(NOW + HOUR).await, [pinned.id, later.id, now.id]);
    assert_eq!(live(NOW + HOUR * 2).await, [later.id], "over is over");

    let changed = AnnouncementRecord {
        publish_at: Some(NOW - HOUR),
        expires_at: None,
        user_groups: Vec::new(),
        texts: announcement(None).texts,
        updated_at: NOW + HOUR,
        ..draft
    };
    let tx = store.begin().await.unwrap();
    tx.update_announcement(&changed).await.unwrap();
    tx.commit().await.unwrap();
    let all = store.read().list_announcements().await.unwrap();
    assert_eq!(all.first(), Some(&changed), "what changed last comes first");
    let tx = store.begin().await.unwrap();
    let gone = AnnouncementRecord { id: 1.into(), ..changed };
    assert!(tx.update_announcement(&gone).await.is_err(), "there is none");
}

pub(crate) async fn are_read_once_by_each(database: &Database) {
    let store = database.open().await.unwrap();
    let (ana, ben) = (UserId::new(7), UserId::new(8));
    let (one, two) = (announcement(Some(NOW)), announcement(Some(NOW)));
    let tx = store.begin().await.unwrap();
    tx.insert_announcement(&one).await.unwrap();
    tx.insert_announcement(&two).await.unwrap();
    tx.read_announcements(ana, &[one.id], NOW).await.unwrap();
    tx.read_announcements(ana, &[one.id, two.id], NOW).await.unwrap();
    tx.read_announcements(ben, &[two.id], NOW).await.unwrap();
    tx.read_announcements(ben, &[], NOW).await.unwrap();
    tx.commit().await.unwrap();
    let read_by = async |user| store.read().announcements_read_by(user).await.unwrap();
    assert_eq!(read_by(ana).await, HashSet::from([one.id, two.id]));
    assert_eq!(read_by(ben).await, HashSet::from([two.id]));
    let counts = store.read().count_announcement_reads().await.unwrap();
    assert_eq!((counts[&one.id], counts[&two.id]), (1, 2));
    let tx = store.begin().await.unwrap();
    tx.delete_announcement(two.id).await.unwrap();
    assert!(tx.delete_announcement(two.id).await.is_err(), "it is gone");
    tx.commit().await.unwrap();
    assert_eq!(read_by(ben).await, HashSet::new());
}

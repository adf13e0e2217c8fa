//! Sessions, admin keys and the audit log.

use realms_store::{
    Actor, ActorKind, AdminKeyRecord, AuditChange, AuditFilter, AuditRecord, Role, Scope, Scopes,
    SessionRecord, Store, StoreError, UserPatch,
};
use realms_types::{Secret, SessionId, Timestamp, UserId};

use crate::{
    database::Database,
    fixture::{NOW, ids},
    identity::ana,
};

const LATER: Timestamp = Timestamp::from_micros(1_795_000_009_000_000);

fn session(user: UserId) -> SessionRecord {
    SessionRecord {
        id: ids().next(),
        user_id: user,
        created_at: NOW,
        last_seen_at: NOW,
        reauthenticated_at: None,
        address: "203.0.113.9".to_owned(),
        user_agent: "Mozilla/5.0".repeat(100),
    }
}

/// Opens a session that is found by this hash.
async fn open(store: &Store, user: UserId, hash: u8) -> SessionId {
    let record = session(user);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.insert_session(&record, &[hash; 32]).await.unwrap());
    tx.commit().await.unwrap();
    record.id
}

async fn is_open(store: &Store, hash: u8) -> bool {
    store.read().find_session_by_hash(&[hash; 32]).await.unwrap().is_some()
}

async fn patch(store: &Store, user: UserId, patch: UserPatch) {
    let mut tx = store.begin().await.unwrap();
    tx.update_user(user, patch, LATER).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn are_found_with_their_user(database: &Database) {
    let store = database.open().await.unwrap();
    let (group, ana) = ana(&store).await;
    let id = open(&store, ana.id, 1).await;
    let found = store.read().find_session_by_hash(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((found.session.id, found.session.user_id), (id, ana.id));
    assert_eq!(
        (found.username.as_str(), found.role, found.group_id),
        ("ana", Role::User, group.id)
    );
    assert_eq!(found.session.user_agent.len(), 255);
    assert_eq!(store.read().find_session(id).await.unwrap().as_ref(), Some(&found));
    assert!(!is_open(&store, 2).await);

    store.touch_session(id, LATER).await.unwrap();
    store.touch_session(id, NOW).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.reauthenticate_session(id, LATER).await.unwrap();
    tx.commit().await.unwrap();
    let found = store.read().find_session(id).await.unwrap().unwrap().session;
    assert_eq!((found.last_seen_at, found.reauthenticated_at), (LATER, Some(LATER)));

    let mut tx = store.begin().await.unwrap();
    assert!(!tx.delete_session(ids().next(), id).await.unwrap(), "it is another user's");
    assert!(tx.delete_session(ana.id, id).await.unwrap());
    let gone = tx.reauthenticate_session(id, LATER).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
    tx.commit().await.unwrap();
    assert!(!is_open(&store, 1).await);
}

pub(crate) async fn end_when_their_user_becomes_another(database: &Database) {
    let store = database.open().await.unwrap();
    let (group, ana) = ana(&store).await;
    let changes = [
        UserPatch {
            password_hash: Some(Some(Secret::from("$argon2id$new"))),
            ..UserPatch::default()
        },
        UserPatch { role: Some(Role::Admin), ..UserPatch::default() },
        UserPatch { enabled: Some(false), ..UserPatch::default() },
    ];
    for change in changes {
        patch(&store, ana.id, UserPatch { enabled: Some(true), ..UserPatch::default() }).await;
        open(&store, ana.id, 1).await;
        let same = UserPatch {
            email: Some(None),
            role: change.role.map_or(Some(Role::User), |_| None),
            enabled: Some(true),
            group_id: Some(group.id),
            ..UserPatch::default()
        };
        if change.enabled.is_none() {
            patch(&store, ana.id, same).await;
            assert!(is_open(&store, 1).await, "what stays as it is ends nothing");
        }
        patch(&store, ana.id, change.clone()).await;
        assert!(!is_open(&store, 1).await, "{change:?}");
        assert!(store.read().list_sessions(ana.id).await.unwrap().is_empty());
        patch(&store, ana.id, UserPatch { role: Some(Role::User), ..UserPatch::default() }).await;
    }
    let newest = store.read().find_user(ana.id).await.unwrap().unwrap();
    assert!(newest.epoch > ana.epoch);
    let mut tx = store.begin().await.unwrap();
    let record = session(ana.id);
    assert!(!tx.insert_session_of(&newest, &record, &[9; 32]).await.unwrap());
    assert!(!tx.insert_session(&record, &[9; 32]).await.unwrap(), "the user is switched off");
    assert!(!tx.insert_session(&session(ids().next()), &[9; 32]).await.unwrap());
}

pub(crate) async fn end_all_but_the_one_to_keep(database: &Database) {
    let store = database.open().await.unwrap();
    let (_, ana) = ana(&store).await;
    let kept = open(&store, ana.id, 1).await;
    open(&store, ana.id, 2).await;
    let mut tx = store.begin().await.unwrap();
    tx.end_sessions(ana.id, Some(kept)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(is_open(&store, 1).await && !is_open(&store, 2).await);
    for hash in 10..65 {
        open(&store, ana.id, hash).await;
    }
    assert_eq!(store.read().list_sessions(ana.id).await.unwrap().len(), 50);
    assert!(!is_open(&store, 1).await && is_open(&store, 64).await, "the oldest go first");
    let mut tx = store.begin().await.unwrap();
    tx.end_sessions(ana.id, None).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.read().list_sessions(ana.id).await.unwrap().is_empty());
    let mut tx = store.begin().await.unwrap();
    open_then_delete(&mut tx, ana.id).await;
}

async fn open_then_delete(tx: &mut realms_store::Tx, user: UserId) {
    assert!(tx.insert_session(&session(user), &[99; 32]).await.unwrap());
    tx.delete_user(user).await.unwrap();
    assert!(tx.read().find_session_by_hash(&[99; 32]).await.unwrap().is_none());
}

pub(crate) async fn admin_keys_are_no_more_than_who_made_them(database: &Database) {
    let store = database.open().await.unwrap();
    let (_, ana) = ana(&store).await;
    patch(&store, ana.id, UserPatch { role: Some(Role::Root), ..UserPatch::default() }).await;
    let record = AdminKeyRecord {
        id: ids().next(),
        name: "ci".to_owned(),
        hint: "9xYz".to_owned(),
        scopes: Scopes::from_iter([Scope::ConfigRead, Scope::UsageRead]),
        created_by: "ana".to_owned(),
        created_by_id: Some(ana.id),
        created_at: NOW,
        last_used_at: None,
        expires_at: Some(LATER),
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_admin_key(&record, &[5; 32]).await.unwrap();
    tx.commit().await.unwrap();
    let find = async |now| store.read().find_admin_key_by_hash(&[5; 32], now).await.unwrap();
    assert_eq!(find(NOW).await.as_ref(), Some(&record));
    assert_eq!(find(LATER).await, None, "it is over");
    store.touch_admin_key(record.id, LATER).await.unwrap();
    assert_eq!(find(NOW).await.unwrap().last_used_at, Some(LATER));
    assert_eq!(store.read().list_admin_keys().await.unwrap().len(), 1);
    for change in [
        UserPatch { role: Some(Role::Admin), ..UserPatch::default() },
        UserPatch { role: Some(Role::Root), enabled: Some(false), ..UserPatch::default() },
    ] {
        patch(&store, ana.id, change).await;
        assert_eq!(find(NOW).await, None);
    }
    patch(&store, ana.id, UserPatch { enabled: Some(true), ..UserPatch::default() }).await;
    assert!(find(NOW).await.is_some());
    let mut tx = store.begin().await.unwrap();
    tx.delete_admin_key(record.id).await.unwrap();
    let again = tx.delete_admin_key(record.id).await;
    assert!(matches!(again, Err(StoreError::NotFound { .. })), "{again:?}");
    tx.commit().await.unwrap();
    assert_eq!(find(NOW).await, None);
}

pub(crate) async fn audit_entries_are_there_with_what_they_tell(database: &Database) {
    let store = database.open().await.unwrap();
    let ids = ids();
    let actor = Actor {
        kind: ActorKind::User,
        name: "ana".to_owned(),
        address: Some("203.0.113.9".to_owned()),
        user_agent: Some("x".repeat(400)),
        request_id: Some("req-1".to_owned()),
    };
    let entry = |actor: &Actor, action: &str, object: &str| AuditRecord {
        changes: vec![AuditChange {
            path: "priority".to_owned(),
            before: Some("1".to_owned()),
            after: None,
        }],
        ..AuditRecord::new(ids.next(), NOW, actor.clone(), action).about("channel", object)
    };
    let written = [
        entry(&actor, "channel.update", "a"),
        entry(&Actor::cli(), "channel.delete", "a"),
        entry(&Actor::system(), "session.log_in", "b"),
    ];
    let mut tx = store.begin().await.unwrap();
    for record in &written {
        tx.insert_audit(record).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.insert_audit(&entry(&actor, "channel.create", "never")).await.unwrap();
    drop(tx);

    let list = async |filter: AuditFilter| {
        let page = store.read().list_audit(&filter).await.unwrap();
        let actions: Vec<String> = page.records.into_iter().map(|record| record.action).collect();
        (actions.join(" "), page.next)
    };
    let all = "session.log_in channel.delete channel.update";
    assert_eq!(list(AuditFilter::default()).await, (all.to_owned(), None));
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    for (filter, expected) in [
        (AuditFilter { actors: words(&["ana"]), ..Default::default() }, "channel.update"),
        (
            AuditFilter { actions: words(&["channel."]), ..Default::default() },
            "channel.delete channel.update",
        ),
        (
            AuditFilter { actions: words(&["session.log_in", "none"]), ..Default::default() },
            "session.log_in",
        ),
        (AuditFilter { objects: words(&["b"]), ..Default::default() }, "session.log_in"),
        (AuditFilter { object_kinds: words(&["user"]), ..Default::default() }, ""),
        (AuditFilter { since: Some(LATER), ..Default::default() }, ""),
        (AuditFilter { until: Some(LATER), ..Default::default() }, all),
    ] {
        assert_eq!(list(filter.clone()).await.0, expected, "{filter:?}");
    }
    let (first, next) = list(AuditFilter { limit: 2, ..Default::default() }).await;
    assert_eq!(first, "session.log_in channel.delete");
    let (rest, end) = list(AuditFilter { limit: 2, before: next, ..Default::default() }).await;
    assert_eq!((rest.as_str(), end), ("channel.update", None));
    let mut found = store.read().find_audit(written[0].id).await.unwrap().unwrap();
    assert_eq!(found.actor.user_agent.take().map(|text| text.len()), Some(255));
    let mut expected = written[0].clone();
    expected.actor.user_agent = None;
    assert_eq!(found, expected);
}

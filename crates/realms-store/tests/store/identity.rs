//! Users, their groups, their API keys, and the first of them all.

use std::{collections::HashSet, num::NonZeroU32};

use realms_store::{
    ApiKeyPatch, ApiKeyRecord, KeyHash, Role, Store, StoreError, UserFilter, UserGroupPatch,
    UserGroupRecord, UserPatch, UserRecord,
};
use realms_types::{
    ApiKeyId, Budget, BudgetPeriod, KeyRules, Limits, Money, Ppm, Secret, Spend, Timestamp, UserId,
};

use crate::{
    database::Database,
    fixture::{NOW, api_key, channel_group, ids, user, user_group},
};

const LATER: Timestamp = Timestamp::from_micros(1_795_000_009_000_000);

/// A user group and a user in it.
pub(crate) async fn ana(store: &Store) -> (UserGroupRecord, UserRecord) {
    let group = user_group("default", Vec::new());
    let ana = user("ana", group.id);
    let mut tx = store.begin().await.unwrap();
    tx.insert_user_group(&group).await.unwrap();
    tx.insert_user(&ana).await.unwrap();
    tx.commit().await.unwrap();
    (group, ana)
}

pub(crate) async fn caller_is_found_by_key_with_everything_a_refusal_needs(database: &Database) {
    let store = database.open().await.unwrap();
    let (group, ana) = ana(&store).await;
    let groups = [channel_group("slow", None), channel_group("fast", None)];
    let mut key = api_key(ana.id, "laptop", [7; 32]);
    key.channel_groups = vec![groups[1].id, groups[0].id];
    let mut imported = api_key(ana.id, "old", [8; 32]);
    imported.hash = KeyHash::Sha256([8; 32]);
    let mut tx = store.begin().await.unwrap();
    for group in &groups {
        tx.insert_channel_group(group).await.unwrap();
    }
    tx.insert_api_key(&key).await.unwrap();
    tx.insert_api_key(&imported).await.unwrap();
    tx.commit().await.unwrap();

    let caller = store.find_caller(&KeyHash::Hmac([7; 32])).await.unwrap().unwrap();
    assert_eq!((caller.api_key_id, caller.user_id), (key.id, ana.id));
    assert_eq!((caller.username.as_str(), caller.role), ("ana", Role::User));
    assert_eq!(caller.user_group_id, group.id);
    assert_eq!(caller.channel_groups, key.channel_groups, "in the order they were given");
    assert!(caller.api_key_enabled && caller.user_enabled && caller.revoked_at.is_none());

    let caller = store.find_caller(&KeyHash::Sha256([8; 32])).await.unwrap().unwrap();
    assert_eq!(caller.api_key_id, imported.id);
    assert!(caller.channel_groups.is_empty());
    assert!(store.find_caller(&KeyHash::Hmac([8; 32])).await.unwrap().is_none());
    assert!(store.find_caller(&KeyHash::Hmac([9; 32])).await.unwrap().is_none());

    let (both, gone) = ([key.id, imported.id], ApiKeyId::new(404));
    let admitted = store.admitted_keys(&[key.id, gone, imported.id]).await.unwrap();
    assert_eq!(admitted, HashSet::from(both));

    let mut tx = store.begin().await.unwrap();
    assert!(tx.revoke_api_key(key.id, LATER).await.unwrap());
    assert!(!tx.revoke_api_key(key.id, NOW).await.unwrap(), "only the first revocation counts");
    tx.commit().await.unwrap();
    assert_eq!(store.admitted_keys(&both).await.unwrap(), HashSet::from([imported.id]));
    let mut tx = store.begin().await.unwrap();
    let disabled = UserPatch { enabled: Some(false), ..Default::default() };
    tx.update_user(ana.id, disabled, LATER).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.admitted_keys(&both).await.unwrap().is_empty());
    let caller = store.find_caller(&KeyHash::Hmac([7; 32])).await.unwrap().unwrap();
    assert_eq!((caller.revoked_at, caller.user_enabled), (Some(LATER), false));
    let kept = store.read().find_api_key(key.id).await.unwrap().unwrap();
    assert_eq!(kept.sealed_copy, None, "a revoked key is not revealed any more");
}

pub(crate) async fn users_and_keys_round_trip(database: &Database) {
    let store = database.open().await.unwrap();
    let (group, ana) = ana(&store).await;
    let key = api_key(ana.id, "laptop", [1; 32]);
    let other = user_group("paying", Vec::new());
    let channels = channel_group("fast", None);
    let mut tx = store.begin().await.unwrap();
    tx.insert_api_key(&key).await.unwrap();
    tx.insert_user_group(&other).await.unwrap();
    tx.insert_channel_group(&channels).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.read().find_api_key(key.id).await.unwrap().as_ref(), Some(&key));

    let mut tx = store.begin().await.unwrap();
    let patch = UserPatch {
        email: Some(None),
        password_hash: Some(Some(Secret::from("$argon2id$new"))),
        role: Some(Role::Root),
        group_id: Some(other.id),
        ..Default::default()
    };
    tx.update_user(ana.id, patch, LATER).await.unwrap();
    let groups = vec![channels.id];
    let patch = ApiKeyPatch {
        name: Some("desktop".to_owned()),
        enabled: Some(false),
        channel_groups: Some(groups.clone()),
        ..ApiKeyPatch::default()
    };
    tx.update_api_key(key.id, patch, LATER).await.unwrap();
    let patch = UserGroupPatch {
        channel_groups: Some(groups.clone()),
        multiplier: Some(realms_types::Ppm::from_parts(800_000).unwrap()),
        ..UserGroupPatch::default()
    };
    tx.update_user_group(other.id, patch, LATER).await.unwrap();
    tx.delete_user_group(group.id).await.unwrap();
    tx.commit().await.unwrap();

    let read = store.read();
    let found = read.find_user_by_name("ana").await.unwrap().unwrap();
    assert_eq!((found.email, found.role, found.group_id), (None, Role::Root, other.id));
    assert_eq!(found.password_hash.unwrap().reveal(), "$argon2id$new");
    assert_eq!((found.created_at, found.updated_at), (NOW, LATER));
    assert!(store.has_root().await.unwrap());
    let found = read.find_api_key_by_name(ana.id, "desktop").await.unwrap().unwrap();
    assert_eq!((found.enabled, found.channel_groups), (false, groups.clone()));
    let found = read.find_user_group_by_name("paying").await.unwrap().unwrap();
    assert_eq!(found.channel_groups, groups);
    assert_eq!(found.multiplier.parts(), 800_000);
    assert_eq!(read.list_user_groups().await.unwrap().len(), 1);
    assert_eq!(read.list_users(&UserFilter::default()).await.unwrap().len(), 1);
    let behind = UserFilter { after: Some(ana.id), limit: 1 };
    assert!(read.list_users(&behind).await.unwrap().is_empty());

    let mut tx = store.begin().await.unwrap();
    tx.delete_user(ana.id).await.unwrap();
    tx.commit().await.unwrap();
    assert!(read.list_api_keys(None).await.unwrap().is_empty(), "keys go with their user");
}

pub(crate) async fn names_and_hashes_differ_by_case(database: &Database) {
    let store = database.open().await.unwrap();
    let (group, ana) = ana(&store).await;
    let mut upper = user("ANA", group.id);
    upper.email = None;
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&upper).await.unwrap();
    tx.insert_api_key(&api_key(ana.id, "laptop", [0xab; 32])).await.unwrap();
    tx.insert_api_key(&api_key(ana.id, "Laptop", [0xba; 32])).await.unwrap();
    tx.commit().await.unwrap();
    let read = store.read();
    assert_eq!(read.find_user_by_name("ANA").await.unwrap().unwrap().id, upper.id);
    assert_eq!(read.find_user_by_name("ana").await.unwrap().unwrap().id, ana.id);
    assert!(read.find_user_by_name("Ana").await.unwrap().is_none());
    assert!(read.find_user_by_email("ANA@example.org").await.unwrap().is_none());
    // What a case-insensitive collation would find.
    database.execute("UPDATE api_keys SET key_hash = UPPER(key_hash) WHERE name = 'Laptop'").await;
    assert!(store.find_caller(&KeyHash::Hmac([0xab; 32])).await.unwrap().is_some());
    assert!(store.find_caller(&KeyHash::Hmac([0xba; 32])).await.unwrap().is_none());
}

pub(crate) async fn what_is_taken_is_a_conflict(database: &Database) {
    let store = database.open().await.unwrap();
    let (group, ana) = ana(&store).await;
    let key = api_key(ana.id, "laptop", [1; 32]);
    let mut tx = store.begin().await.unwrap();
    tx.insert_api_key(&key).await.unwrap();
    tx.commit().await.unwrap();

    let mut same_email = user("bob", group.id);
    same_email.email.clone_from(&ana.email);
    let mut no_group = user("eve", group.id);
    no_group.group_id = ids().next();
    let mut tx = store.begin().await.unwrap();
    assert_conflict(tx.insert_user(&user("ana", group.id)).await, "user `ana`");
    let mut tx = abandon(tx, &store).await;
    assert_conflict(tx.insert_user(&same_email).await, "user `bob`");
    let mut tx = abandon(tx, &store).await;
    assert_conflict(tx.insert_api_key(&api_key(ana.id, "laptop", [2; 32])).await, "`laptop`");
    let mut tx = abandon(tx, &store).await;
    assert_conflict(tx.insert_api_key(&api_key(ana.id, "other", [1; 32])).await, "`other`");
    let mut tx = abandon(tx, &store).await;
    let refused = tx.insert_user(&no_group).await;
    assert!(matches!(refused, Err(StoreError::InUse { .. })), "{refused:?}");
    let mut tx = abandon(tx, &store).await;
    let refused = tx.delete_user_group(group.id).await;
    assert!(matches!(refused, Err(StoreError::InUse { .. })), "{refused:?}");

    let mut tx = abandon(tx, &store).await;
    let nobody: UserId = ids().next();
    let refused = tx.update_user(nobody, UserPatch::default(), NOW).await;
    assert!(matches!(refused, Err(StoreError::NotFound { .. })), "{refused:?}");
    let no_key: ApiKeyId = ids().next();
    let refused = tx.revoke_api_key(no_key, NOW).await;
    assert!(matches!(refused, Err(StoreError::NotFound { .. })), "{refused:?}");
}

/// PostgreSQL takes no statement after one that failed.
async fn abandon(tx: realms_store::Tx, store: &Store) -> realms_store::Tx {
    drop(tx);
    store.begin().await.unwrap()
}

fn assert_conflict(done: Result<(), StoreError>, what: &str) {
    match done {
        Err(StoreError::Conflict { what: named }) => assert!(named.contains(what), "{named}"),
        other => panic!("expected a conflict about {what}, got {other:?}"),
    }
}

pub(crate) async fn setup_code_makes_one_root_only(database: &Database) {
    let store = database.open().await.unwrap();
    let (group, _) = ana(&store).await;
    assert!(store.put_setup_code(&[1; 32], NOW).await.unwrap());
    assert!(store.put_setup_code(&[2; 32], NOW).await.unwrap(), "a new code replaces the old one");
    assert!(!take(&store, [1; 32], NOW).await);
    assert!(!take(&store, [2; 32], LATER).await, "too old");

    let takers = (0..8).map(|number| {
        let (store, group) = (store.clone(), group.id);
        tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let taken = tx.take_setup_code(&[2; 32], NOW, NOW).await.unwrap();
            if taken {
                let mut root = user(&format!("root{number}"), group);
                root.role = Role::Root;
                tx.insert_user(&root).await.unwrap();
                tx.commit().await.unwrap();
            }
            taken
        })
    });
    let mut roots = 0;
    for taker in takers.collect::<Vec<_>>() {
        roots += usize::from(taker.await.unwrap());
    }
    assert_eq!(roots, 1);
    assert!(!store.put_setup_code(&[3; 32], NOW).await.unwrap(), "there is a root user now");
}

async fn take(store: &Store, hash: [u8; 32], not_before: Timestamp) -> bool {
    let mut tx = store.begin().await.unwrap();
    tx.take_setup_code(&hash, not_before, NOW).await.unwrap()
}

pub(crate) async fn keys_have_multipliers(database: &Database) {
    let store = database.open().await.unwrap();
    let (_, ana) = ana(&store).await;
    let (whole, half) = (api_key(ana.id, "whole", [1; 32]), Ppm::from_parts(500_000).unwrap());
    let key = ApiKeyRecord { multiplier: half, ..api_key(ana.id, "half", [2; 32]) };
    let mut tx = store.begin().await.unwrap();
    tx.insert_api_key(&whole).await.unwrap();
    tx.insert_api_key(&key).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.read().find_api_key(key.id).await.unwrap().as_ref(), Some(&key));
    for (key, multiplier) in [(&whole, Ppm::ONE), (&key, half)] {
        let caller = store.find_caller(&key.hash).await.unwrap().unwrap();
        assert_eq!(caller.multiplier, multiplier, "{}", key.name);
    }

    // Nothing said is nothing changed; another value makes every node forget its callers.
    let other = ApiKeyPatch { multiplier: Some(Ppm::ZERO), ..ApiKeyPatch::default() };
    for (patch, multiplier) in [(ApiKeyPatch::default(), half), (other, Ppm::ZERO)] {
        let before = store.versions().await.unwrap().identity;
        let mut tx = store.begin().await.unwrap();
        tx.update_api_key(key.id, patch, LATER).await.unwrap();
        tx.commit().await.unwrap();
        assert!(store.versions().await.unwrap().identity > before);
        let caller = store.find_caller_by_id(key.id).await.unwrap().unwrap();
        assert_eq!(caller.multiplier, multiplier);
    }
}

pub(crate) async fn keys_have_limits_and_rules(database: &Database) {
    let store = database.open().await.unwrap();
    let limits = Limits { requests_per_minute: NonZeroU32::new(60), ..Limits::NONE };
    let daily = Budget { per: BudgetPeriod::Day, most: Spend::Usd(Money::from_nano(7)) };
    let rules = KeyRules {
        models: vec!["gpt-5*".to_owned()],
        addresses: vec!["10.0.0.0/8".parse().unwrap()],
        valid_for_s: Some(3_600),
        budgets: vec![daily],
        ..KeyRules::default()
    };
    let group = user_group("staff", Vec::new());
    let total = Budget { per: BudgetPeriod::Total, most: Spend::Tokens(9) };
    let ana = UserRecord { limits, budgets: vec![total, daily], ..user("ana", group.id) };
    let key = ApiKeyRecord { limits, rules: rules.clone(), ..api_key(ana.id, "laptop", [1; 32]) };
    let mut tx = store.begin().await.unwrap();
    tx.insert_user_group(&group).await.unwrap();
    tx.insert_user(&ana).await.unwrap();
    tx.insert_api_key(&key).await.unwrap();
    tx.commit().await.unwrap();

    let caller = store.find_caller(&key.hash).await.unwrap().unwrap();
    assert_eq!((caller.limits, caller.user_limits, caller.rules), (limits, limits, rules));
    assert_eq!((caller.first_used_at, caller.user_budgets), (None, vec![total, daily]));
    for at in [NOW, LATER] {
        let mut tx = store.begin().await.unwrap();
        tx.note_first_use(key.id, at).await.unwrap();
        tx.commit().await.unwrap();
    }
    let found = store.read().find_api_key(key.id).await.unwrap().unwrap();
    assert_eq!(found.first_used_at, Some(NOW), "the first stays the first");

    let mut tx = store.begin().await.unwrap();
    let none = ApiKeyPatch {
        limits: Some(Limits::NONE),
        rules: Some(KeyRules::default()),
        ..ApiKeyPatch::default()
    };
    tx.update_api_key(key.id, none, LATER).await.unwrap();
    let patch = UserPatch { budgets: Some(Vec::new()), ..UserPatch::default() };
    tx.update_user(ana.id, patch, LATER).await.unwrap();
    tx.commit().await.unwrap();
    let caller = store.find_caller(&key.hash).await.unwrap().unwrap();
    assert!(caller.limits.is_none() && caller.rules.is_none() && !caller.user_limits.is_none());
    assert!(caller.user_budgets.is_empty());
}

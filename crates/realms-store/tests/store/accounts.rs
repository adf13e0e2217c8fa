//! Tries, codes, challenges and second factors, with many at once.

use std::time::Duration;

use realms_store::{
    Bucket, ChallengeRecord, Claim, CodeTry, ExternalIdentityRecord, OneTimeCodeRecord,
    PasskeyRecord, Store, StoreError,
};
use realms_types::{RankingName, Secret, Timestamp};
use tokio::task::JoinSet;

use crate::{
    database::Database,
    fixture::{NOW, ids},
    identity::ana,
};

const WINDOW: Duration = Duration::from_mins(15);

fn bucket(byte: u8, most: u32) -> Bucket {
    Bucket { hash: [byte; 32], most, window: WINDOW }
}

fn code(subject: u8, hash: u8) -> OneTimeCodeRecord {
    OneTimeCodeRecord {
        id: ids().next(),
        subject: [subject; 32],
        hash: [hash; 32],
        created_at: NOW,
        expires_at: NOW + Duration::from_mins(10),
    }
}

/// How many of so many tasks at once said yes.
async fn count<F: Future<Output = bool> + Send + 'static>(
    tasks: u32,
    work: impl Fn(u32) -> F,
) -> usize {
    let mut set = JoinSet::new();
    for task in 0..tasks {
        set.spawn(work(task));
    }
    set.join_all().await.into_iter().filter(|yes| *yes).count()
}

pub(crate) async fn tries_at_once_never_exceed_their_bucket(database: &Database) {
    let store = database.open().await.unwrap();
    let bucket = bucket(1, 10);
    let taken = count(50, |task| {
        let store = store.clone();
        async move {
            let claim = store.claim_try(&bucket, i64::from(task) * 7919, NOW).await.unwrap();
            matches!(claim, Claim::Taken(_))
        }
    })
    .await;
    assert_eq!(taken, 10);
    let later = NOW + Duration::from_mins(5);
    let refused = store.claim_try(&bucket, 1, later).await.unwrap();
    assert_eq!(refused, Claim::Full(NOW + WINDOW));
    assert_eq!(store.purge_tries(later).await.unwrap(), 0, "what counts is kept");

    let again = NOW + WINDOW;
    let taken = count(50, |task| {
        let store = store.clone();
        async move {
            let claim = store.claim_try(&bucket, i64::from(task), again).await.unwrap();
            matches!(claim, Claim::Taken(_))
        }
    })
    .await;
    assert_eq!(taken, 10, "slots that exist are as good as slots that do not");
    assert_eq!(store.purge_tries(again + Duration::from_hours(3)).await.unwrap(), 10);
}

pub(crate) async fn tries_that_were_none_are_given_back(database: &Database) {
    let store = database.open().await.unwrap();
    let bucket = bucket(2, 2);
    for ticket in 1..30 {
        let Claim::Taken(slot) = store.claim_try(&bucket, ticket, NOW).await.unwrap() else {
            panic!("no slot for {ticket}");
        };
        store.give_back_try(&bucket, slot, ticket).await.unwrap();
    }
    let Claim::Taken(slot) = store.claim_try(&bucket, 30, NOW).await.unwrap() else {
        panic!("no slot");
    };
    store.give_back_try(&bucket, slot, 31).await.unwrap();
    assert!(matches!(store.claim_try(&bucket, 32, NOW).await.unwrap(), Claim::Taken(_)));
    let full = store.claim_try(&bucket, 33, NOW).await.unwrap();
    assert!(matches!(full, Claim::Full(_)), "another's ticket gives nothing back");
}

async fn put(store: &Store, record: &OneTimeCodeRecord) {
    let mut tx = store.begin().await.unwrap();
    tx.put_one_time_code(record).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn codes_are_tried_a_few_times_and_used_once(database: &Database) {
    let store = database.open().await.unwrap();
    put(&store, &code(1, 1)).await;
    let newer = code(1, 2);
    put(&store, &newer).await;
    for _ in 0..5 {
        let met = store.try_one_time_code(&[1; 32], 5, NOW).await.unwrap();
        assert_eq!(met, CodeTry::Open { id: newer.id, hash: "02".repeat(32) });
    }
    assert_eq!(store.try_one_time_code(&[1; 32], 5, NOW).await.unwrap(), CodeTry::Closed);
    assert_eq!(store.try_one_time_code(&[9; 32], 5, NOW).await.unwrap(), CodeTry::Closed);
    let late = NOW + Duration::from_mins(10);
    assert_eq!(store.try_one_time_code(&[1; 32], 5, late).await.unwrap(), CodeTry::Expired);

    let used = count(20, |_| {
        let (store, id) = (store.clone(), newer.id);
        async move {
            let mut tx = store.begin().await.unwrap();
            let used = tx.take_one_time_code(id).await.unwrap();
            tx.commit().await.unwrap();
            used
        }
    })
    .await;
    assert_eq!(used, 1);
    assert_eq!(store.try_one_time_code(&[1; 32], 5, late).await.unwrap(), CodeTry::Closed);
}

pub(crate) async fn tries_at_a_code_at_once_are_all_counted(database: &Database) {
    let store = database.open().await.unwrap();
    put(&store, &code(3, 3)).await;
    let open = count(20, |_| {
        let store = store.clone();
        async move {
            let met = store.try_one_time_code(&[3; 32], 5, NOW).await.unwrap();
            matches!(met, CodeTry::Open { .. })
        }
    })
    .await;
    assert_eq!(open, 5);
}

pub(crate) async fn challenges_come_back_once(database: &Database) {
    let store = database.open().await.unwrap();
    let (_, ana) = ana(&store).await;
    let record = ChallengeRecord {
        hash: [4; 32],
        kind: "second_factor".to_owned(),
        user_id: Some(ana.id),
        note: "remember".to_owned(),
        expires_at: NOW + Duration::from_mins(5),
    };
    store.insert_challenge(&record).await.unwrap();
    assert_eq!(store.take_challenge(&[4; 32], "passkey", NOW).await.unwrap(), None);
    for _ in 0..5 {
        let met = store.try_challenge(&[4; 32], "second_factor", 5, NOW).await.unwrap();
        assert_eq!(met.as_ref(), Some(&record));
    }
    assert_eq!(store.try_challenge(&[4; 32], "second_factor", 5, NOW).await.unwrap(), None);
    let late = record.expires_at;
    assert_eq!(store.take_challenge(&[4; 32], "second_factor", late).await.unwrap(), None);
    let taken = count(20, |_| {
        let store = store.clone();
        async move { store.take_challenge(&[4; 32], "second_factor", NOW).await.unwrap().is_some() }
    })
    .await;
    assert_eq!(taken, 1);
}

pub(crate) async fn second_factors_count_once(database: &Database) {
    let store = database.open().await.unwrap();
    let (_, ana) = ana(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.put_totp(ana.id, "v1.one", NOW).await.unwrap();
    tx.put_totp(ana.id, "v1.two", NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!store.accept_totp_step(ana.id, 5).await.unwrap(), "it waits for its first code");
    let waiting = store.read().find_totp(ana.id).await.unwrap().unwrap();
    assert_eq!((waiting.sealed_secret.as_str(), waiting.confirmed_at), ("v1.two", None));
    let mut tx = store.begin().await.unwrap();
    assert!(tx.confirm_totp(&waiting, 5, NOW).await.unwrap());
    assert!(!tx.confirm_totp(&waiting, 6, NOW).await.unwrap());
    tx.put_recovery_codes(ana.id, &[[1; 32], [2; 32]], NOW).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let third = tx.put_totp(ana.id, "v1.three", NOW).await;
    assert!(matches!(third, Err(StoreError::Conflict { .. })), "a confirmed one stays");
    drop(tx);

    let accepted = count(20, |_| {
        let (store, id) = (store.clone(), ana.id);
        async move { store.accept_totp_step(id, 6).await.unwrap() }
    })
    .await;
    assert_eq!(accepted, 1);
    assert!(!store.accept_totp_step(ana.id, 5).await.unwrap());
    assert!(store.accept_totp_step(ana.id, 7).await.unwrap());

    assert_eq!(store.read().count_recovery_codes(ana.id).await.unwrap(), 2);
    let taken = count(20, |_| {
        let (store, id) = (store.clone(), ana.id);
        async move { store.take_recovery_code(id, &[1; 32], NOW).await.unwrap() }
    })
    .await;
    assert_eq!(taken, 1);
    assert!(!store.take_recovery_code(ana.id, &[3; 32], NOW).await.unwrap());
    assert_eq!(store.read().count_recovery_codes(ana.id).await.unwrap(), 1);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.delete_totp(ana.id).await.unwrap());
    assert!(!tx.delete_totp(ana.id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(store.read().count_recovery_codes(ana.id).await.unwrap(), 0);
}

pub(crate) async fn passkeys_and_identities_belong_to_one_user(database: &Database) {
    let store = database.open().await.unwrap();
    let (_, ana) = ana(&store).await;
    let passkey = PasskeyRecord {
        id: ids().next(),
        user_id: ana.id,
        name: "phone".to_owned(),
        credential_hash: [7; 32],
        credential_id: "abc".to_owned(),
        public_key: "es256:…".to_owned(),
        sign_count: 3,
        created_at: NOW,
        last_used_at: None,
    };
    let identity = ExternalIdentityRecord {
        id: ids().next(),
        user_id: ana.id,
        provider: "oidc".to_owned(),
        issuer: "https://id.example.org".to_owned(),
        subject: "Ana".to_owned(),
        email: Some("ana@example.org".to_owned()),
        created_at: NOW,
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_passkey(&passkey).await.unwrap();
    tx.insert_external_identity(&identity).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.read().find_passkey(&[7; 32]).await.unwrap().as_ref(), Some(&passkey));
    for (count, grew) in [(4, true), (4, false), (3, false), (0, false), (9, true)] {
        assert_eq!(store.use_passkey(passkey.id, count, NOW).await.unwrap(), grew, "{count}");
    }
    let find = async |subject: &str| {
        store.read().find_external_identity("https://id.example.org", subject).await.unwrap()
    };
    assert_eq!(find("Ana").await.as_ref(), Some(&identity));
    assert_eq!(find("ana").await, None, "another subject");
    let mut tx = store.begin().await.unwrap();
    let second = ExternalIdentityRecord { id: ids().next(), ..identity.clone() };
    let taken = tx.insert_external_identity(&second).await;
    assert!(matches!(taken, Err(StoreError::Conflict { .. })));
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    let other = ids().next();
    assert!(tx.delete_passkey(other, passkey.id).await.is_err());
    assert!(tx.delete_external_identity(other, identity.id).await.is_err());
    tx.delete_passkey(ana.id, passkey.id).await.unwrap();
    tx.delete_external_identity(ana.id, identity.id).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.read().list_passkeys(ana.id).await.unwrap().is_empty());
    assert!(store.read().list_external_identities(ana.id).await.unwrap().is_empty());
}

pub(crate) async fn what_people_set_and_showed_is_kept_once(database: &Database) {
    let store = database.open().await.unwrap();
    let (_, ana) = ana(&store).await;
    let later = Timestamp::from_micros(NOW.as_micros() + 1);
    assert_eq!(store.read().ranking_choice(ana.id).await.unwrap(), RankingName::Anonymous);
    for (value, email, shown, at) in [
        ("{}", "a@example.org", RankingName::Hidden, NOW),
        (r#"{"a":1}"#, "b@example.org", RankingName::Name, later),
    ] {
        let mut tx = store.begin().await.unwrap();
        tx.put_preferences(ana.id, value, at).await.unwrap();
        tx.put_verified_email(ana.id, email, at).await.unwrap();
        tx.put_ranking_choice(ana.id, shown, at).await.unwrap();
        tx.commit().await.unwrap();
        let read = store.read();
        assert_eq!(read.find_preferences(ana.id).await.unwrap().as_deref(), Some(value));
        assert_eq!(read.find_verified_email(ana.id).await.unwrap().as_deref(), Some(email));
        assert_eq!(read.ranking_choice(ana.id).await.unwrap(), shown);
    }
    let hash = ana.password_hash.unwrap();
    let (newer, other) = (Secret::from("$argon2id$newer"), Secret::from("$2b$other"));
    let mut tx = store.begin().await.unwrap();
    assert!(!tx.upgrade_password_hash(ana.id, &other, &newer).await.unwrap());
    assert!(tx.upgrade_password_hash(ana.id, &hash, &newer).await.unwrap());
    tx.delete_user(ana.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.read().find_preferences(ana.id).await.unwrap(), None);
    assert!(store.read().ranking_choices().await.unwrap().is_empty());
}

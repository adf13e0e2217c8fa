//! Credentials that are OAuth accounts: one renews, nothing is lost, everything is one of its kind.

use std::time::Duration;

use realms_catalog::{Account, Catalog};
use realms_seal::{Keyring, Purpose};
use realms_store::{
    AccountGrant, AccountState, AccountTokens, CredentialPatch, CredentialRecord, Credits,
    LogInRecord, LoginCause, NeverRefreshed, OauthAccountRecord, QuotaWindow, QuotaWindowName,
    Refresher, Store,
};
use realms_types::{ChannelId, ChannelKind, CredentialId, NodeId, Ppm, Timestamp};

use crate::{
    database::Database,
    fixture::{NOW, channel, credential, ids, keyring},
};

const LEASE: Duration = Duration::from_mins(2);
const GRACE: Duration = Duration::from_mins(10);
const HOUR: Duration = Duration::from_hours(1);

fn grant(id: CredentialId, keyring: &Keyring, name: &str) -> AccountGrant {
    let seal =
        |place, text: String| keyring.seal(Purpose::Upstream, place, text.as_bytes()).unwrap();
    AccountGrant {
        account_id: "acc-1".to_owned(),
        email: Some("ana@example.org".to_owned()),
        plan: Some("plus".to_owned()),
        user_id: Some("user-1".to_owned()),
        subscription_until: Some(NOW + HOUR * 24),
        tokens: AccountTokens {
            sealed_access: seal(OauthAccountRecord::access_place(id), format!("at-{name}")),
            sealed_refresh: seal(OauthAccountRecord::refresh_place(id), format!("rt-{name}")),
            sealed_id_token: None,
            expires_at: NOW + HOUR,
        },
    }
}

/// A channel of kind `codex` with one account.
async fn account(store: &Store, keyring: &Keyring) -> (ChannelId, OauthAccountRecord) {
    let mut channel = channel("codex");
    (channel.kind, channel.dialects) = (ChannelKind::Codex, Vec::new());
    let credential = credential(channel.id, OauthAccountRecord::PLACEHOLDER, keyring);
    let record = OauthAccountRecord::new(
        credential.id,
        grant(credential.id, keyring, "1"),
        NOW + HOUR / 2,
        NOW,
    );
    let mut tx = store.begin().await.unwrap();
    tx.insert_channel(&channel).await.unwrap();
    tx.insert_credential(&credential).await.unwrap();
    tx.insert_oauth_account(&record).await.unwrap();
    tx.insert_quota_report(credential.id).await.unwrap();
    tx.commit().await.unwrap();
    (channel.id, record)
}

async fn now_of(store: &Store, id: CredentialId) -> OauthAccountRecord {
    store.oauth_account_now(id).await.unwrap().unwrap()
}

/// What the catalogue has of the channel's only credential: its secret and its account.
async fn in_catalog(
    store: &Store,
    keyring: &Keyring,
    channel: ChannelId,
) -> Option<(String, Option<Account>)> {
    let catalog = Catalog::build(&store.load_catalog(keyring).await.unwrap()).unwrap();
    let channel = catalog.find_channel(channel).unwrap();
    let credential = channel.credentials.first()?;
    Some((credential.secret.reveal().clone(), credential.account.clone()))
}

pub(crate) async fn accounts_sign_calls_until_somebody_must_log_in_again(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let (channel, record) = account(&store, &keyring).await;
    let id = record.credential_id;
    assert_eq!(store.read().find_oauth_account(id).await.unwrap(), Some(record.clone()));
    assert_eq!(store.read().list_oauth_accounts().await.unwrap(), std::slice::from_ref(&record));
    let first = Account { id: "acc-1".to_owned(), generation: 1 };
    assert_eq!(in_catalog(&store, &keyring, channel).await, Some(("at-1".into(), Some(first))));

    let before = store.versions().await.unwrap().catalog;
    let mut tx = store.begin().await.unwrap();
    let why = (LoginCause::Refused, "invalid_grant");
    assert!(tx.close_oauth_account(id, 1, why, NOW).await.unwrap());
    tx.commit().await.unwrap();
    assert!(store.versions().await.unwrap().catalog > before, "every node must hear of it");
    assert_eq!(in_catalog(&store, &keyring, channel).await, None, "it takes no calls");
    let closed = now_of(&store, id).await;
    assert_eq!(closed.state, AccountState::NeedsLogin(LoginCause::Refused));
    assert_eq!(closed.last_error.as_deref(), Some("invalid_grant"));
    assert!(store.list_due_oauth_accounts(NOW + HOUR, 10).await.unwrap().is_empty());

    let mut tx = store.begin().await.unwrap();
    let anew = grant(id, &keyring, "2");
    assert!(tx.log_oauth_account_in(id, &anew, NOW + HOUR, NOW).await.unwrap());
    tx.commit().await.unwrap();
    let back = now_of(&store, id).await;
    assert_eq!((back.state, back.generation, back.last_error), (AccountState::Active, 2, None));
    let second = Account { id: "acc-1".to_owned(), generation: 2 };
    assert_eq!(in_catalog(&store, &keyring, channel).await, Some(("at-2".into(), Some(second))));
}

pub(crate) async fn a_secret_by_hand_takes_the_place_of_an_account(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let (channel, record) = account(&store, &keyring).await;
    let id = record.credential_id;
    let mut tx = store.begin().await.unwrap();
    let enabled = CredentialPatch { enabled: Some(true), ..CredentialPatch::default() };
    tx.update_credential(id, enabled, NOW).await.unwrap();
    assert!(tx.read().find_oauth_account(id).await.unwrap().is_some());
    let place = CredentialRecord::secret_place(id);
    let sealed = keyring.seal(Purpose::Upstream, place, b"by-hand").unwrap();
    let secret = Some((sealed, "hand".to_owned()));
    let patch = CredentialPatch { secret, ..CredentialPatch::default() };
    tx.update_credential(id, patch, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(in_catalog(&store, &keyring, channel).await, Some(("by-hand".into(), None)));
    assert_eq!(store.read().find_quota(id).await.unwrap(), None, "it goes with its account");
    let mut tx = store.begin().await.unwrap();
    let late = grant(id, &keyring, "2");
    assert!(!tx.renew_oauth_account(id, 1, &late, NOW, NOW).await.unwrap());
}

pub(crate) async fn one_of_many_claims_a_refresh(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let (_, record) = account(&store, &keyring).await;
    let credential = record.credential_id;
    let claims = (1..=20).map(|node| {
        let store = store.clone();
        let refresher = Refresher { credential, generation: 1, node: NodeId::new(node) };
        tokio::spawn(
            async move { store.claim_refresh(refresher, NOW, LEASE, GRACE).await.unwrap() },
        )
    });
    let mut won = Vec::new();
    for (node, claim) in (1..).zip(claims.collect::<Vec<_>>()) {
        if claim.await.unwrap() {
            won.push(node);
        }
    }
    let [winner] = won[..] else { panic!("{won:?} hold one lease") };
    let at = |node, generation| Refresher { credential, generation, node: NodeId::new(node) };
    let loser = if winner == 1 { 2 } else { 1 };
    assert!(!store.note_refresh_sent(at(loser, 1), NOW).await.unwrap(), "not the holder");
    let late = NOW + LEASE;
    assert!(!store.note_refresh_sent(at(winner, 1), late).await.unwrap(), "the lease is over");
    assert!(store.note_refresh_sent(at(winner, 1), NOW).await.unwrap());
    assert_eq!(now_of(&store, credential).await.sent, Some((1, NOW)));

    let mut tx = store.begin().await.unwrap();
    let renewed = grant(credential, &keyring, "2");
    assert!(tx.renew_oauth_account(credential, 1, &renewed, NOW + HOUR, NOW).await.unwrap());
    tx.commit().await.unwrap();
    let after = now_of(&store, credential).await;
    assert_eq!((after.generation, after.sent, after.lease_owner), (2, None, None));
    assert_eq!((after.last_refreshed_at, after.refresh_at), (Some(NOW), NOW + HOUR));
    assert_eq!(after.grant, renewed);
    assert!(!store.claim_refresh(at(3, 1), NOW, LEASE, GRACE).await.unwrap(), "an old generation");
    assert!(store.claim_refresh(at(3, 2), NOW, LEASE, GRACE).await.unwrap());
}

/// The owner was killed after it had sent the token.
pub(crate) async fn an_answer_that_never_came_is_remembered(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let (_, record) = account(&store, &keyring).await;
    let credential = record.credential_id;
    let at = |node| Refresher { credential, generation: 1, node: NodeId::new(node) };
    assert!(store.claim_refresh(at(1), NOW, LEASE, GRACE).await.unwrap());
    // A lease alone is taken over when it is over.
    let later = NOW + LEASE;
    assert!(store.claim_refresh(at(2), later, LEASE, GRACE).await.unwrap());
    assert!(store.note_refresh_sent(at(2), later).await.unwrap());
    assert_eq!(now_of(&store, credential).await.lost_generation, None);
    // One whose holder may yet have its answer is not, until the grace is over too.
    assert!(!store.claim_refresh(at(3), later + LEASE, LEASE, GRACE).await.unwrap());
    let much_later = later + GRACE;
    assert!(store.claim_refresh(at(3), much_later, LEASE, GRACE).await.unwrap());
    assert!(store.note_refresh_sent(at(3), much_later).await.unwrap());
    let now = now_of(&store, credential).await;
    assert_eq!((now.sent, now.lost_generation), (Some((1, much_later)), Some(1)));
}

pub(crate) async fn late_tokens_are_kept_and_stale_refusals_are_not(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let (_, record) = account(&store, &keyring).await;
    let id = record.credential_id;
    // Somebody who took over was refused, then the first one brings the token after all.
    let why = (LoginCause::AnswerLost, "invalid_grant");
    let mut tx = store.begin().await.unwrap();
    assert!(tx.close_oauth_account(id, 1, why, NOW).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let late = grant(id, &keyring, "2");
    assert!(tx.renew_oauth_account(id, 1, &late, NOW + HOUR, NOW).await.unwrap());
    assert!(!tx.renew_oauth_account(id, 1, &late, NOW + HOUR, NOW).await.unwrap(), "once");
    tx.commit().await.unwrap();
    assert_eq!(now_of(&store, id).await.state, AccountState::Active);
    let mut tx = store.begin().await.unwrap();
    assert!(!tx.close_oauth_account(id, 1, why, NOW).await.unwrap(), "a stale refusal");
    tx.commit().await.unwrap();
    let now = now_of(&store, id).await;
    assert_eq!((now.state, now.generation), (AccountState::Active, 2));
}

pub(crate) async fn a_refresh_is_put_off_and_hastened(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let (_, record) = account(&store, &keyring).await;
    let id = record.credential_id;
    let due = |at| {
        let store = store.clone();
        async move { store.list_due_oauth_accounts(at, 10).await.unwrap().len() }
    };
    assert_eq!((due(NOW).await, due(record.refresh_at).await), (0, 1));
    let soon = Duration::from_secs(30);
    assert!(!store.hasten_refresh(id, 2, NOW, soon).await.unwrap(), "another generation");
    assert!(store.hasten_refresh(id, 1, NOW, soon).await.unwrap());
    assert_eq!(due(NOW).await, 1);

    let refresher = Refresher { credential: id, generation: 1, node: NodeId::new(1) };
    assert!(store.claim_refresh(refresher, NOW, LEASE, GRACE).await.unwrap());
    assert!(store.note_refresh_sent(refresher, NOW).await.unwrap());
    let outcome = NeverRefreshed { error: "503", try_at: NOW + LEASE, answer_lost: true };
    assert!(store.put_refresh_off(refresher, &outcome, NOW).await.unwrap());
    assert!(!store.put_refresh_off(refresher, &outcome, NOW).await.unwrap(), "not held any more");
    let now = now_of(&store, id).await;
    assert_eq!((now.sent, now.lost_generation, now.lease_owner), (None, Some(1), None));
    assert_eq!((now.last_error.as_deref(), now.refresh_at), (Some("503"), NOW + LEASE));

    let mut tx = store.begin().await.unwrap();
    let renewed = grant(id, &keyring, "2");
    assert!(tx.renew_oauth_account(id, 1, &renewed, NOW + HOUR, NOW).await.unwrap());
    tx.commit().await.unwrap();
    assert!(!store.hasten_refresh(id, 2, NOW + soon / 2, soon).await.unwrap(), "just renewed");
    assert!(store.hasten_refresh(id, 2, NOW + soon, soon).await.unwrap());
}

pub(crate) async fn log_ins_are_bounded_and_used_once(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let (channel_id, _) = account(&store, &keyring).await;
    let log_in = |byte: u8, created_at: Timestamp| LogInRecord {
        id: ids().next(),
        state_hash: [byte; 32],
        sealed_verifier: "v1.sealed".to_owned(),
        actor: "ana".to_owned(),
        channel_id,
        credential_name: String::new(),
        created_at,
        expires_at: created_at + HOUR / 2,
    };
    let first = log_in(1, NOW);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.insert_oauth_log_in(&first, 2).await.unwrap());
    assert!(tx.insert_oauth_log_in(&log_in(2, NOW), 2).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(!tx.insert_oauth_log_in(&log_in(3, NOW), 2).await.unwrap(), "a third is too much");
    drop(tx);
    assert_eq!(store.find_oauth_log_in(&[3; 32]).await.unwrap(), None);
    assert_eq!(store.find_oauth_log_in(&[1; 32]).await.unwrap(), Some(first.clone()));
    assert!(store.take_oauth_log_in(first.id).await.unwrap());
    assert!(!store.take_oauth_log_in(first.id).await.unwrap(), "once");
    assert_eq!(store.purge_oauth_log_ins(NOW + HOUR).await.unwrap(), 1);
    // What is over makes room.
    let mut tx = store.begin().await.unwrap();
    assert!(tx.insert_oauth_log_in(&log_in(4, NOW), 1).await.unwrap());
    assert!(tx.insert_oauth_log_in(&log_in(5, NOW + HOUR), 1).await.unwrap());
}

pub(crate) async fn quotas_are_written_once_a_minute(database: &Database) {
    const MINUTE: Duration = Duration::from_mins(1);
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let (_, record) = account(&store, &keyring).await;
    let id = record.credential_id;
    let window = |name, percent: i64, seen_at| QuotaWindow {
        name,
        length: HOUR * 5,
        used: Ppm::from_parts(percent * 10_000).unwrap(),
        resets_at: Some(NOW + HOUR),
        seen_at,
    };
    let primary = window(QuotaWindowName::Primary, 12, NOW);
    assert!(store.note_quota(id, &[primary], NOW, MINUTE).await.unwrap());
    let soon = NOW + MINUTE / 2;
    let newer = window(QuotaWindowName::Primary, 13, soon);
    assert!(!store.note_quota(id, &[newer], soon, MINUTE).await.unwrap(), "not twice a minute");
    let found = store.read().find_quota(id).await.unwrap().unwrap();
    assert_eq!((found.windows, found.seen_at, found.credits), (vec![primary], NOW, None));

    assert!(store.claim_quota_poll(id, soon, MINUTE).await.unwrap());
    assert!(!store.claim_quota_poll(id, soon, MINUTE).await.unwrap(), "one node asks");
    store.note_quota_poll_failed(id, "no answer within 15 s").await.unwrap();
    let later = NOW + MINUTE;
    let both =
        [window(QuotaWindowName::Primary, 50, later), window(QuotaWindowName::Secondary, 7, later)];
    let failed = store.read().find_quota(id).await.unwrap().unwrap();
    assert_eq!(failed.poll_error.as_deref(), Some("no answer within 15 s"));
    let credits = Credits { has_credits: true, unlimited: false, balance: Some("9.50".into()) };
    store.note_polled_quota(id, &both, Some(&credits), later).await.unwrap();
    let found = store.read().list_quotas().await.unwrap().remove(0);
    assert_eq!((found.windows, found.credits), (both.to_vec(), Some(credits)));
    assert_eq!((found.seen_at, found.polled_at, found.poll_error), (later, soon, None));
    // What was seen earlier does not take the place of what was seen later.
    let stale = window(QuotaWindowName::Primary, 1, NOW);
    assert!(store.note_quota(id, &[stale], later + MINUTE, MINUTE).await.unwrap());
    assert_eq!(store.read().find_quota(id).await.unwrap().unwrap().windows[0], both[0]);
}

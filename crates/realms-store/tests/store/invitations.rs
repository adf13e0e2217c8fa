//! Invitations: a code for each user, who came by it, and what is due for that, decided once.

use std::time::Duration;

use realms_store::{
    InvitationRecord, InvitationSums, OrderRecord, Start, Store, StoreError, UserPatch, UserRecord,
};
use realms_types::{
    Amount, Currency, InvitationAfter, InvitationTerms, Money, Order, OrderId, OrderKind,
    OrderState, PlanTerms, Timestamp, UserId, Value,
};

use crate::{
    database::Database,
    fixture::{NOW, ids, user, user_group},
};

const MINUTE: Duration = Duration::from_mins(1);

fn usd(text: &str) -> Money {
    text.parse().unwrap()
}

fn terms(after: InvitationAfter) -> InvitationTerms {
    InvitationTerms { inviter_usd: usd("5"), invitee_usd: usd("2.5"), after }
}

/// So many users.
async fn users<const N: usize>(store: &Store) -> [UserId; N] {
    let mut tx = store.begin().await.unwrap();
    let group = user_group("default", Vec::new());
    tx.insert_user_group(&group).await.unwrap();
    let ids = ids();
    let mut made = [UserId::new(0); N];
    for (number, slot) in made.iter_mut().enumerate() {
        let record = UserRecord { id: ids.next(), ..user(&format!("user-{number}"), group.id) };
        tx.insert_user(&record).await.unwrap();
        *slot = record.id;
    }
    tx.commit().await.unwrap();
    made
}

async fn enable(store: &Store, user: UserId, enabled: bool) {
    let mut tx = store.begin().await.unwrap();
    let patch = UserPatch { enabled: Some(enabled), ..UserPatch::default() };
    tx.update_user(user, patch, NOW).await.unwrap();
    tx.commit().await.unwrap();
}

async fn put(store: &Store, user: UserId, code: &str) -> Option<String> {
    let tx = store.begin().await.unwrap();
    let put = tx.put_invitation_code(user, code, NOW).await.unwrap();
    tx.commit().await.unwrap();
    put
}

fn invitation(by: UserId, newcomer: UserId, at: Timestamp) -> InvitationRecord {
    let terms = terms(InvitationAfter::FirstPayment);
    InvitationRecord {
        invitee: newcomer,
        inviter: Some(by),
        at,
        terms,
        earned: None,
        rewarded_at: None,
    }
}

async fn insert(store: &Store, records: &[InvitationRecord]) {
    let tx = store.begin().await.unwrap();
    for record in records {
        tx.insert_invitation(record).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn order(store: &Store, user: UserId, state: OrderState, test: bool) {
    let id: OrderId = ids().next();
    let record = OrderRecord {
        order: Order {
            id,
            user,
            kind: OrderKind::TopUp,
            channel: 3.into(),
            amount: Amount::new(1_000, Currency::CNY).unwrap(),
            test,
            value: Value { paid: usd("1.4"), bonus: Money::ZERO },
            state,
            payment: Some(id.to_string()),
            attention: None,
            returned: 0,
            refunded: 0,
        },
        plan: None,
        terms: PlanTerms::default(),
        start: Start::AtOnce,
        decided_by: None,
        version: 0,
        created_at: NOW,
        updated_at: NOW,
    };
    let tx = store.begin().await.unwrap();
    tx.insert_order(&record).await.unwrap();
    tx.commit().await.unwrap();
}

async fn due(store: &Store, after: Option<UserId>) -> Vec<UserId> {
    store.read().list_due_invitations(after, 10).await.unwrap()
}

pub(crate) async fn have_one_code_for_each_user(database: &Database) {
    let store = database.open().await.unwrap();
    let [ana, ben, eve] = users(&store).await;
    assert_eq!(store.read().find_invitation_code(ana).await.unwrap(), None);
    assert_eq!(put(&store, ana, "AAAAAAAAAA").await.as_deref(), Some("AAAAAAAAAA"));
    assert_eq!(put(&store, ana, "BBBBBBBBBB").await.as_deref(), Some("AAAAAAAAAA"));
    assert_eq!(put(&store, ben, "AAAAAAAAAA").await, None, "it is another's");
    assert_eq!(store.read().find_invitation_code(ben).await.unwrap(), None);

    let inviter = async |code| store.read().find_inviter(code).await.unwrap();
    assert_eq!(inviter(" aaaaaaaaaA ").await, Some(ana));
    for nobodys in ["BBBBBBBBBB", "", "\0", "AAAAAAAAAA-", "' OR 1=1"] {
        assert_eq!(inviter(nobodys).await, None, "{nobodys:?}");
    }
    enable(&store, ana, false).await;
    assert_eq!(inviter("AAAAAAAAAA").await, None, "who is switched off invites nobody");
    enable(&store, ana, true).await;

    // Another in its place; the one before can be somebody's again.
    let tx = store.begin().await.unwrap();
    tx.delete_invitation_code(ana).await.unwrap();
    let other = tx.put_invitation_code(ana, "CCCCCCCCCC", NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(other.as_deref(), Some("CCCCCCCCCC"));
    assert_eq!(inviter("AAAAAAAAAA").await, None);
    assert_eq!(put(&store, ben, "AAAAAAAAAA").await.as_deref(), Some("AAAAAAAAAA"));

    // Asked for by many at once, it is one.
    let asked = ["D0D0", "D1D1", "D2D2", "D3D3"].map(|code| put(&store, eve, code));
    let codes = at_once(asked).await;
    assert!(codes.iter().all(|code| code.is_some() && *code == codes[0]), "{codes:?}");
}

/// What four come to that run together.
async fn at_once<T>(asked: [impl Future<Output = T>; 4]) -> [T; 4] {
    let [a, b, c, d] = asked;
    tokio::join!(a, b, c, d).into()
}

pub(crate) async fn are_due_once_what_was_asked_for_is_done(database: &Database) {
    let store = database.open().await.unwrap();
    let [ana, signed_up, paid, played, refunded, waits] = users(&store).await;
    let invitees = [signed_up, paid, played, refunded, waits];
    let mut records = invitees.map(|invitee| invitation(ana, invitee, NOW));
    records[0].terms = terms(InvitationAfter::SignUp);
    insert(&store, &records).await;
    assert_eq!(store.read().find_invitation(paid).await.unwrap(), Some(records[1]));
    let tx = store.begin().await.unwrap();
    let twice = tx.insert_invitation(&records[0]).await;
    assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");
    drop(tx);

    order(&store, paid, OrderState::Paid, false).await;
    order(&store, played, OrderState::Paid, true).await;
    order(&store, refunded, OrderState::Refunded, false).await;
    order(&store, waits, OrderState::Pending, false).await;
    // Ids grow, so who was made first comes first.
    assert_eq!(due(&store, None).await, [signed_up, paid]);
    assert_eq!(due(&store, Some(signed_up)).await, [paid]);
    assert!(due(&store, Some(paid)).await.is_empty());
    enable(&store, paid, false).await;
    assert_eq!(due(&store, None).await, [signed_up], "who is switched off waits");
    enable(&store, paid, true).await;

    // It is decided once what the inviter gets, whatever becomes of them, and given once.
    let decided = store.decide_invitation(paid).await.unwrap().unwrap();
    assert_eq!((decided.earned, decided.terms), (Some(usd("5")), records[1].terms));
    enable(&store, ana, false).await;
    assert_eq!(store.decide_invitation(paid).await.unwrap(), Some(decided));
    let nothing = store.decide_invitation(signed_up).await.unwrap().unwrap();
    assert_eq!(nothing.earned, Some(Money::ZERO), "who is switched off gets nothing");
    let sums = async || store.read().sum_invitations_of(ana).await.unwrap();
    let expected = InvitationSums { invited: 5, rewarded: 0, earned: Money::ZERO };
    assert_eq!(sums().await, expected, "what is decided is not given yet");
    let finish = async |invitee| store.finish_invitation(invitee, NOW + MINUTE).await.unwrap();
    assert!(finish(paid).await && finish(signed_up).await);
    assert!(!finish(paid).await);
    assert!(due(&store, None).await.is_empty());
    assert_eq!(store.decide_invitation(paid).await.unwrap(), None);
    let found = store.read().find_invitation(paid).await.unwrap().unwrap();
    assert_eq!(found.rewarded_at, Some(NOW + MINUTE));
    assert_eq!(sums().await, InvitationSums { rewarded: 2, earned: usd("5"), ..expected });
    assert_eq!(store.decide_invitation(ana).await.unwrap(), None, "she was invited by nobody");
}

pub(crate) async fn are_their_inviters_and_go_with_who_came(database: &Database) {
    let store = database.open().await.unwrap();
    let [ana, ben, first, second, third] = users(&store).await;
    put(&store, ana, "AAAAAAAAAA").await;
    let records = [
        invitation(ana, first, NOW),
        invitation(ana, second, NOW + MINUTE),
        invitation(ben, third, NOW),
    ];
    insert(&store, &records).await;
    let of = async |inviter, most| {
        let found = store.read().list_invitations_of(inviter, most).await.unwrap();
        found.into_iter().map(|one| one.invitee).collect::<Vec<_>>()
    };
    assert_eq!(of(ana, 50).await, [second, first]);
    assert_eq!(of(ana, 1).await, [second]);
    assert_eq!(of(ben, 50).await, [third]);
    assert!(of(first, 50).await.is_empty());
    let none = store.read().sum_invitations_of(first).await.unwrap();
    assert_eq!(none, InvitationSums::default());

    // Who came and is gone leaves nothing; who invited and is gone is not named any more.
    let delete = async |user| {
        let mut tx = store.begin().await.unwrap();
        tx.delete_user(user).await.unwrap();
        tx.commit().await.unwrap();
    };
    delete(second).await;
    assert_eq!(of(ana, 50).await, [first]);
    delete(ana).await;
    assert!(of(ana, 50).await.is_empty());
    assert_eq!(store.read().find_inviter("AAAAAAAAAA").await.unwrap(), None);
    let orphan = store.read().find_invitation(first).await.unwrap().unwrap();
    assert_eq!(orphan, InvitationRecord { inviter: None, ..records[0] });
    let decided = store.decide_invitation(first).await.unwrap().unwrap();
    assert_eq!((decided.inviter, decided.earned), (None, Some(Money::ZERO)));
}

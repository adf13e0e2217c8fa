//! Notifications: written once with what happened, taken by one, tried again, and told again only after it was better.

use std::time::Duration;

use realms_store::{
    AccountId, Delivered, DeliveryFilter, DeliveryId, DeliveryState, EntryKind, EntryRecord,
    Failing, LowBalance, MarkRecord, Notification, NotificationLanguage, NotificationRuleRecord,
    NotificationTargetRecord, Posting, SpendOf, Start, Store, StoreError, SubscriptionRecord,
    TargetKind, UsageRecord,
};
use realms_types::{
    ApiKeyId, Money, NotificationTargetId, Occurrence, OccurrenceKind, PlanTerms, Timestamp, UserId,
};

use crate::{
    database::Database,
    fixture::{NOW, ids, usage, user, user_group},
};

const MINUTE: Duration = Duration::from_mins(1);

fn target(owner: Option<UserId>, name: &str) -> NotificationTargetRecord {
    NotificationTargetRecord {
        id: ids().next(),
        owner,
        name: name.to_owned(),
        kind: TargetKind::Webhook,
        language: NotificationLanguage::Chinese,
        hint: "hooks.example.com".to_owned(),
        sealed_settings: "sealed".to_owned(),
        enabled: true,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn low(owner: Option<UserId>, key: &str) -> Notification {
    let occurrence = Occurrence::BalanceLow {
        available: Money::from_nano(5),
        threshold: Money::from_nano(1_000_000_000),
    };
    Notification { id: ids().next(), owner, key: key.to_owned(), occurrence, at: NOW }
}

fn failing(key: &str) -> Notification {
    let occurrence = Occurrence::ErrorRateHigh { failed: 9, calls: 30, minutes: 10 };
    Notification { occurrence, ..low(None, key) }
}

async fn notify(store: &Store, one: &Notification) -> bool {
    let tx = store.begin().await.unwrap();
    let told = tx.notify(one).await.unwrap();
    tx.commit().await.unwrap();
    told
}

async fn add(store: &Store, targets: &[&NotificationTargetRecord]) {
    let tx = store.begin().await.unwrap();
    for target in targets {
        tx.insert_notification_target(target).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn put(store: &Store, rule: &NotificationRuleRecord) {
    let tx = store.begin().await.unwrap();
    tx.put_notification_rule(rule).await.unwrap();
    tx.commit().await.unwrap();
}

async fn where_to(store: &Store, owner: Option<UserId>) -> Vec<Option<NotificationTargetId>> {
    let filter = DeliveryFilter { owner, after: None, limit: 50 };
    let listed = store.read().list_deliveries(filter).await.unwrap();
    listed.into_iter().map(|one| one.id.target).collect()
}

/// A user whose address is proved.
async fn somebody(store: &Store, name: &str) -> UserId {
    let mut tx = store.begin().await.unwrap();
    let email = format!("{name}@example.org");
    let group = user_group("default", Vec::new());
    tx.insert_user_group(&group).await.unwrap();
    let record = user(name, group.id);
    tx.insert_user(&record).await.unwrap();
    tx.put_verified_email(record.id, &email, NOW).await.unwrap();
    tx.commit().await.unwrap();
    record.id
}

pub(crate) async fn go_where_rules_say_and_once(database: &Database) {
    let store = database.open().await.unwrap();
    let ana = somebody(&store, "ana").await;
    assert!(!notify(&store, &failing("before")).await, "the site has no targets");
    let (all, off) = (target(None, "all"), target(None, "off"));
    let off = NotificationTargetRecord { enabled: false, ..off };
    let hers = target(Some(ana), "all");
    add(&store, &[&all, &off, &hers]).await;

    // Without a rule: every target that is on, and her address.
    assert!(notify(&store, &failing("a")).await);
    assert_eq!(where_to(&store, None).await, [Some(all.id)]);
    assert!(notify(&store, &low(Some(ana), "a")).await, "the key is each owner's own");
    assert_eq!(where_to(&store, Some(ana)).await, [Some(hers.id), None]);
    assert!(!notify(&store, &low(Some(ana), "a")).await, "it is told once");
    assert!(!notify(&store, &failing("a")).await);

    // With one, what it says.
    let kind = OccurrenceKind::BalanceLow;
    let rule = NotificationRuleRecord::unset(Some(ana), kind);
    let by_mail = NotificationRuleRecord {
        targets: Some(Vec::new()),
        threshold: Some(500),
        updated_at: NOW,
        ..rule
    };
    put(&store, &by_mail).await;
    assert_eq!(store.read().notification_rule(Some(ana), kind).await.unwrap(), by_mail);
    assert!(notify(&store, &low(Some(ana), "b")).await);
    assert_eq!(where_to(&store, Some(ana)).await, [None, Some(hers.id), None]);
    put(&store, &NotificationRuleRecord { enabled: false, ..by_mail.clone() }).await;
    assert!(!notify(&store, &low(Some(ana), "c")).await);
    let about = store.read().list_notification_rules_about(kind).await.unwrap();
    assert_eq!(about, [NotificationRuleRecord { enabled: false, ..by_mail.clone() }]);

    // An address that is no longer hers gets nothing.
    put(&store, &by_mail).await;
    let mut tx = store.begin().await.unwrap();
    let email = Some(Some("new@example.org".to_owned()));
    let patch = realms_store::UserPatch { email, ..realms_store::UserPatch::default() };
    tx.update_user(ana, patch, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!notify(&store, &low(Some(ana), "d")).await);

    // Who is gone leaves none of it behind.
    let mut tx = store.begin().await.unwrap();
    tx.delete_user(ana).await.unwrap();
    tx.commit().await.unwrap();
    assert!(where_to(&store, Some(ana)).await.is_empty());
    assert!(store.read().list_notification_targets(Some(ana)).await.unwrap().is_empty());
    assert!(store.read().list_notification_rules_about(kind).await.unwrap().is_empty());
    assert_eq!(where_to(&store, None).await, [Some(all.id)], "what is others' stays");
}

pub(crate) async fn are_taken_by_one_and_tried_again(database: &Database) {
    let store = database.open().await.unwrap();
    let (hook, gone) = (target(None, "hook"), target(None, "gone"));
    add(&store, &[&hook, &gone]).await;
    assert!(notify(&store, &failing("a")).await);
    let due = async |at| store.list_due_deliveries(at, 10).await.unwrap();
    assert!(due(NOW - MINUTE).await.is_empty());
    let found = due(NOW).await;
    assert_eq!(found.len(), 2);
    let to_hook = found.iter().find(|one| one.id.target == Some(hook.id)).unwrap();
    assert_eq!((to_hook.attempts, to_hook.state), (0, DeliveryState::Waiting));
    assert_eq!(to_hook.occurrence, failing("a").occurrence);

    // Of any number, one has it, until its lease is over.
    let claim = || store.take_delivery(to_hook, NOW + MINUTE);
    let claims = tokio::join!(claim(), claim(), claim(), claim());
    let claims = <[_; 4]>::from(claims).map(Result::unwrap);
    assert_eq!(claims.into_iter().filter(|claim| *claim).count(), 1);
    assert_eq!(due(NOW).await.len(), 1);
    let again = due(NOW + MINUTE).await;
    let again = again.iter().find(|one| one.id == to_hook.id).unwrap();
    assert_eq!(again.attempts, 1, "whoever had it died, and it comes up again");
    assert!(store.take_delivery(again, NOW + MINUTE * 2).await.unwrap());

    // Who was too slow writes nothing.
    let sent = Delivered::Sent;
    store.finish_delivery(to_hook.id, 1, &sent, NOW).await.unwrap();
    let later = Delivered::Again { at: NOW + MINUTE * 5, error: "é".repeat(400) };
    store.finish_delivery(to_hook.id, 2, &later, NOW).await.unwrap();
    let last = store.read().last_deliveries(None).await.unwrap();
    let last = &last[&hook.id];
    assert_eq!((last.state, last.next_at), (DeliveryState::Waiting, NOW + MINUTE * 5));
    assert_eq!(last.error.as_deref(), Some(&*"é".repeat(250)));

    // What is given up can be asked for again.
    assert!(store.take_delivery(last, NOW + MINUTE * 6).await.unwrap());
    let over = Delivered::GivenUp { error: "no".to_owned() };
    store.finish_delivery(to_hook.id, 3, &over, NOW + MINUTE).await.unwrap();
    let retry = async |owner, id: DeliveryId| {
        let tx = store.begin().await.unwrap();
        let done = tx.retry_delivery(owner, id, NOW).await.unwrap();
        tx.commit().await.unwrap();
        done
    };
    assert!(!retry(Some(UserId::new(7)), to_hook.id).await, "it is not theirs");
    assert!(retry(None, to_hook.id).await);
    assert!(!retry(None, to_hook.id).await, "it waits already");

    // What waits for a target that goes is not sent; ids read back.
    let tx = store.begin().await.unwrap();
    let not_hers = tx.delete_notification_target(Some(UserId::new(7)), gone.id).await;
    assert!(matches!(not_hers, Err(StoreError::NotFound { .. })), "{not_hers:?}");
    tx.delete_notification_target(None, gone.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(where_to(&store, None).await, [Some(hook.id)]);
    for id in [to_hook.id, DeliveryId { target: None, ..to_hook.id }] {
        assert_eq!(id.to_string().parse::<DeliveryId>().unwrap(), id);
    }

    // The history is read in pages, and ends.
    for key in ["b", "c"] {
        assert!(notify(&store, &failing(key)).await);
    }
    let mut filter = DeliveryFilter { owner: None, after: None, limit: 2 };
    let first = store.read().list_deliveries(filter).await.unwrap();
    assert_eq!(first.len(), 2);
    filter.after = Some(first[1].id);
    assert_eq!(store.read().list_deliveries(filter).await.unwrap()[0].id, to_hook.id);
    assert_eq!(store.purge_notifications(NOW).await.unwrap(), 0);
    assert_eq!(store.purge_notifications(NOW + MINUTE).await.unwrap(), 3);
    assert!(where_to(&store, None).await.is_empty());
}

/// A newer version wrote what this one does not know, and somebody went back to this one.
pub(crate) async fn that_cannot_be_read_are_in_nobodys_way(database: &Database) {
    let store = database.open().await.unwrap();
    let ana = somebody(&store, "ana").await;
    let (hook, hers) = (target(None, "hook"), target(Some(ana), "hers"));
    add(&store, &[&hook, &hers]).await;
    for key in ["a", "b", "c"] {
        assert!(notify(&store, &failing(key)).await);
    }
    database.execute("UPDATE notifications SET facts = '{\"event\":\"new\"}'").await;
    let later = NOW + MINUTE;
    assert!(notify(&store, &Notification { at: later, ..low(Some(ana), "a") }).await);
    assert!(notify(&store, &Notification { at: later, ..failing("d") }).await);
    let due = async |at, most| store.list_due_deliveries(at, most).await.unwrap().len();
    assert_eq!(due(later, 3).await, 0, "they are passed over");
    assert_eq!(due(later, 3).await, 3, "and come first no more");
    let again = later + MINUTE * 60;
    assert_eq!(due(again, 10).await, 3);
    assert_eq!(where_to(&store, None).await, [Some(hook.id)], "the history has what can be read");
    let filter = DeliveryFilter { owner: None, after: None, limit: 1 };
    assert_eq!(store.read().list_deliveries(filter).await.unwrap().len(), 1);
    assert!(store.read().last_deliveries(None).await.is_ok());
    // Who can read them finds them as they were left.
    let known = r#"{"event":"error_rate_high","failed":9,"calls":30,"minutes":10}"#;
    let mended = format!("UPDATE notifications SET facts = '{known}' WHERE facts LIKE '%new%'");
    database.execute(&mended).await;
    assert_eq!(due(again + MINUTE * 60, 10).await, 6);

    let kind = OccurrenceKind::BalanceLow;
    let rule = |owner| NotificationRuleRecord {
        threshold: Some(500),
        updated_at: NOW,
        ..NotificationRuleRecord::unset(Some(owner), kind)
    };
    let ben = UserId::new(8);
    put(&store, &rule(ana)).await;
    put(&store, &rule(ben)).await;
    let broken = "UPDATE notification_rules SET targets = '[0' WHERE owner_id = ";
    database.execute(&format!("{broken}{}", ben.raw())).await;
    let about = store.read().list_notification_rules_about(kind).await.unwrap();
    assert_eq!(about, [rule(ana)]);
    let unknown = format!(
        "INSERT INTO notification_rules (owner_id, event, enabled, email, updated_at) \
         SELECT owner_id, 'new', enabled, email, updated_at FROM notification_rules \
         WHERE owner_id = {}",
        ana.raw()
    );
    database.execute(&unknown).await;
    let hers = store.read().list_notification_rules(Some(ana)).await.unwrap();
    assert_eq!(hers, [rule(ana)]);
}

pub(crate) async fn are_told_again_only_after_it_was_better(database: &Database) {
    let store = database.open().await.unwrap();
    let kind = OccurrenceKind::ChannelResting;
    let mark = |owner, at: Timestamp| MarkRecord {
        kind,
        owner,
        subject: "ch_1".to_owned(),
        raised_at: at,
    };
    let raise = async |mark: &MarkRecord| {
        let tx = store.begin().await.unwrap();
        let raised = tx.raise_mark(mark).await.unwrap();
        tx.commit().await.unwrap();
        raised
    };
    let (site, ana) = (mark(None, NOW), mark(Some(UserId::new(7)), NOW));
    assert!(raise(&site).await && raise(&ana).await);
    assert!(!raise(&mark(None, NOW + MINUTE)).await);
    let mut marks = store.read().list_marks(kind).await.unwrap();
    marks.sort_by_key(|mark| mark.owner.map(UserId::raw));
    assert_eq!(marks, [site.clone(), ana]);
    assert!(store.read().list_marks(OccurrenceKind::BalanceLow).await.unwrap().is_empty());
    let tx = store.begin().await.unwrap();
    // Of another time than it was read with: somebody raised it anew.
    tx.clear_mark(&mark(None, NOW + MINUTE)).await.unwrap();
    tx.clear_mark(&site).await.unwrap();
    tx.commit().await.unwrap();
    assert!(raise(&mark(None, NOW + MINUTE)).await);
}

pub(crate) async fn levels_are_read_from_the_tables_of_others(database: &Database) {
    let store = database.open().await.unwrap();
    let (ana, ben) = (UserId::new(7), UserId::new(8));
    let usd = |dollars: i64| Money::from_nano(dollars * 1_000_000_000);

    // Who was given something and has little left; who never had anything is none of them.
    let tx = store.begin().await.unwrap();
    let accounts = [AccountId::user(ana), AccountId::user(ben)];
    tx.lock_accounts(&accounts, NOW).await.unwrap();
    tx.insert_entries(&[credit(ana, usd(3))]).await.unwrap();
    assert!(tx.move_balance(accounts[0], usd(3), Money::ZERO, NOW).await.unwrap());
    tx.commit().await.unwrap();
    let low = async |below, after| store.list_low_balances(below, after, 10).await.unwrap();
    assert!(low(usd(3), None).await.is_empty(), "it is not less");
    assert_eq!(low(usd(4), None).await, [LowBalance { user: ana, available: usd(3) }]);
    assert!(low(usd(4), Some(ana)).await.is_empty());
    // What she set counts for her, whatever counts for others.
    let unset = NotificationRuleRecord::unset(Some(ana), OccurrenceKind::BalanceLow);
    for (enabled, cents, told) in [
        (true, Some(301), true),
        (true, Some(300), false),
        (true, Some(100_000_000), true),
        (false, Some(301), false),
        (false, None, false),
    ] {
        put(&store, &NotificationRuleRecord { enabled, threshold: cents, ..unset.clone() }).await;
        assert_eq!(low(usd(1), None).await.len(), usize::from(told), "{enabled} {cents:?}");
    }
    put(&store, &unset).await;
    assert_eq!((low(usd(3), None).await.len(), low(usd(4), None).await.len()), (0, 1));

    // What ends in a span of time, unless it was taken back.
    let terms = PlanTerms { days: 2, ..PlanTerms::default() };
    let lasting = |terms: &PlanTerms| {
        SubscriptionRecord::beginning(ids().next(), ana, (5.into(), terms.clone()), NOW)
    };
    let (ends, back) = (lasting(&terms), lasting(&terms));
    let stays = lasting(&PlanTerms { days: 30, ..terms });
    let tx = store.begin().await.unwrap();
    for one in [&ends, &back, &stays] {
        tx.give_subscription(one, Start::AtOnce).await.unwrap();
    }
    assert!(tx.revoke_subscription(back.id, NOW).await.unwrap());
    tx.commit().await.unwrap();
    let ending = async |until| store.list_subscriptions_ending((NOW, until)).await.unwrap();
    assert!(ending(NOW + MINUTE).await.is_empty());
    let found = ending(NOW + Duration::from_hours(48)).await;
    assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [ends.id]);

    // Calls: what failed lately, and what hours cost.
    let hour = Timestamp::from_micros(NOW.as_micros() - NOW.as_micros() % 3_600_000_000);
    let call = |user: UserId, outcome: &str, at: Timestamp, cost: i64| UsageRecord {
        outcome: outcome.to_owned(),
        started_at: at,
        cost: Some(usd(cost)),
        ..usage(user, ApiKeyId::new(3))
    };
    let mut calls = vec![
        call(ana, "ok", hour, 9),
        call(ben, "failed", hour, 0),
        call(ben, "refused", hour, 0),
        call(ben, "broken", hour + MINUTE, 1),
    ];
    let before = |hours: u64| hour - Duration::from_hours(hours);
    calls.extend([call(ana, "ok", before(1), 2), call(ana, "ok", before(5), 4)]);
    calls.push(call(ana, "ok", before(24 * 8), 50)); // more than a week ago
    store.insert_usage(&calls).await.unwrap();
    let failing = async |since| store.count_failing(since).await.unwrap();
    assert_eq!(failing(hour).await, Failing { calls: 3, failed: 2 });
    assert_eq!(failing(hour + MINUTE * 2).await, Failing::default());
    for call in &calls {
        store.roll_up_usage(call.started_at).await.unwrap();
    }
    let spent = store.list_spend(hour, usd(5)).await.unwrap();
    let of = |user, spent: i64| SpendOf { user, spent: usd(spent), before: usd(6), hours: 2 };
    assert_eq!(spent, [of(Some(ana), 9), of(None, 10)]);
    assert!(store.list_spend(hour + Duration::from_hours(1), usd(1)).await.unwrap().is_empty());
}

/// An entry that gives a user something.
fn credit(user: UserId, amount: Money) -> EntryRecord {
    let posting = |account, amount| Posting { account, amount };
    EntryRecord {
        id: ids().next(),
        key: format!("credit:{user}"),
        kind: EntryKind::Credit,
        request_id: None,
        reference: None,
        actor: None,
        reason: None,
        created_at: NOW,
        postings: vec![
            posting(AccountId::user(user), amount),
            posting(AccountId::CLEARING, Money::from_nano(-amount.nano())),
        ],
    }
}

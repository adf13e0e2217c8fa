//! What users have and what they were charged.

use realms_ledger::{AccountId, Movement, reconcile, verify};
use realms_store::{EntryRecord, HoldRecord};
use realms_types::{Money, RequestId, Timestamp, UserId};

use super::TestApp;

/// USD.
pub fn usd(text: &str) -> Money {
    text.parse().unwrap()
}

impl TestApp {
    /// The id of a user.
    pub async fn user(&self, name: &str) -> UserId {
        self.app().store().read().find_user_by_name(name).await.unwrap().unwrap().id
    }

    /// Adds a payment to the balance of the tests' user.
    pub async fn pay(&self, amount: &str) {
        let user = self.user("ana").await;
        let movement = Movement {
            user,
            amount: usd(amount),
            key: format!("payment-{}", uuid()),
            reference: None,
            actor: None,
            reason: None,
        };
        self.app().ledger().credit(movement).await.unwrap();
    }

    /// What the tests' user has available, and what is held.
    pub async fn balance(&self) -> (Money, Money) {
        let account = AccountId::user(self.user("ana").await);
        let found = self.app().store().read().find_balance(account).await.unwrap();
        found.map_or((Money::ZERO, Money::ZERO), |one| (one.available, one.held))
    }

    /// The entries of the tests' user, oldest first: kind and amount.
    pub async fn entries(&self) -> Vec<String> {
        let account = AccountId::user(self.user("ana").await);
        let mut found =
            self.app().store().read().list_entries_of(account, None, 1_000).await.unwrap();
        found.reverse();
        let line =
            |entry: &EntryRecord| format!("{} {}", entry.kind.as_str(), entry.postings[0].amount);
        found.iter().map(line).collect()
    }

    /// The hold of a call.
    pub async fn hold(&self, request: RequestId) -> Option<HoldRecord> {
        self.app().store().read().find_hold(request).await.unwrap()
    }

    /// Every hold whose call runs.
    pub async fn holds(&self) -> Vec<HoldRecord> {
        let never = Timestamp::from_micros(i64::MAX);
        self.app().store().read().list_due_holds(never, 1_000).await.unwrap()
    }

    /// Waits until so many calls hold money.
    pub async fn wait_for_holds(&self, count: usize) -> Vec<HoldRecord> {
        let deadline = tokio::time::Instant::now() + realms_testkit::DEADLINE;
        loop {
            let holds = self.holds().await;
            if holds.len() == count {
                return holds;
            }
            assert!(tokio::time::Instant::now() < deadline, "{} holds", holds.len());
            tokio::task::yield_now().await;
        }
    }

    /// Nothing is held, every rule of the ledger holds, and charges and records tell the same.
    pub async fn is_sound(&self) {
        self.app().flush().await;
        assert_eq!(self.balance().await.1, Money::ZERO, "{:?}", self.holds().await);
        self.adds_up().await;
    }

    /// Every rule of the ledger holds, and charges and records tell the same.
    pub async fn adds_up(&self) {
        let store = self.app().store();
        let defects = verify(store).await.unwrap().defects;
        assert!(defects.is_empty(), "{defects:#?}");
        let far = Timestamp::from_secs(4_000_000_000);
        let found = reconcile(store, Timestamp::EPOCH, far).await.unwrap();
        let told: Vec<String> = found.differences.iter().map(ToString::to_string).collect();
        assert!(found.is_clean(), "{told:#?}");
    }
}

/// Makes a key of its own for each payment.
fn uuid() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

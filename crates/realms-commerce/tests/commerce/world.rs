//! A shop over a SQLite file, with a clock that stands, gateways that answer as told, and a writer that can
//! be killed.

use std::sync::Arc;

use parking_lot::Mutex;
use realms_commerce::{
    Answer, Basket, Buyer, Commerce, CommerceError, GatewaySecrets, GatewaySettings, Message,
    Operator, Outside, Received, Request, Stripe,
};
use realms_ledger::{AccountId, Ledger, Recorder, verify};
use realms_seal::{Keyring, MasterKey, Secret};
use realms_store::{
    EntryRecord, GatewayKind, OrderRecord, PaymentChannelRecord, Store, StoreOptions,
};
use realms_types::{
    Amount, Bonus, Chance, Clock, Currency, Ids, Money, OrderId, PaymentChannelId, SystemClock,
    Timestamp, TopUpRate, TopUpTerms, UserId,
};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::database::Database;

/// A clock that stands until it is moved.
#[derive(Debug)]
pub(crate) struct Hands(Mutex<Timestamp>);

/// A gateway that can be asked.
#[derive(Debug, Default)]
pub(crate) struct Gateways {
    /// What it answers; nothing: it does not.
    pub(crate) answer: Mutex<Option<String>>,
    pub(crate) asked: Mutex<u32>,
}

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) ledger: Ledger,
    pub(crate) commerce: Commerce,
    pub(crate) clock: Arc<Hands>,
    pub(crate) ids: Ids,
    pub(crate) keyring: Keyring,
    pub(crate) gateways: Arc<Gateways>,
    pub(crate) writer: JoinHandle<()>,
    options: StoreOptions,
    spool: Arc<TempDir>,
}

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);
pub(crate) const SIGNS: &str = "whsec_canary";

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock()
    }
}

impl Outside for Gateways {
    fn send(&self, _: Request) -> Answer<'_> {
        Box::pin(async {
            *self.asked.lock() += 1;
            let answer = self.answer.lock().clone();
            answer.map(String::into_bytes).ok_or(CommerceError::Unconfirmed("nobody is there"))
        })
    }
}

// === impl World ===

impl World {
    pub(crate) async fn start(database: &Database) -> Self {
        let store = database.open().await.unwrap();
        let ids = Ids::new(Arc::new(SystemClock), Chance::from_entropy());
        let keyring = store.unlock_keyring(MasterKey::random(), &ids, NOW).await.unwrap();
        let clock = Arc::new(Hands(Mutex::new(NOW)));
        let spool = Arc::new(TempDir::new().unwrap());
        Self::over(store, database.options(), keyring, clock, spool).await
    }

    async fn over(
        store: Store,
        options: StoreOptions,
        keyring: Keyring,
        clock: Arc<Hands>,
        spool: Arc<TempDir>,
    ) -> Self {
        let ids = Ids::new(Arc::new(SystemClock), Chance::from_entropy());
        let (recorder, writer) = Recorder::start(store.clone(), spool.path()).await.unwrap();
        let ledger = Ledger::new(&recorder, Arc::clone(&clock) as _, ids.clone());
        let gateways = Arc::new(Gateways::default());
        let commerce = Commerce::new(
            store.clone(),
            ledger.clone(),
            keyring.clone(),
            Arc::clone(&clock) as _,
            ids.clone(),
            Arc::clone(&gateways) as _,
        );
        Self { store, ledger, commerce, clock, ids, keyring, gateways, writer, options, spool }
    }

    /// Another node on the same database.
    pub(crate) async fn beside(&self) -> Self {
        let store = Store::open(self.options.clone()).await.unwrap();
        let (keyring, clock) = (self.keyring.clone(), Arc::clone(&self.clock));
        let spool = Arc::new(TempDir::new().unwrap());
        Self::over(store, self.options.clone(), keyring, clock, spool).await
    }

    /// Kills the writer and opens the database again, as another process would.
    pub(crate) async fn crash(self) -> Self {
        self.writer.abort();
        let _ = self.writer.await;
        drop((self.commerce, self.ledger, self.store));
        let store = Store::open(self.options.clone()).await.unwrap();
        Self::over(store, self.options, self.keyring, self.clock, self.spool).await
    }

    pub(crate) fn set_clock(&self, to: Timestamp) {
        *self.clock.0.lock() = to;
    }

    pub(crate) async fn channel(&self, kind: GatewayKind, test_mode: bool) -> PaymentChannelId {
        let id: PaymentChannelId = self.ids.next();
        let secrets =
            GatewaySecrets { call: Secret::from("sk_live_canary"), sign: Secret::from(SIGNS) };
        let settings = GatewaySettings {
            address: "https://pay.example.org".to_owned(),
            merchant: "1001".to_owned(),
        };
        let record = PaymentChannelRecord {
            id,
            name: format!("channel {id}"),
            kind,
            enabled: true,
            test_mode,
            gateway: Some(serde_json::to_string(&settings).unwrap()),
            sealed_secrets: secrets.seal(id, &self.keyring).unwrap(),
            last_notice_at: None,
            last_notice: None,
            created_at: NOW,
            updated_at: NOW,
        };
        let tx = self.store.begin().await.unwrap();
        tx.insert_payment_channel(&record).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A top-up of 50 CNY: 7 USD, and 0.35 on top.
    pub(crate) async fn top_up(&self, user: UserId, channel: PaymentChannelId) -> OrderRecord {
        let basket = Basket::TopUp(cny("50"));
        self.commerce.order(buyer(user), channel, basket, &terms()).await.unwrap()
    }

    /// An order of 50 CNY by Stripe, of a user of its own.
    pub(crate) async fn ordered(&self) -> (UserId, PaymentChannelId, OrderRecord) {
        let user = self.ids.next();
        let channel = self.channel(GatewayKind::Stripe, false).await;
        (user, channel, self.top_up(user, channel).await)
    }

    /// Stripe tells something, now.
    pub(crate) async fn told(
        &self,
        channel: PaymentChannelId,
        body: &str,
    ) -> Result<Received, CommerceError> {
        let signature = stripe(SIGNS).sign(body.as_bytes(), self.clock.now());
        let message = Message { signature: Some(&signature), body: body.as_bytes() };
        self.commerce.receive(channel, message).await
    }

    pub(crate) async fn balance(&self, user: UserId) -> Money {
        let found = self.store.read().find_balance(AccountId::user(user)).await.unwrap();
        found.map_or(Money::ZERO, |one| one.available)
    }

    pub(crate) async fn entries(&self, order: OrderId) -> Vec<EntryRecord> {
        self.store.read().list_entries_about(&order.to_string()).await.unwrap()
    }

    pub(crate) async fn read(&self, order: OrderId) -> OrderRecord {
        self.store.read().find_order(order).await.unwrap().unwrap()
    }

    pub(crate) async fn is_sound(&self) {
        let found = verify(&self.store).await.unwrap();
        assert!(found.is_sound(), "{:#?}", found.defects);
    }
}

pub(crate) fn stripe(signs: &str) -> Stripe {
    Stripe::new(Secret::from("sk_live_canary"), Secret::from(signs)).unwrap()
}

pub(crate) fn buyer(user: UserId) -> Buyer {
    Buyer::new(user, 1.into())
}

pub(crate) fn operator() -> Operator {
    Operator { name: "root".to_owned(), reason: "asked for it".to_owned(), audit: None }
}

pub(crate) fn cny(text: &str) -> Amount {
    Amount::parse(text, Currency::CNY).unwrap()
}

pub(crate) fn usd(text: &str) -> Money {
    text.parse().unwrap()
}

pub(crate) fn terms() -> TopUpTerms {
    let rate = TopUpRate {
        credit: usd("0.14"),
        minimum: 1_000,
        presets: vec![1_000, 5_000],
        bonuses: vec![Bonus { from: 5_000, extra: "0.05".parse().unwrap() }],
    };
    TopUpTerms { currencies: [(Currency::CNY, rate)].into() }
}

/// What Stripe tells of a session for an order of 50 CNY.
pub(crate) fn session(event: &str, topic: &str, order: OrderId, payment: &str) -> String {
    format!(
        r#"{{"id":"{event}","type":"checkout.session.{topic}","livemode":true,"data":{{"object":{{"livemode":true,"mode":"payment","payment_status":"paid","client_reference_id":"{order}","payment_intent":"{payment}","amount_total":5000,"currency":"cny"}}}}}}"#
    )
}

/// What Stripe tells of money that was given back.
pub(crate) fn refunded(event: &str, order: OrderId, payment: &str, minor: i64) -> String {
    format!(
        r#"{{"id":"{event}","type":"charge.refunded","livemode":true,"data":{{"object":{{"payment_intent":"{payment}","amount_refunded":{minor},"currency":"cny","metadata":{{"order":"{order}"}}}}}}}}"#
    )
}

pub(crate) fn dispute(event: &str, topic: &str, status: &str, payment: &str) -> String {
    format!(
        r#"{{"id":"{event}","type":"charge.dispute.{topic}","livemode":true,"data":{{"object":{{"payment_intent":"{payment}","status":"{status}"}}}}}}"#
    )
}

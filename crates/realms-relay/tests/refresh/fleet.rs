//! A database with accounts, and nodes that share it.

use std::{sync::Arc, time::Duration};

use realms_catalog::Live;
use realms_relay::{AccountParts, Accounts, Pasted, RefreshStep, RefreshTimes};
use realms_seal::{Keyring, MasterKey};
use realms_store::{
    Actor, ActorKind, AuditRecord, ChannelRecord, EndpointRecord, OauthAccountRecord, Store,
    StoreOptions,
};
use realms_testkit::{DEADLINE, FakeProvider};
use realms_types::{
    Chance, ChannelId, ChannelKind, CredentialId, Ids, Limits, Secret, SharedClock, SystemClock,
};
use realms_upstream::{OauthSite, OutboundPolicy, Timeouts, Upstream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Short enough to wait for, long enough for two busy cores.
pub(crate) const TIMES: RefreshTimes = RefreshTimes {
    lease: Duration::from_millis(1_500),
    grace: Duration::from_secs(3),
    pauses: [Duration::from_millis(50), Duration::from_millis(100)],
    not_within: Duration::from_millis(200),
    put_off: Duration::from_millis(100),
    early: (Duration::from_mins(5), Duration::from_mins(10)),
    commit: (Duration::from_millis(50), Duration::from_millis(500)),
    wait: Duration::from_secs(10),
};

/// What hears the steps.
pub(crate) type Told = Arc<dyn Fn(CredentialId, RefreshStep) + Send + Sync>;

/// One database and its provider.
pub(crate) struct Fleet {
    /// Where the database is, with its password.
    pub(crate) address: String,
    /// The folder of SQLite goes with it.
    _folder: Option<tempfile::TempDir>,
    pub(crate) master: MasterKey,
    pub(crate) provider: FakeProvider,
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    pub(crate) channel: ChannelId,
}

pub(crate) fn clock() -> SharedClock {
    Arc::new(SystemClock)
}

pub(crate) fn ids() -> Ids {
    Ids::new(clock(), Chance::from_entropy())
}

pub(crate) async fn open(address: &str) -> Store {
    let url = address.parse().unwrap();
    Store::open(StoreOptions { readers: 2, ..StoreOptions::new(url) }).await.unwrap()
}

/// One node on a store.
pub(crate) fn node(store: &Store, keyring: &Keyring, provider: &str, tell: Told) -> Accounts {
    let policy = OutboundPolicy::new(vec!["127.0.0.0/8".parse().unwrap()]);
    Accounts::new(AccountParts {
        store: store.clone(),
        keyring: keyring.clone(),
        catalog: Arc::<Live>::default(),
        upstream: Upstream::new(policy, Timeouts::default()).unwrap(),
        site: OauthSite::codex().at(provider),
        clock: clock(),
        ids: ids(),
        chance: Chance::from_entropy(),
        node_id: ids().next(),
        tasks: TaskTracker::new(),
        stopping: CancellationToken::new(),
        times: TIMES,
        tell,
    })
}

pub(crate) fn entry() -> AuditRecord {
    let actor = Actor {
        kind: ActorKind::Cli,
        name: "ana".to_owned(),
        address: None,
        user_agent: None,
        request_id: None,
    };
    AuditRecord::new(ids().next(), clock().now(), actor, "account.test")
}

impl Fleet {
    /// A database with one channel and no account.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", folder.path().join("fleet.db").display());
        Self { _folder: Some(folder), ..Self::on(&address).await }
    }

    /// The same in the database at this address.
    pub(crate) async fn on(address: &str) -> Self {
        let store = open(address).await;
        let master = MasterKey::random();
        let now = clock().now();
        let keyring = store.unlock_keyring(master.clone(), &ids(), now).await.unwrap();
        let channel = ids().next();
        let mut tx = store.begin().await.unwrap();
        tx.insert_channel(&ChannelRecord {
            sealed_proxy: None,
            api_version: None,
            cost_multiplier: None,
            options: realms_types::ChannelOptions::default(),
            id: channel,
            name: "codex".to_owned(),
            kind: ChannelKind::Codex,
            dialects: Vec::new(),
            priority: 0,
            weight: 1,
            enabled: true,
            promoted: false,
            limits: Limits::NONE,
            created_at: now,
            updated_at: now,
        })
        .await
        .unwrap();
        tx.insert_endpoint(&EndpointRecord {
            id: ids().next(),
            channel_id: channel,
            base_url: "https://chatgpt.com/backend-api/codex".to_owned(),
            priority: 0,
            enabled: true,
            created_at: now,
            updated_at: now,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let provider = FakeProvider::start().await;
        let address = address.to_owned();
        Self { address, _folder: None, master, provider, store, keyring, channel }
    }

    /// A node of its own on a store of its own.
    pub(crate) async fn node(&self) -> Accounts {
        let store = open(&self.address).await;
        node(&store, &self.keyring, &self.provider.url(), Arc::new(|_, _| {}))
    }

    /// An account whose tokens are brought in, which renews them once.
    pub(crate) async fn account(&self, name: &str) -> CredentialId {
        let given = self.provider.give(name);
        let refresh = Secret::from(given["refresh_token"].as_str().unwrap());
        let pasted = Pasted { refresh, access: None, id_token: None, account_id: None };
        let node = self.node().await;
        let arrived = node.import((self.channel, ""), pasted, entry()).await.unwrap();
        arrived.credential_id
    }

    pub(crate) async fn now_of(&self, id: CredentialId) -> OauthAccountRecord {
        self.store.oauth_account_now(id).await.unwrap().unwrap()
    }

    /// The refresh token that is in the database.
    pub(crate) async fn refresh_token(&self, id: CredentialId) -> String {
        let account = self.now_of(id).await;
        let place = OauthAccountRecord::refresh_place(id);
        let sealed = &account.grant.tokens.sealed_refresh;
        let purpose = realms_seal::Purpose::Upstream;
        self.keyring.unseal_text(purpose, place, sealed).unwrap().reveal().clone()
    }

    /// Waits until an account is as it should be.
    pub(crate) async fn wait(
        &self,
        id: CredentialId,
        what: &str,
        enough: impl Fn(&OauthAccountRecord) -> bool,
    ) -> OauthAccountRecord {
        let end = tokio::time::Instant::now() + DEADLINE;
        loop {
            let account = self.now_of(id).await;
            if enough(&account) {
                return account;
            }
            assert!(tokio::time::Instant::now() < end, "{what} never came: {account:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

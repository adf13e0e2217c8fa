//! The parts of the server put together, started in order and stopped in order.

mod background;
mod limits;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use axum::Router;
use jiff::tz::TimeZone;
use prometheus_client::registry::Registry;
use realms_catalog::{Live, Settings};
use realms_commerce::{Commerce, Outbound};
use realms_console::{
    ConfigValue, Console, ConsoleParts, Editor, Loopback, PriceSync, Reload, offer_setup,
};
use realms_identity::{Accounts, Callers, Lifetimes, Mailer, Passwords, Sessions};
use realms_jobs::{
    DeskKeeper, Follower, Followers, Heartbeat, InvitationKeeper, LedgerKeeper, NotificationKeeper,
    OrderKeeper, Rollup, SessionKeeper, Sweeper, Watcher,
};
use realms_ledger::{Journal, LEASE, Ledger, Recorder};
use realms_notify::{Notifier, Parts as NotifierParts, SiteNow};
use realms_relay::{
    AccountParts, Accounts as VendorAccounts, Events, Metrics, Parts, RefreshTimes, Relay, Running,
    SocketLimits,
};
use realms_scheduler::Health;
use realms_seal::Keyring;
use realms_store::{NodeRecord, Store};
use realms_support::{Desk, Folder};
use realms_types::{Chance, Ids, NodeId, Secret, SharedClock, SystemClock};
use realms_upstream::{OauthSite, OutboundPolicy, Upstream, read_authorities};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use self::{
    background::Background,
    limits::{relay_limits, server_limits, upstream_timeouts},
};
use crate::{
    config::{Config, Entry, Networks, Source, TABLE},
    mail,
    server::{MetaLayer, Server},
    status::{self, Status},
    unlock::{open_keyring, open_store},
    version::VERSION,
    web,
};

/// How long streams get to say goodbye once the drain is over.
const GOODBYE: Duration = Duration::from_secs(5);
/// How long the last records may take to reach the database or the disk.
const LAST_RECORDS: Duration = Duration::from_secs(15);

/// What a server is started with.
#[derive(Debug)]
pub struct AppOptions {
    /// Its bootstrap configuration.
    pub config: Config,
    /// Its time.
    pub clock: SharedClock,
    /// Its chance.
    pub chance: Chance,
    /// Where people log in to accounts for `codex` channels.
    pub codex: OauthSite,
    /// How many WebSockets it keeps open, and for how long.
    pub sockets: SocketLimits,
    /// How often a running call renews what it holds.
    pub renew: Duration,
}

/// A running server.
#[derive(Debug)]
pub struct App {
    address: SocketAddr,
    setup_code: Option<Secret<String>>,
    drain: Duration,
    stopping: CancellationToken,
    shutdown: CancellationToken,
    abandon: CancellationToken,
    tasks: TaskTracker,
    background: TaskTracker,
    relay: Relay,
    watcher: Watcher,
    invitations: Option<InvitationKeeper>,
    price_sync: PriceSync,
    sessions: SessionKeeper,
    server: JoinHandle<()>,
    writer: JoinHandle<()>,
    recorder: Recorder,
    ledger: Ledger,
    desk: Option<Desk>,
    heartbeat: Heartbeat,
    store: Store,
    keyring: Keyring,
    follower: Follower,
}

/// What the routers and the background tasks share while they are built.
struct Shared {
    config: Config,
    clock: SharedClock,
    ids: Ids,
    chance: Chance,
    store: Store,
    keyring: Keyring,
    catalog: Arc<Live>,
    callers: Callers,
    sessions: Sessions,
    follower: Follower,
    events: Events,
    recorder: Recorder,
    ledger: Ledger,
    node_id: NodeId,
    registry: Registry,
    stopping: CancellationToken,
    shutdown: CancellationToken,
    running: Running,
    tasks: TaskTracker,
    health: Arc<Health>,
    sockets: SocketLimits,
    renew: Duration,
    codex: OauthSite,
}

// === impl AppOptions ===

impl AppOptions {
    /// With the system's clock, the system's chance, and the vendor's own log-in.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            clock: Arc::new(SystemClock),
            chance: Chance::from_entropy(),
            codex: OauthSite::codex(),
            sockets: SocketLimits::default(),
            renew: LEASE / 3,
        }
    }
}

// === impl App ===

impl App {
    /// Opens the database, loads the configuration, listens.
    pub async fn start(options: AppOptions) -> Result<Self> {
        let AppOptions { config, clock, chance, codex, sockets, renew } = options;
        let ids = Ids::new(Arc::clone(&clock), chance.clone());
        let store = open_store(&config, true).await?;
        let keyring = open_keyring(&config, &store, &ids, &clock).await?;
        let listener = TcpListener::bind(config.addr).await.with_context(|| {
            let address = config.addr;
            format!("cannot listen on {address}: stop what listens there, or set REALMS_ADDR")
        })?;
        let address = listener.local_addr()?;
        let callers = Callers::new(store.clone(), keyring.clone(), Arc::clone(&clock));
        let sessions = Sessions::new(
            store.clone(),
            keyring.clone(),
            Arc::clone(&clock),
            ids.clone(),
            if config.self_mode_enable { Lifetimes::SELF_MODE } else { Lifetimes::BUSINESS_MODE },
        );
        let catalog = Arc::<Live>::default();
        let events = Events::new(Arc::clone(&clock));
        let shutdown = CancellationToken::new();
        let running = Running::new(shutdown.clone());
        let health = Arc::<Health>::default();
        let follower = Follower::new(
            store.clone(),
            keyring.clone(),
            Followers {
                catalog: Arc::clone(&catalog),
                callers: callers.clone(),
                sessions: sessions.clone(),
                running: running.clone(),
                events: events.clone(),
                health: Arc::clone(&health),
            },
        );
        follower.pass().await?;
        let node_id = ids.next();
        let journal = open_journal(&config, node_id, &ids);
        let (recorder, writer) =
            Recorder::start_noting(store.clone(), &config.data_dir.join("spool"), journal).await?;
        let ledger = Ledger::new(&recorder, Arc::clone(&clock), ids.clone());
        let shared = Shared {
            node_id,
            config,
            clock,
            ids,
            chance,
            store,
            keyring,
            catalog,
            callers,
            sessions,
            follower,
            events,
            recorder,
            ledger,
            registry: Registry::default(),
            stopping: CancellationToken::new(),
            shutdown,
            running,
            tasks: TaskTracker::new(),
            health,
            codex,
            sockets,
            renew,
        };
        shared.run(listener, address, writer).await
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The one-time code that makes the first root user, while there is none.
    pub fn setup_code(&self) -> Option<&str> {
        self.setup_code.as_ref().map(|code| code.reveal().as_str())
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What moves money.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// What keeps tickets; nothing does in self mode.
    pub fn desk(&self) -> Option<&Desk> {
        self.desk.as_ref()
    }

    /// The data plane.
    pub fn relay(&self) -> &Relay {
        &self.relay
    }

    /// What seals the secrets in it.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Puts in force what was just changed, without waiting for the next look.
    pub async fn follow(&self) -> Result<()> {
        Ok(self.follower.pass().await?)
    }

    /// Looks whether something came to a point that people are told of, without waiting for the next look.
    pub async fn look_at_levels(&self) {
        self.watcher.try_site().await;
        self.watcher.try_users().await;
    }

    /// Gives what is due for invitations, without waiting for the next look.
    pub async fn reward_invitations(&self) {
        if let Some(invitations) = &self.invitations {
            invitations.try_reward().await;
        }
    }

    /// Keeps prices up with their list if it is time to, without waiting for the next look.
    pub async fn sync_prices(&self) {
        self.price_sync.try_pass().await;
    }

    /// Waits until every record of a finished call is in the database.
    pub async fn flush(&self) {
        self.recorder.flush().await;
    }

    /// Stops taking calls, lets those in flight finish within the drain time, and has every record
    /// written before it returns.
    pub async fn stop(self) -> Result<()> {
        tracing::info!(calls = self.tasks.len(), "stopping");
        self.stopping.cancel();
        self.tasks.close();
        let server = self.server;
        let drained = timeout(self.drain, async {
            self.tasks.wait().await;
            server.await
        });
        if drained.await.is_err() {
            tracing::warn!(calls = self.tasks.len(), "the drain time is over");
            self.shutdown.cancel();
            let _ = timeout(GOODBYE, self.tasks.wait()).await;
        }
        self.abandon.cancel();
        self.background.close();
        self.background.wait().await;
        // Connections left behind may still hold recorders, so the writer is not waited for.
        let flushed = timeout(LAST_RECORDS, self.recorder.flush()).await;
        self.writer.abort();
        self.recorder.close_journal();
        if let Err(error) = self.sessions.save().await {
            tracing::warn!(%error, "where the last sessions were served is not written down");
        }
        self.heartbeat.leave().await;
        let closed = self.store.close().await;
        flushed.context("the last usage records could not be written in time")?;
        Ok(closed?)
    }
}

// === impl Shared ===

impl Shared {
    async fn run(
        mut self,
        listener: TcpListener,
        address: SocketAddr,
        writer: JoinHandle<()>,
    ) -> Result<App> {
        // While nobody is root, whoever reads this machine's console may become it.
        let setup_code = offer_setup(&self.store, &self.keyring, self.clock.now()).await?;
        let upstream = self.upstream(address)?;
        let relay = self.relay(upstream.clone());
        let heartbeat = self.heartbeat(address);
        let clock = Arc::clone(&self.clock);
        let sessions = SessionKeeper::new(self.store.clone(), relay.clone(), clock);
        // Whoever was served before the restart goes on where that was.
        sessions.try_pass().await;
        let keeper = LedgerKeeper::new(
            self.ledger.clone(),
            self.store.clone(),
            Arc::clone(&self.clock),
            &mut self.registry,
        );
        // Where nothing is charged, nothing is sold.
        let commerce = (!self.config.self_mode_enable).then(|| self.commerce(upstream.clone()));
        let desk = (!self.config.self_mode_enable).then(|| self.desk());
        let abandon = CancellationToken::new();
        let setup = mail::find_setup(Arc::clone(&self.catalog), self.config.mail_dir.clone());
        let (mailer, postman) = Mailer::new(setup, self.ids.clone());
        let notifier = (!self.config.self_mode_enable)
            .then(|| self.notifier(upstream.clone(), address, mailer.clone()))
            .transpose()?;
        let watcher = Watcher::new(relay.clone());
        let invitations = commerce.clone().map(InvitationKeeper::new);
        let reconcilers = Background {
            relay: relay.clone(),
            watcher: watcher.clone(),
            follower: self.follower.clone(),
            heartbeat: heartbeat.clone(),
            sessions: sessions.clone(),
            ledger: keeper,
            orders: commerce.clone().map(OrderKeeper::new),
            invitations: invitations.clone(),
            desk: desk.clone().map(DeskKeeper::new),
            notifications: notifier.clone().map(|notifier| {
                NotificationKeeper::new(notifier, self.store.clone(), Arc::clone(&self.clock))
            }),
            sweeper: Sweeper::new(self.store.clone(), Arc::clone(&self.clock)),
            rollup: Rollup::new(self.store.clone(), Arc::clone(&self.clock)),
        };
        let background = reconcilers.start(&self.stopping);
        // Requests in flight may still write letters while the server stops.
        background.spawn(postman.run(abandon.clone().cancelled_owned()));
        let business = (commerce, desk.clone(), notifier);
        let console = self.console(mailer, upstream, relay.clone(), business);
        let price_sync = console.price_sync();
        background::keep_prices(&background, &self.stopping, price_sync.clone());
        let router = self.router(relay.clone(), console);
        let proxies = self.config.trusted_proxies.as_slice().to_vec();
        let meta = MetaLayer::new(self.ids.clone(), proxies);
        let server = Server::new(listener, router, meta, server_limits(&self.config));
        let server = tokio::spawn(server.run(self.stopping.clone(), abandon.clone()));
        Ok(App {
            address,
            setup_code,
            drain: self.config.drain_timeout,
            stopping: self.stopping,
            shutdown: self.shutdown,
            abandon,
            tasks: self.tasks,
            background,
            sessions,
            server,
            writer,
            recorder: self.recorder,
            ledger: self.ledger,
            desk,
            heartbeat,
            store: self.store,
            keyring: self.keyring,
            relay,
            watcher,
            invitations,
            price_sync,
            follower: self.follower,
        })
    }

    fn router(&mut self, relay: Relay, console: Console) -> Router {
        let status = Status {
            store: self.store.clone(),
            catalog: Arc::clone(&self.catalog),
            recorder: self.recorder.clone(),
            registry: Arc::new(std::mem::take(&mut self.registry)),
            self_mode: self.config.self_mode_enable,
            public_base_url: self.config.public_base_url.clone(),
            admin_api_key: self.config.admin_api_key.clone(),
            stopping: self.stopping.clone(),
        };
        Router::new()
            .merge(realms_relay::router(relay))
            .merge(console.router())
            .merge(status::router(status))
            .merge(web::router())
    }

    fn console(
        &self,
        mailer: Mailer,
        upstream: Upstream,
        relay: Relay,
        (commerce, desk, notifier): (Option<Commerce>, Option<Desk>, Option<Notifier>),
    ) -> Console {
        let follower = self.follower.clone();
        let reload: Reload = Arc::new(move || {
            let follower = follower.clone();
            Box::pin(async move { follower.try_pass().await })
        });
        let editor = Editor {
            store: self.store.clone(),
            keyring: self.keyring.clone(),
            clock: Arc::clone(&self.clock),
            ids: self.ids.clone(),
            passwords: Passwords::default(),
        };
        let accounts = Accounts::new(
            self.store.clone(),
            self.keyring.clone(),
            (Arc::clone(&self.clock), self.ids.clone()),
            editor.passwords.clone(),
            self.sessions.clone(),
            mailer,
        );
        let loopback = Loopback::new(
            self.config.account_callback_addr.0,
            Arc::clone(&self.clock),
            self.tasks.clone(),
            self.stopping.clone(),
        );
        Console::new(ConsoleParts {
            editor,
            catalog: Arc::clone(&self.catalog),
            sessions: self.sessions.clone(),
            accounts,
            upstream,
            version: VERSION,
            self_mode: self.config.self_mode_enable,
            admin_api_key: self.config.admin_api_key.clone(),
            reload,
            config: shown(&self.config),
            relay,
            commerce,
            desk,
            notifier,
            loopback,
            stopping: self.stopping.clone(),
        })
    }

    fn desk(&self) -> Desk {
        let folder = Folder::new(&self.config.tickets_attachments_dir);
        let clock = Arc::clone(&self.clock);
        Desk::new(self.store.clone(), folder, clock, self.ids.clone())
    }

    fn notifier(
        &self,
        upstream: Upstream,
        address: SocketAddr,
        mailer: Mailer,
    ) -> Result<Notifier> {
        let (catalog, base_url) = (Arc::clone(&self.catalog), self.config.public_base_url.clone());
        Ok(Notifier::new(NotifierParts {
            store: self.store.clone(),
            keyring: self.keyring.clone(),
            upstream,
            for_users: self.way_out(&self.config.outbound_users_allow_private, address)?,
            mailer,
            clock: Arc::clone(&self.clock),
            site: Arc::new(move || notified_site(catalog.load().settings(), base_url.as_ref())),
        }))
    }

    fn commerce(&self, upstream: Upstream) -> Commerce {
        Commerce::new(
            self.store.clone(),
            self.ledger.clone(),
            self.keyring.clone(),
            Arc::clone(&self.clock),
            self.ids.clone(),
            Arc::new(Outbound(upstream)),
        )
    }

    /// The one way out, for calls and for the sites people log in with.
    fn upstream(&self, address: SocketAddr) -> Result<Upstream> {
        self.way_out(&self.config.outbound_allow_private, address)
    }

    /// A way out that also leads to these private networks.
    fn way_out(&self, allow_private: &Networks, address: SocketAddr) -> Result<Upstream> {
        let config = &self.config;
        let policy = OutboundPolicy::new(allow_private.as_slice().to_vec())
            .without([address])
            .without_stores(config.db_url.server());
        let mut authorities = Vec::new();
        for path in config.outbound_ca_files.as_slice() {
            let name = path.display();
            let pem = std::fs::read(path)
                .with_context(|| format!("REALMS_OUTBOUND_CA_FILES: cannot read `{name}`"))?;
            let found = read_authorities(&pem)
                .with_context(|| format!("REALMS_OUTBOUND_CA_FILES: `{name}`"))?;
            authorities.extend(found);
        }
        Upstream::trusting(policy, upstream_timeouts(config), authorities)
            .context("cannot set up outbound calls: look at REALMS_OUTBOUND_CA_FILES")
    }

    fn relay(&mut self, upstream: Upstream) -> Relay {
        let metrics = Metrics::register(&mut self.registry);
        Relay::new(Parts {
            catalog: Arc::clone(&self.catalog),
            store: self.store.clone(),
            callers: self.callers.clone(),
            recorder: self.recorder.clone(),
            ledger: self.ledger.clone(),
            health: Arc::clone(&self.health),
            accounts: self.accounts(upstream.clone()),
            events: self.events.clone(),
            upstream,
            clock: Arc::clone(&self.clock),
            ids: self.ids.clone(),
            chance: self.chance.clone(),
            tasks: self.tasks.clone(),
            running: self.running.clone(),
            stopping: self.stopping.clone(),
            metrics,
            limits: relay_limits(&self.config, self.sockets, self.renew),
            node_id: self.node_id,
            self_mode: self.config.self_mode_enable,
        })
    }

    fn accounts(&self, upstream: Upstream) -> VendorAccounts {
        VendorAccounts::new(AccountParts {
            store: self.store.clone(),
            keyring: self.keyring.clone(),
            catalog: Arc::clone(&self.catalog),
            upstream,
            site: self.codex.clone(),
            clock: Arc::clone(&self.clock),
            ids: self.ids.clone(),
            chance: self.chance.clone(),
            node_id: self.node_id,
            tasks: self.tasks.clone(),
            stopping: self.stopping.clone(),
            times: RefreshTimes::default(),
            tell: Arc::new(|credential, step| {
                tracing::debug!(%credential, ?step, "refresh of an account");
            }),
        })
    }

    fn heartbeat(&self, address: SocketAddr) -> Heartbeat {
        let now = self.clock.now();
        let node = NodeRecord {
            id: self.node_id,
            name: self.node_id.to_string(),
            started_at: now,
            last_seen_at: now,
            version: VERSION.to_owned(),
            address: address.to_string(),
        };
        Heartbeat::new(self.store.clone(), Arc::clone(&self.clock), node)
    }
}

/// The journal of calls without a hold. Where there can be none calls go on: only one that runs when the
/// process is killed leaves no record.
fn open_journal(config: &Config, node: NodeId, ids: &Ids) -> Option<Journal> {
    let opened = Journal::open(&config.data_dir.join("calls"), node, ids);
    opened
        .inspect_err(|error| tracing::error!(%error, "calls without a hold are not noted on disk"))
        .ok()
}

/// The bootstrap configuration as the console shows it.
fn shown(config: &Config) -> Vec<ConfigValue> {
    let value = |entry: &Entry| {
        let source = config.source(entry.key);
        ConfigValue {
            name: entry.key,
            env: entry.variable,
            value: (entry.show)(config).unwrap_or_default(),
            source: match source {
                Source::Default => "default".to_owned(),
                given => given.to_string(),
            },
            about: entry.about.trim(),
        }
    };
    TABLE.iter().map(value).collect()
}

/// What notifications say of the site.
fn notified_site(settings: &Settings, address: Option<&Url>) -> SiteNow {
    let base_url = settings.site_base_url.as_ref().or(address);
    SiteNow {
        name: settings.site_name.clone(),
        base_url: base_url.map(|url| url.as_str().trim_end_matches('/').to_owned()),
        zone: TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC),
    }
}

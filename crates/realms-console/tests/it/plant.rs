//! A data plane for the console of a test: it may call loopback.

use std::{path::Path, sync::Arc, time::Duration};

use prometheus_client::registry::Registry;
use realms_catalog::Live;
use realms_console::Editor;
use realms_identity::Callers;
use realms_ledger::{Ledger, Recorder};
use realms_relay::{
    AccountParts, Accounts, BodyLimits, Events, Limits, Metrics, Parts, RefreshTimes, Relay,
    Running, SocketLimits, StreamLimits,
};
use realms_scheduler::Health;
use realms_types::{Chance, NodeId};
use realms_upstream::{OauthSite, OutboundPolicy, Timeouts, Upstream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

const MINUTE: Duration = Duration::from_mins(1);

pub(crate) async fn relay(
    editor: &Editor,
    catalog: &Arc<Live>,
    folder: &Path,
    self_mode: bool,
) -> Relay {
    let policy = OutboundPolicy::new(vec!["127.0.0.0/8".parse().unwrap()]);
    let (recorder, _) = Recorder::start(editor.store.clone(), &folder.join("spool")).await.unwrap();
    let ledger = Ledger::new(&recorder, editor.clock.clone(), editor.ids.clone());
    let upstream = Upstream::new(policy, Timeouts::default()).unwrap();
    let node_id = editor.ids.next::<NodeId>();
    let accounts = Accounts::new(AccountParts {
        store: editor.store.clone(),
        keyring: editor.keyring.clone(),
        catalog: Arc::clone(catalog),
        upstream: upstream.clone(),
        site: OauthSite::codex(),
        clock: editor.clock.clone(),
        ids: editor.ids.clone(),
        chance: Chance::seeded(7),
        node_id,
        tasks: TaskTracker::new(),
        stopping: CancellationToken::new(),
        times: RefreshTimes::default(),
        tell: Arc::new(|_, _| {}),
    });
    Relay::new(Parts {
        accounts,
        catalog: Arc::clone(catalog),
        store: editor.store.clone(),
        callers: Callers::new(
            editor.store.clone(),
            editor.keyring.clone(),
            Arc::clone(&editor.clock),
        ),
        recorder,
        ledger,
        health: Arc::<Health>::default(),
        events: Events::new(editor.clock.clone()),
        upstream,
        clock: editor.clock.clone(),
        ids: editor.ids.clone(),
        chance: Chance::seeded(7),
        tasks: TaskTracker::new(),
        running: Running::new(CancellationToken::new()),
        stopping: CancellationToken::new(),
        metrics: Metrics::register(&mut Registry::default()),
        limits: Limits {
            body: BodyLimits { bytes: 1 << 20, total: MINUTE, stall: MINUTE },
            frame_bytes: 1 << 20,
            stream: StreamLimits {
                first_event: MINUTE,
                idle: MINUTE,
                total: MINUTE,
                write_stall: MINUTE,
            },
            sockets: SocketLimits::default(),
            renew: MINUTE,
        },
        node_id,
        self_mode,
    })
}

//! What runs beside the calls, and how often.

use std::{future::Future, time::Duration};

use realms_console::PriceSync;
use realms_jobs::{
    AccountKeeper, DeskKeeper, Follower, Heartbeat, InvitationKeeper, LedgerKeeper,
    NotificationKeeper, OrderKeeper, Prober, Rollup, SessionKeeper, Sweeper, Tester, Warden,
    Watcher, every,
};
use realms_relay::Relay;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How often other nodes' changes are looked for.
const FOLLOW: Duration = Duration::from_millis(500);
/// How often this node says that it lives.
const BEAT: Duration = Duration::from_secs(5);
/// How often it is written down where sessions are served: what a crash forgets at most.
const KEEP: Duration = Duration::from_secs(2);
/// How soon a channel that failed too often is switched off.
const WATCH: Duration = Duration::from_secs(1);
/// How often it is looked which channels are to be tested.
const TEST: Duration = Duration::from_secs(1);
/// How often it is looked which rests are to be probed.
const PROBE: Duration = Duration::from_millis(500);
/// How often what is known of things that are gone is forgotten.
const FORGET: Duration = Duration::from_mins(1);
/// How often tries and codes that count no more are forgotten.
const SWEEP: Duration = Duration::from_mins(5);
/// How often hours of usage are summed up.
const ROLL_UP: Duration = Duration::from_mins(1);
/// How often holds whose calls have died are looked for.
const EXPIRE: Duration = Duration::from_secs(10);
/// How often days of the ledger that are over are looked for.
const ANCHOR: Duration = Duration::from_hours(1);
/// How often orders are looked for that nobody pays.
const LAPSE: Duration = Duration::from_mins(5);
/// How often invitations are looked for that something is due for.
const REWARD: Duration = Duration::from_mins(1);
/// How often files of tickets are looked for whose time is over.
const TIDY: Duration = Duration::from_mins(5);
/// How often notifications are looked for that are due.
const CARRY: Duration = Duration::from_secs(1);
/// How often it is looked whether something came to a point that those who run the site are told of.
const LOOK: Duration = Duration::from_mins(1);
/// The same, for users.
const LOOK_AT_USERS: Duration = Duration::from_mins(5);
/// How often accounts at vendors are looked at, whether one is to be renewed.
const REFRESH: Duration = Duration::from_secs(5);
/// How often it is looked whether the list that prices are kept up with is due.
const LOOK_AT_PRICES: Duration = Duration::from_secs(30);
/// How often it is looked whose quota was not asked for lately.
const POLL_QUOTAS: Duration = Duration::from_mins(1);

/// The reconcilers of this node.
pub(super) struct Background {
    pub relay: Relay,
    pub watcher: Watcher,
    pub follower: Follower,
    pub heartbeat: Heartbeat,
    pub sessions: SessionKeeper,
    /// In self mode too, where holds may be left of an earlier mode.
    pub ledger: LedgerKeeper,
    /// In business mode only.
    pub orders: Option<OrderKeeper>,
    /// In business mode only.
    pub invitations: Option<InvitationKeeper>,
    /// In business mode only.
    pub desk: Option<DeskKeeper>,
    /// In business mode only.
    pub notifications: Option<NotificationKeeper>,
    pub sweeper: Sweeper,
    pub rollup: Rollup,
}

// === impl Background ===

impl Background {
    /// Starts them all; they end when `stopping` is called.
    pub(super) fn start(self, stopping: &CancellationToken) -> TaskTracker {
        let Self {
            relay,
            watcher,
            follower,
            heartbeat,
            sessions,
            ledger,
            orders,
            invitations,
            desk,
            notifications,
            sweeper,
            rollup,
        } = self;
        let tasks = TaskTracker::new();
        repeat(&tasks, stopping, FOLLOW, follower, |it| async move { it.try_pass().await });
        repeat(
            &tasks,
            stopping,
            BEAT,
            (heartbeat, relay.clone()),
            |(heartbeat, relay)| async move {
                if let Some(nodes) = heartbeat.beat().await {
                    relay.share_limits(nodes);
                }
            },
        );
        repeat(&tasks, stopping, SWEEP, sweeper, |it| async move { it.sweep().await });
        repeat(&tasks, stopping, ROLL_UP, rollup, |it| async move { it.try_pass().await });
        repeat(&tasks, stopping, KEEP, sessions, |it| async move { it.try_pass().await });
        repeat(&tasks, stopping, EXPIRE, ledger.clone(), |it| async move { it.try_expire().await });
        repeat(&tasks, stopping, ANCHOR, ledger, |it| async move { it.try_anchor().await });
        if let Some(orders) = orders {
            repeat(&tasks, stopping, LAPSE, orders, |it| async move { it.try_lapse().await });
        }
        if let Some(keeper) = invitations {
            repeat(&tasks, stopping, REWARD, keeper, |it| async move { it.try_reward().await });
        }
        if let Some(desk) = desk {
            repeat(&tasks, stopping, TIDY, desk, |it| async move { it.try_sweep().await });
        }
        if let Some(keeper) = notifications {
            let forgetting = keeper.clone();
            repeat(&tasks, stopping, CARRY, keeper, |it| async move { it.try_carry().await });
            repeat(&tasks, stopping, ANCHOR, forgetting, |it| async move { it.try_forget().await });
            let users = watcher.clone();
            repeat(&tasks, stopping, LOOK, watcher, |it| async move { it.try_site().await });
            repeat(
                &tasks,
                stopping,
                LOOK_AT_USERS,
                users,
                |it| async move { it.try_users().await },
            );
        }
        repeat(
            &tasks,
            stopping,
            WATCH,
            Warden::new(relay.clone()),
            |it| async move { it.pass().await },
        );
        repeat(
            &tasks,
            stopping,
            TEST,
            Tester::new(relay.clone()),
            |it| async move { it.pass().await },
        );
        repeat(&tasks, stopping, PROBE, Prober::new(relay.clone()), |it| async move { it.pass() });
        let accounts = AccountKeeper::new(relay.accounts.clone());
        repeat(&tasks, stopping, REFRESH, accounts.clone(), |it| async move { it.refresh().await });
        repeat(&tasks, stopping, POLL_QUOTAS, accounts, |it| async move { it.poll().await });
        repeat(&tasks, stopping, FORGET, relay, |it| async move { it.forget_the_gone() });
        tasks
    }
}

/// Keeps prices up with their list.
pub(super) fn keep_prices(
    tasks: &TaskTracker,
    stopping: &CancellationToken,
    price_sync: PriceSync,
) {
    repeat(tasks, stopping, LOOK_AT_PRICES, price_sync, |it| async move { it.try_pass().await });
}

/// Has somebody make a pass again and again.
fn repeat<T, Pass>(
    tasks: &TaskTracker,
    stopping: &CancellationToken,
    period: Duration,
    who: T,
    pass: impl Fn(T) -> Pass + Send + 'static,
) where
    T: Clone + Send + 'static,
    Pass: Future<Output = ()> + Send,
{
    every(tasks, stopping, period, move || pass(who.clone()));
}

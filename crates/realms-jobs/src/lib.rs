//! Background work: reconcilers that run periodically, need no input, and may be poked.

mod account_keeper;
mod desk_keeper;
mod follower;
mod heartbeat;
mod invitation_keeper;
mod ledger_keeper;
mod notification_keeper;
mod order_keeper;
mod prober;
mod rollup;
mod sessions;
mod sweeper;
mod tester;
mod warden;
mod watcher;

use std::{future::Future, time::Duration};

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use account_keeper::AccountKeeper;
pub use desk_keeper::DeskKeeper;
pub use follower::{Follower, Followers};
pub use heartbeat::Heartbeat;
pub use invitation_keeper::InvitationKeeper;
pub use ledger_keeper::LedgerKeeper;
pub use notification_keeper::NotificationKeeper;
pub use order_keeper::OrderKeeper;
pub use prober::Prober;
pub use rollup::Rollup;
pub use sessions::SessionKeeper;
pub use sweeper::Sweeper;
pub use tester::Tester;
pub use warden::Warden;
pub use watcher::Watcher;

/// Runs a reconciler again and again until the process stops.
pub fn every<F, Pass>(tasks: &TaskTracker, stop: &CancellationToken, period: Duration, mut pass: F)
where
    F: FnMut() -> Pass + Send + 'static,
    Pass: Future<Output = ()> + Send,
{
    let stop = stop.clone();
    tasks.spawn(async move {
        let mut ticks = interval(period);
        // After a pause of the machine one pass is enough.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => pass().await,
            }
        }
    });
}

//! How channels and models have been doing, asked of the database at most every few seconds.

use std::{collections::HashMap, sync::Arc, time::Duration};

use realms_store::Pulse;
use realms_types::{ChannelId, Timestamp};
use tokio::sync::Mutex;

use super::Console;
use crate::ConsoleError;

/// How old an answer may be.
const FRESH: Duration = Duration::from_secs(10);
const DAY_SECS: i64 = 24 * 3_600;

/// The latest answers.
#[derive(Debug, Default)]
pub(super) struct Pulses {
    channels: Kept<ChannelId>,
    models: Kept<String>,
}

/// Whoever asks while it is asked of the database waits for that answer: a page that anyone may open asks once, however
/// many open it.
type Kept<K> = Mutex<Option<(Timestamp, Answer<K>)>>;
type Answer<K> = Arc<HashMap<K, Pulse>>;

// === impl Console ===

impl Console {
    /// The last day of every channel.
    pub(super) async fn channel_pulses(&self) -> Result<Answer<ChannelId>, ConsoleError> {
        let now = self.now();
        let mut kept = self.0.pulses.channels.lock().await;
        if let Some(kept) = fresh(kept.as_ref(), now) {
            return Ok(kept);
        }
        let midnight = Timestamp::from_secs(now.as_secs() - now.as_secs().rem_euclid(DAY_SECS));
        let pulses = Arc::new(self.0.editor.store.channel_pulses(now, midnight).await?);
        *kept = Some((now, Arc::clone(&pulses)));
        Ok(pulses)
    }

    /// The last day of every model.
    pub(super) async fn model_pulses(&self) -> Result<Answer<String>, ConsoleError> {
        let now = self.now();
        let mut kept = self.0.pulses.models.lock().await;
        if let Some(kept) = fresh(kept.as_ref(), now) {
            return Ok(kept);
        }
        let pulses = Arc::new(self.0.editor.store.model_pulses(now).await?);
        *kept = Some((now, Arc::clone(&pulses)));
        Ok(pulses)
    }
}

fn fresh<K>(kept: Option<&(Timestamp, Answer<K>)>, now: Timestamp) -> Option<Answer<K>> {
    let (at, pulses) = kept?;
    // What was asked while this waited is of a later moment.
    (now < *at || now.since(*at) < FRESH).then(|| Arc::clone(pulses))
}

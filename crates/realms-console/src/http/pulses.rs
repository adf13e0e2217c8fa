//! How channels and models have been doing, asked of the database at most every few seconds.

use std::{collections::HashMap, sync::Arc, time::Duration};

use parking_lot::Mutex;
use realms_store::Pulse;
use realms_types::{ChannelId, Timestamp};

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

type Kept<K> = Mutex<Option<(Timestamp, Arc<HashMap<K, Pulse>>)>>;

// === impl Console ===

impl Console {
    /// The last day of every channel.
    pub(super) async fn channel_pulses(
        &self,
    ) -> Result<Arc<HashMap<ChannelId, Pulse>>, ConsoleError> {
        let now = self.0.editor.clock.now();
        if let Some(kept) = fresh(&self.0.pulses.channels, now) {
            return Ok(kept);
        }
        let midnight = Timestamp::from_secs(now.as_secs() - now.as_secs().rem_euclid(DAY_SECS));
        let pulses = Arc::new(self.0.editor.store.channel_pulses(now, midnight).await?);
        *self.0.pulses.channels.lock() = Some((now, Arc::clone(&pulses)));
        Ok(pulses)
    }

    /// The last day of every model.
    pub(super) async fn model_pulses(&self) -> Result<Arc<HashMap<String, Pulse>>, ConsoleError> {
        let now = self.0.editor.clock.now();
        if let Some(kept) = fresh(&self.0.pulses.models, now) {
            return Ok(kept);
        }
        let pulses = Arc::new(self.0.editor.store.model_pulses(now).await?);
        *self.0.pulses.models.lock() = Some((now, Arc::clone(&pulses)));
        Ok(pulses)
    }
}

fn fresh<K>(kept: &Kept<K>, now: Timestamp) -> Option<Arc<HashMap<K, Pulse>>> {
    let kept = kept.lock();
    let (at, pulses) = kept.as_ref()?;
    (now >= *at && now.since(*at) < FRESH).then(|| Arc::clone(pulses))
}

//! How many calls each channel is answering right now, on this node.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use dashmap::DashMap;
use realms_types::ChannelId;

/// Attempts in flight, by channel.
#[derive(Debug, Default)]
pub(crate) struct Loads(DashMap<ChannelId, Arc<AtomicU32>>);

/// Counts an attempt until it is dropped.
#[derive(Debug)]
pub(crate) struct Load(Arc<AtomicU32>);

// === impl Loads ===

impl Loads {
    /// Counts an attempt on this channel.
    pub(crate) fn enter(&self, channel: ChannelId) -> Load {
        let known = self.0.get(&channel).map(|count| Arc::clone(&count));
        let count = known.unwrap_or_else(|| Arc::clone(&self.0.entry(channel).or_default()));
        count.fetch_add(1, Ordering::Relaxed);
        Load(count)
    }

    /// How many there are.
    pub(crate) fn of(&self, channel: ChannelId) -> u32 {
        self.0.get(&channel).map_or(0, |count| count.load(Ordering::Relaxed))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_counts_until_it_is_over() {
        let (loads, one, other) = (Loads::default(), ChannelId::new(1), ChannelId::new(2));
        let first = loads.enter(one);
        let second = loads.enter(one);
        assert_eq!((loads.of(one), loads.of(other)), (2, 0));
        drop(first);
        assert_eq!(loads.of(one), 1);
        drop(second);
        assert_eq!(loads.of(one), 0);
    }
}

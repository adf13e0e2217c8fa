//! Channels that failed so often in a row, in ways that do not go away by waiting, that their options
//! have them switched off. The call only counts; a task switches off.

use std::collections::HashMap;

use parking_lot::Mutex;
use realms_catalog::Channel;
use realms_types::{Cause, ChannelId, Verdict};

/// A channel that is to be switched off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condemned {
    /// The channel.
    pub channel: ChannelId,
    /// Its last failure.
    pub cause: Cause,
    /// How many there were in a row.
    pub failures: u32,
}

/// Failures in a row of the channels whose options count them, on this node.
#[derive(Debug, Default)]
pub(crate) struct Strikes(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    rows: HashMap<ChannelId, u32>,
    due: Vec<Condemned>,
}

// === impl Strikes ===

impl Strikes {
    /// Notes how an attempt went. Failures that are not counted change nothing.
    pub(crate) fn note(&self, channel: &Channel, verdict: Verdict) {
        let Some(rule) = channel.options.as_ref().and_then(|all| all.auto_disable.as_ref()) else {
            return;
        };
        let mut counts = self.0.lock();
        match verdict {
            Verdict::Accept => {
                counts.rows.remove(&channel.id);
            }
            Verdict::Retry { cause, .. } if rule.counts(cause) => {
                let count = counts.rows.entry(channel.id).or_default();
                *count += 1;
                let failures = *count;
                if failures >= rule.after {
                    counts.rows.remove(&channel.id);
                    if !counts.due.iter().any(|one| one.channel == channel.id) {
                        counts.due.push(Condemned { channel: channel.id, cause, failures });
                    }
                }
            }
            Verdict::Retry { .. } | Verdict::Fail { .. } => {}
        }
    }

    /// Those that are to be switched off; they are told once.
    pub(crate) fn take(&self) -> Vec<Condemned> {
        std::mem::take(&mut self.0.lock().due)
    }

    /// Tells one again, because it could not be switched off.
    pub(crate) fn give_back(&self, condemned: Condemned) {
        self.0.lock().due.push(condemned);
    }

    /// Forgets channels that are gone.
    pub(crate) fn retain(&self, stays: impl Fn(ChannelId) -> bool) {
        self.0.lock().rows.retain(|id, _| stays(*id));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use realms_types::{ChannelKind, ChannelOptions, Scope};

    use super::*;

    fn channel(options: &str) -> Channel {
        Channel {
            proxy: None,
            id: ChannelId::new(1),
            name: "a".into(),
            kind: ChannelKind::Openai,
            dialects: Vec::new(),
            priority: 0,
            weight: 1,
            enabled: true,
            endpoints: Vec::new(),
            credentials: Vec::new(),
            options: Some(Arc::new(ChannelOptions::parse(options).unwrap())),
            hours: None,
            promoted: false,
            limits: realms_types::Limits::NONE,
            cost_multiplier: None,
        }
    }

    fn failed(cause: Cause) -> Verdict {
        Verdict::Retry { scope: Scope::Credential, cause, until: None }
    }

    #[test]
    fn only_failures_in_a_row_of_the_causes_named_condemn() {
        let channel = channel(r#"{"auto_disable":{"after":2,"causes":["unauthorized"]}}"#);
        let strikes = Strikes::default();
        let hard = failed(Cause::Unauthorized);
        for verdict in [hard, Verdict::Accept, hard, failed(Cause::ServerError)] {
            strikes.note(&channel, verdict);
        }
        assert_eq!(strikes.take(), []);
        strikes.note(&channel, hard);
        let condemned = Condemned { channel: channel.id, cause: Cause::Unauthorized, failures: 2 };
        assert_eq!(strikes.take(), std::slice::from_ref(&condemned));
        assert_eq!(strikes.take(), [], "told once");
        strikes.give_back(condemned);
        assert_eq!(strikes.take().len(), 1);
    }

    #[test]
    fn a_channel_without_the_option_is_not_counted() {
        let strikes = Strikes::default();
        for _ in 0..10 {
            strikes.note(&channel("{}"), failed(Cause::Unauthorized));
        }
        assert_eq!(strikes.take(), []);
        assert!(strikes.0.lock().rows.is_empty());
    }
}

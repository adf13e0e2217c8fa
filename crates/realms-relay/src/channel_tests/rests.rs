//! Probes of what rests: a tiny call finds out whether a rest is over, so that no client's call has to.

use std::sync::Arc;

use realms_catalog::{Catalog, Channel};
use realms_scheduler::Target;
use realms_store::TestTrigger;
use realms_types::{Scope, Verdict};

use super::{ChannelTest, Way, usual::test_model};
use crate::{Depth, Relay};

// === impl Way ===

impl Way {
    /// The part of it that something reaches. That there is no such model, or no such question, says
    /// nothing of what rests.
    fn reached(self, scope: Scope) -> Option<Target> {
        match scope {
            Scope::Request | Scope::Binding => None,
            Scope::Credential => Some(Target::Credential(self.credential)),
            Scope::Endpoint => Some(Target::Endpoint(self.endpoint)),
            Scope::Channel => Some(Target::Channel(self.channel)),
        }
    }
}

// === impl Relay ===

impl Relay {
    /// The test that finds out whether a part of a channel rests rightly: over that part and, for the
    /// rest of the way, over parts that do not rest where there are some. `None`: there is no way over it.
    pub fn test_of(
        &self,
        catalog: &Catalog,
        channel: &Channel,
        target: Target,
    ) -> Option<ChannelTest> {
        let now = self.clock.now();
        let is_up = |one: Target| self.health.admits(&[one], now);
        let endpoint = match target {
            Target::Endpoint(id) => channel.find_endpoint(id),
            Target::Channel(_) | Target::Credential(_) | Target::Binding(_) => {
                let mut all = channel.endpoints.iter();
                all.find(|one| is_up(Target::Endpoint(one.id))).or(channel.endpoints.first())
            }
        }?;
        let credential = match target {
            Target::Credential(id) => channel.find_credential(id),
            Target::Channel(_) | Target::Endpoint(_) | Target::Binding(_) => {
                let mut all = channel.credentials.iter();
                all.find(|one| is_up(Target::Credential(one.id))).or(channel.credentials.first())
            }
        }?;
        let served = test_model(catalog, channel)?;
        Some(self.usual_test(channel, served, endpoint, credential))
    }

    /// Finds out whether a rest is over: ends it, or has it go on. `false`: somebody else is at it, or it
    /// is over already.
    pub async fn probe_rest(&self, target: Target, test: &ChannelTest) -> bool {
        if !self.health.begin_probe(target, self.clock.now()) {
            return false;
        }
        let how = (TestTrigger::Probe, Depth::Glance);
        let report = self.test_channel(test, how, Arc::new(|_, _| {})).await;
        if report.failure.is_some() {
            let said = match report.verdict {
                Verdict::Accept | Verdict::Fail { .. } => None,
                Verdict::Retry { scope, cause, until } => {
                    test.way.reached(scope).map(|reached| (reached, cause, until))
                }
            };
            self.health.fail_probe(target, said, self.clock.now());
            self.events.publish_health(test.way.channel);
        }
        true
    }
}

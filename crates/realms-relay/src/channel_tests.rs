//! Tests of channels over the parts they go over: made, kept, and heard by what rests.

mod rests;
mod usual;

use realms_scheduler::Target;
use realms_store::{ChannelTestRecord, Counts, TestDepth, TestOutcome, TestTrigger};
use realms_types::{BindingId, ChannelId, CredentialId, EndpointId, Timestamp, Usage};

pub use self::usual::usual_dialect;
use crate::{
    Relay,
    attempt::micros,
    probe::{Depth, Report, Subject, Tell, probe},
};

/// The parts of a channel that a test goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// The channel.
    pub channel: ChannelId,
    /// The address.
    pub endpoint: EndpointId,
    /// What signs it.
    pub credential: CredentialId,
    /// What serves the model.
    pub binding: BindingId,
}

/// A test to be made.
#[derive(Debug, Clone)]
pub struct ChannelTest {
    /// What it goes over.
    pub way: Way,
    /// The model as clients name it.
    pub model: String,
    /// What is asked of whom.
    pub subject: Subject,
}

// === impl Way ===

impl Way {
    /// What rests no longer when a test that goes this way goes well.
    pub fn targets(self) -> [Target; 4] {
        [
            Target::Channel(self.channel),
            Target::Endpoint(self.endpoint),
            Target::Credential(self.credential),
            Target::Binding(self.binding),
        ]
    }
}

// === impl Relay ===

impl Relay {
    /// Makes a test, keeps how it went, and ends the rests that its success disproves. What cannot be
    /// kept is only logged: the test itself went as it went.
    pub async fn test_channel(
        &self,
        test: &ChannelTest,
        (trigger, depth): (TestTrigger, Depth),
        tell: Tell,
    ) -> Report {
        let started = self.clock.now();
        let report = Box::pin(probe(&self.upstream, &self.clock, &test.subject, depth, tell)).await;
        if report.failure.is_none() {
            self.end_rests(test.way, started);
        }
        let record = self.record_of(test, (trigger, depth), started, &report);
        if let Err(error) = self.store.insert_channel_test(&record).await {
            tracing::warn!(channel = %test.way.channel, %error, "how a test went is not kept");
        }
        report
    }

    fn end_rests(&self, way: Way, started: Timestamp) {
        let (targets, now) = (way.targets(), self.clock.now());
        let rested = self.health.rest(&targets, now);
        self.health.succeed(&targets, started);
        if self.health.rest(&targets, now) != rested {
            self.events.publish_health(way.channel);
        }
    }

    fn record_of(
        &self,
        test: &ChannelTest,
        (trigger, depth): (TestTrigger, Depth),
        started_at: Timestamp,
        report: &Report,
    ) -> ChannelTestRecord {
        let ChannelTest { way, model, subject } = test;
        let failure = report.failure.as_ref();
        let findings = report.findings.clone();
        ChannelTestRecord {
            id: self.ids.next(),
            channel_id: way.channel,
            endpoint_id: Some(way.endpoint),
            credential_id: Some(way.credential),
            trigger,
            depth: match depth {
                Depth::Glance | Depth::Test => TestDepth::Test,
                Depth::Scan => TestDepth::Scan,
            },
            dialect: subject.dialect,
            model: model.clone(),
            upstream_model: subject.upstream_model.clone(),
            answered_model: report.answered_model.clone(),
            streamed: true,
            started_at,
            first_event_us: report.first_event.map(micros),
            duration_us: micros(report.duration),
            status: report.status,
            outcome: TestOutcome::of(failure.is_none(), &findings),
            cause: failure.map(|failure| failure.code.as_str().to_owned()),
            detail: failure.map(|failure| failure.detail.clone()),
            seen: report.usage.map(counts),
            counted: report.counted.map(counts),
            tools_ok: report.tools_ok,
            findings,
        }
    }
}

fn counts(usage: Usage) -> Counts {
    Counts { input: usage.total_input(), output: usage.output }
}

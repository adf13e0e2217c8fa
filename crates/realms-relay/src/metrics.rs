//! Counters of the data plane. Labels come from configuration, never from what a client sends.

use std::sync::Arc;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use realms_ledger::{LedgerError, Refusal};
use realms_types::Cause;

use crate::record::Closing;

/// What is counted.
#[derive(Debug)]
pub struct Metrics {
    calls: Family<CallLabels, Counter>,
    attempts: Family<AttemptLabels, Counter>,
    in_flight: Gauge,
    first_event_seconds: Histogram,
    duration_seconds: Histogram,
    sent_bytes: Counter,
    unpaid: Family<UnpaidLabels, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    operation: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AttemptLabels {
    channel: String,
    cause: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct UnpaidLabels {
    reason: &'static str,
}

/// Counts a call as in flight until it is dropped.
#[derive(Debug)]
pub(crate) struct InFlight(Gauge);

// === impl Metrics ===

impl Metrics {
    /// Registers every counter.
    pub fn register(registry: &mut Registry) -> Arc<Self> {
        let metrics = Self {
            calls: Family::default(),
            attempts: Family::default(),
            in_flight: Gauge::default(),
            first_event_seconds: Histogram::new(exponential_buckets(0.01, 2.0, 15)),
            duration_seconds: Histogram::new(exponential_buckets(0.01, 2.0, 18)),
            sent_bytes: Counter::default(),
            unpaid: Family::default(),
        };
        registry.register("realms_calls", "Calls by operation and outcome", metrics.calls.clone());
        registry.register(
            "realms_attempts",
            "Attempts by channel and cause of failure",
            metrics.attempts.clone(),
        );
        registry.register("realms_calls_in_flight", "Calls in flight", metrics.in_flight.clone());
        registry.register(
            "realms_first_event_seconds",
            "Time to the first meaningful event",
            metrics.first_event_seconds.clone(),
        );
        registry.register(
            "realms_call_duration_seconds",
            "Time from a request to the end of its answer",
            metrics.duration_seconds.clone(),
        );
        registry.register(
            "realms_sent_bytes",
            "Bytes of answers handed to clients",
            metrics.sent_bytes.clone(),
        );
        registry.register(
            "realms_calls_unpaid",
            "Calls that were refused because nothing could be held for them",
            metrics.unpaid.clone(),
        );
        Arc::new(metrics)
    }

    pub(crate) fn unpaid(&self, error: &LedgerError) {
        let reason = match error {
            LedgerError::Refused(Refusal::Insufficient { .. }) => "balance",
            LedgerError::Refused(Refusal::Limit { .. }) => "limit",
            LedgerError::Refused(Refusal::Exhausted { .. }) => "plan",
            LedgerError::Refused(
                Refusal::Known(_)
                | Refusal::KeyReused(_)
                | Refusal::NotCharged { .. }
                | Refusal::Overtaken,
            )
            | LedgerError::Invalid(_)
            | LedgerError::Failed(_) => "failed",
            LedgerError::Unavailable { .. } => "away",
        };
        self.unpaid.get_or_create(&UnpaidLabels { reason }).inc();
    }

    pub(crate) fn in_flight(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    pub(crate) fn attempt(&self, channel: &str, cause: Option<Cause>) {
        let cause = cause.map_or("none", Cause::as_str);
        let labels = AttemptLabels { channel: channel.to_owned(), cause };
        self.attempts.get_or_create(&labels).inc();
    }

    pub(crate) fn refused(&self, operation: &'static str) {
        self.count(operation, "refused");
    }

    pub(crate) fn finished(&self, operation: &'static str, closing: &Closing) {
        self.count(operation, closing.outcome);
        self.sent_bytes.inc_by(closing.sent);
        self.duration_seconds.observe(closing.duration.as_secs_f64());
        if let Some(first_event) = closing.first_event {
            self.first_event_seconds.observe(first_event.as_secs_f64());
        }
    }

    fn count(&self, operation: &'static str, outcome: &'static str) {
        let labels = CallLabels { operation, outcome };
        self.calls.get_or_create(&labels).inc();
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

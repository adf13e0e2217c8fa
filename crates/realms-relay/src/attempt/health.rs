//! What attempts tell of who was asked: how quick and how healthy it is.

use realms_scheduler::{Candidate, Target};
use realms_types::{Cause, Verdict};

use super::Attempts;
use crate::flight::Flight;

// === impl Attempts ===

impl Attempts<'_> {
    /// Notes how soon a stream began. An answer that comes whole says nothing of that.
    pub(crate) fn observe_first_event(&self) {
        if let (Some(flight), Some(model)) = (self.flights.first(), &self.plan.model)
            && self.call.operation.is_generation()
        {
            let (elapsed, now) = (flight.begun.elapsed(), self.relay.clock.now());
            let channel = self.plan.candidates[flight.index].channel.id;
            self.relay.loads().observe(channel, model.id, elapsed, now);
        }
    }

    /// Notes that a stream had not begun when another one was taken.
    pub(super) fn observe_late(&self, flight: &Flight) {
        if let Some(model) = &self.plan.model {
            let (elapsed, now) = (flight.begun.elapsed(), self.relay.clock.now());
            let channel = self.plan.candidates[flight.index].channel.id;
            self.relay.loads().observe_late(channel, model.id, elapsed, now);
        }
    }

    /// Notes what the attempt that answered says of the health of its candidate.
    pub(crate) fn report(&self, candidate: &Candidate, verdict: Verdict) {
        if let Some(flight) = self.flights.first() {
            self.report_of(flight.place, candidate, verdict);
        }
    }

    pub(super) fn report_of(&self, place: usize, candidate: &Candidate, verdict: Verdict) {
        let (health, now) = (&self.relay.health, self.relay.clock.now());
        self.relay.strikes().note(&candidate.channel, verdict);
        let started = self.log.made[place].started_at;
        let targets = Target::of(candidate);
        let before = health.rest(&targets, now);
        health.report(candidate, verdict, started, now);
        if health.rest(&targets, now) != before {
            self.relay.events.publish_health(candidate.channel.id);
        }
    }

    /// A path or a model that an upstream does not have is news only of the calls it is there for. Else
    /// one key asking for what no upstream serves would rest it for everyone.
    pub(super) fn tells_of_health(&self, verdict: Verdict) -> bool {
        let of_path =
            matches!(verdict, Verdict::Retry { cause: Cause::NoSuchPath | Cause::NoSuchModel, .. });
        !of_path || self.call.operation.is_generation()
    }
}

//! How a channel is, told from what rests and from what became of its calls. Pure.

use realms_scheduler::{Health, Resting, Target};
use realms_store::{BindingRecord, ChannelRecord, CredentialRecord, EndpointRecord, Pulse};
use realms_types::{Cause, Timestamp};

/// Below this share of good answers a channel is not well.
const WELL: f64 = 0.9;
/// Fewer attempts tell nothing.
const TELLING: u64 = 5;

/// How a channel is, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Serving,
    Degraded,
    CoolingDown,
    Down,
    Disabled,
}

/// How a channel is, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ChannelState {
    pub(crate) condition: Condition,
    /// Why, in one word.
    pub(crate) reason: Option<&'static str>,
    pub(crate) resting: Option<Resting>,
}

/// What the state of a channel is told from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vitals<'a> {
    pub(crate) channel: &'a ChannelRecord,
    pub(crate) endpoints: &'a [&'a EndpointRecord],
    pub(crate) credentials: &'a [&'a CredentialRecord],
    pub(crate) bindings: &'a [&'a BindingRecord],
    pub(crate) health: &'a Health,
    pub(crate) pulse: Option<&'a Pulse>,
    pub(crate) now: Timestamp,
}

// === impl Vitals ===

impl Vitals<'_> {
    /// What rests of this, if it does.
    pub(crate) fn resting(&self, target: Target) -> Option<Resting> {
        self.health.resting(target, self.now)
    }

    /// Everything of the channel that can rest.
    pub(crate) fn targets(&self) -> Vec<Target> {
        let mut targets = vec![Target::Channel(self.channel.id)];
        targets.extend(self.endpoints.iter().map(|one| Target::Endpoint(one.id)));
        targets.extend(self.credentials.iter().map(|one| Target::Credential(one.id)));
        targets.extend(self.bindings.iter().map(|one| Target::Binding(one.id)));
        targets
    }

    /// How the channel is.
    pub(crate) fn state(&self) -> ChannelState {
        let of = |condition, reason, resting| ChannelState { condition, reason, resting };
        if !self.channel.enabled {
            return of(Condition::Disabled, None, None);
        }
        let endpoints = self.rests(
            self.endpoints.iter().filter(|one| one.enabled).map(|one| Target::Endpoint(one.id)),
        );
        let credentials = self.rests(
            self.credentials.iter().filter(|one| one.enabled).map(|one| Target::Credential(one.id)),
        );
        let models = self.rests(
            self.bindings.iter().filter(|one| one.enabled).map(|one| Target::Binding(one.id)),
        );
        let nothing =
            [(&endpoints, "no_endpoint"), (&credentials, "no_credential"), (&models, "no_model")];
        if let Some((_, reason)) = nothing.into_iter().find(|(rests, _)| rests.is_empty()) {
            return of(Condition::Down, Some(reason), None);
        }
        let channel = self.rests([Target::Channel(self.channel.id)].into_iter());
        let parts = [
            (&channel, "channel_resting"),
            (&credentials, "credentials_resting"),
            (&endpoints, "endpoints_resting"),
            (&models, "models_resting"),
        ];
        for (rests, reason) in parts {
            if let Some(soonest) = all_rest(rests) {
                let condition = if needs_a_person(soonest.cause) {
                    Condition::Down
                } else {
                    Condition::CoolingDown
                };
                return of(condition, Some(reason), Some(soonest));
            }
        }
        let some = parts
            .into_iter()
            .find_map(|(rests, reason)| Some((reason, rests.iter().flatten().copied().next()?)));
        if let Some((reason, resting)) = some {
            return of(Condition::Degraded, Some(reason), Some(resting));
        }
        match self.share() {
            Some(share) if share <= 0.0 => of(Condition::Down, Some("failing"), None),
            Some(share) if share < WELL => of(Condition::Degraded, Some("failing"), None),
            _ => of(Condition::Serving, None, None),
        }
    }

    fn rests(&self, targets: impl Iterator<Item = Target>) -> Vec<Option<Resting>> {
        targets.map(|target| self.resting(target)).collect()
    }

    /// The share of good answers in the last hour, where there were enough to tell.
    fn share(&self) -> Option<f64> {
        let hour = self.pulse?.last_hour();
        hour.good_share().filter(|_| hour.good + hour.bad >= TELLING)
    }
}

/// The one that is back first, when all rest.
fn all_rest(rests: &[Option<Resting>]) -> Option<Resting> {
    let all: Option<Vec<Resting>> = rests.iter().copied().collect();
    all?.into_iter().min_by_key(|resting| resting.until)
}

/// Whether waiting will not mend it.
fn needs_a_person(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::Unauthorized
            | Cause::Exhausted
            | Cause::NoSuchPath
            | Cause::NoSuchModel
            | Cause::Redirect
    )
}

// === impl Condition ===

impl Condition {
    /// The word in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Serving => "serving",
            Self::Degraded => "degraded",
            Self::CoolingDown => "cooling_down",
            Self::Down => "down",
            Self::Disabled => "disabled",
        }
    }
}

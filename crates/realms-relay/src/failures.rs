//! The failures of one call, and what its client hears when nobody could answer.

use std::time::Duration;

use realms_dialect::{Fault, FaultKind};
use realms_types::{Cause, ErrorAct, Timestamp, Verdict};

use crate::{attempt::Outcome, limits::AtLimit, told, upstream_fault};

/// The failures of one call, weighed once nobody is left to ask.
#[derive(Default)]
pub(crate) struct Failures {
    seen: Vec<(Cause, Option<Timestamp>)>,
    /// What the rules about errors said last.
    act: Option<ErrorAct>,
    /// Why somebody could not be asked in its dialect.
    untold: Option<Fault>,
}

impl Failures {
    pub(crate) fn add(&mut self, verdict: Verdict, act: Option<ErrorAct>) {
        self.act = act.or(self.act.take());
        if let Verdict::Retry { cause, until, .. } = verdict {
            self.seen.push((cause, until));
        }
    }

    /// Nobody was asked: the candidate is at a limit that its owner gave it.
    pub(crate) fn at_limit(&mut self, limit: AtLimit) {
        self.seen.push((AtLimit::CAUSE, limit.free_at));
    }

    /// Nobody was asked: the call cannot be said in the candidate's dialect.
    pub(crate) fn untold(&mut self, fault: Fault) {
        self.untold = Some(fault);
    }

    /// What the client hears: the failure it can do most about.
    pub(crate) fn outcome(self, now: Timestamp) -> Outcome {
        // Who failed may do better later; what cannot be said stays so.
        if let (Some(fault), true) = (&self.untold, self.seen.is_empty()) {
            return Outcome::Untold(fault.clone());
        }
        let has = |wanted: &[Cause]| {
            self.seen.iter().map(|(cause, _)| *cause).find(|cause| wanted.contains(cause))
        };
        let limited = has(&[Cause::RateLimited, Cause::Exhausted]);
        let overloaded = has(&[Cause::Overloaded]);
        let late = has(&[Cause::HeaderTimeout, Cause::FirstEventTimeout, Cause::IdleTimeout]);
        let other = self.seen.last().map(|(cause, _)| *cause);
        let (cause, kind, message) = if let Some(cause) = limited {
            (Some(cause), FaultKind::RateLimited, "every upstream for this model is at its limit")
        } else if let Some(cause) = overloaded {
            (Some(cause), FaultKind::Unavailable, "the upstreams for this model are overloaded")
        } else if let Some(cause) = late {
            (Some(cause), FaultKind::Timeout, "the upstream did not answer in time")
        } else {
            (other, FaultKind::BadGateway, failure(other))
        };
        let mut fault = upstream_fault(kind, message);
        if matches!(kind, FaultKind::RateLimited | FaultKind::Unavailable) {
            fault = fault.with_retry_after(self.wait(now));
        }
        if let Some(act) = &self.act {
            fault = told::at_last(act, fault);
        }
        Outcome::Exhausted(fault, cause)
    }

    /// Until the first of those who named a time is back; half a minute when nobody did.
    fn wait(&self, now: Timestamp) -> Duration {
        let named = self.seen.iter().filter_map(|(_, until)| *until).min();
        named.map_or(Duration::from_secs(30), |until| {
            until.since(now).clamp(Duration::from_secs(1), Duration::from_hours(1))
        })
    }
}

/// What a caller may know of a failure: what happened, not where.
fn failure(cause: Option<Cause>) -> &'static str {
    match cause {
        Some(Cause::NoSuchModel) => "the upstream does not have the model it is configured for",
        Some(Cause::Unauthorized) => "the upstream refused the credential it is configured with",
        Some(Cause::Connect) => "the upstream for this model cannot be reached",
        Some(Cause::Broken) => "the upstream broke off before it answered",
        Some(Cause::NotAnAnswer) => "the upstream sent something that is no answer",
        Some(Cause::NoSuchPath | Cause::Redirect) => {
            "the upstream does not serve this path: its base URL may be wrong"
        }
        _ => "no upstream for this model could answer",
    }
}

#[cfg(test)]
mod tests {
    use realms_types::Scope;

    use super::*;

    fn outcome(causes: &[(Cause, Option<Timestamp>)]) -> Fault {
        let mut failures = Failures::default();
        for (cause, until) in causes {
            let (cause, until) = (*cause, *until);
            failures.add(Verdict::Retry { scope: Scope::Endpoint, cause, until }, None);
        }
        match failures.outcome(Timestamp::from_secs(100)) {
            Outcome::Exhausted(fault, _) => fault,
            _ => panic!("failures cannot answer"),
        }
    }

    #[test]
    fn the_client_hears_what_it_can_do_most_about() {
        for (causes, kind) in [
            (vec![Cause::ServerError, Cause::RateLimited], FaultKind::RateLimited),
            (vec![Cause::Overloaded, Cause::ServerError], FaultKind::Unavailable),
            (vec![Cause::FirstEventTimeout, Cause::Connect], FaultKind::Timeout),
            (vec![Cause::Unauthorized], FaultKind::BadGateway),
            (vec![], FaultKind::BadGateway),
        ] {
            let causes: Vec<_> = causes.into_iter().map(|cause| (cause, None)).collect();
            assert_eq!(outcome(&causes).kind, kind, "{causes:?}");
        }
    }

    #[test]
    fn what_cannot_be_said_is_heard_only_where_nobody_was_asked() {
        let mut failures = Failures::default();
        failures.untold(Fault::bad_request("no word for it"));
        let now = Timestamp::from_secs(100);
        assert!(matches!(failures.outcome(now), Outcome::Untold(_)));
        let mut failures = Failures::default();
        failures.untold(Fault::bad_request("no word for it"));
        let verdict =
            Verdict::Retry { scope: Scope::Endpoint, cause: Cause::RateLimited, until: None };
        failures.add(verdict, None);
        assert!(matches!(failures.outcome(now), Outcome::Exhausted(..)));
    }

    #[test]
    fn a_limit_tells_when_the_first_upstream_is_back() {
        let at = |secs| Some(Timestamp::from_secs(secs));
        let fault = outcome(&[(Cause::RateLimited, at(400)), (Cause::RateLimited, at(107))]);
        assert_eq!(fault.retry_after, Some(Duration::from_secs(7)));
        let fault = outcome(&[(Cause::RateLimited, None)]);
        assert_eq!(fault.retry_after, Some(Duration::from_secs(30)));
    }
}

//! What follows from a refusal: who rests, what is recorded, and what the client is told.

use http::StatusCode;
use realms_dialect::ErrorRules;
use realms_types::{Cause, ErrorAct, Verdict};

use super::Attempts;
use crate::{
    flight::Flight,
    opening::{Refusal, Words},
    told,
};

/// Longest detail kept of a failed attempt.
const DETAIL: usize = 1000;

// === impl Attempts ===

impl Attempts<'_> {
    /// What the rules about errors say of a refusal.
    pub(super) fn act(
        &mut self,
        rules: &ErrorRules,
        flight: usize,
        refusal: &mut Refusal,
    ) -> Option<ErrorAct> {
        let (status, body) = refusal.seen.as_ref()?;
        let Flight { index, place, .. } = self.flights[flight];
        let channel = &self.plan.candidates[index].channel.name;
        let dialect = self.call.operation.dialect();
        let told = rules.find(status.as_u16(), body, channel, dialect)?;
        refusal.detail = format!("{} (rule `{}`)", refusal.detail, told.rule);
        let act = told.act.clone();
        self.log.note_edit(place, "error_rules");
        Some(act)
    }

    /// What the client is told: by the channel's map of statuses, then by the rule.
    pub(super) fn mapped(&mut self, flight: usize, words: Words, act: Option<&ErrorAct>) -> Words {
        let was = match &words {
            Words::Theirs(status, ..) => *status,
            Words::Ours(fault) => fault.status(),
        };
        let Flight { place, ref shape, .. } = self.flights[flight];
        let other = shape.as_ref().map(|shape| shape.status(was.as_u16()));
        let other = other.and_then(|status| StatusCode::from_u16(status).ok());
        let words = match (words, other.filter(|other| *other != was)) {
            (words, None) => words,
            (words, Some(status)) => {
                self.log.note_edit(place, "status_codes");
                match words {
                    Words::Theirs(_, headers, body) => Words::Theirs(status, headers, body),
                    Words::Ours(fault) => Words::Ours(fault.with_status(status)),
                }
            }
        };
        match act {
            Some(act) => told::instead(act, words),
            None => words,
        }
    }

    pub(super) fn note_refusal(&mut self, flight: usize, refusal: &Refusal, quiet: bool) {
        let Flight { index, place, .. } = self.flights[flight];
        let candidate = &self.plan.candidates[index];
        if self.tells_of_health(refusal.verdict) && !quiet {
            self.report_of(place, candidate, refusal.verdict);
        }
        if let (Some(account), Some(ailment)) = (&candidate.credential.account, refusal.ailment) {
            self.relay.accounts.hear(candidate.credential.id, account, ailment);
        }
        let (outcome, cause) = match refusal.verdict {
            Verdict::Fail { cause } => ("failed", Some(cause)),
            Verdict::Retry { cause, .. } => ("retried", Some(cause)),
            Verdict::Accept => ("accepted", None),
        };
        self.close_flight(flight, outcome, cause, 0);
        let record = &mut self.log.made[place];
        record.scope = match refusal.verdict {
            Verdict::Retry { scope, .. } => Some(scope),
            Verdict::Accept | Verdict::Fail { .. } => None,
        };
        record.detail = Some(scrubbed(&refusal.detail, candidate.credential.secret.reveal()));
        self.relay.metrics.attempt(&candidate.channel.name, cause);
        tracing::info!(
            request.id = %self.call.meta.id,
            channel.name = candidate.channel.name,
            credential.name = candidate.credential.name,
            outcome,
            cause = cause.map(Cause::as_str),
            "attempt failed",
        );
    }

    /// An upstream may echo the key it was called with.
    pub(super) fn without_secret(&self, index: usize, words: Words) -> Words {
        let secret = self.plan.candidates[index].credential.secret.reveal();
        match words {
            Words::Theirs(status, headers, body)
                if memchr::memmem::find(&body, secret.as_bytes()).is_some() =>
            {
                let hidden = String::from_utf8_lossy(&body).replace(secret.as_str(), "…");
                Words::Theirs(status, headers, hidden.into())
            }
            Words::Ours(mut fault) => {
                fault.message = fault.message.replace(secret.as_str(), "…");
                Words::Ours(fault)
            }
            words @ Words::Theirs(..) => words,
        }
    }
}

/// An upstream's words without the key it may have echoed, cut to what a record keeps.
fn scrubbed(detail: &str, secret: &str) -> String {
    let hidden = if secret.len() >= 4 { detail.replace(secret, "…") } else { detail.to_owned() };
    hidden.chars().take(DETAIL).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echoed_key_is_not_recorded() {
        let detail = scrubbed("invalid_api_key: Incorrect API key: sk-secret-1.", "sk-secret-1");
        assert_eq!(detail, "invalid_api_key: Incorrect API key: ….");
    }
}

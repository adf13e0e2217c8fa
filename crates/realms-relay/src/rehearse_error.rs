//! What the rules about errors make of an error of an upstream, without a call.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use realms_dialect::{ErrorRules, render_fault};
use realms_types::{Cause, DialectId, Scope, Timestamp, Verdict};

use crate::{
    attempt::Outcome,
    failures::Failures,
    opening::{ErrorScene, Words, judge_error},
    told,
};

/// Stands for the id of the request.
const REQUEST_ID: &str = "00000000-0000-7000-8000-000000000000";

/// An error to try rules on.
#[derive(Debug)]
pub struct ErrorSample {
    /// The status that the upstream answers with.
    pub status: StatusCode,
    /// Its body.
    pub body: Bytes,
    /// The name of the channel that it comes from.
    pub channel: String,
    /// The dialect of the call.
    pub dialect: DialectId,
}

/// What a call would make of an error.
#[derive(Debug)]
pub struct RehearsedError {
    /// The rule that speaks of it.
    pub rule: Option<String>,
    /// What the error is taken for.
    pub cause: Option<Cause>,
    /// Whether the next candidate is asked. The client then hears of the error only when nobody else
    /// answers.
    pub retried: bool,
    /// What rests because of it; `None` where nothing does.
    pub rests: Option<Scope>,
    /// The status that the client hears.
    pub status: StatusCode,
    /// The body that the client hears.
    pub body: Bytes,
}

/// Judges an error as a call would that has nobody else to ask.
pub fn rehearse_error(rules: &ErrorRules, sample: &ErrorSample, now: Timestamp) -> RehearsedError {
    let ErrorSample { status, dialect, .. } = *sample;
    let scene = ErrorScene { dialect, object: false, foreign: false };
    let refusal = judge_error(status, HeaderMap::new(), sample.body.clone(), scene, now);
    let told = rules.find(status.as_u16(), &sample.body, &sample.channel, dialect);
    let rule = told.map(|told| told.rule.to_owned());
    let act = told.map(|told| told.act.clone());
    let quiet = act.as_ref().is_some_and(|act| act.skip_health);
    let (cause, retried, rests) = match refusal.verdict {
        Verdict::Retry { cause, scope, .. } => {
            (Some(cause), true, Some(scope).filter(|scope| !quiet && *scope != Scope::Request))
        }
        Verdict::Fail { cause } => (Some(cause), false, None),
        Verdict::Accept => (None, false, None),
    };
    let words = refusal.words.map(|words| match &act {
        Some(act) => told::instead(act, words),
        None => words,
    });
    let (status, body) = match words.map_or_else(|| last_words(refusal.verdict, act, now), Some) {
        Some(Words::Theirs(status, _, body)) => (status, body),
        Some(Words::Ours(fault)) => {
            let rendered = render_fault(dialect, &fault, REQUEST_ID);
            (rendered.status, rendered.body)
        }
        // No error at all: it passes as it is.
        None => (sample.status, sample.body.clone()),
    };
    RehearsedError { rule, cause, retried, rests, status, body }
}

/// What the client hears when this was the last candidate.
fn last_words(
    verdict: Verdict,
    act: Option<realms_types::ErrorAct>,
    now: Timestamp,
) -> Option<Words> {
    let mut failures = Failures::default();
    failures.add(verdict, act);
    match failures.outcome(now) {
        Outcome::Exhausted(fault, _) => Some(Words::Ours(fault)),
        Outcome::Answered(_) | Outcome::Refused(_) | Outcome::Untold(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use realms_types::ErrorRule;

    use super::*;

    fn tried(rules: &[&str], status: u16, body: &str, dialect: DialectId) -> RehearsedError {
        let rules: Vec<ErrorRule> =
            rules.iter().map(|rule| serde_json::from_str(rule).unwrap()).collect();
        let sample = ErrorSample {
            status: StatusCode::from_u16(status).unwrap(),
            body: Bytes::copy_from_slice(body.as_bytes()),
            channel: "a".to_owned(),
            dialect,
        };
        rehearse_error(&ErrorRules::compile(&rules).unwrap(), &sample, Timestamp::EPOCH)
    }

    const TOO_LONG: &str =
        r#"{"error":{"message":"prompt is too long","type":"invalid_request_error"}}"#;
    const RULE: &str = r#"{"name":"long","match":{"contains":"too long"},"then":{"status":413,"message":"Start anew."}}"#;

    #[test]
    fn an_error_of_the_request_passes_as_it_is_where_no_rule_speaks_of_it() {
        let made = tried(&[], 400, TOO_LONG, DialectId::Chat);
        assert_eq!((made.rule, made.retried, made.rests), (None, false, None));
        assert_eq!((made.status.as_u16(), &made.body[..]), (400, TOO_LONG.as_bytes()));
    }

    #[test]
    fn the_rule_that_speaks_of_it_is_named_and_obeyed_in_every_dialect() {
        for dialect in
            [DialectId::Responses, DialectId::Chat, DialectId::Messages, DialectId::Gemini]
        {
            let made = tried(&[RULE], 400, TOO_LONG, dialect);
            assert_eq!((made.rule.as_deref(), made.status.as_u16()), (Some("long"), 413));
            let body: serde_json::Value = serde_json::from_slice(&made.body).unwrap();
            assert_eq!(body["error"]["message"], "Start anew.", "{dialect:?}");
        }
    }

    #[test]
    fn an_error_that_others_may_not_have_is_retried_and_rests_what_it_reaches() {
        let body = r#"{"error":{"message":"slow down"}}"#;
        let made = tried(&[], 429, body, DialectId::Chat);
        assert!(made.retried);
        assert_eq!((made.rests, made.cause), (Some(Scope::Credential), Some(Cause::RateLimited)));
        assert_eq!(made.status.as_u16(), 429);
        let quiet = r#"{"name":"q","match":{"status":[429]},"then":{"skip_health":true}}"#;
        let made = tried(&[quiet], 429, body, DialectId::Chat);
        assert_eq!((made.rests, made.rule.as_deref()), (None, Some("q")));
    }
}

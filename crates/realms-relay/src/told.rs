//! What a client is told instead of what an upstream said, by the rules about errors.

use http::StatusCode;
use realms_dialect::{Fault, FaultKind};
use realms_types::{ErrorAct, Origin};

use crate::opening::Words;

/// The words for an error that goes to the client as it is.
pub(crate) fn instead(act: &ErrorAct, words: Words) -> Words {
    let status = act.status.and_then(|status| StatusCode::from_u16(status).ok());
    let was = match &words {
        Words::Theirs(status, ..) => *status,
        Words::Ours(fault) => fault.status(),
    };
    match (text(act), words) {
        (Some(message), _) => Words::Ours(fault(status.unwrap_or(was), message)),
        (None, Words::Theirs(was, headers, body)) => {
            Words::Theirs(status.unwrap_or(was), headers, body)
        }
        (None, Words::Ours(own)) => Words::Ours(with_status(own, status)),
    }
}

/// The fault for a call that nobody could serve.
pub(crate) fn at_last(act: &ErrorAct, own: Fault) -> Fault {
    let status = act.status.and_then(|status| StatusCode::from_u16(status).ok());
    match text(act) {
        Some(message) => Fault {
            retry_after: own.retry_after,
            should_retry: own.should_retry,
            ..fault(status.unwrap_or_else(|| own.status()), message)
        },
        None => with_status(own, status),
    }
}

fn text(act: &ErrorAct) -> Option<String> {
    let hidden = act.hide.then(|| "the upstream could not answer this request".to_owned());
    act.message.clone().or(hidden)
}

fn with_status(fault: Fault, status: Option<StatusCode>) -> Fault {
    match status {
        Some(status) => fault.with_status(status),
        None => fault,
    }
}

/// A fault of the kind that clients know by this status.
fn fault(status: StatusCode, message: String) -> Fault {
    let kind = match status.as_u16() {
        401 => FaultKind::Unauthorized,
        402 => FaultKind::Exhausted,
        403 => FaultKind::Forbidden,
        404 => FaultKind::NotFound,
        409 => FaultKind::Conflict,
        413 => FaultKind::TooLarge,
        429 => FaultKind::RateLimited,
        503 | 529 => FaultKind::Unavailable,
        504 => FaultKind::Timeout,
        400..=499 => FaultKind::BadRequest,
        _ => FaultKind::BadGateway,
    };
    Fault::new(kind, message).with_origin(Origin::Upstream).with_status(status)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn act(text: &str) -> ErrorAct {
        serde_json::from_str(text).unwrap()
    }

    fn theirs() -> Words {
        Words::Theirs(StatusCode::BAD_REQUEST, HeaderMap::new(), "{\"error\":1}".into())
    }

    fn told(words: Words) -> (u16, String) {
        match words {
            Words::Theirs(status, _, body) => {
                (status.as_u16(), String::from_utf8(body.to_vec()).unwrap())
            }
            Words::Ours(fault) => (fault.status().as_u16(), fault.message),
        }
    }

    #[test]
    fn a_rule_changes_what_it_names_and_nothing_else() {
        let hidden = "the upstream could not answer this request";
        for (rule, status, message) in [
            (r#"{"status":422}"#, 422, r#"{"error":1}"#),
            (r#"{"message":"m"}"#, 400, "m"),
            (r#"{"status":413,"message":"m"}"#, 413, "m"),
            (r#"{"hide":true}"#, 400, hidden),
            (r#"{"hide":true,"status":502}"#, 502, hidden),
            (r#"{"skip_health":true}"#, 400, r#"{"error":1}"#),
        ] {
            assert_eq!(told(instead(&act(rule), theirs())), (status, message.to_owned()), "{rule}");
        }
        let own = Fault::bad_request("ours");
        let status = instead(&act(r#"{"status":422}"#), Words::Ours(own.clone()));
        assert_eq!(told(status), (422, "ours".to_owned()));
        let last = at_last(&act(r#"{"message":"m"}"#), Fault::bad_gateway("x"));
        assert_eq!((last.status().as_u16(), last.message.as_str()), (502, "m"));
        assert_eq!(at_last(&act(r#"{"skip_health":true}"#), own.clone()), own);
    }
}

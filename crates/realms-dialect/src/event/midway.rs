//! What a client is told of an upstream's fault in the middle of an answer that is being translated.

use realms_types::Origin;

use crate::{Fault, FaultKind, UpstreamFault};

/// The code of an answer that stopped without its end.
pub(super) const CUT: &str = "stream_cut";
/// The kind of a fault that is a reason to stop.
const GIVEN_UP: &str = "given_up";
/// The code of a body that is no answer.
pub(super) const UNREADABLE: &str = "unreadable_answer";

/// The fault for the client: its kind by status or word, in our own words. What an upstream says of
/// itself or of its credential is not the client's to read.
pub(super) fn told(fault: &UpstreamFault) -> Fault {
    if let (Some(GIVEN_UP), Some(word)) = (fault.kind.as_deref(), &fault.code) {
        let message = format!("the upstream gave the answer up ({word}); send the request again");
        return Fault::new(FaultKind::BadGateway, message).with_origin(Origin::Upstream);
    }
    let named = |word| [&fault.code, &fault.kind].into_iter().flatten().any(|said| said == word);
    let (kind, message) = match fault.status {
        _ if named(CUT) => (
            FaultKind::BadGateway,
            "the upstream's answer broke off before its end; send the request again",
        ),
        _ if named(UNREADABLE) => {
            (FaultKind::BadGateway, "the upstream's answer cannot be read; send the request again")
        }
        429 => (FaultKind::RateLimited, "the upstream's rate limit was reached in mid-answer"),
        503 | 529 => (FaultKind::Unavailable, "the upstream is overloaded; try again later"),
        408 | 504 => (FaultKind::Timeout, "the upstream took too long to answer"),
        _ => (FaultKind::BadGateway, "the upstream reported an error and gave the answer up"),
    };
    let told = Fault::new(kind, message).with_origin(Origin::Upstream);
    match fault.retry_after {
        Some(after) => told.with_retry_after(after),
        None => told,
    }
}

/// An answer that stopped without its end.
pub(super) fn cut() -> UpstreamFault {
    own(CUT, "the answer broke off before its end")
}

/// A body that is no answer.
pub(super) fn unreadable() -> UpstreamFault {
    own(UNREADABLE, "the body is no answer of this dialect")
}

/// An answer that the upstream ended with a word for its own failure.
pub(super) fn given_up(word: &str) -> UpstreamFault {
    let message = format!("the upstream gave the answer up: {word}");
    UpstreamFault { kind: Some(GIVEN_UP.to_owned()), ..own(word, &message) }
}

/// More than may be held while the client's dialect wants it in one piece.
pub(super) fn too_large() -> Fault {
    Fault::bad_gateway("the upstream's answer is too large to be translated").without_retry()
}

fn own(code: &str, message: &str) -> UpstreamFault {
    UpstreamFault {
        status: 502,
        code: Some(code.to_owned()),
        message: message.to_owned(),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_follows_the_status_and_the_words_are_ours() {
        for (status, kind) in [
            (429, FaultKind::RateLimited),
            (529, FaultKind::Unavailable),
            (503, FaultKind::Unavailable),
            (504, FaultKind::Timeout),
            (401, FaultKind::BadGateway),
            (500, FaultKind::BadGateway),
        ] {
            let message = "bad key sk-secret".to_owned();
            let fault = told(&UpstreamFault { status, message, ..Default::default() });
            assert_eq!((fault.kind, fault.origin), (kind, Origin::Upstream), "{status}");
            assert!(!fault.message.contains("sk-secret"));
        }
        assert!(told(&given_up("MALFORMED_FUNCTION_CALL")).message.contains("(MALFORMED_FUN"));
        assert!(told(&cut()).message.contains("broke off"));
        assert!(told(&unreadable()).message.contains("cannot be read"));
    }
}

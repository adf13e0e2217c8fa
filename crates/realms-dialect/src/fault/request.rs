//! Hands on what an upstream said is wrong with the request itself.

use realms_types::Origin;

use super::{Fault, FaultKind, UpstreamFault, read::bounded};

/// Longer than any code of a vendor.
const LONGEST_CODE: usize = 64;

/// The fault a client is told when an upstream found the request itself to be wrong: the upstream's
/// message and code, the kind its status or its words stand for, the client's to mend, and not worth
/// a retry.
///
/// Only for what was judged to be the request's fault: what an upstream says about its credential or
/// itself is not the client's to read.
pub fn fault_of(fault: &UpstreamFault) -> Fault {
    let message = match fault.message.trim() {
        "" => "the upstream refused the request and did not say why".to_owned(),
        said => bounded(said),
    };
    let kind = kind_of(fault);
    let told = Fault::new(kind, message).with_origin(Origin::Client).without_retry();
    let told = if kind == FaultKind::UnknownModel { told.with_param("model") } else { told };
    match fault.code.as_deref().filter(|code| is_code(code)) {
        Some(code) => told.with_code(code),
        None => told,
    }
}

/// The status is the upstream's own judgement; where it says less than the words, these decide.
fn kind_of(fault: &UpstreamFault) -> FaultKind {
    let named = |word| [&fault.code, &fault.kind].into_iter().flatten().any(|said| said == word);
    match fault.status {
        _ if named("model_not_found") => FaultKind::UnknownModel,
        _ if named("request_too_large") => FaultKind::TooLarge,
        404 | 410 => FaultKind::NotFound,
        405 => FaultKind::MethodNotAllowed,
        409 => FaultKind::Conflict,
        413 => FaultKind::TooLarge,
        415 => FaultKind::UnsupportedMedia,
        _ => FaultKind::BadRequest,
    }
}

/// Whether a code is a word: Google and some proxies repeat the status there.
fn is_code(code: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    code.len() <= LONGEST_CODE
        && code.bytes().all(word)
        && code.bytes().any(|byte| byte.is_ascii_alphabetic())
}

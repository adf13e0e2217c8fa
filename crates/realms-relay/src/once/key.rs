//! What a call is told from: the client's key, and what it asks.

use aws_lc_rs::digest::{Context, SHA256};
use http::{HeaderName, header};
use realms_dialect::{Fault, FaultKind};
use realms_identity::Caller;

use crate::call::Call;

/// Where the client's key stands.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Longest key, in characters.
const LONGEST: usize = 255;

/// A key of one API key, hashed, and the request it came with.
pub(super) struct Key {
    pub(super) hash: [u8; 32],
    pub(super) fingerprint: [u8; 32],
}

// === impl Key ===

impl Key {
    /// The key of a call that is charged; `None` where the client gave none.
    pub(super) fn read(call: &Call, caller: &Caller) -> Result<Option<Self>, Fault> {
        let mut values = call.headers.get_all(HEADER).iter();
        let Some(value) = values.next().filter(|_| call.operation.is_metered()) else {
            return Ok(None);
        };
        if values.any(|other| other != value) {
            return Err(wrong("several different values came"));
        }
        let text = value.to_str().map_err(|_| wrong("it has characters beyond ASCII"))?.trim();
        if text.is_empty() || text.len() > LONGEST {
            return Err(wrong(&format!("it must have 1 to {LONGEST} characters")));
        }
        let owner = caller.api_key_id.raw().to_be_bytes();
        let hash = digest([owner.as_slice(), text.as_bytes()]);
        Ok(Some(Self { hash, fingerprint: fingerprint(call) }))
    }

    /// Refuses a key that came with another request before.
    pub(super) fn must_match(&self, fingerprint: &[u8; 32]) -> Result<(), Fault> {
        if self.fingerprint == *fingerprint {
            return Ok(());
        }
        let message = "this idempotency key came with another request before: send another key, or the \
                       same request";
        let fault = Fault::bad_request(message).with_code("idempotency_key_reused");
        Err(Fault { status: Some(http::StatusCode::UNPROCESSABLE_ENTITY), ..fault })
    }
}

/// What is asked: the path, the query without a credential, and the body.
fn fingerprint(call: &Call) -> [u8; 32] {
    let path = format!("{:?}", call.operation);
    let query = call.query.as_deref().unwrap_or_default();
    let query: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("key=")).collect();
    let content_type = call.headers.get(header::CONTENT_TYPE);
    let content_type = content_type.map_or(b"".as_slice(), |value| value.as_bytes());
    digest([path.as_bytes(), query.join("&").as_bytes(), content_type, &call.body])
}

/// SHA-256 over parts that cannot be mistaken for each other.
fn digest<const N: usize>(parts: [&[u8]; N]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

fn wrong(why: &str) -> Fault {
    let message = format!("the header Idempotency-Key cannot be used: {why}");
    Fault::new(FaultKind::BadRequest, message).with_code("invalid_idempotency_key")
}

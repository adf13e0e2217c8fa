//! Conversations at rest: the items that went in and the response that came, sealed together.

use realms_dialect::{Fault, FaultKind, join_items, output_items};
use realms_seal::{Place, Purpose, SealError};
use realms_store::KeptResponse;
use realms_types::{CredentialId, KeptResponseId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::shown;
use crate::Relay;

/// A conversation up to and with a response. What it says is in no log.
#[derive(Serialize, Deserialize)]
pub(super) struct Content {
    /// Whose account sealed the newest reasoning in it, if there is any.
    pub(super) sealed_by: Option<CredentialId>,
    /// All items before the response, as a list.
    pub(super) input: Box<RawValue>,
    /// The response as its client has it.
    pub(super) response: Box<RawValue>,
}

// === impl Content ===

impl Content {
    /// Of items with commas between them, and the response to them; `None` for what is no JSON.
    pub(super) fn new(
        sealed_by: Option<CredentialId>,
        items: &str,
        response: String,
    ) -> Option<Self> {
        let input = RawValue::from_string(format!("[{items}]")).ok()?;
        let response = RawValue::from_string(response).ok()?;
        Some(Self { sealed_by, input, response })
    }

    /// All items up to and with the output of the response.
    pub(super) fn items(&self) -> String {
        let input = self.input.get().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        join_items([input.unwrap_or_default(), output_items(self.response.get()).as_str()])
    }

    /// Seals it for its row.
    pub(super) fn seal(&self, relay: &Relay, id: KeptResponseId) -> Result<String, SealError> {
        let whole = serde_json::to_vec(self).unwrap_or_default();
        relay.accounts.keyring.seal(Purpose::Response, place(id), &whole)
    }

    /// Opens what is kept of a response; `None` when it was too large.
    pub(super) fn open(relay: &Relay, kept: &KeptResponse) -> Result<Option<Self>, Fault> {
        let Some(sealed) = &kept.content else { return Ok(None) };
        let opened = relay.accounts.keyring.unseal(Purpose::Response, place(kept.id), sealed);
        let whole = opened.map_err(|error| {
            tracing::error!(response.id = %kept.id, %error, "a response that was kept does not open");
            unreadable(&kept.response_id)
        })?;
        let content = serde_json::from_slice(whole.reveal());
        content.map(Some).map_err(|_| unreadable(&kept.response_id))
    }
}

fn unreadable(id: &str) -> Fault {
    let message = format!(
        "response `{}` cannot be read any more: send the whole input without previous_response_id",
        shown(id)
    );
    Fault::new(FaultKind::Conflict, message).with_code("response_lost").without_retry()
}

const fn place(id: KeptResponseId) -> Place {
    Place { table: "kept_responses", column: "content", row: id.raw() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_and_answered_is_gone_on_from() {
        let response =
            r#"{"id":"r1","output":[{"type":"message","id":"msg_1","role":"assistant"}]}"#;
        let content = Content::new(None, r#"{"role":"user"}"#, response.to_owned()).unwrap();
        let kept = serde_json::to_vec(&content).unwrap();
        let read: Content = serde_json::from_slice(&kept).unwrap();
        assert_eq!(read.response.get(), response);
        let expected = r#"{"role":"user"},{"type":"message","role":"assistant"}"#;
        assert_eq!(read.items(), expected);
        let first = Content::new(None, "", response.to_owned()).unwrap();
        assert_eq!(first.items(), r#"{"type":"message","role":"assistant"}"#);
        assert!(Content::new(None, "{", response.to_owned()).is_none());
    }
}

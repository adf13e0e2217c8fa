//! Facts of Anthropic Messages.

use super::{Facts, KeyPlace};

pub(super) const FACTS: Facts = Facts {
    answers_at: "/v1/messages",
    counts_at: Some("/v1/messages/count_tokens"),
    embeds_at: None,
    tails: &["/messages/count_tokens", "/messages"],
    own_headers: &["anthropic-version"],
    own_paths: &["/v1/messages"],
    key: KeyPlace::HeaderOrBearer("x-api-key"),
    // What the API took before clients named their version.
    version: Some(("anthropic-version", "2023-06-01")),
    // Anthropic's SDKs show this header with an error, not `x-request-id`.
    id_header: Some("request-id"),
    events_query: None,
    usage_on_demand: false,
};

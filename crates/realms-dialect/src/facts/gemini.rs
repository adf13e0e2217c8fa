//! Facts of Gemini.

use super::{Facts, KeyPlace};

pub(super) const FACTS: Facts = Facts {
    answers_at: "/v1beta/models/{model}:generateContent",
    counts_at: Some("/v1beta/models/{model}:countTokens"),
    embeds_at: Some("/v1beta/models/{model}:batchEmbedContents"),
    tails: &[],
    own_headers: &["x-goog-api-key", "x-goog-api-client"],
    own_paths: &["/v1beta"],
    key: KeyPlace::Header("x-goog-api-key"),
    version: None,
    id_header: None,
    events_query: Some("alt=sse"),
    usage_on_demand: false,
};

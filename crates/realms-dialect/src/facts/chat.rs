//! Facts of OpenAI Chat Completions, and of what passes through beside it.

use super::{Facts, KeyPlace};

pub(super) const FACTS: Facts = Facts {
    answers_at: "/v1/chat/completions",
    counts_at: None,
    embeds_at: Some("/v1/embeddings"),
    tails: &["/chat/completions", "/completions"],
    own_headers: &[],
    own_paths: &[],
    key: KeyPlace::Bearer,
    version: None,
    id_header: None,
    events_query: None,
    usage_on_demand: true,
};

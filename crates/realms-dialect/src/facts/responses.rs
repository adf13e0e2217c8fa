//! Facts of OpenAI Responses.

use super::{Facts, KeyPlace};

pub(super) const FACTS: Facts = Facts {
    answers_at: "/v1/responses",
    counts_at: Some("/v1/responses/input_tokens"),
    embeds_at: None,
    tails: &["/responses"],
    own_headers: &[],
    own_paths: &["/v1/responses"],
    key: KeyPlace::Bearer,
    version: None,
    id_header: None,
    events_query: None,
    usage_on_demand: false,
};

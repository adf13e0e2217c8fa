//! One self-hosted binary: one address and one key for every LLM API.

//! Outbound calls: one connector with the outbound policy, credential signing, response classification.

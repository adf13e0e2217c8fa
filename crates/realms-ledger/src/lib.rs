//! What a call costs, and the writer that makes every usage record durable.

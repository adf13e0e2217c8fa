-- Calls made under an Idempotency-Key, until they expire: what a repeat is told from, and the answer it gets, sealed.
-- Keys are kept as hashes.

CREATE TABLE IF NOT EXISTS idempotent_calls (
    id {{id}},
    key_hash VARCHAR(64) NOT NULL UNIQUE,
    fingerprint VARCHAR(64) NOT NULL,
    api_key_id BIGINT NOT NULL,
    request_id VARCHAR(64) NOT NULL,
    node_id BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    answer {{long}},
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
){{table}};

CREATE INDEX idempotent_calls_expiry ON idempotent_calls (expires_at);

CREATE INDEX idempotent_calls_key ON idempotent_calls (api_key_id, id);

-- Responses of upstreams that keep none, until they expire: what their owner goes on from, sealed. Without content it was
-- larger than is kept.

CREATE TABLE IF NOT EXISTS kept_responses (
    id {{id}},
    user_id BIGINT NOT NULL,
    response_id VARCHAR(128) NOT NULL,
    api_key_id BIGINT NOT NULL,
    content {{long}},
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
){{table}};

CREATE UNIQUE INDEX kept_responses_owner ON kept_responses (user_id, response_id);

CREATE INDEX kept_responses_key ON kept_responses (api_key_id, id);

CREATE INDEX kept_responses_expiry ON kept_responses (expires_at);

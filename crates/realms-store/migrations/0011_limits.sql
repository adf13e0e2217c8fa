-- What may be used at most, and what an API key is good for: JSON that is never queried inside; absent:
-- nothing is limited.

ALTER TABLE api_keys ADD COLUMN limits TEXT;

ALTER TABLE api_keys ADD COLUMN rules TEXT;

ALTER TABLE api_keys ADD COLUMN first_used_at BIGINT;

ALTER TABLE users ADD COLUMN limits TEXT;

ALTER TABLE channels ADD COLUMN limits TEXT;

ALTER TABLE channels ADD COLUMN promoted BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE credentials ADD COLUMN limits TEXT;

ALTER TABLE channel_groups ADD COLUMN pinned_channel_id BIGINT;

-- Which credential served each session last: what is remembered here outlives a restart.
CREATE TABLE IF NOT EXISTS affinities (
    session_key VARCHAR(32) NOT NULL PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    credential_id BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
){{clustered}};

CREATE INDEX affinities_updated ON affinities (updated_at);

CREATE INDEX affinities_expiry ON affinities (expires_at);

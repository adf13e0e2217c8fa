-- Changes of many objects at once: looked at, then done, then perhaps taken back, each by a token that
-- its owner holds for some minutes. No secrets are in here.

CREATE TABLE IF NOT EXISTS batches (
    id {{id}},
    owner VARCHAR(64) NOT NULL,
    purpose VARCHAR(16) NOT NULL,
    content {{long}} NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    done_at BIGINT,
    done_key VARCHAR(128),
    outcome {{long}},
    UNIQUE (owner, done_key)
){{table}};

CREATE INDEX batches_owner ON batches (owner, id);

CREATE INDEX batches_expiry ON batches (expires_at);

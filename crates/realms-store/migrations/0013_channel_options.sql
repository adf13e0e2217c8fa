-- What a channel does to the calls that go through it, as JSON (nothing: `{}`), and what clients are told
-- about errors of upstreams.

ALTER TABLE channels ADD COLUMN options {{long}};

CREATE TABLE IF NOT EXISTS error_rules (
    id {{id}},
    name VARCHAR(64) NOT NULL UNIQUE,
    priority BIGINT NOT NULL,
    enabled BOOLEAN NOT NULL,
    content {{long}} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
){{table}};

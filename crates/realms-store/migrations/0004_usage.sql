-- One row per call, its attempts, and the objects it left at an upstream. No foreign keys: history
-- outlives what it names.

CREATE TABLE IF NOT EXISTS usage_records (
    id {{id}},
    request_id VARCHAR(36) NOT NULL UNIQUE,
    client_request_id VARCHAR(128),
    user_id BIGINT NOT NULL,
    api_key_id BIGINT NOT NULL,
    node_id BIGINT NOT NULL,
    dialect VARCHAR(16) NOT NULL,
    operation VARCHAR(64) NOT NULL,
    model VARCHAR(255) NOT NULL,
    model_id BIGINT,
    upstream_model VARCHAR(255),
    answered_model VARCHAR(255),
    channel_id BIGINT,
    endpoint_id BIGINT,
    credential_id BIGINT,
    channel_group_id BIGINT,
    stream BOOLEAN NOT NULL,
    status INTEGER NOT NULL,
    outcome VARCHAR(32) NOT NULL,
    origin VARCHAR(16),
    cause VARCHAR(32),
    started_at BIGINT NOT NULL,
    first_event_us BIGINT,
    duration_us BIGINT NOT NULL,
    request_bytes BIGINT NOT NULL,
    response_bytes BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_5m_tokens BIGINT NOT NULL,
    cache_write_1h_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    audio_input_tokens BIGINT NOT NULL,
    audio_output_tokens BIGINT NOT NULL,
    tool_calls BIGINT NOT NULL,
    certainty VARCHAR(16) NOT NULL,
    cost BIGINT,
    price TEXT,
    client_address VARCHAR(64),
    user_agent VARCHAR(255)
){{table}};

CREATE INDEX usage_records_user ON usage_records (user_id, id);

CREATE INDEX usage_records_api_key ON usage_records (api_key_id, id);

CREATE INDEX usage_records_started ON usage_records (started_at);

CREATE TABLE IF NOT EXISTS attempts (
    record_id BIGINT NOT NULL,
    sequence INTEGER NOT NULL,
    channel_id BIGINT NOT NULL,
    endpoint_id BIGINT NOT NULL,
    credential_id BIGINT NOT NULL,
    binding_id BIGINT,
    upstream_model VARCHAR(255),
    started_at BIGINT NOT NULL,
    headers_us BIGINT,
    duration_us BIGINT NOT NULL,
    status INTEGER,
    outcome VARCHAR(32) NOT NULL,
    cause VARCHAR(32),
    scope VARCHAR(16),
    detail VARCHAR(1024),
    bytes BIGINT NOT NULL,
    upstream_request_id VARCHAR(255),
    PRIMARY KEY (record_id, sequence)
){{clustered}};

CREATE INDEX attempts_channel ON attempts (channel_id, record_id);

CREATE TABLE IF NOT EXISTS stored_objects (
    kind VARCHAR(32) NOT NULL,
    object_id VARCHAR(255) NOT NULL,
    user_id BIGINT NOT NULL,
    api_key_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    endpoint_id BIGINT NOT NULL,
    credential_id BIGINT NOT NULL,
    upstream_model VARCHAR(255) NOT NULL,
    model VARCHAR(255) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (kind, object_id, user_id)
){{clustered}};

CREATE INDEX stored_objects_user ON stored_objects (user_id, kind, created_at, object_id);

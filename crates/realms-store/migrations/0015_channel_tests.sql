-- How tests of channels went: the newest of each channel, for some weeks. A test may outlive the address
-- and the credential that it went over, so these are only named.

CREATE TABLE IF NOT EXISTS channel_tests (
    id {{id}},
    channel_id BIGINT NOT NULL,
    endpoint_id BIGINT,
    credential_id BIGINT,
    reason VARCHAR(16) NOT NULL,
    depth VARCHAR(16) NOT NULL,
    dialect VARCHAR(16) NOT NULL,
    model VARCHAR(255) NOT NULL,
    upstream_model VARCHAR(255) NOT NULL,
    answered_model VARCHAR(255),
    streamed BOOLEAN NOT NULL,
    started_at BIGINT NOT NULL,
    first_event_us BIGINT,
    duration_us BIGINT NOT NULL,
    status INTEGER,
    outcome VARCHAR(16) NOT NULL,
    cause VARCHAR(32),
    detail VARCHAR(500),
    input_seen BIGINT,
    output_seen BIGINT,
    input_counted BIGINT,
    output_counted BIGINT,
    tools_ok BOOLEAN,
    findings TEXT NOT NULL,
    FOREIGN KEY (channel_id) REFERENCES channels (id) ON DELETE CASCADE
){{table}};

CREATE INDEX channel_tests_channel ON channel_tests (channel_id, id);

CREATE INDEX channel_tests_started ON channel_tests (started_at);

-- Whose turn it is: a channel with a schedule is tested by one node at a time.
CREATE TABLE IF NOT EXISTS channel_test_turns (
    channel_id {{id}},
    tested_at BIGINT NOT NULL,
    lease_owner BIGINT,
    lease_until BIGINT NOT NULL,
    FOREIGN KEY (channel_id) REFERENCES channels (id) ON DELETE CASCADE
){{table}};

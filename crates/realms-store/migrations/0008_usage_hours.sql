-- What a call is looked up by, and sums of whole hours, so that a year is read in a moment.

ALTER TABLE usage_records ADD COLUMN client VARCHAR(32) NOT NULL DEFAULT 'other';

ALTER TABLE usage_records ADD COLUMN session VARCHAR(255);

ALTER TABLE usage_records ADD COLUMN cache_saved BIGINT;

ALTER TABLE usage_records ADD COLUMN attempt_count INTEGER NOT NULL DEFAULT 0;

ALTER TABLE usage_records ADD COLUMN mismatch BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE usage_records SET attempt_count =
    (SELECT COUNT(*) FROM attempts a WHERE a.record_id = usage_records.id);

-- Lists go by the time a call began.
CREATE INDEX usage_records_user_started ON usage_records (user_id, started_at);

CREATE INDEX usage_records_key_started ON usage_records (api_key_id, started_at);

DROP INDEX usage_records_user {{on usage_records}};

DROP INDEX usage_records_api_key {{on usage_records}};

-- One row for what the calls of an hour (its first microsecond) have in common. A record belongs to
-- one row only, so the lowest record tells rows apart.
CREATE TABLE IF NOT EXISTS usage_hours (
    hour BIGINT NOT NULL,
    first_record BIGINT NOT NULL,
    last_record BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    api_key_id BIGINT NOT NULL,
    model VARCHAR(255) NOT NULL,
    channel_id BIGINT,
    channel_group_id BIGINT,
    client VARCHAR(32) NOT NULL,
    dialect VARCHAR(16) NOT NULL,
    outcome VARCHAR(32) NOT NULL,
    origin VARCHAR(16),
    cause VARCHAR(32),
    certainty VARCHAR(16) NOT NULL,
    calls BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_5m_tokens BIGINT NOT NULL,
    cache_write_1h_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    audio_input_tokens BIGINT NOT NULL,
    audio_output_tokens BIGINT NOT NULL,
    tool_calls BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    cache_saved BIGINT NOT NULL,
    streamed_tokens BIGINT NOT NULL,
    streamed_us BIGINT NOT NULL,
    first_event_00 INTEGER NOT NULL,
    first_event_01 INTEGER NOT NULL,
    first_event_02 INTEGER NOT NULL,
    first_event_03 INTEGER NOT NULL,
    first_event_04 INTEGER NOT NULL,
    first_event_05 INTEGER NOT NULL,
    first_event_06 INTEGER NOT NULL,
    first_event_07 INTEGER NOT NULL,
    first_event_08 INTEGER NOT NULL,
    first_event_09 INTEGER NOT NULL,
    first_event_10 INTEGER NOT NULL,
    first_event_11 INTEGER NOT NULL,
    first_event_12 INTEGER NOT NULL,
    first_event_13 INTEGER NOT NULL,
    first_event_14 INTEGER NOT NULL,
    first_event_15 INTEGER NOT NULL,
    first_event_16 INTEGER NOT NULL,
    first_event_17 INTEGER NOT NULL,
    first_event_18 INTEGER NOT NULL,
    first_event_19 INTEGER NOT NULL,
    first_event_20 INTEGER NOT NULL,
    first_event_21 INTEGER NOT NULL,
    first_event_22 INTEGER NOT NULL,
    first_event_23 INTEGER NOT NULL,
    duration_00 INTEGER NOT NULL,
    duration_01 INTEGER NOT NULL,
    duration_02 INTEGER NOT NULL,
    duration_03 INTEGER NOT NULL,
    duration_04 INTEGER NOT NULL,
    duration_05 INTEGER NOT NULL,
    duration_06 INTEGER NOT NULL,
    duration_07 INTEGER NOT NULL,
    duration_08 INTEGER NOT NULL,
    duration_09 INTEGER NOT NULL,
    duration_10 INTEGER NOT NULL,
    duration_11 INTEGER NOT NULL,
    duration_12 INTEGER NOT NULL,
    duration_13 INTEGER NOT NULL,
    duration_14 INTEGER NOT NULL,
    duration_15 INTEGER NOT NULL,
    duration_16 INTEGER NOT NULL,
    duration_17 INTEGER NOT NULL,
    duration_18 INTEGER NOT NULL,
    duration_19 INTEGER NOT NULL,
    duration_20 INTEGER NOT NULL,
    duration_21 INTEGER NOT NULL,
    duration_22 INTEGER NOT NULL,
    duration_23 INTEGER NOT NULL,
    PRIMARY KEY (hour, first_record)
){{clustered}};

CREATE INDEX usage_hours_user ON usage_hours (user_id, hour);

-- Hours with records that their rows in usage_hours do not know of, or not yet. Every insert of
-- records touches its hours here, so an hour without a row is whole.
CREATE TABLE IF NOT EXISTS usage_stale_hours (
    hour BIGINT NOT NULL PRIMARY KEY,
    marks BIGINT NOT NULL
){{clustered}};

INSERT INTO usage_stale_hours (hour, marks)
    SELECT DISTINCT u.started_at - u.started_at % 3600000000, 1 FROM usage_records u
    LEFT JOIN usage_stale_hours s ON s.hour = u.started_at - u.started_at % 3600000000
    WHERE s.hour IS NULL;

-- How prices are kept up with a list elsewhere, in one row: whose turn it is to look, what the last look came to, and
-- the prices that wait for somebody to take them.

CREATE TABLE IF NOT EXISTS price_syncs (
    id {{id}},
    revision BIGINT NOT NULL,
    lease_owner BIGINT,
    lease_until BIGINT NOT NULL,
    etag VARCHAR(255),
    etag_version BIGINT NOT NULL,
    outcome TEXT,
    waiting {{long}}
){{table}};

INSERT INTO price_syncs (id, revision, lease_until, etag_version) VALUES (1, 0, 0, 0);

-- Images: their LLM tokens in a usage, and how many were made.

ALTER TABLE usage_records ADD COLUMN image_input_tokens BIGINT NOT NULL DEFAULT 0;

ALTER TABLE usage_records ADD COLUMN image_output_tokens BIGINT NOT NULL DEFAULT 0;

ALTER TABLE usage_records ADD COLUMN images BIGINT NOT NULL DEFAULT 0;

ALTER TABLE usage_hours ADD COLUMN image_input_tokens BIGINT NOT NULL DEFAULT 0;

ALTER TABLE usage_hours ADD COLUMN image_output_tokens BIGINT NOT NULL DEFAULT 0;

ALTER TABLE usage_hours ADD COLUMN images BIGINT NOT NULL DEFAULT 0;

-- What of a price few models have, as JSON; how often each price changed; what the users of a group pay of
-- prices, in parts per million; and every price there was.

ALTER TABLE models ADD COLUMN price_terms TEXT;

ALTER TABLE models ADD COLUMN price_version BIGINT NOT NULL DEFAULT 0;

ALTER TABLE user_groups ADD COLUMN multiplier_ppm BIGINT NOT NULL DEFAULT 1000000;

-- No foreign key to models: what calls were charged outlives what they called.
CREATE TABLE IF NOT EXISTS model_prices (
    model_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name VARCHAR(255) NOT NULL,
    price TEXT,
    source VARCHAR(16) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (model_id, version)
){{clustered}};

-- What channels pay their vendors: a part of the model's price, in parts per million, or a price of their own for a
-- model, as JSON. Nothing means that nobody said.

ALTER TABLE channels ADD COLUMN cost_multiplier_ppm BIGINT;

ALTER TABLE bindings ADD COLUMN cost_price TEXT;

-- What a call cost us at its vendor, in nano-USD; nothing where nobody knows.
ALTER TABLE usage_records ADD COLUMN upstream_cost BIGINT;

-- Of the calls of an hour: what those that somebody pays for were charged, and how much of it is of calls whose cost at
-- the vendor is known; what is known of that cost; how many calls used something at a cost that nobody knows.
ALTER TABLE usage_hours ADD COLUMN revenue BIGINT NOT NULL DEFAULT 0;

ALTER TABLE usage_hours ADD COLUMN costed_revenue BIGINT NOT NULL DEFAULT 0;

ALTER TABLE usage_hours ADD COLUMN upstream_cost BIGINT NOT NULL DEFAULT 0;

ALTER TABLE usage_hours ADD COLUMN uncosted_calls BIGINT NOT NULL DEFAULT 0;

-- Of no call so far is that cost known.
UPDATE usage_hours SET uncosted_calls = calls WHERE certainty <> 'none';

-- What was charged is told apart by record only: hours with such calls are summed up anew.
INSERT INTO usage_stale_hours (hour, marks)
    SELECT DISTINCT u.started_at - u.started_at % 3600000000, 1 FROM usage_records u
    LEFT JOIN usage_stale_hours s ON s.hour = u.started_at - u.started_at % 3600000000
    WHERE s.hour IS NULL AND u.billing IS NOT NULL;

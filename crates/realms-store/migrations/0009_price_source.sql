-- Who gave a model its price, and when; nothing of prices older than this.

ALTER TABLE models ADD COLUMN price_source VARCHAR(16);

ALTER TABLE models ADD COLUMN priced_at BIGINT;

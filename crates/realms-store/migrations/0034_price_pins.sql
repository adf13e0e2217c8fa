-- Prices that stay whatever lists of prices say. Until now those given by hand did, and those older than their source
-- was noted.

ALTER TABLE models ADD COLUMN price_pinned BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE models SET price_pinned = TRUE
WHERE input_price IS NOT NULL AND (price_source IS NULL OR price_source = 'manual');

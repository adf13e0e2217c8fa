-- What the calls of an API key cost of what they would, in parts per million.

ALTER TABLE api_keys ADD COLUMN multiplier_ppm BIGINT NOT NULL DEFAULT 1000000;

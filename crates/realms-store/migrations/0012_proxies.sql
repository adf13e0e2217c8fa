-- The proxies that calls go through, sealed: a login may be in them. And the dated version of the API
-- that a channel of Azure is called with.

ALTER TABLE channels ADD COLUMN proxy TEXT;

ALTER TABLE credentials ADD COLUMN proxy TEXT;

ALTER TABLE channels ADD COLUMN api_version VARCHAR(64);
